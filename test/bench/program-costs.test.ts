import { afterAll, describe, expect, it } from 'vitest';
import type { Task } from '../../bench/contestant.ts';
import { convolutionalSizes } from '../../bench/deep-sizes.ts';
import { DispatchLog } from '../../bench/dispatch-log.ts';
import { firstLight } from '../../bench/first-light.ts';
import {
  deepProductOperations,
  deepStepOperations,
  denseNtkOperations,
  gradientStepOperations,
  matrixProductOperations,
  ntkProductOperations,
  storedProductOperations,
} from '../../bench/operations.ts';
import { deepProblem, networkProblem, squareMatrices } from '../../bench/problem.ts';
import { costOf } from '../../bench/program-costs.ts';
import type { Dispatch } from '../../src/gpu/command-stream.ts';
import { fullyConnected } from '../../src/math/deep/architecture.ts';

const ours = await firstLight();
const { gpu } = ours;
afterAll(() => gpu.device.destroy());

/** What the programs of a run cost, each by its label. */
async function costs(
  create: () => Promise<Task>,
): Promise<Record<string, { operations: number; bytes: number }>> {
  using log = await DispatchLog.of(gpu, create);
  const sums: Record<string, { operations: number; bytes: number }> = {};
  for (const logged of log.dispatches) {
    const sum = (sums[logged.dispatch.call.program.label] ??= { operations: 0, bytes: 0 });
    const { operations, bytes } = costOf(logged);
    sum.operations += operations;
    sum.bytes += bytes;
  }
  return sums;
}

const first = (forms: Record<string, () => Promise<Task>> | undefined) => Object.values(forms!)[0];
/** Without what is no product: sums of partial results, and descent. */
const ofProducts = (all: Awaited<ReturnType<typeof costs>>): number =>
  Object.entries(all).reduce(
    (sum, [program, { operations }]) => (/^(sum|descend)/.test(program) ? sum : sum + operations),
    0,
  );

describe('operations of programs, where no row is padded', () => {
  const size = { n: 512, d: 16, m: 64 };
  const problem = networkProblem(size);
  const { n, d, m } = size;

  it('are those of the case: a product, a step, a kernel and products with it', async () => {
    const product = await costs(first(ours.matrixProduct!(squareMatrices(64))));
    expect(product['matrix-product']).toEqual({
      operations: matrixProductOperations(64),
      bytes: 3 * 4 * 64 ** 2,
    });
    const step = await costs(first(ours.gradientDescent!(problem, 1, 1)));
    expect(ofProducts(step)).toBe(gradientStepOperations(size));
    const products = await costs(first(ours.ntkProducts!(problem, 2)));
    expect(ofProducts(products)).toBe(2 * ntkProductOperations(size));
    const stored = await costs(first(ours.denseProducts!(problem, 3)));
    expect(stored['symmetric-matrix-vector'].operations).toBe(3 * storedProductOperations(size));
    // Half of the kernel is computed.
    expect(stored['forward'].operations + 2 * stored['ntk'].operations).toBe(denseNtkOperations(size));
  });

  it('are those of deep cases', async () => {
    const architecture = fullyConnected(16, [32, 64]);
    const deep = deepProblem(256, architecture);
    expect(ofProducts(await costs(first(ours.deepDescent!(deep, 1, 1))))).toBe(
      deepStepOperations(architecture, 256),
    );
    // Beside it, ⟨(BΔ)_i, x_i⟩ ends with 2 operations a unit of each layer.
    const ends = 2 * 256 * (32 + 64);
    const products = await costs(first(ours.deepProducts!(deep, 1)));
    expect(ofProducts(products)).toBe(deepProductOperations(architecture, 256) + ends);
  });

  it('know every program of convolutions, too', async () => {
    const { n: points, architecture } = convolutionalSizes.quick;
    const convolutional = deepProblem(points, architecture);
    for (const forms of [ours.deepDescent!(convolutional, 1, 1), ours.deepProducts!(convolutional, 1)]) {
      expect(ofProducts(await costs(first(forms)))).toBeGreaterThan(0);
    }
  });

  it('and bytes: what is read once and what is written once', async () => {
    const dense = await costs(first(ours.denseNtk!(problem, n)));
    // X, W and v to φ′(Z) diag(v); that and X to the kernel.
    expect(dense['forward'].bytes).toBe(4 * (n * d + m * d + m + n * m));
    expect(dense['ntk'].bytes).toBe(4 * (n * d + n * m + n * n));
    const step = await costs(first(ours.gradientDescent!(problem, 1, 1)));
    const descended = m * d + m;
    // Δ is read and written, θ(0) read, θ and its pairs written; beside it the gradient in partial sums.
    expect(step['descend-pairs'].bytes).toBeGreaterThanOrEqual(4 * 6 * descended);
  });
});

describe('costOf', () => {
  const floats = (count: number) => ({ buffer: { size: 4 * count } as GPUBuffer });
  const cost = (
    label: string,
    parameters: Record<string, number>,
    bindings: Record<string, GPUBufferBinding>,
  ) => costOf({ dispatch: { call: { program: { label } }, parameters } as unknown as Dispatch, bindings });

  it('of a block of a kernel and of its mirror image takes the columns that are made', () => {
    const [rows, cols, n] = [64, 128, 1024];
    const sides = {
      B: floats(rows * 8),
      B_other: floats(cols * 8),
      X: floats(rows * 4),
      X_other: floats(cols * 4),
    };
    const matrix = { kernel: floats(rows * n), mirror: floats(cols * n) };
    const parameters = { rows, cols, units4: 2, inputs4: 1 };
    expect(cost('ntk', parameters, { ...sides, ...matrix })).toEqual({
      operations: 2 * rows * cols * (8 + 4),
      bytes: 4 * ((rows + cols) * (8 + 4) + 2 * rows * cols),
    });
  });

  it('counts what is read and written twice, and what has two names once', () => {
    const adding = (accumulate: number) =>
      cost(
        'second-gradient',
        { rows: 16, units4: 2, accumulate },
        { A: floats(128), feature_partials: floats(8) },
      );
    expect(adding(0).bytes).toBe(4 * (128 + 8));
    expect(adding(1).bytes).toBe(4 * (128 + 16));
    const A = floats(128);
    const output = { A, A_other: { ...A, offset: 0, size: 512 }, f: floats(16) };
    expect(cost('output', { rows: 16, units4: 2 }, output).bytes).toBe(4 * (128 + 16));
  });

  it('refuses a program that it has no formula of', () => {
    expect(() => cost('pool', {}, {})).toThrow(/pool.*bench\/program-costs\.ts/);
  });
});
