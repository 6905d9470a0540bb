import { expect, test } from 'vitest';
import { summarizeClaims } from '../../src/experiment/claims-summary.ts';
import type { SpecInput } from '../../src/experiment/spec.ts';
import type { ClaimMeasurement, ClaimNumber, Quantity, Verdict } from '../../src/theory/claim.ts';
import { gpu } from '../gpu-device.ts';
import { collect } from './collect.ts';

/** Every claim that is judged by how it scales can hold, fail and be left open: its own quantities, as other runs might have them. */

const base = {
  data: { distribution: 'gaussian', d: 10, n: 40, nTest: 30 },
  network: { width: 16, activation: 'erf' },
  training: { layers: 'first', eta: 1, steps: 12 },
} as const satisfies SpecInput;

const dimensions = [25, 50, 100, 200];
const provenance = { firstLight: '0.1.0', environment: null, startedAt: '2026-01-01T00:00:00.000Z' };

/** How measured stands to bound: as d^power, with noise of its logarithm; `exact` where the claim has no constant to be left open. */
interface Course {
  power: number;
  noise: number;
  exact: number;
}

const courses: Record<'holds' | 'fails' | 'undecided', Course> = {
  holds: { power: -0.5, noise: 0.02, exact: 0.5 },
  fails: { power: 0.5, noise: 0.02, exact: 2 },
  undecided: { power: 0, noise: 0.8, exact: 1 },
};

/** The claim's quantities, as a run at (d, seed) might have them. */
function coursed(quantities: readonly Quantity[], d: number, seed: number, course: Course): Quantity[] {
  const noise = course.noise * Math.sin(7 * Math.log(d) + 3 * seed);
  const open = 3 * (d / dimensions[0]) ** course.power * Math.exp(noise);
  return quantities.map((quantity) => {
    const size = quantity.bound?.value ?? 1;
    const exact = quantity.constant === 1 && !['falls', 'does not grow'].includes(quantity.relation);
    return {
      ...quantity,
      value: size * (exact ? (quantity.relation === 'at least' ? 1 / course.exact : course.exact) : open),
      error: exact ? 0.1 * size : null,
      // Of sizes for which the theorem speaks.
      bound: quantity.bound && { symbol: quantity.bound.symbol, value: size },
    };
  });
}

function verdictOf(measurement: ClaimMeasurement, course: Course): Verdict {
  const points = dimensions.flatMap((d) =>
    [0, 1, 2].map((seed) => ({
      id: `${d}-${seed}`,
      label: '',
      values: { d, seed },
      failure: null,
      claims: [
        {
          ...measurement,
          silent: false,
          conditions: [],
          quantities: coursed(measurement.quantities, d, seed, course),
        },
      ],
    })),
  );
  const group = { slug: 'sweep', title: '', purpose: '', variable: 'd', outside: false, points };
  return summarizeClaims({ title: '', provenance, adapter: null, groups: [group] }).claims[0].verdict;
}

test.for<[claims: ClaimNumber[], spec: SpecInput]>([
  [[1, 2, 3, 4, 5, 6, 9, 11, 12], base],
  [[7], { ...base, training: { ...base.training, layers: 'second' } }],
  [[8], { ...base, training: { ...base.training, layers: 'both' } }],
  [[15], { ...base, network: { width: 16, activation: 'relu' } }],
  [
    [16],
    {
      ...base,
      data: { ...base.data, n: 600, nTest: 6000 },
      target: { kind: 'hermite', coefficients: [0.8, 0.4, 0.4] },
      training: { ...base.training, eta: 4, steps: 100 },
    },
  ],
])('claims %j', async ([claims, spec]) => {
  const { result } = await collect(gpu.device, { ...spec, claims });
  for (const claim of claims) {
    const measurement = result.claims.find((found) => found.claim === claim)!;
    expect(measurement.quantities, measurement.remark).not.toEqual([]);
    const verdicts = Object.values(courses).map((course) => verdictOf(measurement, course));
    expect(verdicts, `claim ${claim}`).toEqual(Object.keys(courses));
  }
});
