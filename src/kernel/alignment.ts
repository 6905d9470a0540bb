import type { PointSet } from '../data/point-set.ts';
import { streams } from '../data/streams.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { together } from '../gpu/together.ts';
import { Vector } from '../gpu/vector.ts';
import { type Random, compileRandom } from '../programs/random.ts';
import { Reduction } from '../programs/reduce.ts';
import { DenseNtk } from '../jacobian/dense-ntk.ts';
import { type Jacobian, weightsFor } from '../jacobian/factors.ts';
import { StoredKernel } from '../spectral/stored-kernel.ts';
import { TangentKernel } from '../jacobian/tangent-kernel.ts';
import { exactPoints } from './exact-points.ts';

/** A value and its standard error: 0 where it was computed and not estimated. */
export interface Estimate {
  value: number;
  error: number;
}

/** How the kernel stands to the targets and to the one it began with; both at most 1, and at least 0. */
export interface Alignment {
  /** yᵀΘy/(‖Θ‖_F ‖y‖²), the kernel–target alignment; NaN where y = 0. */
  target: Estimate;
  /** ⟨Θ, Θ(0)⟩_F/(‖Θ‖_F ‖Θ(0)‖_F) */
  start: Estimate;
}

/** What is aligned: a kernel on the training points, at parameters that move and at those it began with. */
export interface AlignmentSetup {
  train: PointSet;
  /** Of each layer's kernel. */
  weights: readonly number[];
  start: Jacobian;
  /** Taken anew at every measurement. */
  present: Jacobian;
  seed: number;
  /** Bytes of hidden layer that may be kept for the products with a kernel that is not stored; holdableBytes unless given. */
  mostHeld?: number;
}

/** Probe vectors; their standard error falls with the root of their number, and their cost grows with it. */
const probeCount = 16;

/**
 * Measures the alignment of a tangent kernel as often as its parameters change. Up to `stored` points the kernel and
 * the one at the start are stored (8n² bytes, and the hidden layer), and the values are exact to float32. Beyond, ‖Θ‖_F²
 * and ⟨Θ, Θ(0)⟩_F are estimated by Hutchinson's method, from the products Θz and Θ(0)z with seeded vectors z of random signs,
 * the same ones at every step: E‖Θz‖² = ‖Θ‖_F², E⟨Θz, Θ(0)z⟩ = ⟨Θ, Θ(0)⟩_F. The errors are those of the ratios, to first
 * order; yᵀΘy is exact. 17 products a measurement, 4nmd operations each, and 17n floats of host memory.
 */
export class KernelAlignment implements Disposable {
  readonly #method: Method;

  private constructor(method: Method) {
    this.#method = method;
  }

  static async create(
    gpu: Gpu,
    setup: AlignmentSetup,
    { stored = exactPoints }: { stored?: number } = {},
  ): Promise<KernelAlignment> {
    const method = setup.train.size <= stored ? StoredMethod : ProbeMethod;
    return new KernelAlignment(await method.create(gpu, setup));
  }

  /** Of the kernel at the present parameters. */
  measure(): Promise<Alignment> {
    return this.#method.measure();
  }

  [Symbol.dispose](): void {
    this.#method[Symbol.dispose]();
  }
}

interface Method extends Disposable {
  measure: () => Promise<Alignment>;
}

/** Both kernels as matrices. */
class StoredMethod implements Method {
  readonly #gpu: Gpu;
  readonly #y: Vector;
  readonly #filler: DenseNtk;
  readonly #kernel: StoredKernel;
  readonly #image: Vector;
  /** ‖Θ‖_F², ‖Θ(0)‖_F², ‖Θ − Θ(0)‖_F² */
  readonly #squares: Vector;
  readonly #sums: Reduction[];
  readonly #owned: Resources;

  private constructor(
    gpu: Gpu,
    y: Vector,
    parts: { filler: DenseNtk; kernel: StoredKernel; image: Vector; squares: Vector; sums: Reduction[] },
    owned: Resources,
  ) {
    this.#gpu = gpu;
    this.#y = y;
    this.#filler = parts.filler;
    this.#kernel = parts.kernel;
    this.#image = parts.image;
    this.#squares = parts.squares;
    this.#sums = parts.sums;
    this.#owned = owned;
  }

  static async create(gpu: Gpu, { train, weights, start, present }: AlignmentSetup): Promise<StoredMethod> {
    using owned = new Resources();
    const n = train.size;
    const matrix = (label: string) => owned.own(new Matrix(gpu, label, n, n));
    const [initial, kernel] = [matrix('Θ(0)'), new Matrix(gpu, 'Θ', n, n)];
    const operator = owned.own(await StoredKernel.create(gpu, kernel, { symmetric: true }));
    {
      using filler = await DenseNtk.create(gpu, { rows: start, weights: weightsFor(start, weights) });
      await filler.fill(initial);
    }
    const filler = owned.own(
      await DenseNtk.create(gpu, { rows: present, weights: weightsFor(present, weights) }),
    );
    const squares = owned.own(new Vector(gpu, 'squared norms of kernels', 3));
    const sum = async (term: 'square' | 'squared-difference', a: Matrix, b?: Matrix) => {
      const [one, other] = [a.whole().binding, b?.whole().binding];
      return owned.own(await Reduction.create(gpu, term, n * a.stride, squares.binding, one, other));
    };
    const sums = [
      await sum('square', kernel),
      await sum('square', initial),
      await sum('squared-difference', kernel, initial),
    ];
    const image = owned.own(new Vector(gpu, 'Θy', n));
    return new StoredMethod(gpu, train.y, { filler, kernel: operator, image, squares, sums }, owned.move());
  }

  async measure(): Promise<Alignment> {
    await this.#filler.fill(this.#kernel.matrix);
    using stream = new CommandStream(this.#gpu);
    for (const [slot, sum] of this.#sums.entries()) {
      for (const dispatch of sum.into(slot, 1)) stream.run(dispatch);
    }
    for (const dispatch of this.#kernel.product(this.#y, this.#image)) stream.run(dispatch);
    stream.flush();
    const [squares, image, y] = await together([this.#squares.read(), this.#image.read(), this.#y.read()]);
    const [theta, initial] = [Math.sqrt(squares[0]), Math.sqrt(squares[1])];
    return {
      target: exact(dot(y, image) / (theta * dot(y, y))),
      // The cosine by the difference, which keeps what little it is below 1.
      start: exact(1 - (squares[2] - (theta - initial) ** 2) / (2 * theta * initial)),
    };
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

const exact = (value: number): Estimate => ({ value, error: 0 });

/** Both kernels as operators, seen by probe vectors. */
class ProbeMethod implements Method {
  readonly #gpu: Gpu;
  readonly #setup: AlignmentSetup;
  readonly #random: Random;
  readonly #probe: Vector;
  readonly #image: Vector;
  readonly #owned: Resources;
  /** Θ(0)z of each probe. */
  #initial: Float32Array[] = [];

  private constructor(gpu: Gpu, setup: AlignmentSetup, random: Random) {
    using owned = new Resources();
    this.#gpu = gpu;
    this.#setup = setup;
    this.#random = random;
    this.#probe = owned.own(new Vector(gpu, 'probe', setup.train.size));
    this.#image = owned.own(new Vector(gpu, 'image of a probe', setup.train.size));
    this.#owned = owned.move();
  }

  static async create(gpu: Gpu, setup: AlignmentSetup): Promise<ProbeMethod> {
    const random = await compileRandom(gpu, { entries: 'sign', scaled: false });
    using owned = new Resources();
    const method = owned.own(new ProbeMethod(gpu, setup, random));
    method.#initial = (await method.#images(setup.start)).probes;
    owned.move();
    return method;
  }

  /** Θz of each probe, and Θy. */
  async #images(rows: Jacobian): Promise<{ probes: Float32Array[]; targets: Float32Array }> {
    const { train, weights, seed, mostHeld } = this.#setup;
    using stream = new CommandStream(this.#gpu);
    const sides = { rows, weights: weightsFor(rows, weights) };
    using theta = await TangentKernel.create(this.#gpu, stream, sides, { held: mostHeld });
    const readings: Promise<Float32Array>[] = [];
    try {
      for (let probe = 0; probe <= probeCount; probe++) {
        const last = probe === probeCount;
        if (!last) {
          const row = { binding: this.#probe.binding, firstRow: probe, rows: 1 };
          stream.run(this.#random(row, train.size, { seed, stream: streams.alignmentProbes }));
        }
        for (const dispatch of theta.product(last ? train.y : this.#probe, this.#image)) {
          stream.run(dispatch);
          await stream.pace();
        }
        // The copy is queued here and now, before the next product.
        stream.flush();
        readings.push(this.#image.read());
      }
    } catch (error) {
      stream.discard();
      await Promise.allSettled(readings);
      throw error;
    }
    const images = await together(readings);
    return { probes: images.slice(0, probeCount), targets: images[probeCount] };
  }

  async measure(): Promise<Alignment> {
    const [{ probes, targets }, y] = await together([
      this.#images(this.#setup.present),
      this.#setup.train.y.read(),
    ]);
    return estimated(
      probes.map((image, probe) => ({
        theta: dot(image, image),
        initial: dot(this.#initial[probe], this.#initial[probe]),
        product: dot(image, this.#initial[probe]),
      })),
      dot(y, targets) / dot(y, y),
    );
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

/** What one probe z says: ‖Θz‖², ‖Θ(0)z‖², ⟨Θz, Θ(0)z⟩. */
export interface Probe {
  theta: number;
  initial: number;
  product: number;
}

/**
 * The alignment from probes and yᵀΘy/‖y‖². The standard errors are those of the ratios' first-order expansions around the
 * means: of c/√(ab) that of r(c_i/c − a_i/(2a) − b_i/(2b)), of q/√a that of r a_i/(2a).
 */
export function estimated(probes: readonly Probe[], rayleigh: number): Alignment {
  const mean = (term: (probe: Probe) => number) =>
    probes.reduce((sum, probe) => sum + term(probe), 0) / probes.length;
  const [a, b, c] = [
    mean(({ theta }) => theta),
    mean(({ initial }) => initial),
    mean(({ product }) => product),
  ];
  const errorOf = (influence: (probe: Probe) => number): number => {
    const centre = mean(influence);
    const spread = probes.reduce((sum, probe) => sum + (influence(probe) - centre) ** 2, 0);
    return Math.sqrt(spread / (probes.length - 1) / probes.length);
  };
  const [start, target] = [c / Math.sqrt(a * b), rayleigh / Math.sqrt(a)];
  return {
    start: {
      value: start,
      error:
        Math.abs(start) *
        errorOf((probe) => probe.product / c - probe.theta / (2 * a) - probe.initial / (2 * b)),
    },
    target: { value: target, error: Math.abs(target) * errorOf(({ theta }) => theta / (2 * a)) },
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
