import type { Gpu } from '../gpu/device.ts';
import { TooLargeError, gibibytes } from '../gpu/errors.ts';
import { bindingBytes, panelRows, strideOf } from '../gpu/matrix.ts';
import { exactPoints } from '../kernel/exact-points.ts';
import { mathematicsOf } from '../math/activations.ts';
import { basisColumns, mostProducts, storableBytes, storedBytes } from '../spectral/memory.ts';
import { twoLayerShapes } from '../network/two-layer-jacobian.ts';
import { worthStoring } from '../jacobian/worth-storing.ts';
import { evaluatedRows, heldBytes, hiddenBlockRows } from '../jacobian/hidden-block.ts';
import { holdableBytes, holdingBytes } from '../jacobian/spare-memory.ts';
import { vjpBytes } from '../jacobian/vjp.ts';
import { outputFloats } from '../programs/forward.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import {
  type LayerGeometry,
  type TowerGeometry,
  jacobianShapes,
  parameterShapes,
  towerGeometry,
} from '../network/architecture.ts';
import { jacobianBlockRows, jacobianBytes, towerBlockRows, towerBytes } from '../network/tower-rows.ts';
import type { DeepSpec, NetworkSpec } from './network-spec.ts';
import { architectureOf, isTwoLayer, widthOf, widthsOf } from './network-facts.ts';
import { activationOf, ratesOf } from './spec-facts.ts';
import type { Spec } from './spec.ts';
import { mostExpectedPoints } from '../theory/expected-cost.ts';

export interface MemoryBudget {
  /** Bytes the run may take on the device, where known (a software adapter: the machine's memory). */
  memoryLimit?: number | undefined;
  /** Whether the kernel is stored, n × n. */
  kernel?: boolean | undefined;
}

/** Bytes that a stored kernel may take, and what a side of one that is not may hold: see OperatorOptions. */
export interface KernelRoom {
  mostStored: number;
  mostHeld: number;
}

const roomOn = (gpu: Gpu): KernelRoom => ({ mostStored: storableBytes(gpu), mostHeld: holdableBytes(gpu) });

export interface ProblemSizes {
  n: number;
  nTest: number;
  d: number;
}

/** Bytes a run takes on the device, by what takes them; what is small and constant is left out. */
export function memoryPlan(
  gpu: Gpu,
  { n, nTest, d }: ProblemSizes,
  spec: Spec,
  kernel = false,
  room = roomOn(gpu),
): Map<string, number> {
  const { mostStored, mostHeld } = room;
  if (!isTwoLayer(spec.network))
    return deepPlan(gpu, { n, nTest, d }, spec, spec.network, { kernel, ...room });
  const m = spec.network.width;
  const models = spec.training.linearized ? 3 : 2;
  const trained = ratesOf(spec).map((rate) => rate > 0);
  const mostRows = hiddenBlockRows(gpu, m, d);
  const blockRows = Math.min(mostRows, Math.max(n, nTest));
  const evaluated = evaluatedRows(mostRows, Math.max(n, nTest));
  const hidden = 4 * evaluated * strideOf(m);
  const tile = chosenTile(gpu, 'forward', { rows: Math.min(mostRows, n), cols: m, inner: d });
  const weights = 4 * m * strideOf(d);
  const shapes = twoLayerShapes(m, d);
  const gradient = vjpBytes(
    gpu,
    shapes.filter((_, l) => trained[l]),
    blockRows,
  );
  const networks = spec.training.linearized ? 2 : 1;
  // The linearized network has the factors of each set for itself.
  const factorRows = spec.training.linearized ? Math.min(mostRows, n) + Math.min(mostRows, nTest) : 0;
  const plan = new Map([
    ['inputs', 4 * (n + nTest) * strideOf(d)],
    ['targets, features and outputs', 4 * (n + nTest) * (2 + 2 * models)],
    ['parameters', (4 + networks - 1) * weights],
    [
      'hidden layer of one block of rows',
      4 * trained.filter(Boolean).length * (Math.min(mostRows, n) + factorRows) * strideOf(m),
    ],
    ['outputs of one block of rows', 4 * outputFloats(tile, evaluated, m)],
    ['gradients', networks * gradient],
  ]);
  if (kernel) {
    // Of one block of rows and one of columns, or of all points, the last block rounded up.
    const features = Math.max(4 * hidden, Math.min(heldBytes, 8 * n * strideOf(m)) + 2 * hidden);
    plan.set('kernel', 4 * n * strideOf(n) + features);
  }
  if (spec.training.alignment) {
    // Two kernels and the hidden layer of all points; or that of one side, as much as is held, and two vectors.
    const held = holdingBytes(8 * n * strideOf(m), n <= exactPoints ? heldBytes : mostHeld);
    plan.set('alignment of kernels', (n <= exactPoints ? 8 * n * strideOf(n) : 8 * n) + held + 4 * hidden);
  }
  if (spec.claims !== 'none') {
    // Of two kernels the difference is measured: both stored, or with the hidden layer of two sides, as much as is held,
    // and what an ascent takes beside; Lanczos' basis; displaced parameters.
    const stored = storedBytes(n) <= mostStored ? storedBytes(n) : 0;
    const kernels = stored + (worthStoring(n, twoLayerShapes(m, d), true) ? stored : 0);
    const beyondOneBlock = Math.max(0, 2 * 4 * n * strideOf(m) - 2 * hidden);
    const held = holdingBytes(beyondOneBlock, mostHeld);
    const sides = 2 * (3 * hidden + held) + 3 * vjpBytes(gpu, shapes, blockRows);
    plan.set('measuring claims', kernels + sides + 4 * n * basisColumns(mostProducts) + 4 * weights);
  }
  return plan;
}

/** The same of a deep or convolutional network: of both towers what two layers have once, for every layer. */
function deepPlan(
  gpu: Gpu,
  { n, nTest, d }: ProblemSizes,
  { training, claims }: Spec,
  network: DeepSpec,
  { kernel, mostStored, mostHeld }: KernelRoom & { kernel: boolean },
): Map<string, number> {
  const geometry = towerGeometry(architectureOf(network, d));
  const { layers, readout } = geometry;
  const points = Math.max(n, nTest);
  const blockRows = towerBlockRows(gpu, geometry);
  const rows = Math.min(blockRows, points);
  const sum = (of: (layer: LayerGeometry) => number): number =>
    layers.reduce((all, layer) => all + of(layer), 0);
  const parameters = 4 * (sum(({ units, inputs }) => units * strideOf(inputs)) + strideOf(readout.floats));
  const gradient = vjpBytes(gpu, parameterShapes(geometry, 2), rows);
  const models = 1 + linearModels(training).length + (training.linearized ? 1 : 0);
  const mapped = linearModels(training).filter((key) => mapsInputs(key, network, geometry)).length;
  // Of one tower: features of a block, and where layers convolve rows of the Jacobian made of them.
  const convolves = layers.some(({ patches }) => patches);
  const factorRows = Math.min(jacobianBlockRows(gpu, geometry, blockRows), points);
  const kept = convolves ? jacobianBytes(geometry) : towerBytes(geometry);
  const factors = factorRows * (kept + (convolves ? towerBytes(geometry) : 0));
  const held = (towers: number, most = mostHeld): number => holdingBytes(towers * n * kept, most);
  const stored =
    storedBytes(n) <= mostStored && worthStoring(n, jacobianShapes(geometry, 1), true) ? storedBytes(n) : 0;
  const plan = new Map([
    ['inputs', 4 * (n + nTest) * strideOf(d)],
    ['targets, features and outputs', 4 * (n + nTest) * (2 + 2 * models)],
    ['features of linear models', mapped * 4 * (n + nTest) * strideOf(d + 4)],
    ['parameters', 2 * 3 * parameters + (training.linearized ? parameters : 0)],
    ['features of one block of rows', 2 * evaluatedRows(blockRows, points) * towerBytes(geometry)],
    ['gradients', 2 * gradient],
    // It has the factors of each set for itself.
    ['linearized network', training.linearized ? (nTest > 0 ? 2 : 1) * factors + gradient : 0],
    [
      'norm of the kernel',
      factors + (stored > 0 ? stored : held(1) + gradient) + 4 * n * basisColumns(mostProducts),
    ],
  ]);
  if (kernel) plan.set('kernel', 4 * n * strideOf(n) + held(1, heldBytes) + 2 * factors);
  if (claims !== 'none') {
    // What the norm of Θ(0) took, and is free again; or on the first points Θ(0) beside two differences of kernels.
    const first = 3 * storedBytes(Math.min(n, mostExpectedPoints));
    plan.set('measuring claims', Math.max(0, first + factors - plan.get('norm of the kernel')!));
  }
  if (training.alignment) {
    plan.set(
      'alignment of kernels',
      n <= exactPoints
        ? 8 * n * strideOf(n) + held(2, heldBytes) + 4 * factors
        : 8 * n + held(2) + 4 * factors,
    );
  }
  return plan;
}

type LinearKey = NonNullable<Spec['training']['linear']>[number];

/** The linear models that train: the theory's, and those that are asked for beside it. */
const linearModels = ({ linear }: Spec['training']): LinearKey[] => [
  ...new Set<LinearKey>(['theory', ...(linear ?? [])]),
];

/** Whether a linear model keeps features of its own in place of the inputs: see linear-choices. */
function mapsInputs(key: LinearKey, network: DeepSpec, { layers }: TowerGeometry): boolean {
  const { odd, slopes } = mathematicsOf(activationOf(network));
  if (key === 'adapted' || layers.some(({ pool }) => pool)) return true;
  return key === 'theory' && !odd && !slopes && layers.length > 1;
}

/**
 * What kernels may take: what the device takes, and of what the rest of the run leaves half for each of two that are stored.
 * Of what these leave a third for each of three sides that may hold their hidden layer at a time, an alignment's and two of a
 * claim's.
 */
export function kernelRoom(
  gpu: Gpu,
  sizes: ProblemSizes,
  spec: Spec,
  { memoryLimit, kernel }: MemoryBudget,
): KernelRoom {
  const most = roomOn(gpu);
  if (memoryLimit === undefined) return most;
  const left = (mostStored: number): number =>
    memoryLimit - totalBytes(memoryPlan(gpu, sizes, spec, kernel, { mostStored, mostHeld: heldBytes }));
  const mostStored = Math.max(0, Math.min(most.mostStored, left(0) / 2));
  return { mostStored, mostHeld: Math.max(heldBytes, Math.min(most.mostHeld, left(mostStored) / 3)) };
}

const totalBytes = (plan: ReadonlyMap<string, number>): number =>
  [...plan.values()].reduce((sum, bytes) => sum + bytes, 0);

/**
 * Refuses a problem that cannot fit, before anything is allocated.
 * @throws TooLargeError with the sizes, the limit and what would fit.
 */
export function requireFit(
  gpu: Gpu,
  sizes: ProblemSizes,
  spec: Spec,
  { memoryLimit, kernel }: MemoryBudget,
): void {
  const { n, nTest, d } = sizes;
  const limit = bindingBytes(gpu);
  const longest = Math.max(n, nTest);
  if (4 * strideOf(longest) > limit) {
    const field = n >= nTest ? 'data.n' : 'data.nTest';
    throw new TooLargeError(
      `${field} is ${longest}: its outputs alone take ${gibibytes(4 * longest)}, and this adapter binds at most ${gibibytes(limit)} at a time. At most ${field} = ${4 * Math.floor(limit / 16)} would fit.`,
    );
  }
  panelRows('data.n × data.d', n, d, limit);
  if (kernel) panelRows('The kernel', n, n, limit);
  if (spec.target.kind === 'teacher') hiddenBlockRows(gpu, spec.target.width, d);
  const planOf = (some: ProblemSizes): Map<string, number> =>
    memoryPlan(gpu, some, spec, kernel, kernelRoom(gpu, some, spec, { memoryLimit, kernel }));
  const plan = planOf(sizes);
  const total = totalBytes(plan);
  if (memoryLimit === undefined || total <= memoryLimit) return;
  const parts = [...plan]
    .filter(([, bytes]) => bytes > 0)
    .map(([label, bytes]) => `${label} ${gibibytes(bytes)}`)
    .join(', ');
  const fitting = largestFitting(n, (smaller) => totalBytes(planOf({ ...sizes, n: smaller })) <= memoryLimit);
  throw new TooLargeError(
    `n = ${n}, nTest = ${nTest}, d = ${d} and ${widthWords(spec.network)} take ${gibibytes(total)} on the device (${parts}); ${gibibytes(memoryLimit)} are available. ${
      fitting > 0
        ? `With everything else as it is, n = ${fitting} would fit.`
        : `No n would fit: take ${widthsOf(spec.network).length > 1 ? 'fewer layers, ' : ''}a smaller d, nTest or ${spec.network.kind === 'convolutional' ? 'number of channels' : 'width'}.`
    }`,
  );
}

const widthWords = (network: NetworkSpec): string => {
  const widths = widthsOf(network);
  const words = network.kind === 'convolutional' ? 'channels' : 'width';
  return widths.length === 1
    ? `${words} ${widths[0]}`
    : `${widths.length} layers of up to ${widthOf(network)} ${words === 'width' ? 'units' : words}`;
};

/** The largest n ≥ 0 that fits, by bisection; fits(n) is false for the given one. */
function largestFitting(n: number, fits: (n: number) => boolean): number {
  let [low, high] = [0, n];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
