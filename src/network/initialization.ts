import { streams } from '../data/streams.ts';
import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix } from '../gpu/matrix.ts';
import { compileRandom } from '../programs/random.ts';
import type { TwoLayerNetwork } from './two-layer.ts';

/** Independent parameters: W with N(0, 1) entries (width × d, row-major) and v with entries ±1. */
export async function drawParameters(
  gpu: Gpu,
  stream: CommandStream,
  width: number,
  d: number,
  seed: number,
  { first, second }: { first: number; second: number },
): Promise<{ W: Float32Array; v: Float32Array }> {
  const normal = await compileRandom(gpu, { entries: 'normal', scaled: false });
  const sign = await compileRandom(gpu, { entries: 'sign', scaled: false });
  using W = new Matrix(gpu, 'random W', width, d);
  using v = new Matrix(gpu, 'random v', 1, width);
  stream.run(normal(W.whole(), d, { seed, stream: first }));
  stream.run(sign(v.whole(), width, { seed, stream: second }));
  stream.flush();
  return { W: await W.readAll(), v: await v.readAll() };
}

/**
 * Symmetric initialization (THEORY.md, section 1): w_r ~ N(0, I) and v_r ~ Unif{±1} for r ≤ m/2, then
 * w_{r+m/2} = w_r and v_{r+m/2} = −v_r, so that f ≡ 0. Drawn from the seed's streams for W and v.
 */
export async function initializeSymmetrically(
  gpu: Gpu,
  stream: CommandStream,
  network: TwoLayerNetwork,
  seed: number,
): Promise<void> {
  const half = network.width / 2;
  const { W, v } = await drawParameters(gpu, stream, half, network.d, seed, {
    first: streams.firstLayer,
    second: streams.secondLayer,
  });
  const W0 = new Float32Array(2 * W.length);
  W0.set(W);
  W0.set(W, W.length);
  const v0 = Float32Array.from({ length: 2 * half }, (_, r) => (r < half ? v[r] : -v[r - half]));
  network.initialize(W0, v0);
}
