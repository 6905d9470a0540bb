import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { csvHeader, csvRow } from '../../src/experiment/records-csv.ts';
import type { SpecInput } from '../../src/experiment/spec.ts';
import { dense, rowProducts } from '../../src/math/dense.ts';
import { featureMatrix, linearFeatures } from '../../src/math/linear-features.ts';
import { forward } from '../../src/reference/forward.ts';
import { tangentKernel } from '../../src/reference/ntk.ts';
import { departureScale } from '../../src/experiment/departure-scale.ts';
import { departure } from '../../src/theory/departure.ts';
import { gamma } from '../bounds.ts';
import { gpu } from '../gpu-device.ts';
import { collect } from './collect.ts';

const base = {
  seed: 4,
  data: { distribution: 'gaussian', d: 7, n: 120, nTest: 20 },
  network: { width: 24, activation: 'softplus' },
} as const;
const training = {
  layers: 'both',
  eta1: 1.5,
  eta2: 0.2,
  steps: 30,
  records: { spacing: 'linear', count: 5 },
} as const;
const asked: SpecInput = {
  ...base,
  training: { ...training, linearized: true, modes: [1, 2, 5, 9], alignment: true, departure: 0.02 },
};

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);
const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

test('modes, alignment and departure are those of the arrays, in float64', async () => {
  const live = gpu.liveBuffers;
  const { result, arrays } = await collect(gpu.device, asked);
  expect(gpu.liveBuffers).toBe(live);
  const { n, d, eta, constants, modes } = result.preparation;
  const rates = result.preparation.rates.map(({ rate }) => rate);
  const values = (name: string) => Float64Array.from(arrays.get(name)!.data);
  const [X, y] = [dense(n, d, values('X_train')), values('y_train')];
  const last = result.records.at(-1)!;

  // The modes: eigenvectors of ΨΨᵀ/n, the n × n matrix.
  const Psi = featureMatrix(linearFeatures(constants, d, rates), X);
  const solved = new EigenvalueDecomposition(Matrix.from1DArray(n, n, rowProducts(Psi).data).div(n), {
    assumeSymmetric: true,
  });
  const order = solved.realEigenvalues.map((_, k) => k);
  order.sort((a, b) => solved.realEigenvalues[b] - solved.realEigenvalues[a]);
  expect(modes!.rank).toBe(d + 2);
  expect(modes!.indices).toEqual([1, 2, 5, 9]);
  let seen = 0;
  for (const [place, index] of modes!.indices.entries()) {
    const lambda = solved.realEigenvalues[order[index - 1]];
    const u = solved.eigenvectorMatrix.getColumn(order[index - 1]);
    const sign = -Math.sign(dot(u, y));
    expect(Math.abs(modes!.eigenvalues[place] / lambda - 1)).toBeLessThan(1e-9);
    expect(Math.abs(modes!.initial[place] - (sign * -dot(u, y)) / Math.sqrt(n))).toBeLessThan(1e-9);
    for (const [model, name] of [
      ['network', 'f_train'],
      ['linear', 'lin_train'],
      ['linearized', 'linearized_train'],
    ] as const) {
      const e = values(name).map((f, i) => f - y[i]);
      const wanted = (sign * dot(u, e)) / Math.sqrt(n);
      // Modes's own bound: moments in float32 (of one slice of rows), residuals rounded, q right to some 30 roundings.
      const sizes = Array.from({ length: d + 2 }, (_, j) =>
        e.reduce((sum, value, i) => sum + Math.abs(value * Psi.data[i * (d + 2) + j]) / n, 0),
      );
      const bound = gamma(n + 4 + 30) * (norm(sizes) / Math.sqrt(lambda));
      const actual = last.modes!.errors[model]!.along[place];
      seen = Math.max(seen, Math.abs(actual - wanted) / bound);
      expect(Math.abs(actual - wanted), `${model}, mode ${index}`).toBeLessThanOrEqual(bound);
    }
    const theory = (1 - eta * lambda) ** 30 * modes!.initial[place];
    expect(Math.abs(last.modes!.theory[place] - theory)).toBeLessThan(1e-9);
    // The project's contract for the linear model: 1e-5 of its outputs.
    const size = norm(values('lin_train')) / Math.sqrt(n);
    expect(Math.abs(last.modes!.errors.linear.along[place] - theory)).toBeLessThan(1e-5 * size);
  }
  console.info(`errors along modes: ${(100 * seen).toFixed(1)} % of the bound used`);

  // Off the span: what no linear model can change, and for the linear model twice its optimum.
  const inSpan = (e: Float64Array) =>
    order.slice(0, d + 2).reduce((sum, k) => sum + dot(solved.eigenvectorMatrix.getColumn(k), e) ** 2 / n, 0);
  const e = values('f_train').map((f, i) => f - y[i]);
  expect(last.modes!.errors.network.inSpan).toBeCloseTo(inSpan(e), 6);
  expect(last.modes!.errors.network.offSpan).toBeCloseTo(dot(e, e) / n - inSpan(e), 6);
  expect(last.modes!.errors.linear.offSpan).toBeCloseTo(2 * result.preparation.linearOptimum!, 6);

  // The alignment of (η₁Θ₁ + η₂Θ₂)/η.
  const kernelAt = (W: string, v: string) => {
    const point = { X, v: values(v), ...forward(X, dense(24, d, values(W)), { name: 'softplus' }) };
    return tangentKernel(
      point,
      point,
      rates.map((rate) => rate / eta),
    );
  };
  const [present, initial] = [kernelAt('W_t', 'v_t'), kernelAt('W0', 'v0')];
  const Ky = Float64Array.from({ length: n }, (_, i) => dot(present.data.subarray(i * n, (i + 1) * n), y));
  expect(last.alignment!.target.value).toBeCloseTo(dot(y, Ky) / (norm(present.data) * dot(y, y)), 5);
  const cosine = dot(present.data, initial.data) / (norm(present.data) * norm(initial.data));
  expect(last.alignment!.start.value).toBeCloseTo(cosine, 5);
  expect(result.records[0].alignment!.start).toEqual({ value: 1, error: 0 });

  // The departure, from its mean squares, which are those of the arrays.
  const mean = (a: Float64Array, b?: Float64Array) =>
    a.reduce((sum, value, i) => sum + (value - (b?.[i] ?? 0)) ** 2, 0) / n;
  expect(last.train.linearSquare).toBeCloseTo(mean(values('lin_train')), 6);
  expect(last.train.fromLinear!['linearized']).toBeCloseTo(
    mean(values('linearized_train'), values('lin_train')),
    6,
  );
  expect(result.departure).toEqual(
    departure(result.records, departureScale(result.spec, result.preparation)),
  );
  expect(result.departure!.share).toBe(0.02);
});

test('asking changes nothing else, and has columns of its own at the end', async () => {
  const plain = await collect(gpu.device, { ...base, training: { ...training, linearized: true } });
  const { result, arrays } = await collect(gpu.device, asked);
  const rows = (records: typeof result.records) => records.map((record) => csvRow(record));
  const before = rows(plain.result.records);
  for (const [k, row] of rows(result.records).entries()) expect(row.startsWith(`${before[k]},`)).toBe(true);
  const header = csvHeader(result.records[0]);
  expect(header.startsWith(csvHeader(plain.result.records[0]))).toBe(true);
  const columns = header.slice(csvHeader(plain.result.records[0]).length + 1).split(',');
  const ofModel = (model: string) => [
    ...[1, 2, 5, 9].map((index) => `${model}_mode_${index}`),
    `${model}_in_span`,
    `${model}_off_span`,
  ];
  expect(columns).toEqual([
    ...['network', 'linear', 'linearized'].flatMap(ofModel),
    ...[1, 2, 5, 9].map((index) => `theory_mode_${index}`),
    'alignment_target',
    'alignment_target_error',
    'alignment_start',
    'alignment_start_error',
  ]);
  for (const row of rows(result.records)) expect(row.split(',')).toHaveLength(header.split(',').length);
  expect(arrays.get('W_t')!.data).toEqual(plain.arrays.get('W_t')!.data);
  expect(plain.result.preparation.modes).toBeUndefined();
  expect(csvHeader(plain.result.records[0])).not.toMatch(/mode|alignment|square/);
});

test('a mode that there is not is refused, with the rank', async () => {
  // erf's linear model has no bias and no norm feature: rank d.
  const spec = {
    ...base,
    network: { width: 24, activation: 'erf' },
    training: { ...training, modes: [8] as number[] },
  } as const;
  await expect(collect(gpu.device, spec)).rejects.toThrow(/training\.modes: There is no mode 8: .*rank 7/);
  const few = await collect(gpu.device, { ...spec, training: { ...training, modes: 100 } });
  expect(few.result.preparation.modes!.indices).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('where the eigenproblem is too large, it says so', async () => {
  const spec = {
    ...base,
    data: { distribution: 'gaussian', d: 600, n: 4, nTest: 0 },
    training: { ...training, modes: 2 },
  } as const;
  const live = gpu.liveBuffers;
  await expect(collect(gpu.device, spec)).rejects.toThrow(/training\.modes asks .* 600 inputs, is larger/);
  expect(gpu.liveBuffers).toBe(live);
});
