import { Predictions, PointSet } from '../src/data/point-set.ts';
import { CommandStream } from '../src/gpu/command-stream.ts';
import { Gpu, requestDevice } from '../src/gpu/device.ts';
import { Matrix } from '../src/gpu/matrix.ts';
import { Resources } from '../src/gpu/resources.ts';
import { Vector } from '../src/gpu/vector.ts';
import { DenseNtk, denseNtk } from '../src/jacobian/dense-ntk.ts';
import { type Norm, spectralNorm } from '../src/spectral/spectrum.ts';
import { StoredKernel } from '../src/spectral/stored-kernel.ts';
import { TangentKernel } from '../src/jacobian/tangent-kernel.ts';
import { tangentOperator } from '../src/jacobian/tangent-operator.ts';
import type { FeatureStorage } from '../src/programs/forward.ts';
import { heldBytes } from '../src/jacobian/hidden-block.ts';
import type { KernelSides } from '../src/jacobian/kernel-sides.ts';
import { DeepNetwork } from '../src/network/deep.ts';
import { TwoLayerNetwork } from '../src/network/two-layer.ts';
import { compileMatrixProduct } from '../src/programs/matrix-product.ts';
import { chosenTile } from '../src/programs/tile-choice.ts';
import { completion } from './completion.ts';
import type { Contestant, Forms, Task } from './contestant.ts';
import { firstRows, newDenseTask, theta1 } from './new-kernel.ts';
import type { DeepProblem, NetworkProblem, SquareMatrices } from './problem.ts';

const erf = { name: 'erf' } as const;
/**
 * Of halves: what WGSL allows the rounding of the two features of a term to make of it, 2 · 2⁻¹⁰. The sums, in which
 * roundings cancel, should be far nearer.
 */
const halvesTolerance = 2 ** -9;

/** First Light by the classes that it gives its users, on a device of its own. */
export async function firstLight(): Promise<Contestant & { device: GPUDevice; gpu: Gpu }> {
  const gpu = Gpu.of(await requestDevice(navigator.gpu));
  return {
    library: 'First Light',
    backend: 'webgpu',
    device: gpu.device,
    gpu,
    activate: () => Promise.resolve(),
    matrixProduct: (matrices) => ({ '': () => productTask(gpu, matrices) }),
    denseNtk: (problem, checkedRows) => ({
      ...inEachStorage((storage) => denseTask(gpu, problem, checkedRows, storage)),
      'a new matrix': () => newDenseTask(gpu, problem, checkedRows),
    }),
    gradientDescent: (problem, rate, steps) => ({ '': () => descentTask(gpu, problem, rate, steps) }),
    ntkProducts: (problem, times) => ({
      ...inEachStorage((storage) => productsTask(gpu, problem, times, { storage })),
      ...(mayHoldMore(gpu, problem) && {
        '512 MiB of φ′(Z) held': () => productsTask(gpu, problem, times, { held: heldBytes }),
      }),
    }),
    denseProducts: (problem, times) => ({ '': () => denseProductsTask(gpu, problem, times) }),
    deepDescent: (problem, rate, steps) => ({ '': () => deepDescentTask(gpu, problem, rate, steps) }),
    deepProducts: (problem, times) => ({
      '': () => deepProductsTask(gpu, problem, times, { anew: false }),
      'what does not depend on u made in the time': () =>
        deepProductsTask(gpu, problem, times, { anew: true }),
    }),
    spectralNorm: (problem) => ({ '': () => normTask(gpu, problem) }),
  };
}

/** Whether a GPU holds more of φ′(Z) than everyone does, where it has the memory. */
const mayHoldMore = ({ adapter }: Gpu, { n, m }: NetworkProblem): boolean =>
  !adapter.software && 4 * n * m > heldBytes;

/** A form for each way to store the hidden features. */
const inEachStorage = (task: (storage: FeatureStorage) => Promise<Task>): Forms => ({
  '': () => task('f32'),
  'f16 storage': async () => ({ ...(await task('f16')), tolerance: halvesTolerance }),
});

async function productTask(gpu: Gpu, { size, A, B }: SquareMatrices): Promise<Task> {
  const owned = new Resources();
  const [left, right, out] = ['A', 'B', 'AB'].map((name) => owned.own(new Matrix(gpu, name, size, size)));
  left.write(A);
  right.write(B);
  const stream = owned.own(new CommandStream(gpu));
  const tile = chosenTile(gpu, 'matrix-product', { rows: size, cols: size, inner: size });
  const product = (await compileMatrixProduct(gpu, 'NN', tile))(left, right, out);
  return {
    run: async () => {
      stream.run(product);
      await stream.finish();
      await completion(gpu.device);
    },
    result: async () => ({ C: await out.readAll() }),
    dispose: () => owned[Symbol.dispose](),
  };
}

/** u and the place of Θ₁u. */
function operands(
  gpu: Gpu,
  { n, u }: Pick<NetworkProblem, 'n' | 'u'>,
  owned: Resources,
): { u: Vector; out: Vector } {
  const vectors = { u: owned.own(new Vector(gpu, 'u', n)), out: owned.own(new Vector(gpu, 'Θu', n)) };
  vectors.u.write(u);
  return vectors;
}

/** Θ₁ made again and again where it is. */
async function denseTask(
  gpu: Gpu,
  problem: NetworkProblem,
  checkedRows: number,
  storage: FeatureStorage,
): Promise<Task> {
  const owned = new Resources();
  const ntk = owned.own(await DenseNtk.create(gpu, theta1(gpu, problem, owned), { storage }));
  const theta = owned.own(new Matrix(gpu, 'Θ₁', problem.n, problem.n));
  return {
    run: async () => {
      await ntk.fill(theta);
      await completion(gpu.device);
    },
    result: async () => ({ theta: await firstRows(theta, checkedRows) }),
    dispose: () => owned[Symbol.dispose](),
  };
}

async function descentTask(gpu: Gpu, problem: NetworkProblem, rate: number, steps: number): Promise<Task> {
  const { n, d, m, X, y, W, v } = problem;
  const owned = new Resources();
  const points = owned.own(new PointSet(gpu, 'training', n, d));
  points.X.write(X);
  points.y.write(y);
  const predictions = owned.own(new Predictions(gpu, 'training', n));
  const sizes = { d, width: m, maxPoints: n };
  const network = owned.own(await TwoLayerNetwork.create(gpu, sizes, erf));
  network.initialize(W, v);
  const stream = owned.own(new CommandStream(gpu));
  const step = [...network.evaluation(points, predictions, true), ...network.descent(n, [rate, rate])];
  return {
    run: async () => {
      for (let k = 0; k < steps; k++) {
        for (const dispatch of step) stream.run(dispatch);
        await stream.pace();
      }
      await stream.finish();
      await completion(gpu.device);
    },
    result: async () => ({
      W: await network.W.displacement.readAll(),
      v: await network.v.displacement.read(),
    }),
    dispose: () => owned[Symbol.dispose](),
  };
}

async function productsTask(
  gpu: Gpu,
  problem: NetworkProblem,
  times: number,
  features: { storage?: FeatureStorage; held?: number },
): Promise<Task> {
  const owned = new Resources();
  const stream = owned.own(new CommandStream(gpu));
  const sides = theta1(gpu, problem, owned);
  const { u, out } = operands(gpu, problem, owned);
  const theta = owned.own(await TangentKernel.create(gpu, stream, sides, features));
  const product = [...theta.product(u, out)];
  return {
    run: async () => {
      for (let k = 0; k < times; k++) {
        for (const dispatch of product) stream.run(dispatch);
        await stream.pace();
      }
      await stream.finish();
      await completion(gpu.device);
    },
    result: async () => ({ product: await out.read() }),
    dispose: () => owned[Symbol.dispose](),
  };
}

/** A deep network at the start, and its points. */
async function deepNetwork(
  gpu: Gpu,
  { architecture, n, X, y, weights, readout }: DeepProblem,
  owned: Resources,
): Promise<{ network: DeepNetwork; points: PointSet }> {
  const network = owned.own(await DeepNetwork.create(gpu, architecture, { maxPoints: n }, erf));
  network.initialize(weights, readout);
  const points = owned.own(new PointSet(gpu, 'training', n, network.d));
  points.X.write(X);
  points.y.write(y);
  return { network, points };
}

async function deepDescentTask(gpu: Gpu, problem: DeepProblem, rate: number, steps: number): Promise<Task> {
  const owned = new Resources();
  const { network, points } = await deepNetwork(gpu, problem, owned);
  const predictions = owned.own(new Predictions(gpu, 'training', problem.n));
  const stream = owned.own(new CommandStream(gpu));
  const rates = Array.from({ length: problem.weights.length + 1 }, () => rate);
  const step = [...network.evaluation(points, predictions, true), ...network.descent(problem.n, rates)];
  return {
    run: async () => {
      for (let k = 0; k < steps; k++) {
        for (const dispatch of step) stream.run(dispatch);
        await stream.pace();
      }
      await stream.finish();
      await completion(gpu.device);
    },
    result: async () => {
      for (const dispatch of network.evaluation(points, predictions)) stream.run(dispatch);
      stream.flush();
      return { f: await predictions.u.read() };
    },
    dispose: () => owned[Symbol.dispose](),
  };
}

/** `anew`: what is held for all products is made in every run. */
async function deepProductsTask(
  gpu: Gpu,
  problem: DeepProblem,
  times: number,
  { anew }: { anew: boolean },
): Promise<Task> {
  const owned = new Resources();
  const { network, points } = await deepNetwork(gpu, problem, owned);
  const stream = owned.own(new CommandStream(gpu));
  const { u, out } = operands(gpu, problem, owned);
  const rows = network.jacobian(points.X, 'start');
  const create = () => TangentKernel.create(gpu, stream, { rows, weights: rows.layers.map(() => 1) });
  const products = async (theta: TangentKernel) => {
    const product = [...theta.product(u, out)];
    for (let k = 0; k < times; k++) {
      for (const dispatch of product) stream.run(dispatch);
      await stream.pace();
    }
    await stream.finish();
    await completion(gpu.device);
  };
  const held = anew ? undefined : owned.own(await create());
  return {
    run: async () => {
      if (held) return products(held);
      using theta = await create();
      await products(theta);
    },
    result: async () => ({ product: await out.read() }),
    dispose: () => owned[Symbol.dispose](),
  };
}

function denseProductsTask(gpu: Gpu, problem: NetworkProblem, times: number): Promise<Task> {
  const owned = new Resources();
  const stream = owned.own(new CommandStream(gpu));
  const sides = theta1(gpu, problem, owned);
  const { u, out } = operands(gpu, problem, owned);
  return Promise.resolve({
    run: async () => {
      const matrix = await denseNtk(gpu, sides);
      using theta = await StoredKernel.create(gpu, matrix, { symmetric: true });
      const product = [...theta.product(u, out)];
      for (let k = 0; k < times; k++) for (const dispatch of product) stream.run(dispatch);
      await stream.finish();
      await completion(gpu.device);
    },
    result: async () => ({ product: await out.read() }),
    dispose: () => owned[Symbol.dispose](),
  });
}

/** ‖Θ₁‖ once, with the number of products that it took. */
export async function tangentNorm(gpu: Gpu, problem: NetworkProblem): Promise<Norm> {
  using owned = new Resources();
  return await normFrom(gpu, theta1(gpu, problem, owned), owned.own(new CommandStream(gpu)));
}

async function normFrom(gpu: Gpu, sides: KernelSides, stream: CommandStream): Promise<Norm> {
  using theta = await tangentOperator(gpu, stream, sides);
  return await spectralNorm(gpu, theta);
}

function normTask(gpu: Gpu, problem: NetworkProblem): Promise<Task> {
  const owned = new Resources();
  const stream = owned.own(new CommandStream(gpu));
  const sides = theta1(gpu, problem, owned);
  let norm = NaN;
  return Promise.resolve({
    run: async () => {
      norm = (await normFrom(gpu, sides, stream)).value;
    },
    result: () => Promise.resolve({ norm: Float32Array.of(norm) }),
    dispose: () => owned[Symbol.dispose](),
  });
}
