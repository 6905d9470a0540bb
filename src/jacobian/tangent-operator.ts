import { type CommandStream, requireStream } from '../gpu/command-stream.ts';
import { type Gpu, requireGpu } from '../gpu/device.ts';
import type { LinearOperator } from '../spectral/operator.ts';
import { storableBytes, storedBytes } from '../spectral/memory.ts';
import { type OperatorOptions, StoredKernel } from '../spectral/stored-kernel.ts';
import { denseNtk } from './dense-ntk.ts';
import { type KernelSides, requireSquare } from './kernel-sides.ts';
import { TangentKernel } from './tangent-kernel.ts';
import { worthStoring } from './worth-storing.ts';

/**
 * A tangent kernel between sides of as many points, stored where that is cheaper and fits, without the n × n matrix else:
 * the same operator. The caller disposes of it.
 */
export async function tangentOperator(
  gpu: Gpu,
  stream: CommandStream,
  sides: KernelSides,
  options: OperatorOptions = {},
): Promise<LinearOperator> {
  requireGpu(gpu);
  requireStream(stream);
  const { signal, mostStored = storableBytes(gpu), mostHeld } = options;
  requireSquare(sides);
  const { rows, cols = rows } = sides;
  const symmetric = rows === cols;
  const fits = storedBytes(rows.X.rows) <= mostStored;
  if (!fits || !worthStoring(rows.X.rows, rows.layers, symmetric)) {
    return TangentKernel.create(gpu, stream, sides, { held: mostHeld });
  }
  // The kernel is made on a stream of its own: what comes before it goes first.
  stream.flush();
  return StoredKernel.create(gpu, await denseNtk(gpu, sides, { signal }), { symmetric });
}
