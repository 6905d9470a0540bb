import { streams } from '../data/streams.ts';
import { type CommandStream, requireStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix } from '../gpu/matrix.ts';
import { compileRandom } from '../programs/random.ts';
import { random } from '../math/random.ts';
import type { TwoLayerNetwork } from './two-layer.ts';

/**
 * Symmetric initialization (THEORY.md, section 1): w_r ~ N(0, I) and v_r ~ Unif{±1} for r ≤ m/2, then
 * w_{r+m/2} = w_r and v_{r+m/2} = −v_r, so that f ≡ 0. Drawn from the seed's streams for W and v.
 * @throws RangeError for an odd width, whose last unit would have no other.
 */
export async function initializeSymmetrically(
  gpu: Gpu,
  stream: CommandStream,
  network: TwoLayerNetwork,
  seed: number,
): Promise<void> {
  requireStream(stream);
  if (network.width % 2 !== 0) {
    throw new RangeError(
      `A symmetric initialization needs an even width; this network has ${network.width} units.`,
    );
  }
  const half = network.width / 2;
  const normal = await compileRandom(gpu, { entries: 'normal', scaled: false });
  using drawn = new Matrix(gpu, 'first half of W(0)', half, network.d);
  stream.run(normal(drawn.whole(), network.d, { seed, stream: streams.firstLayer }));
  const bytes = 4 * half * drawn.stride;
  for (const matrix of [network.W.start, network.W.position]) {
    for (const offset of [0, bytes]) {
      stream.copy(drawn.whole().binding.buffer, 0, matrix.whole().binding.buffer, offset, bytes);
    }
  }
  stream.flush();
  const signs = random('sign', 1, half, { seed, stream: streams.secondLayer }).data;
  const v0 = Float32Array.from([...signs, ...signs.map((sign) => -sign)]);
  for (const vector of [network.v.start, network.v.position]) vector.write(v0);
  network.restart(stream);
}

/** A teacher's parameters: all w_r ~ N(0, I) and v_r ~ Unif{±1} independent. */
export async function initializeTeacher(
  gpu: Gpu,
  stream: CommandStream,
  teacher: TwoLayerNetwork,
  seed: number,
): Promise<void> {
  const normal = await compileRandom(gpu, { entries: 'normal', scaled: false });
  stream.run(normal(teacher.W.position.whole(), teacher.d, { seed, stream: streams.teacherFirstLayer }));
  const source = { seed, stream: streams.teacherSecondLayer };
  teacher.v.position.write(Float32Array.from(random('sign', 1, teacher.width, source).data));
}
