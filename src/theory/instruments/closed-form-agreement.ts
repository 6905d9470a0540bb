import { greatestOf, lengthOf } from '../../math/statistics.ts';
import type { FeatureMoments } from '../../model/closed-form.ts';
import type { Dense } from '../../math/dense.ts';
import type { Instrument } from '../instrument.ts';
import type { Lab } from '../lab.ts';
import { linearPath } from '../linear-path.ts';
import { quantity } from '../quantity.ts';

/** Steps of the comparison, fewer where 10⁴ would take too many operations. */
const longest = 10_000;
const mostWork = 2e11;
/** How far above 2n/‖K‖, and for how long, growth is looked for: 1.4^60 lifts any start above the rest. */
const above = { factor: 1.2, steps: 60 };

/** The rounding bound is one of a random walk. */
const granted = 4;
const roundingSymbol = 'float32’s rounding';

interface Comparison {
  steps: number[];
  /** ‖u(t) − u_closed(t)‖ over the larger of ‖y‖ and ‖u_closed(t) − y‖ */
  differences: number[];
  /** The bound on the same, from rounding. */
  bounds: number[];
  /** ‖u(t) − y‖/‖u(0) − y‖ */
  residuals: number[];
  /** The step by which the iterated model had left float32's range, where it did: nothing is compared from there on. */
  leftAt: number | null;
}

/** Measures claim 11. */
export const closedFormAgreementInstrument = (): Instrument => {
  let comparison: Comparison | null = null;
  let growth: Comparison | null = null;
  let stable = true;
  return {
    start: async (lab) => {
      const { closedForm, setting } = lab;
      // Where y = 0 both models rest at 0, and nothing is relative to ‖y‖.
      if (!closedForm || closedForm.moments.targetSquare === 0) return;
      const rate = setting.eta;
      const limit = closedForm.solution.largestStableRate;
      stable = rate <= limit;
      const steps = Math.min(longest, Math.max(1, Math.floor(mostWork / (8 * setting.n * setting.d))));
      // Above the stable rate the norm itself grows without bound: a few steps show it.
      comparison = await compare(lab, rate, stable ? steps : above.steps);
      if (Number.isFinite(limit)) growth = await compare(lab, above.factor * limit, above.steps);
    },
    finish: (_, { largestTarget }) => {
      if (largestTarget === 0) {
        return {
          quantities: [],
          remark: 'All labels are 0: both models rest at 0, and there is nothing to compare.',
        };
      }
      if (!comparison) return { quantities: [], remark: 'The linear model’s eigenproblem is too large.' };
      const { steps, differences, bounds, residuals, leftAt } = comparison;
      if (steps.length === 0) {
        return { quantities: [], remark: `By *t* = ${leftAt} the linear model had left float32’s range.` };
      }
      const symbol = '‖*u*_{lin}(*t*) − *u*_{closed}(*t*)‖, relative';
      const largest = differences.indexOf(greatestOf(differences));
      const ratios = differences.map((value, i) => value / bounds[i]);
      const worst = ratios.indexOf(greatestOf(ratios));
      return {
        quantities: [
          quantity({
            key: 'difference',
            symbol: `max_{*t*} ${symbol}`,
            value: differences[largest],
            bound: { symbol: roundingSymbol, value: bounds[largest] },
            constant: granted,
            remark:
              `at *t* = ${steps[largest]} of ${steps.at(-1)!} steps` +
              (leftAt === null ? '' : `; by *t* = ${leftAt} the linear model had left float32’s range`),
          }),
          quantity({
            key: 'difference_to_rounding',
            symbol: 'max_{*t*} of its ratio to the rounding bound',
            value: ratios[worst],
            bound: { symbol: '1', value: 1 },
            constant: granted,
            remark: `at *t* = ${steps[worst]}`,
          }),
          quantity({
            key: 'residual_norm',
            symbol: 'max_{*t*} ‖*u*_{lin}(*t*) − *y*‖/‖*y*‖',
            value: greatestOf(residuals),
            // Nothing is claimed above the stable rate.
            bound: stable ? { symbol: '1', value: 1 } : null,
          }),
          ...(growth && growth.steps.length > 0
            ? [
                quantity({
                  key: 'growth_above',
                  symbol: '‖*u*_{lin}(*t*) − *y*‖/‖*y*‖ at *η* = 1.2 · 2*n*/‖*K*‖',
                  value: growth.residuals.at(-1)!,
                  bound: { symbol: '1', value: 1 },
                  relation: 'at least',
                  remark: `after ${growth.steps.at(-1)!} steps: beyond the claim’s rate the norm grows`,
                }),
              ]
            : []),
        ],
        series: [
          {
            key: 'difference',
            symbol,
            axis: 'step',
            x: steps,
            y: differences,
            bound: { symbol: roundingSymbol, y: bounds },
          },
        ],
      };
    },
  };
};

/** Compares the linear model's own path at a rate with the closed form, at steps spaced by a constant ratio. */
async function compare(lab: Lab, eta: number, last: number): Promise<Comparison> {
  const n = lab.train.size;
  const { solution, moments } = lab.closedForm!;
  const steps = comparedSteps(last);
  const targetNorm = Math.sqrt(moments.targetSquare * n);
  const [differences, bounds, residuals]: number[][] = [[], [], []];
  let leftAt: number | null = null;
  for await (const { t, beta, residual: e } of linearPath(lab, eta, steps)) {
    const grown = Math.sqrt((2 * solution.loss(eta, t)) / moments.targetSquare);
    const closed = solution.beta(eta, t);
    const difference = outputDistance(moments, beta, closed);
    const rounding = roundingBound(lab.closedForm!, n, eta, t, closed) / Math.sqrt(moments.targetSquare);
    const residual = Math.sqrt(e.reduce((sum, value) => sum + value * value, 0)) / targetNorm;
    if (![difference, rounding, grown, residual].every(Number.isFinite)) {
      leftAt = t;
      break;
    }
    differences.push(difference / Math.max(1, grown));
    bounds.push(rounding / Math.max(1, grown));
    residuals.push(residual);
  }
  return { steps: steps.slice(0, differences.length), differences, bounds, residuals, leftAt };
}

/** The bound of claim 11's docstring, in units of the outputs' root mean square. */
function roundingBound(
  { solution: { eigenvalues }, moments }: NonNullable<Lab['closedForm']>,
  n: number,
  eta: number,
  t: number,
  beta: Float64Array,
): number {
  const trace = eigenvalues.reduce((sum, lambda) => sum + lambda, 0);
  const terms = Math.min(n, 256) + n / 256;
  const step = lengthOf(beta) + Math.sqrt(terms * trace * moments.targetSquare) * eta;
  const added = eigenvalues.reduce((sum, lambda) => {
    const r = Math.abs(1 - eta * lambda);
    return sum + lambda * (r < 1 ? Math.min(t, 1 / (1 - r)) : t) ** 2;
  }, 0);
  return 2 ** -24 * step * Math.sqrt(added);
}

/** 1, 2, 4, … and the last. */
function comparedSteps(last: number): number[] {
  const steps: number[] = [];
  for (let t = 1; t < last; t = Math.ceil(1.5 * t)) steps.push(t);
  return [...steps, last];
}

/** ‖Ψ(β − β̃)‖/‖y‖ from the moments of Ψ alone. */
function outputDistance(
  { gram, targetSquare }: FeatureMoments,
  beta: Float64Array,
  other: Float64Array,
): number {
  const difference = beta.map((value, k) => value - other[k]);
  return Math.sqrt(Math.max(0, quadraticForm(gram, difference)) / targetSquare);
}

function quadraticForm({ rows, data }: Dense, a: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < rows; j++) {
    for (let k = 0; k < rows; k++) sum += a[j] * data[j * rows + k] * a[k];
  }
  return sum;
}
