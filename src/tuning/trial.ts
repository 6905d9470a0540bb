import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { compileFirstGradient, firstGradientFloats } from '../programs/first-gradient.ts';
import { compileForward } from '../programs/forward.ts';
import { compileMatrixProduct } from '../programs/matrix-product.ts';
import { compileNtk } from '../programs/ntk.ts';
import { pairBlockSide } from '../programs/pair-blocks.ts';
import { hiddenBlockRows } from '../jacobian/hidden-block.ts';
import { gradientPartials, sliceRows } from '../programs/partial-sums.ts';
import { compileTangent, tangentSums } from '../programs/tangent.ts';
import type { ProductShape, ProductUse } from '../programs/product-shape.ts';
import { type Tile, fittedRows } from '../programs/tile-choice.ts';

/** Sizes of an experiment: points, dimensions, width. */
export interface ExperimentSizes {
  n: number;
  d: number;
  m: number;
}

/** Experiments that people run, for who does not say which: those that this kind of adapter is used for. */
export const usualSizes = (software: boolean): ExperimentSizes[] => [
  { n: 1024, d: 50, m: 256 },
  ...(software ? [{ n: 200, d: 25, m: 64 }] : [{ n: 2048, d: 784, m: 4096 }]),
];

/** The product that each use makes of an experiment's sizes on this device, as the programs' callers cut it in blocks. */
export function shapeFor(gpu: Gpu, use: ProductUse, { n, d, m }: ExperimentSizes): ProductShape {
  switch (use) {
    case 'forward':
    case 'tangent':
      return { rows: Math.min(n, hiddenBlockRows(gpu, m, d)), cols: m, inner: d };
    case 'first-gradient':
      return { rows: d, cols: m, inner: sliceRows };
    case 'ntk': {
      const side = Math.min(n, hiddenBlockRows(gpu, m, d));
      return { rows: side, cols: side, inner: m };
    }
    case 'matrix-product':
      return { rows: n, cols: m, inner: m };
  }
}

/** Rows are enough from here on: their number only repeats the same work. */
const mostRows = 2048;

/** As much of a product as it takes to time it: of a kernel, a block that even a processor makes in a moment. */
export function timedPart(gpu: Gpu, use: ProductUse, shape: ProductShape): ProductShape {
  switch (use) {
    case 'first-gradient':
      return shape;
    case 'ntk': {
      const side = Math.min(shape.rows, pairBlockSide(gpu, 2 * (shape.inner + inputsOf(shape))));
      return { ...shape, rows: side, cols: side };
    }
    default:
      return { ...shape, rows: Math.min(shape.rows, mostRows) };
  }
}

/** Inputs beside so many units in the trial of a kernel. */
const inputsOf = ({ inner }: Pick<ProductShape, 'inner'>): number => Math.max(1, Math.round(inner / 4));

/** One use at one shape, on buffers of its own, to be timed with any tile. */
export interface Trial extends Disposable {
  dispatches: (tile: Tile) => Promise<readonly Dispatch[]>;
}

/**
 * Makes the buffers of a trial: as much memory as the product itself takes.
 * @throws TooLargeError where one of them does not fit a binding.
 */
export function createTrial(gpu: Gpu, use: ProductUse, { rows, cols, inner }: ProductShape): Trial {
  const owned = new Resources();
  const matrix = (height: number, width: number): Matrix => {
    const made = owned.own(new Matrix(gpu, `trial of ${use}`, height, width));
    const entries = new Float32Array(height * width);
    // Anything but zeros and denormals, which some adapters multiply at another speed.
    for (let k = 0; k < entries.length; k++) entries[k] = ((k % 7) - 3) / 4;
    made.write(entries);
    return made;
  };
  const vector = (length: number): Vector => {
    const made = owned.own(new Vector(gpu, `trial of ${use}`, length));
    made.write(new Float32Array(length).fill(0.5));
    return made;
  };
  try {
    const make = programs[use]({ gpu, rows, cols, inner, matrix, vector });
    const dispatches = async (tile: Tile) => [await make(tile)].flat();
    return { dispatches, [Symbol.dispose]: () => owned[Symbol.dispose]() };
  } catch (error) {
    owned[Symbol.dispose]();
    throw error;
  }
}

interface TrialParts extends ProductShape {
  gpu: Gpu;
  matrix: (rows: number, cols: number) => Matrix;
  vector: (length: number) => Vector;
}

type TrialProgram = (tile: Tile) => Promise<Dispatch | readonly Dispatch[]>;

const programs: Record<ProductUse, (parts: TrialParts) => TrialProgram> = {
  forward: ({ gpu, rows, cols, inner, matrix, vector }) => {
    const [X, W, A, B] = [matrix(rows, inner), matrix(cols, inner), matrix(rows, cols), matrix(rows, cols)];
    const v = vector(cols);
    const options = { activation: { name: 'erf' }, phi: true, slopes: true } as const;
    const kept = { A: A.whole().binding, B: B.whole().binding };
    return async (tile) => (await compileForward(gpu, options, tile))(X.whole(), W, 0.1, kept, v);
  },
  tangent: ({ gpu, rows, cols, inner, matrix, vector }) => {
    const [X, B, Delta] = [matrix(rows, inner), matrix(rows, cols), matrix(cols, inner)];
    const pair = { left: B.whole().binding, right: X.whole().binding };
    const outer = { pair, direction: Delta.whole().binding, scale: 1 };
    return async (tile) => {
      const options = { first: true, second: false };
      const sizes = { rows, units: cols, inputs: inner };
      const tangent = await compileTangent(gpu, options, tile, sizes);
      const sums = tangentSums(gpu, options, tile, sizes);
      const u = vector(sums.count * strideOf(rows));
      return tangent(X.whole(), { units: cols, outer }, { u: u.binding, ...(sums.count > 1 && { sums }) });
    };
  },
  'first-gradient': ({ gpu, rows: inputs, cols: units, inner, matrix, vector }) => {
    const points = 4 * inner; // several slices, as training has
    const [X, B, e] = [matrix(points, inputs), matrix(points, units), vector(points)];
    const floats = firstGradientFloats(units, inputs);
    const sums = gradientPartials(gpu, points, floats);
    const target = { partials: vector(sums.count * floats).binding, sums, accumulate: false };
    return async (tile) =>
      (await compileFirstGradient(gpu, fittedRows(tile, inputs)))(
        X.whole(),
        { left: B.whole().binding, right: X.whole().binding },
        { units, inputs },
        e,
        target,
      );
  },
  ntk: ({ gpu, rows, cols, inner, matrix }) => {
    const inputs = inputsOf({ inner });
    const [B, X, kernel] = [matrix(rows, inner), matrix(rows, inputs), matrix(rows, cols)];
    const points = { left: B.whole().binding, right: X.whole().binding };
    const outer = { rows: points, cols: points, weight: 1 };
    const block = { kernel: kernel.whole(), stride: kernel.stride, column: 0, cols: rows };
    return async (tile) => {
      const ntk = await compileNtk(gpu, { first: true, second: false, mirror: 'itself' }, tile);
      return ntk({ units: inner, inputs, outer }, block);
    };
  },
  'matrix-product': ({ gpu, rows, cols, inner, matrix }) => {
    const [P, Q, C] = [matrix(rows, inner), matrix(inner, cols), matrix(rows, cols)];
    return async (tile) => (await compileMatrixProduct(gpu, 'NN', tile))(P, Q, C);
  },
};
