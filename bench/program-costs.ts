import { strideOf } from '../src/gpu/matrix.ts';
import type { Bindings } from '../src/gpu/program.ts';
import type { LoggedDispatch } from './dispatch-log.ts';

/** Parameters of a dispatch; where it goes through several layers, of one of these. */
type Numbers = Readonly<Record<string, number>>;

/** What a program does, by formula of its parameters and of the buffers that it is bound to. */
interface ProgramCost {
  /** Additions and multiplications, rows of matrices padded to whole vec4s as they are stored; an activation counts none. */
  operations: (parameters: Numbers, bound: Bindings, layers: readonly Numbers[]) => number;
  /** Names of those variables that it reads before it writes them. */
  updates?: (parameters: Numbers, layers: readonly Numbers[]) => readonly string[];
  /** Bytes of those variables of which it takes less than it is bound to. */
  parts?: (parameters: Numbers) => Readonly<Record<string, number>>;
}

const bytesOf = ({ buffer, offset = 0, size = buffer.size - offset }: GPUBufferBinding): number => size;

const isSame = (one: GPUBufferBinding, other: GPUBufferBinding): boolean =>
  one.buffer === other.buffer && (one.offset ?? 0) === (other.offset ?? 0) && bytesOf(one) === bytesOf(other);

/** What a dispatch that adds to what earlier ones left has to read. */
const accumulated =
  (...names: string[]) =>
  ({ accumulate }: Numbers): string[] =>
    accumulate ? names : [];

const displacements = (_: Numbers, layers: readonly Numbers[]): string[] =>
  layers.map((__, l) => `displacement_${l}`);

/** By the labels of programs. */
const costs: Readonly<Record<string, ProgramCost>> = {
  forward: {
    operations: ({ rows, units, inputs4 }, { outputs }) =>
      2 * rows * units * (4 * inputs4 + (outputs ? 1 : 0)),
  },
  'sum-outputs': { operations: ({ rows, parts }) => rows * (parts + 1) },
  'first-gradient': {
    operations: ({ rows, units4, inputs4 }, { A }) => 2 * rows * 4 * units4 * (4 * inputs4 + (A ? 1 : 0)),
    updates: accumulated('partials', 'feature_partials'),
  },
  'second-gradient': {
    operations: ({ rows, units4 }) => 2 * rows * 4 * units4,
    updates: accumulated('feature_partials'),
  },
  'sum-slices': {
    operations: ({ length4, slices, accumulate }) => 4 * length4 * (slices - 1 + accumulate),
    updates: accumulated('total'),
  },
  descend: {
    // The sum of the gradient, rate · g, Δ − that and θ(0) + Δ.
    operations: (_, __, layers) =>
      layers.reduce((sum, { length4, partials }) => sum + 4 * length4 * (partials + 2), 0),
    updates: displacements,
  },
  'descend-pairs': {
    // The same of both units of a pair, and half their sum and half their difference, one of them with θ(0).
    operations: (_, bound, layers) =>
      layers.reduce(
        (sum, { partials }, l) => sum + (bytesOf(bound[`displacement_${l}`]!) / 8) * (2 * (partials + 2) + 5),
        0,
      ),
    updates: displacements,
  },
  backward: {
    operations: ({ rows, terms4, inputs4 }) => 2 * rows * 4 * terms4 * 4 * inputs4,
    updates: () => ['D'],
  },
  output: { operations: ({ rows, units4 }) => 4 * rows * 4 * units4 },
  ntk: {
    operations: ({ rows, cols, units4, inputs4 }, { B, B_other: other, A }) => {
      const products = (B ? units4 + inputs4 : 0) + (A ? units4 : 0);
      // Of points with themselves half is computed.
      const [one, another] = B ? [B, other!] : [];
      return (one && another && isSame(one, another) ? 1 : 2) * rows * cols * 4 * products;
    },
    // Of the rows of the matrix, the columns of a block.
    parts: ({ rows, cols }) => ({ kernel: 4 * rows * strideOf(cols), mirror: 4 * cols * strideOf(rows) }),
  },
  // Of several layers the later ones read u, too, a number a row, which is left out.
  tangent: {
    operations: ({ rows, units, inputs4 }, { B, A }) =>
      2 * rows * units * ((B ? 4 * inputs4 + 1 : 0) + (A ? 1 : 0)),
  },
  'matrix-product': { operations: ({ rows, cols, inner }) => 2 * rows * cols * inner },
  'matrix-vector': { operations: ({ rows, cols4 }) => 2 * rows * 4 * cols4 },
  // Every entry up to the diagonal serves its row and its column; of M no others are read.
  'symmetric-matrix-vector': {
    operations: ({ rows, first4 }) => 2 * rows * (8 * first4 + rows),
    parts: ({ rows, first4 }) => ({ M: 4 * rows * (4 * first4 + rows / 2) }),
  },
};

/**
 * Operations of a dispatch and the bytes that it has to move: every buffer that it is bound to once, or twice where it reads
 * what it writes; a buffer that it is bound to under two names, once.
 * @throws RangeError for a program whose formula is not here
 */
export function costOf({ dispatch: { call, parameters }, bindings }: LoggedDispatch): {
  operations: number;
  bytes: number;
} {
  const { label } = call.program;
  if (!Object.hasOwn(costs, label)) {
    throw new RangeError(`No formula says what ${label} costs: add it to bench/program-costs.ts.`);
  }
  const { operations, updates, parts } = costs[label];
  const numbers = parameters as Numbers;
  const { layers = [] } = parameters as { layers?: readonly Numbers[] };
  const [updated, taken] = [updates?.(numbers, layers) ?? [], parts?.(numbers) ?? {}];
  const counted: GPUBufferBinding[] = [];
  let bytes = 0;
  for (const [name, binding] of Object.entries(bindings)) {
    if (!binding || counted.some((earlier) => isSame(earlier, binding))) continue;
    counted.push(binding);
    const once = (taken as Partial<typeof taken>)[name] ?? bytesOf(binding);
    bytes += updated.includes(name) ? 2 * once : once;
  }
  return { operations: operations(numbers, bindings, layers), bytes };
}
