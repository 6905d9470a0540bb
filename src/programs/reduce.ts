import { type ReduceTerm, reduceRun, reduceShader, reduceWorkgroup } from '../../shaders/reduce.wgsl.ts';
import { type Call, Program } from '../gpu/program.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { spread } from '../gpu/spread.ts';

const termsPerGroup = reduceWorkgroup * reduceRun;

/** A sum over the entries of one or two buffers, bound to where its values go. */
export class Reduction implements Disposable {
  readonly #gpu: Gpu;
  /** One stage for each level of partial sums; the last has one workgroup. */
  readonly #stages: { call: Call; length: number }[];
  readonly #scratch: Vector[];

  private constructor(gpu: Gpu, stages: { call: Call; length: number }[], scratch: Vector[]) {
    this.#gpu = gpu;
    this.#stages = stages;
    this.#scratch = scratch;
  }

  /**
   * Σ term(a_i, b_i) over i < length, written to entries of `target`; `b` goes with the difference terms.
   * Relative error at most γ_k of the sum of |terms|, k ≈ 70 + 6 log₆₄(length): blocked, never length itself.
   */
  static async create(
    gpu: Gpu,
    term: ReduceTerm,
    length: number,
    target: GPUBufferBinding,
    a: GPUBufferBinding,
    b?: GPUBufferBinding,
  ): Promise<Reduction> {
    const stages: { call: Call; length: number }[] = [];
    const scratch: Vector[] = [];
    using owned = new Resources();
    const compile = (of: ReduceTerm): Promise<Program> =>
      Program.compile(gpu, `reduce ${of}`, reduceShader(of));
    let program = await compile(term);
    let source = a;
    let remaining = length;
    for (;;) {
      const groups = Math.ceil(remaining / termsPerGroup);
      const partial = groups > 1 ? new Vector(gpu, 'partial sums', groups) : undefined;
      if (partial) scratch.push(owned.own(partial));
      const second = stages.length === 0 && b ? { b } : {};
      const sums = partial?.binding ?? target;
      stages.push({ call: program.bind({ a: source, ...second, sums }), length: remaining });
      if (!partial) {
        owned.move();
        return new Reduction(gpu, stages, scratch);
      }
      program = await compile('identity');
      source = partial.binding;
      remaining = groups;
    }
  }

  /** The dispatches that write scale · Σ to entry `slot` of the target; `factor`: s in the terms, a power of 2. */
  *into(slot: number, scale: number, factor = 1): Generator<Dispatch> {
    for (const [index, { call, length }] of this.#stages.entries()) {
      const last = index === this.#stages.length - 1;
      yield {
        call,
        parameters: { length, factor, scale: last ? scale : 1, slot: last ? slot : 0 },
        workgroups: spread(this.#gpu, Math.ceil(length / termsPerGroup)),
        work: 4 * length,
      };
    }
  }

  [Symbol.dispose](): void {
    for (const vector of this.#scratch) vector[Symbol.dispose]();
  }
}
