import { afterAll, expect, test } from 'vitest';
import { PointSet, Predictions } from '../../src/data/point-set.ts';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { Gpu, describeAdapter, requestDevice } from '../../src/gpu/device.ts';
import { Matrix } from '../../src/gpu/matrix.ts';
import { Program } from '../../src/gpu/program.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { DenseNtk } from '../../src/jacobian/dense-ntk.ts';
import { TangentKernel } from '../../src/jacobian/tangent-kernel.ts';
import { tangentOperator } from '../../src/jacobian/tangent-operator.ts';
import { LinearModel } from '../../src/model/linear-model.ts';
import { LinearizedNetwork } from '../../src/model/linearized-network.ts';
import { DeepNetwork } from '../../src/network/deep.ts';
import { TwoLayerNetwork } from '../../src/network/two-layer.ts';
import { StoredKernel } from '../../src/spectral/stored-kernel.ts';
import { takeMeasuredTiles } from '../../src/tuning/measured-tiles.ts';
import { tune } from '../../src/tuning/tuner.ts';
import { chosenTile, preferTiles } from '../../src/programs/tile-choice.ts';
import { compileMatrixProduct } from '../../src/programs/matrix-product.ts';
import { tiles } from '../../shaders/parts/tile.ts';
import { gpu } from '../gpu-device.ts';
import { type Refusal, wrong } from '../refusals.ts';

/** x ← x + y, with an offset that a binding allows. */
const addition = `
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@compute @workgroup_size(1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  x[id.x] += y[id.x];
}`;

const other = Gpu.of(await requestDevice(navigator.gpu));
const program = await Program.compile(gpu, 'addition', addition);
const product = await compileMatrixProduct(gpu, 'NT', tiles['direct-4x4']);
const x = new Vector(gpu, 'x', 6);
const y = new Vector(gpu, 'y', 6);
const foreign = new Vector(other, 'foreign', 6);
const gone = new Vector(gpu, 'gone', 6);
gone[Symbol.dispose]();
const W = new Matrix(gpu, 'W', 3, 5);
const P = new Matrix(gpu, 'P', 3, 4);
const Q = new Matrix(gpu, 'Q', 2, 4);
const C = new Matrix(gpu, 'C', 3, 2);
const foreignC = new Matrix(other, 'C', 3, 2);
const tall = new Matrix(gpu, 'tall', 200, 4);
const stream = new CommandStream(gpu);
const call = program.bind({ x: x.binding, y: y.binding });
const S = new Matrix(gpu, 'S', 4, 4);
const foreignCall = (await Program.compile(other, 'addition', addition)).bind({
  x: foreign.binding,
  y: new Vector(other, 'y', 6).binding,
});
afterAll(() => other.device.destroy());

const run = (change: object): void =>
  stream.run({ call, parameters: {}, workgroups: [1], work: 1, ...change });
const [device, none] = [wrong(gpu.device), wrong(undefined)];
const shape = { rows: 8, cols: 8, inner: 8 };
const choice = { use: 'ntk', shapes: 'short sums, few entries', tile: 'direct-4x4' } as const;

const cases: Refusal[] = [
  [
    'Gpu.of(adapter)',
    () => Gpu.of(wrong(navigator.gpu)),
    TypeError,
    'device must be a GPUDevice; it is a GPU. requestDevice',
  ],
  [
    'requestDevice',
    () => requestDevice(wrong({})),
    TypeError,
    'gpu must be a GPU, such as navigator.gpu; it is an Object.',
  ],
  [
    'describeAdapter',
    () => describeAdapter(wrong(gpu)),
    TypeError,
    'device must be a GPUDevice; it is a Gpu.',
  ],
  ...Object.entries({
    TwoLayerNetwork: () => TwoLayerNetwork.create(device, none, none),
    DeepNetwork: () => DeepNetwork.create(device, none, none, none),
    LinearizedNetwork: () => LinearizedNetwork.create(device, none, 1),
    LinearModel: () => LinearModel.create(device, none, none),
    DenseNtk: () => DenseNtk.create(device, none),
    TangentKernel: () => TangentKernel.create(device, none, none),
    tangentOperator: () => tangentOperator(device, none, none),
    takeMeasuredTiles: () => takeMeasuredTiles(device, none, ''),
    tune: () => tune(device, [], { budget: 0, now: () => 0 }).next(),
  }).map(([name, entry]): Refusal => [
    name,
    entry,
    TypeError,
    'gpu must be a Gpu; it is a GPUDevice. Gpu.of(device) gives one.',
  ]),
  [
    'StoredKernel',
    () => StoredKernel.create(wrong(gpu.device), new Matrix(gpu, 'M', 2, 2), { symmetric: true }),
    TypeError,
    'gpu must be a Gpu',
  ],
  ['Gpu.of()', () => Gpu.of(wrong(undefined)), TypeError, 'it is undefined'],
  [
    'createBuffer',
    () => gpu.createBuffer('b', 1.5, 0),
    RangeError,
    'The size of b in bytes must be a whole number, at least 0; it is 1.5.',
  ],
  ['createBuffer, text', () => gpu.createBuffer('b', wrong('16'), 0), TypeError, 'it is "16"'],
  [
    'Gpu.write, float64',
    () => gpu.write(x.buffer, 0, wrong(new Float64Array(2))),
    TypeError,
    'must be a Float32Array; it is a Float64Array. Convert it',
  ],
  [
    'Gpu.write, offset',
    () => gpu.write(x.buffer, 2, new Float32Array(2)),
    RangeError,
    'x, has 32 bytes; 8 bytes from byte 2 on',
  ],
  [
    'Gpu.write, past the end',
    () => gpu.write(x.buffer, 28, new Float32Array(2)),
    RangeError,
    '8 bytes from byte 28 on',
  ],
  [
    'Gpu.write, foreign',
    () => gpu.write(foreign.buffer, 0, new Float32Array(2)),
    RangeError,
    'foreign, belongs to another device',
  ],
  [
    'Gpu.write, gone',
    () => gpu.write(gone.buffer, 0, new Float32Array(2)),
    RangeError,
    'gone, has been disposed of',
  ],
  ['Gpu.read', () => gpu.read(x.buffer, 0, 36), RangeError, '36 bytes from byte 0 on are not among them'],
  ['Gpu.read, no buffer', () => gpu.read(wrong(x), 0, 16), TypeError, 'must be a GPUBuffer; it is a Vector'],
  ['Gpu.read, foreign', () => gpu.read(foreign.buffer, 0, 16), RangeError, 'another device'],
  [
    'Matrix, a device for the Gpu',
    () => new Matrix(wrong(gpu.device), 'M', 2, 2),
    TypeError,
    'gpu must be a Gpu; it is a GPUDevice. Gpu.of(device) gives one.',
  ],
  [
    'Matrix, rows',
    () => new Matrix(gpu, 'M', 2.5, 2),
    RangeError,
    'The number of rows of M must be a whole number, at least 0; it is 2.5.',
  ],
  [
    'Matrix, no columns',
    () => new Matrix(gpu, 'M', 2, 0),
    RangeError,
    'The number of columns of M must be a whole number, at least 1; it is 0.',
  ],
  ['Matrix, columns', () => new Matrix(gpu, 'M', 2, NaN), RangeError, 'it is NaN'],
  ['Matrix, text', () => new Matrix(gpu, 'M', wrong('2'), 2), TypeError, 'it is "2"'],
  ['Matrix, panels', () => new Matrix(gpu, 'M', 2, 2, { maxPanelBytes: 0 }), RangeError, 'maxPanelBytes'],
  [
    'Matrix.write, float64',
    () => W.write(wrong(new Float64Array(15))),
    TypeError,
    'What is written to a 3 × 5 matrix must be a Float32Array; it is a Float64Array',
  ],
  ['Matrix.write, list', () => W.write(wrong(Array(15).fill(0))), TypeError, 'it is an Array'],
  ['Matrix.write, whole numbers', () => W.write(wrong(new Int32Array(15))), TypeError, 'it is an Int32Array'],
  [
    'Matrix.write, too many',
    () => W.write(new Float32Array(20)),
    RangeError,
    '20 entries from row 0 on are not whole rows of a 3 × 5 matrix',
  ],
  ['Matrix.blocks', () => tall.blocks(100), RangeError, 'Blocks begin at multiples of 64 rows'],
  ['Matrix.blocks, none', () => tall.blocks(0), RangeError, 'blocks of 0 rows'],
  ['Matrix.blocks, NaN', () => tall.blocks(NaN), RangeError, 'blocks of NaN rows'],
  [
    'blocksTogether, rows',
    () => Matrix.blocksTogether([tall, W]),
    RangeError,
    'Matrices of 200 × 4 and 3 × 5 have no blocks',
  ],
  [
    'blocksTogether, within',
    () => Matrix.blocksTogether([tall], 64, { firstRow: 128, rows: 100 }),
    RangeError,
    'The number of rows of the blocks must be a whole number, from 0 to 72; it is 100.',
  ],
  [
    'Vector',
    () => new Vector(gpu, 'v', -1),
    RangeError,
    'The length of v must be a whole number, at least 0; it is -1.',
  ],
  ['Vector, no Gpu', () => new Vector(wrong({}), 'v', 1), TypeError, 'gpu must be a Gpu; it is an Object.'],
  [
    'Vector.write, float64',
    () => x.write(wrong(new Float64Array(2))),
    TypeError,
    'What is written to a vector of 6 must be a Float32Array',
  ],
  [
    'Vector.write, past the end',
    () => x.write(new Float32Array(4), 4),
    RangeError,
    '4 entries from entry 4 on',
  ],
  [
    'Vector.beside',
    () => x.beside(tall.blocks()[0]),
    RangeError,
    'The vector x has 6 entries; it has none beside all of the 200 rows from row 0 on',
  ],
  [
    'PointSet, size',
    () => new PointSet(gpu, 'train', 1.5, 2),
    RangeError,
    'The number of rows of train inputs',
  ],
  [
    'PointSet, inputs',
    () => new PointSet(gpu, 'train', 2, 0),
    RangeError,
    'The number of columns of train inputs',
  ],
  ['Predictions', () => new Predictions(gpu, 'network', NaN), RangeError, 'The length of network outputs'],
  ['CommandStream', () => new CommandStream(wrong(gpu.device)), TypeError, 'gpu must be a Gpu'],
  [
    'copy, past the end',
    () => stream.copy(x.buffer, 16, y.buffer, 0, 32),
    RangeError,
    'The buffer to copy from, x, has 32 bytes; 32 bytes from byte 16 on',
  ],
  ['copy, target', () => stream.copy(x.buffer, 0, y.buffer, 24, 16), RangeError, 'The buffer to copy to, y'],
  ['copy, size', () => stream.copy(x.buffer, 0, y.buffer, 0, 6), RangeError, '6 bytes'],
  [
    'copy, itself',
    () => stream.copy(x.buffer, 0, x.buffer, 16, 16),
    RangeError,
    'x cannot be copied to itself',
  ],
  ['copy, foreign', () => stream.copy(foreign.buffer, 0, x.buffer, 0, 16), RangeError, 'another device'],
  [
    'copy, no buffer',
    () => stream.copy(wrong(x), 0, y.buffer, 0, 16),
    TypeError,
    'must be a GPUBuffer; it is a Vector',
  ],
  ['run, foreign', () => run({ call: foreignCall }), RangeError, 'addition was compiled for another device'],
  [
    'run, workgroups',
    () => run({ workgroups: [0.5] }),
    RangeError,
    'The number of workgroups must be a whole number, from 0 to',
  ],
  ['run, many workgroups', () => run({ workgroups: [1, 2 ** 30] }), RangeError, 'it is 1073741824'],
  [
    'run, work',
    () => run({ work: NaN }),
    RangeError,
    'The work of a dispatch must be a finite number, at least 0; it is NaN.',
  ],
  ['run, parameters', () => run({ parameters: { scale: 1 } }), TypeError, 'addition has no parameter scale'],
  [
    'compile, no Gpu',
    () => Program.compile(wrong(gpu.device), 'addition', addition),
    TypeError,
    'gpu must be a Gpu',
  ],
  [
    'bind, missing',
    () => program.bind({ x: x.binding }),
    TypeError,
    'addition needs a buffer for y. It binds x, y.',
  ],
  [
    'bind, unknown',
    () => program.bind({ x: x.binding, y: y.binding, z: y.binding }),
    TypeError,
    'addition has no storage variable z. It binds x, y.',
  ],
  [
    'bind, a vector',
    () => program.bind({ x: x.binding, y: wrong(y.buffer) }),
    TypeError,
    'The buffer for y of addition must be a GPUBuffer; it is undefined',
  ],
  [
    'bind, foreign',
    () => program.bind({ x: x.binding, y: foreign.binding }),
    RangeError,
    'The buffer for y of addition, foreign, belongs to another device',
  ],
  [
    'bind, gone',
    () => program.bind({ x: gone.binding, y: y.binding }),
    RangeError,
    'The buffer for x of addition, gone, has been disposed of',
  ],
  [
    'bind, offset',
    () => program.bind({ x: x.binding, y: { buffer: y.buffer, offset: 4 } }),
    RangeError,
    'is bound from byte 4 on; this device binds at multiples of',
  ],
  [
    'bind, past the end',
    () => program.bind({ x: x.binding, y: { buffer: y.buffer, size: 64 } }),
    RangeError,
    'y, has 32 bytes; 64 bytes from byte 0 on',
  ],
  [
    'product, tile',
    () => compileMatrixProduct(gpu, 'NT', wrong('direct-4x4')),
    TypeError,
    'tile must be what chosenTile(…) gives; it is "direct-4x4".',
  ],
  [
    'PointSet, no Gpu',
    () => new PointSet(device, 'train', 2, 2),
    TypeError,
    'gpu must be a Gpu; it is a GPUDevice.',
  ],
  [
    'product, form',
    () => compileMatrixProduct(gpu, wrong('TT'), tiles['direct-4x4']),
    RangeError,
    'The form of a product is "TT"; it must be NN, NT or TN.',
  ],
  [
    'product, inner',
    () => product(P, W, C),
    RangeError,
    'A product NT of 3 × 4 and 3 × 5 matrices does not make one of 3 × 2.',
  ],
  ['product, C', () => product(P, Q, W), RangeError, 'does not make one of 3 × 5'],
  ['product, own factor', () => product(S, S, S), RangeError, 'over its own factor'],
  ['product, a vector', () => product(P, wrong(x), C), TypeError, 'Q must be a Matrix; it is a Vector.'],
  ['product, foreign', () => product(P, Q, foreignC), RangeError, 'another device'],
  [
    'preferTiles, tile',
    () => preferTiles(gpu, [{ ...choice, tile: wrong('5x5') }]),
    RangeError,
    'The tile is "5x5"; it must be one of direct-4x4',
  ],
  [
    'preferTiles, use',
    () => preferTiles(gpu, [{ ...choice, use: wrong('sum') }]),
    RangeError,
    'The use of a tile is "sum"',
  ],
  [
    'preferTiles, shapes',
    () => preferTiles(gpu, [{ ...choice, shapes: 'square' }]),
    RangeError,
    'The class of shapes is "square"',
  ],
  ['preferTiles, no Gpu', () => preferTiles(wrong(gpu.device), []), TypeError, 'gpu must be a Gpu'],
  ['chosenTile, use', () => chosenTile(gpu, wrong('sum'), shape), RangeError, 'The use of a tile is "sum"'],
  [
    'chosenTile, shape',
    () => chosenTile(gpu, 'ntk', { ...shape, inner: NaN }),
    RangeError,
    "The shape's inner must be a finite number, at least 0; it is NaN.",
  ],
  [
    'chosenTile, missing',
    () => chosenTile(gpu, 'ntk', wrong({ rows: 8, cols: 8 })),
    TypeError,
    "The shape's inner must be",
  ],
];

test.for(cases)(
  '%s: what does not fit is refused, and nothing is left behind',
  async ([, entry, kind, words]) => {
    const live = gpu.liveBuffers;
    const refused = await Promise.resolve()
      .then(entry)
      .then(
        () => undefined,
        (error: unknown) => error as Error,
      );
    expect(refused).toBeInstanceOf(kind);
    expect(refused!.message).toContain(words);
    expect(gpu.liveBuffers).toBe(live);
  },
);

test('after all these, right calls on the same device and stream give right numbers', async () => {
  x.write(Float32Array.of(1, 2, 3, 4, 5, 6));
  y.write(Float32Array.of(10, 20, 30), 3);
  stream.run({ call, parameters: {}, workgroups: [6], work: 1 });
  await stream.finish();
  expect([...(await x.read())]).toEqual([1, 2, 3, 14, 25, 36]);
});
