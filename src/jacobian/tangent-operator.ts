import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Activation } from '../math/activation-names.ts';
import type { TangentSide } from '../network/two-layer-jacobian.ts';
import { type KernelWeights, denseNtk } from './dense-ntk.ts';
import type { LinearOperator } from '../spectral/operator.ts';
import { type OperatorOptions, StoredKernel, storableBytes, storedBytes } from '../spectral/stored-kernel.ts';
import { TangentKernel } from './tangent-kernel.ts';

/** Products that Lanczos makes, about. */
const products = 50;
/**
 * Operations of a matrix product that take as long as a stored product takes to read an entry, as measured on a processor.
 * GPUs do more while they fetch four bytes: there this errs on the side of storing.
 */
const readWork = 14;

/**
 * Whether storing a kernel of n points pays: making it or its half, then reading it for every product, against 4nmd for
 * each. Whether it fits is another matter.
 */
export function worthStoring(n: number, d: number, m: number, symmetric: boolean): boolean {
  const making = (symmetric ? 1 : 2) * n * (m + d);
  return making + products * readWork * n < products * 4 * m * d;
}

/**
 * first · Θ₁ + second · Θ₂ between two sides (`other` = `side` for one), stored where that is cheaper and fits, without the
 * n × n matrix else: the same operator. The caller disposes of it.
 */
export async function tangentOperator(
  gpu: Gpu,
  stream: CommandStream,
  activation: Activation,
  side: TangentSide,
  other: TangentSide,
  weights: KernelWeights,
  { signal, mostStored = storableBytes(gpu) }: OperatorOptions = {},
): Promise<LinearOperator> {
  const symmetric = side === other;
  const fits = storedBytes(side.X.rows) <= mostStored;
  if (!fits || !worthStoring(side.X.rows, side.X.cols, side.at.W.rows, symmetric)) {
    return TangentKernel.create(gpu, stream, activation, side, other, weights);
  }
  // The kernel is made on a stream of its own: what comes before it goes first.
  stream.flush();
  const kernel = await denseNtk(gpu, activation, side, other, weights, { signal });
  return StoredKernel.create(gpu, kernel, { symmetric });
}
