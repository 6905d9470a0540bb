import type { PointSet } from '../data/point-set.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, rowAlignment } from '../gpu/matrix.ts';
import { Vector } from '../gpu/vector.ts';
import type { Activation } from '../math/activation-names.ts';
import { HiddenBlock } from '../network/hidden-block.ts';
import type { TwoLayerNetwork } from '../network/two-layer.ts';
import { compileForward } from '../programs/forward.ts';
import { type KernelPoints, compileNtk } from '../programs/ntk.ts';

/** Θ = first · Θ₁ + second · Θ₂; both 1 for the kernel of both layers, the rates for the one that drives them. */
export interface KernelWeights {
  first: number;
  second: number;
}

/**
 * The neural tangent kernel between two sets of points (the same one twice: on that set) at the network's present
 * parameters, stored: rows.size × cols.size floats. Source: THEORY.md, section 3.
 *
 * The hidden layer is held for one block of rows and one of columns at a time; each block of the kernel is one
 * dispatch with no n × n intermediate, small enough to leave the GPU to others in between. The caller disposes of the
 * matrix. Aborting throws the signal's reason.
 */
export async function denseNtk(
  gpu: Gpu,
  network: TwoLayerNetwork,
  activation: Activation,
  rows: PointSet,
  cols: PointSet,
  weights: KernelWeights,
  signal?: AbortSignal,
): Promise<Matrix> {
  const { d, width } = network;
  const side = blockSide(network, weights);
  const [first, second] = [weights.first !== 0, weights.second !== 0];
  const forward = await compileForward(gpu, { activation, phi: second, phiPrime: first });
  const ntk = await compileNtk(gpu, { first, second });
  const v = await network.v.read();

  const kernel = new Matrix(gpu, 'neural tangent kernel', rows.size, cols.size);
  using stream = new CommandStream(gpu);
  using vv = new Vector(gpu, 'v²', width);
  vv.write(v.map((value) => value * value));
  using hidden = new KernelBlock(gpu, Math.min(side, rows.size), width);
  using otherHidden = new KernelBlock(gpu, Math.min(side, cols.size), width);
  try {
    for (const [X, block] of Matrix.blocksTogether([rows.X, kernel], side)) {
      const points = hidden.of(X, { first, second });
      stream.run(forward(X, network.W, 1 / Math.sqrt(d), points));
      for (const other of cols.X.blocks(side)) {
        const otherPoints = otherHidden.of(other, { first, second });
        stream.run(forward(other, network.W, 1 / Math.sqrt(d), otherPoints));
        const sizes = { inputs: d, units: width, stride: kernel.stride, column: other.firstRow };
        stream.run(ntk(points, otherPoints, vv.binding, block.binding, sizes, weights));
        signal?.throwIfAborted();
        await stream.pace();
      }
    }
    await stream.finish();
    return kernel;
  } catch (error) {
    kernel[Symbol.dispose]();
    throw error;
  }
}

/** Operations of one block: some tens of milliseconds of a slow GPU. */
const blockWork = 5e8;

/** Rows and columns of one block of the kernel, a multiple of rowAlignment. */
function blockSide({ d, width, blockRows }: TwoLayerNetwork, { first, second }: KernelWeights): number {
  const products = 2 * ((first !== 0 ? width + d : 0) + (second !== 0 ? width : 0));
  const side = Math.floor(Math.sqrt(blockWork / products) / rowAlignment) * rowAlignment;
  return Math.min(blockRows, Math.max(rowAlignment, side));
}

/** φ(Z) and φ′(Z) of one block of points. */
class KernelBlock implements Disposable {
  readonly #A: HiddenBlock;
  readonly #D: HiddenBlock;

  constructor(gpu: Gpu, rows: number, units: number) {
    this.#A = new HiddenBlock(gpu, 'φ(Z)', rows, units);
    this.#D = new HiddenBlock(gpu, 'φ′(Z)', rows, units);
  }

  of(X: KernelPoints['X'], { first, second }: { first: boolean; second: boolean }): KernelPoints {
    return { X, ...(first && { D: this.#D.of(X) }), ...(second && { A: this.#A.of(X) }) };
  }

  [Symbol.dispose](): void {
    this.#A[Symbol.dispose]();
    this.#D[Symbol.dispose]();
  }
}
