import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { FactorShape } from '../programs/factors.ts';
import type { LinearOperator } from '../spectral/operator.ts';
import { type OperatorOptions, StoredKernel, storableBytes, storedBytes } from '../spectral/stored-kernel.ts';
import { denseNtk } from './dense-ntk.ts';
import { type KernelSides, requireSquare } from './kernel-sides.ts';
import { TangentKernel } from './tangent-kernel.ts';

/** Products that Lanczos makes, about. */
const products = 50;
/**
 * Operations of a matrix product that take as long as a stored product takes to read an entry, as measured on a processor.
 * GPUs do more while they fetch four bytes: there this errs on the side of storing.
 */
const readWork = 14;

/**
 * Whether storing a kernel of n points of a network with these layers pays: making it or its half, then reading it for
 * every product, against 4n operations a parameter for each. Whether it fits is another matter.
 */
export function worthStoring(n: number, layers: readonly FactorShape[], symmetric: boolean): boolean {
  const withLeft = layers.filter(({ left }) => left);
  // Readouts count little beside layers with a left; rows of a convolution's Jacobian are all there is.
  const outer = withLeft.length > 0 ? withLeft : layers;
  const making = outer.reduce(
    (sum, { units, inputs }) => sum + (symmetric ? 1 : 2) * n * (units + inputs),
    0,
  );
  const applying = outer.reduce((sum, { units, inputs }) => sum + 4 * units * inputs, 0);
  return making + products * readWork * n < products * applying;
}

/**
 * A tangent kernel between sides of as many points, stored where that is cheaper and fits, without the n × n matrix else:
 * the same operator. The caller disposes of it.
 */
export async function tangentOperator(
  gpu: Gpu,
  stream: CommandStream,
  sides: KernelSides,
  { signal, mostStored = storableBytes(gpu) }: OperatorOptions = {},
): Promise<LinearOperator> {
  requireSquare(sides);
  const { rows, cols = rows } = sides;
  const symmetric = rows === cols;
  const fits = storedBytes(rows.X.rows) <= mostStored;
  if (!fits || !worthStoring(rows.X.rows, rows.layers, symmetric)) {
    return TangentKernel.create(gpu, stream, sides);
  }
  // The kernel is made on a stream of its own: what comes before it goes first.
  stream.flush();
  return StoredKernel.create(gpu, await denseNtk(gpu, sides, { signal }), { symmetric });
}
