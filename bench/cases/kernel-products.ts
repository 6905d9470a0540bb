import { CommandStream } from '../../src/gpu/command-stream.ts';
import type { Gpu } from '../../src/gpu/device.ts';
import { Matrix } from '../../src/gpu/matrix.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { FeatureKernel } from '../../src/kernel/feature-kernel.ts';
import { LinearCombination } from '../../src/kernel/operator.ts';
import { spectralNorm } from '../../src/kernel/spectrum.ts';
import { TangentKernel } from '../../src/kernel/tangent-kernel.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { linearFeatures } from '../../src/math/linear-features.ts';
import { fitPowerLaw } from '../../src/math/power-law.ts';
import { compileRandom } from '../../src/programs/random.ts';
import { type BenchCase, spread } from '../case.ts';

const [d, m] = [50, 256];
const sizes = [2000, 4000, 8000, 16_000, 32_000, 64_000];
const repetitions = 7;

/** Θ₁ − Θ_lin1 without a matrix: the cost of a product, and the memory that its norm takes, as n grows. */
export const kernelProducts: BenchCase = {
  name: 'kernel-products',
  what: `products with Θ₁ − Θ_lin1 and its spectral norm without the matrix, d = ${d}, m = ${m}, erf`,
  run: async (gpu, say) => {
    say('       n   ms a product (least–most)   ns a point   norm: MB in all   largest buffer   products');
    const rows: Record<string, number>[] = [];
    for (const n of sizes) {
      const row = await measure(gpu, n);
      rows.push(row);
      const milliseconds = `${row['median'].toFixed(1)} (${row['least'].toFixed(1)}–${row['most'].toFixed(1)})`;
      say(
        [
          String(n).padStart(8),
          milliseconds.padStart(28),
          ((1e6 * row['median']) / n).toFixed(0).padStart(13),
          (row['bytes'] / 1e6).toFixed(1).padStart(18),
          `${(row['largestBuffer'] / 1e6).toFixed(1)} MB`.padStart(17),
          String(row['products']).padStart(11),
        ].join(''),
      );
    }
    const fit = fitPowerLaw(rows.map((row) => ({ x: row['n'], y: row['median'] })))!;
    const memory = fitPowerLaw(rows.map((row) => ({ x: row['n'], y: row['bytes'] })))!;
    say(
      `time ∝ n^(${fit.exponent.toFixed(3)} ± ${fit.standardError!.toFixed(3)}), memory ∝ n^(${memory.exponent.toFixed(3)} ± ${memory.standardError!.toFixed(3)})`,
    );
    return rows;
  },
};

async function measure(gpu: Gpu, n: number): Promise<Record<string, number>> {
  const memory = new Memory(gpu);
  try {
    using stream = new CommandStream(gpu);
    const normal = await compileRandom(gpu, { entries: 'normal', scaled: false });
    using X = new Matrix(gpu, 'X', n, d);
    using W = new Matrix(gpu, 'W', m, d);
    using v = new Vector(gpu, 'v', m);
    for (const block of X.blocks()) stream.run(normal(block, d, { seed: 1, stream: 0 }));
    stream.run(normal(W.whole(), d, { seed: 1, stream: 4 }));
    v.write(Float32Array.from({ length: m }, (_, r) => (r < m / 2 ? 1 : -1)));
    const activation = { name: 'erf' } as const;
    const features = linearFeatures(gaussianConstants(activation, 1), d, 1, 0);
    const side = { X, at: { W, v } };
    using theta = await TangentKernel.create(gpu, stream, activation, side, side, { first: 1, second: 0 });
    using K = await FeatureKernel.create(gpu, stream, X, features);
    using difference = await LinearCombination.create(gpu, [
      { coefficient: 1, operator: theta },
      { coefficient: -1, operator: K },
    ]);
    using u = new Vector(gpu, 'u', n);
    using out = new Vector(gpu, 'out', n);
    u.write(Float32Array.from({ length: n }, (_, i) => Math.sin(i)));
    const product = [...difference.product(u, out)];
    const times: number[] = [];
    for (let repetition = -1; repetition < repetitions; repetition++) {
      await stream.finish();
      const begun = performance.now();
      for (const dispatch of product) stream.run(dispatch);
      await stream.finish();
      if (repetition >= 0) times.push(performance.now() - begun);
    }
    const norm = await spectralNorm(gpu, difference, { maxProducts: 24 });
    const { median, least, most } = spread(times);
    return {
      n,
      median,
      least,
      most,
      bytes: memory.peak,
      largestBuffer: memory.largest,
      products: norm.products,
      norm: norm.value,
    };
  } finally {
    memory.stop();
  }
}

/** What is allocated on the device while it watches: the most at a time, and the largest buffer. */
class Memory {
  peak = 0;
  largest = 0;
  readonly #gpu: Gpu;
  readonly #start: number;
  readonly #create: Gpu['createBuffer'];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#start = gpu.liveBytes;
    const create = (this.#create = gpu.createBuffer.bind(gpu));
    gpu.createBuffer = (label, size, usage) => {
      const buffer = create(label, size, usage);
      this.peak = Math.max(this.peak, gpu.liveBytes - this.#start);
      this.largest = Math.max(this.largest, size);
      return buffer;
    };
  }

  stop(): void {
    this.#gpu.createBuffer = this.#create;
  }
}
