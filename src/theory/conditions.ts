import { activationFunctions, mathematicsOf } from '../math/activations.ts';
import { isCentred, needsOfTheorem, noPowers } from './alpha.ts';
import type { Condition, ConditionVerdict, Setting } from './claim.ts';

/**
 * The hypotheses of the theorems (THEORY.md, section 5), with sizes read as powers of d and every constant taken as 1: the
 * theorems name none.
 */

/** n ≳ d^{1+α} */
export const enoughSamples = (setting: Setting): Condition => sizeCondition('n', setting.n, 1, setting.d, '');

/** m ≳ d^{1+α}, or d^{2+α} for a second layer with E φ(g) ≠ 0. */
export function wideEnough(setting: Setting): Condition {
  const base = needsOfTheorem(setting).m!;
  const why = base === 2 ? 'the exponent 2 is because E *φ*(*g*) ≠ 0' : '';
  return sizeCondition('m', setting.m, base, setting.d, why);
}

/** m ≳ d^{1+α}, whatever layers train: what Θ₁ asks. */
export const wideEnoughForFirst = (setting: Setting): Condition =>
  sizeCondition('m', setting.m, 1, setting.d, '');

/** size ≳ d^{base+α}, in words why that base. */
export function sizeCondition(symbol: string, size: number, base: number, d: number, why: string): Condition {
  const hypothesis = `*${symbol}* ≳ *d*^{${base}+*α*}`;
  const here = { symbol: `*${symbol}*`, value: size };
  if (d < 2) return { hypothesis, here, verdict: 'not known', remark: noPowers };
  const exponent = Math.log(size) / Math.log(d);
  const room = exponent - base;
  const power = `= *d*^{${exponent.toFixed(2).replace('-', '−')}}`;
  const reason = why ? `; ${why}` : '';
  // A size rounded to a whole number may miss its power by a hair.
  if (room >= 0.25 - 1e-3)
    return { hypothesis, here, verdict: 'met', remark: `${power}, for every *α* < ¼${reason}` };
  return room > 0
    ? {
        hypothesis,
        here,
        verdict: 'borderline',
        remark: `${power}, for *α* ≤ ${room.toFixed(2)} only${reason}`,
      }
    : { hypothesis, here, verdict: 'not met', remark: `${power}, for no *α* > 0${reason}` };
}

/** What a rate and a kernel scale with: φ and cφ learn alike at rates η and η/c². */
export function slopeSquare({ activation }: Pick<Setting, 'activation'>): number {
  const { phiPrime, supPhiPrime } = activationFunctions(activation);
  if (supPhiPrime !== Infinity) return supPhiPrime ** 2;
  // Where φ′ is unbounded: its largest value where nearly all Gaussian pre-activations are.
  let most = 0;
  for (let x = -4; x <= 4; x += 1 / 16) most = Math.max(most, Math.abs(phiPrime(x)));
  return most ** 2;
}

/**
 * η₁ ≪ d for the first layer; with the second, η ≪ d/log n, or η ≪ 1 where E φ(g) ≠ 0. The paper's φ has constants of order
 * 1; those of others are taken out by η sup|φ′|².
 */
export function smallRate(setting: Setting): Condition {
  const { n, d, layers } = setting;
  const scale = slopeSquare(setting);
  const eta = setting.eta * scale;
  const unit = scale === 1 ? '' : ' sup|*φ*′|²';
  if (!layers.second) return rateCondition(`*η*_{1}${unit} ≪ *d*`, `*η*_{1}${unit}/*d*`, eta / d);
  return isCentred(setting)
    ? rateCondition(`*η*${unit} ≪ *d*/log *n*`, `*η*${unit} log *n*/*d*`, (eta * Math.log(n)) / d)
    : rateCondition(`*η*${unit} ≪ 1`, `*η*${unit}`, eta);
}

function rateCondition(hypothesis: string, symbol: string, value: number): Condition {
  const [verdict, remark]: [ConditionVerdict, string] =
    value <= 0.2
      ? ['met', 'at most a fifth']
      : value <= 1
        ? ['borderline', 'smaller, but not by an order of magnitude']
        : ['not met', ''];
  return { hypothesis, here: { symbol, value }, verdict, remark };
}

/** |y_i| ≤ 1 */
export const boundedTargets = ({ largestTarget }: Setting): Condition => ({
  hypothesis: '|*y*_{*i*}| ≤ 1',
  here: { symbol: 'max |*y*_{*i*}|', value: largestTarget },
  // The targets are float32: a 1 computed there may be one rounding above.
  verdict: largestTarget <= 1 + 2 ** -23 ? 'met' : 'not met',
  remark: '',
});

/** A covariance of at most this norm counts as O(1): the constant that bounds are granted, too. */
const largestCovariance = 4;

/** What the theorems assume of the inputs: their form, and ‖Σ‖ = O(1). Tr Σ = d is made so. */
export function dataConditions({ data: { form, remark, norm } }: Setting): Condition[] {
  return [
    {
      hypothesis: '*x* = *Σ*^{1/2}*x̄*, the entries of *x̄* independent, sub-Gaussian, of mean 0',
      here: null,
      verdict: form,
      remark,
    },
    {
      hypothesis: '‖*Σ*‖ = *O*(1)',
      here: norm === null ? null : { symbol: '‖*Σ*‖', value: norm },
      verdict: norm === null ? 'not known' : norm <= largestCovariance ? 'met' : 'not met',
      remark: norm === null ? '' : `${largestCovariance} is taken for *O*(1)`,
    },
  ];
}

/** η < 2n/‖K‖, where the linear model comes to its optimum: at 2n/‖K‖ one direction swings for ever. */
export function convergentRate(setting: Setting): Condition {
  const { eta, largestStableRate } = setting;
  const condition = stableRate(setting);
  return {
    ...condition,
    hypothesis: '*η* < 2*n*/‖*K*‖',
    ...(largestStableRate !== null && {
      verdict: eta < largestStableRate * (1 - stableRounding) ? 'met' : 'not met',
      remark: 'the linear model then comes to its optimum',
    }),
  };
}

/** What 2n/‖K‖ is right to. */
const stableRounding = 1e-12;

/** η ≤ 2n/‖K‖, where the linear model's residual never grows; with share ½, the general theorem's η ≤ n/‖K‖. */
export function stableRate({ eta, largestStableRate }: Setting, share: 1 | 0.5 = 1): Condition {
  const symbol = share === 1 ? '2*n*/‖*K*‖' : '*n*/‖*K*‖';
  const hypothesis = `*η* ≤ ${symbol}`;
  if (largestStableRate === null) {
    return { hypothesis, here: null, verdict: 'not known', remark: 'the eigenproblem was too large' };
  }
  return {
    hypothesis,
    here: { symbol, value: share * largestStableRate },
    verdict: eta <= share * largestStableRate ? 'met' : 'not met',
    remark: share === 1 ? 'the linear model’s norm then never grows' : '',
  };
}

/**
 * φ as the theorems assume it: smooth with φ′ and φ″ bounded, or linear left and right of 0. Those with a name are, and nothing is
 * said of them; a formula is looked at.
 */
export function activationCondition({ activation }: Pick<Setting, 'activation'>): Condition[] {
  const { formula, slopes, supPhiPrime, supPhiSecond } = mathematicsOf(activation);
  if (!formula) return [];
  const hypothesis = '*φ* as assumed: smooth with bounded *φ*′ and *φ*″, or linear left and right of 0';
  const kinks = formula.kinks.map((x) => String(Number(x.toPrecision(3))).replace('-', '−'));
  const failure =
    supPhiPrime === Infinity
      ? '*φ*′ is unbounded'
      : supPhiSecond === Infinity
        ? '*φ*″ is unbounded'
        : slopes === null && kinks.length > 0
          ? `*φ*′ jumps at ${kinks.slice(0, 4).join(', ')}${kinks.length > 4 ? ', …' : ''}`
          : '';
  return [
    {
      hypothesis,
      here: supPhiPrime === Infinity ? null : { symbol: 'sup|*φ*′|', value: supPhiPrime },
      verdict: failure === '' ? 'met' : 'not met',
      remark: failure || 'by a search, not a proof',
    },
  ];
}

/** The hypotheses of the theorem for the layers trained, claims 5 to 8. */
export const theoremConditions = (setting: Setting): Condition[] => [
  ...activationCondition(setting),
  enoughSamples(setting),
  wideEnough(setting),
  smallRate(setting),
  boundedTargets(setting),
  ...dataConditions(setting),
];
