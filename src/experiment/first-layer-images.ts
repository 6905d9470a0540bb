import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix } from '../gpu/matrix.ts';
import { together } from '../gpu/together.ts';
import { Vector } from '../gpu/vector.ts';
import type { DeepNetwork } from '../network/deep.ts';
import type { TwoLayerNetwork } from '../network/two-layer.ts';
import { compileRowNorms } from '../programs/row-norms.ts';
import type { NetworkSpec } from './network-spec.ts';
import type { RunModels } from './prepare.ts';
import type { FilesFacts, FirstLayerImages } from './result.ts';
import type { Spec } from './spec.ts';

/** Units that are kept, and numbers of all of them together. */
const [mostUnits, mostNumbers] = [16, 2 ** 15];
/** Channels that stand side by side: of colours, with a fourth. */
const mostChannels = 4;

/** The first layer of a run at its end. */
export interface FirstLayer {
  gpu: Gpu;
  stream: CommandStream;
  spec: Pick<Spec, 'network'>;
  models: Pick<RunModels, 'network'>;
  files: FilesFacts | null;
}

/**
 * Of what shape the first layer's weights are images; null where they are none: rows of no image, coordinates of whitened images, more
 * channels than colours have, or more numbers than are kept.
 */
function firstLayerShape(spec: NetworkSpec, files: FilesFacts | null): FirstLayerImages['shape'] | null {
  const shape =
    spec.kind === 'convolutional' ? filterShape(spec) : files?.whitened === null ? files.shape : null;
  if (!shape) return null;
  const [height, width, channels] = shape;
  return channels <= mostChannels && 2 * height * width * channels <= mostNumbers ? shape : null;
}

function filterShape({
  shape,
  filter,
}: Extract<NetworkSpec, { kind: 'convolutional' }>): FirstLayerImages['shape'] {
  const channels = shape[shape.length - 1];
  return shape.length === 3 ? [filter, filter, channels] : [1, filter, channels];
}

/**
 * The weights of the units that moved most: their norms are made on the device, and of the weights themselves only what is kept is
 * read, 4 bytes a unit and 2¹⁷ bytes at most. null where the weights are no images.
 */
export async function firstLayerImages({
  gpu,
  stream,
  spec,
  models,
  files,
}: FirstLayer): Promise<Omit<FirstLayerImages, 'step'> | null> {
  const shape = firstLayerShape(spec.network, files);
  if (!shape) return null;
  const { start, displacement, of, channels, padded } = firstLayerOf(models.network);
  const norms = await movements(gpu, stream, displacement);
  const numbers = shape.reduce((all, side) => all * side, 1);
  const count = Math.floor(mostNumbers / (2 * numbers));
  const chosen = Array.from({ length: of }, (_, unit) => unit)
    .sort((a, b) => norms[b] - norms[a] || a - b)
    .slice(0, Math.min(count, mostUnits));
  const rowsOf = (matrix: Matrix): Promise<Float32Array[]> =>
    together(chosen.map((unit) => matrix.readRow(unit)));
  const image = (row: Float32Array): number[] => Array.from(row).filter((_, k) => k % padded < channels);
  // Together, since every readback may wait for a slow poll.
  const [starts, moved] = await together([rowsOf(start), rowsOf(displacement)]);
  const units = chosen.map((unit, k) => ({
    unit,
    movement: norm(image(moved[k])),
    start: image(starts[k]),
    displacement: image(moved[k]),
  }));
  return { shape, of, units };
}

const norm = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** One of each pair of units that begin alike, and the channels of a tap, with those that pad them on the device. */
function firstLayerOf(network: TwoLayerNetwork | DeepNetwork) {
  if (network.kind === 'two-layer') {
    const { start, displacement } = network.W;
    const of = network.symmetric ? network.width / 2 : network.width;
    return { start, displacement, of, channels: network.d, padded: network.d };
  }
  const { start, displacement } = network.layers[0];
  if (!(start instanceof Matrix) || !(displacement instanceof Matrix)) {
    throw new Error('The first layer of a deep network is a matrix.');
  }
  const { units, channels, inputs, fanIn } = network.geometry.layers[0];
  return { start, displacement, of: units, channels, padded: (inputs / fanIn) * channels };
}

/** ‖w_r(t) − w_r(0)‖² of every unit, up to a factor. */
async function movements(gpu: Gpu, stream: CommandStream, displacement: Matrix): Promise<Float32Array> {
  const rowNorms = await compileRowNorms(gpu);
  using norms = new Vector(gpu, 'movement of units', displacement.rows);
  for (const block of displacement.blocks()) stream.run(rowNorms(block, displacement.cols, norms));
  stream.flush();
  return await norms.read();
}
