import { fitPowerLaw } from '../../src/math/power-law.ts';
import type { BenchCase, Fit } from '../case.ts';
import { type Outcome, type Row, ours, titleOf } from '../competition.ts';
import { ntkProductOperations } from '../operations.ts';
import { networkProblem } from '../problem.ts';
import { sizeLabel } from '../size-label.ts';

const sizes = {
  quick: [500, 1000, 2000],
  standard: [2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000],
  hardware: [16_000, 32_000, 64_000, 128_000, 256_000, 512_000, 1_024_000],
};
const [d, m] = [50, 256];
const times = 10;

/** A peer whose next run would take longer, in ms, sits out. */
const patience = 20_000;

/** Ten products Θ₁u without the matrix as n grows: time and memory should be linear in n, for everybody who fits. */
export const growth: BenchCase = {
  name: 'growth',
  what: 'ten products Θ₁u without the matrix, and their memory, as n grows',
  run: async ({ size, compete, say }) => {
    const outcomes: Outcome[] = [];
    const out = new Set<string>();
    for (const n of sizes[size]) {
      const parameters = { n, d, m };
      const problem = networkProblem(parameters);
      const outcome = await compete({
        label: sizeLabel(parameters),
        parameters: { ...parameters, times },
        operations: ntkProductOperations(parameters),
        units: { count: times, name: 'product' },
        tolerance: 1e-4,
        forms: (contestant) => {
          // On the adapter only: what a processor does is linear, and takes minutes at the end.
          if (contestant.backend !== 'webgpu') return undefined;
          const forms = Object.entries(contestant.ntkProducts?.(problem, times) ?? {});
          return Object.fromEntries(
            forms.filter(([form]) => !out.has(titleOf({ contestant: contestant.library, form }))),
          );
        },
      });
      outcomes.push(outcome);
      for (const { title, why } of leaving(outcome)) {
        out.add(title);
        say(`  ${title} sits out from here: ${why}`);
      }
    }
    return { outcomes, fits: fits(outcomes) };
  },
};

/** Peers with a faster form, those who would take too long at the next n, and those who do not fit. */
function leaving({ rows }: Outcome): { title: string; why: string }[] {
  return rows.flatMap((row) => {
    const title = titleOf(row);
    if (!row.time) return [{ title, why: 'it does not fit' }];
    if (row.contestant === ours) return [];
    const { median } = row.time;
    if (rows.some(({ contestant, time }) => contestant === row.contestant && time && time.median < median)) {
      return [{ title, why: 'its library has a faster form' }];
    }
    const next = 2 * times * median;
    return next > patience ? [{ title, why: `its next run would take ${Math.round(next / 1000)} s` }] : [];
  });
}

/** From the smallest n of a fit to the largest: below, what does not depend on n shows. */
const fittedFactor = 16;

/** The powers of n by which the time and memory of every form that is measured at three sizes or more grow. */
function fits(outcomes: readonly Outcome[]): Fit[] {
  const titles = new Set(outcomes.flatMap(({ rows }) => rows.map(titleOf)));
  return [...titles].flatMap((title) => {
    const measured = outcomes.flatMap(({ parameters, rows, peakGflops }) => {
      const row = rows.find((candidate) => titleOf(candidate) === title);
      return row?.time ? [{ n: parameters['n'], row, peak: peakGflops! }] : [];
    });
    const points = measured.filter(({ n }) => fittedFactor * n >= measured.at(-1)!.n);
    if (points.length < 3) return [];
    const from = points[0].n.toLocaleString('en');
    const fit = (what: string, of: (row: Row, peak: number) => number): Fit[] => {
      const law = fitPowerLaw(points.map(({ n, row, peak }) => ({ x: n, y: of(row, peak) })));
      return law ? [{ what: `${title}, from n = ${from}: ${what}`, ...law }] : [];
    };
    return [
      ...fit('time', ({ time }) => time!.median),
      // A machine that is busier at one n than at another is slower at both.
      ...fit('time in units of the peak meanwhile', ({ time }, peak) => time!.median * peak),
      ...fit('memory', ({ bytes }) => bytes!),
    ];
  });
}
