import { greatestOf, lengthOf } from '../../math/statistics.ts';
import type { FeatureMoments } from '../../model/closed-form.ts';
import type { Dense } from '../../math/dense.ts';
import type { Instrument } from '../instrument.ts';
import type { Lab } from '../lab.ts';
import { linearPath } from '../linear-path.ts';
import type { Quantity } from '../claim.ts';
import { quantity } from '../quantity.ts';

/** Steps of the comparison, fewer where 10⁴ would take too many operations. */
const longest = 10_000;
const mostWork = 2e11;
/** How far above 2n/‖K‖, and for how long, growth is looked for: 1.4^60 lifts any start above the rest. */
const above = { factor: 1.2, steps: 60 };

/** What is granted to the rounding bound, which is one of a random walk. */
const granted = 4;
const roundingSymbol = `${granted} × float32’s rounding`;
/** What float32 leaves open of ‖u − y‖/‖y‖ by the sums of d + 2 products in u, as a random walk, with the same room. */
const residualRounding = (d: number): number => granted * Math.sqrt(d + 2) * 2 ** -24;

interface Comparison {
  steps: number[];
  /** ‖u(t) − u_closed(t)‖ over the larger of ‖y‖ and ‖u_closed(t) − y‖ */
  differences: number[];
  /** The bound on the same, from rounding, with what is granted to it. */
  bounds: number[];
  /** ‖u(t) − y‖/‖u(0) − y‖ */
  residuals: number[];
  /** The same by the closed form. */
  closed: number[];
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
      if (!closedForm || restsAtZero(closedForm)) return;
      const rate = setting.eta;
      const limit = closedForm.solution.largestStableRate;
      stable = rate <= limit;
      const steps = Math.min(longest, Math.max(1, Math.floor(mostWork / (8 * setting.n * setting.d))));
      // Above the stable rate the norm itself grows without bound: a few steps show it.
      comparison = await compare(lab, rate, stable ? steps : above.steps);
      if (Number.isFinite(limit)) growth = await compare(lab, above.factor * limit, above.steps);
    },
    finish: (_, { d, largestTarget, largestStableRate }) => {
      if (largestTarget === 0 || largestStableRate === Infinity) {
        const why = largestTarget === 0 ? 'All labels are 0' : '*K* = 0';
        return {
          quantities: [],
          remark: `${why}: both models rest at 0, and there is nothing to compare.`,
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
      const highest = residuals.indexOf(greatestOf(residuals));
      return {
        quantities: [
          quantity({
            key: 'difference',
            symbol: `max_{*t*} ${symbol}`,
            value: differences[largest],
            bound: { symbol: roundingSymbol, value: bounds[largest] },
            remark:
              `at *t* = ${steps[largest]} of ${steps.at(-1)!} steps` +
              (leftAt === null ? '' : `; by *t* = ${leftAt} the linear model had left float32’s range`),
          }),
          quantity({
            key: 'difference_to_rounding',
            symbol: `max_{*t*} of its ratio to ${roundingSymbol}`,
            value: ratios[worst],
            bound: { symbol: '1', value: 1 },
            remark: `at *t* = ${steps[worst]}`,
          }),
          quantity({
            key: 'residual_norm',
            symbol: 'max_{*t*} ‖*u*_{lin}(*t*) − *y*‖/‖*y*‖',
            value: residuals[highest],
            error: residualRounding(d) + bounds[highest],
            // Nothing is claimed above the stable rate.
            bound: stable ? { symbol: '1', value: 1 } : null,
            relation: 'proved',
            remark: `at *t* = ${steps[highest]}`,
          }),
          ...(growth && growth.steps.length > 0 ? [growthQuantity(growth, d)] : []),
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

/** Whether β never leaves 0: where y = 0, so that nothing is relative to ‖y‖, and where K = 0. */
const restsAtZero = ({ moments, solution }: NonNullable<Lab['closedForm']>): boolean =>
  moments.targetSquare === 0 || solution.largestStableRate === Infinity;

/**
 * What the norm comes to beyond the claim's rate. It has to grow where y has enough of the directions whose factor 1 − ηλ is
 * below −1; where by the closed form it does not in so many steps, nothing is to be shown.
 */
function growthQuantity({ steps, residuals, bounds, closed }: Comparison, d: number): Quantity {
  const grown = closed.at(-1)!;
  const grows = grown > 1;
  return quantity({
    key: 'growth_above',
    symbol: '‖*u*_{lin}(*t*) − *y*‖/‖*y*‖ at *η* = 1.2 · 2*n*/‖*K*‖',
    value: residuals.at(-1)!,
    error: (residualRounding(d) + bounds.at(-1)!) * Math.max(1, grown),
    bound: grows ? { symbol: '1', value: 1 } : null,
    relation: 'at least',
    remark: grows
      ? `after ${steps.at(-1)!} steps: beyond the claim’s rate the norm grows`
      : `after ${steps.at(-1)!} steps: *y* has too little of the direction that grows beyond the claim’s rate`,
  });
}

/** Compares the linear model's own path at a rate with the closed form, at steps spaced by a constant ratio. */
async function compare(lab: Lab, eta: number, last: number): Promise<Comparison> {
  const n = lab.train.size;
  const { solution, moments } = lab.closedForm!;
  const steps = comparedSteps(last);
  const targetNorm = Math.sqrt(moments.targetSquare * n);
  const [differences, bounds, residuals, closed]: number[][] = [[], [], [], []];
  let leftAt: number | null = null;
  for await (const { t, beta, residual: e } of linearPath(lab, eta, steps)) {
    const grown = Math.sqrt((2 * solution.loss(eta, t)) / moments.targetSquare);
    const exact = solution.beta(eta, t);
    const difference = outputDistance(moments, beta, exact);
    const rounding =
      (granted * roundingBound(lab.closedForm!, n, eta, t, exact)) / Math.sqrt(moments.targetSquare);
    const residual = Math.sqrt(e.reduce((sum, value) => sum + value * value, 0)) / targetNorm;
    if (![difference, rounding, grown, residual].every(Number.isFinite)) {
      leftAt = t;
      break;
    }
    differences.push(difference / Math.max(1, grown));
    bounds.push(rounding / Math.max(1, grown));
    residuals.push(residual);
    closed.push(grown);
  }
  return { steps: steps.slice(0, differences.length), differences, bounds, residuals, closed, leftAt };
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
