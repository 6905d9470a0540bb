import type { ClosedForm } from '../../model/closed-form.ts';
import { inputEigenvalues } from '../../model/input-eigenvalues.ts';
import { roundingOf } from '../rounding.ts';
import { agreementTime } from '../agreement-time.ts';
import { boundWithAlpha, needsOfTheorem } from '../alpha.ts';
import type { Condition, Quantity, Setting } from '../claim.ts';
import { agreementShare, horizon } from '../horizon.ts';
import type { Ending, Instrument } from '../instrument.ts';
import type { Lab } from '../lab.ts';
import { quantity } from '../quantity.ts';

/** Near its optimum is where this share of the excess loss is left. */
const near = 0.05;
/** Steps beyond which no end is sought: more than any rate that a spec takes needs. */
const furthest = 2 ** 200;

/** Measures claim 9. */
export const linearOptimumInstrument = (): Instrument => {
  let solution: ClosedForm | null = null;
  let conditions: Condition[] = [];
  return {
    start: (lab) => {
      solution = lab.closedForm?.solution ?? null;
      conditions = spectrumConditions(lab);
      return Promise.resolve();
    },
    finish: (ending, setting) => {
      if (!solution) return { quantities: [], remark: 'The linear model’s eigenproblem is too large.' };
      const { eta, d } = setting;
      if (d === 1) {
        const remark = 'For *d* = 1 *d* log *d* is 0: the claim names no time.';
        return { quantities: [], silent: true, remark };
      }
      const closed = solution;
      const excess = (t: number): number => closed.loss(eta, t) - closed.optimum;
      const start = excess(0);
      if (!(start > 2 ** -20 * closed.loss(eta, 0))) {
        return {
          quantities: [],
          remark:
            'Of the target these features could learn less than a millionth of the loss: there is no optimum to approach.',
        };
      }
      const share = (t: number): number => excess(t) / start;
      const T = Math.floor(agreementTime(setting));
      const end = firstNear(share);
      const left = { t: T, share: share(T) };
      const steps = ending.moments.map(({ step }) => step).filter((step) => step > 0);
      return {
        quantities: [
          quantity({
            key: 'c_epsilon',
            symbol: '*c*_{*ε*} = *ηt*_{*ε*}/(*d* log *d*)',
            value: end === null ? Infinity : end / horizon(d, eta),
            bound: { symbol: '*c* = ½', value: agreementShare },
            relation: 'does not grow',
            remark: end === null ? 'the excess never falls to 5 %' : `*t*_{*ε*} = ${end}`,
          }),
          quantity({
            key: 'excess_share',
            symbol: 'share of the excess loss left at *T* (*c* = ½)',
            value: left.share,
            bound: null,
            relation: 'beside',
            remark: `at *t* = ${left.t}`,
          }),
          ...discrepancyAt(end, ending, setting),
        ],
        series: [
          {
            key: 'excess_share',
            symbol: '(*L*_{lin}(*t*) − *L*^{∗})/(*L*_{lin}(0) − *L*^{∗})',
            axis: 'step',
            x: steps,
            y: steps.map(share),
            bound: null,
          },
        ],
        conditions: [...conditions, reaches(end, ending)],
        remark: `At *T* (*c* = ½) ${percent(left.share)} of the excess loss are left.`,
      };
    },
  };
};

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

/** The first step that leaves at most 5 %; null where none does. Below the stable rate the share never grows. */
function firstNear(share: (t: number) => number): number | null {
  let high = 1;
  while (!(share(high) <= near)) {
    if (high >= furthest || !Number.isFinite(share(high))) return null;
    high *= 2;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    // Beyond 2⁵³ float64 does not hold every step.
    if (middle === low || middle === high) break;
    if (share(middle) <= near) high = middle;
    else low = middle;
  }
  return high;
}

/** The discrepancy at the first record from t_ε on; none where the run does not come there. */
function discrepancyAt(end: number | null, { moments }: Ending, setting: Setting): Quantity[] {
  const at = end === null ? undefined : moments.find(({ step }) => step >= end);
  if (!at) return [];
  const value = at.train.discrepancies.linear;
  return [
    quantity({
      key: 'discrepancy_at_optimum',
      symbol: 'mean_{*i*} (*f*_{*t*}(*x*_{*i*}) − *f*_{lin,*t*}(*x*_{*i*}))² at *t*_{*ε*}',
      value,
      error: roundingOf(value, setting),
      bound: boundWithAlpha(setting, needsOfTheorem(setting), { symbol: '*d*^{−*α*}', fixed: 0, share: 1 }),
      relation: 'falls',
      remark: `at *t* = ${at.step}`,
    }),
  ];
}

function reaches(end: number | null, { moments }: Ending): Condition {
  const last = moments.at(-1)?.step ?? 0;
  return {
    hypothesis: 'the run reaches *t*_{*ε*}',
    here: end === null ? null : { symbol: 'steps/*t*_{*ε*}', value: last / end },
    verdict: end !== null && last >= end ? 'met' : 'not met',
    remark: '',
    role: 'run',
  };
}

/** Well-conditioned: the inputs' directions learn alike, and the bias with them. */
function spectrumConditions({ closedForm, linear: { features } }: Lab): Condition[] {
  if (!closedForm) return [];
  const eigenvalues = inputEigenvalues(features, closedForm.moments);
  const spread = eigenvalues && eigenvalues[0] / Math.max(0, eigenvalues.at(-1)!);
  const bias = (features.bias / features.scale) ** 2;
  return [
    {
      hypothesis: 'well-conditioned data: *λ*_{max}/*λ*_{min} of *X*ᵀ*X*/*n* is *O*(1)',
      here: spread === null ? null : { symbol: '*λ*_{max}/*λ*_{min}', value: spread },
      verdict:
        spread === null ? 'not known' : spread <= 10 ? 'met' : spread <= 100 ? 'borderline' : 'not met',
      remark: spread === null ? 'the linear model does not see the inputs' : '10 is taken for *O*(1)',
    },
    ...(features.bias === 0
      ? []
      : [
          {
            hypothesis: 'the bias learns as fast as the inputs do, or faster',
            here: { symbol: 'its rate over theirs', value: bias },
            verdict:
              bias >= 0.1 ? ('met' as const) : bias >= 0.01 ? ('borderline' as const) : ('not met' as const),
            remark: 'a tenth is taken for as fast',
          },
        ]),
  ];
}
