import type { Claim, Condition, Setting } from '../claim.ts';
import { assumedData, enoughSamples } from '../conditions.ts';
import { horizon } from '../horizon.ts';
import type { Instrument } from '../instrument.ts';
import { quantity } from '../quantity.ts';

/** (η₁ + η₂)/η: the linear features of both layers add up. */
const trainedShare = ({ eta1, eta2 }: Setting): number => (eta1 + eta2) / Math.max(eta1, eta2);

/**
 * Claim 9: by T the linear model is at its optimum, so that the network agrees with it all the way there.
 *
 * For Σ = I and n ≫ d, every direction of x has the eigenvalue κζ²/d of ΨᵀΨ/n, κ = (η₁ + η₂)/η, so that after
 * T = d log d/η steps the excess loss is (1 − ηκζ²/d)^{2T} ≈ d^{−2κζ²} of what it was: the right-hand side here.
 */
export const linearOptimum: Claim = {
  number: 9,
  slug: 'linear-optimum',
  title: 'The linear model reaches its optimum',
  statement:
    'For well-conditioned data, after *T* = *c* · *d* log *d*/*η* steps a near optimal linear model has been reached.',
  measures:
    'The excess of the linear model’s training loss over its least-squares optimum at *T* (with *c* = 1), as a share of the excess at *t* = 0. For *Σ* = *I* and *n* ≫ *d* the closed form makes it *d*^{−2*κζ*²}, *κ* = (*η*_{1} + *η*_{2})/*η*.',
  source: 'Paper, section 3.1, remarks; deck, “Remarks”',
  senseless: () => null,
  conditions: (setting) => [enoughSamples(setting), wellConditioned(setting), assumedData(setting)],
};

/** Measures claim 9. */
export const linearOptimumInstrument = (): Instrument => {
  let optimum: number | null = null;
  return {
    start: (lab) => {
      optimum = lab.closedForm?.solution.optimum ?? null;
      return Promise.resolve();
    },
    finish: ({ moments }, setting) => {
      if (optimum === null)
        return { quantities: [], remark: 'The linear model’s eigenproblem is too large.' };
      const best = optimum;
      const T = horizon(setting.d, Math.max(setting.eta1, setting.eta2));
      const excess = moments.map(({ step, train }) => ({ step, value: train.linearLoss - best }));
      const start = excess[0].value;
      if (!(start > 2 ** -20 * moments[0].train.linearLoss)) {
        return { quantities: [], remark: 'The target has no part that these features could learn.' };
      }
      const at = excess.findLast(({ step }) => step <= T) ?? excess[0];
      const reached = at.step >= 0.9 * T;
      return {
        quantities: [
          quantity({
            key: 'excess_share',
            symbol: '(*L*_{lin}(*T*) − *L*^{∗})/(*L*_{lin}(0) − *L*^{∗})',
            value: Math.max(0, at.value) / start,
            bound: {
              symbol: '*d*^{−2*κζ*²}',
              value: setting.d ** (-2 * trainedShare(setting) * setting.constants.zeta ** 2),
            },
            constant: 10,
            remark: `at *t* = ${at.step}`,
          }),
        ],
        series: [
          {
            key: 'excess_share',
            symbol: '(*L*_{lin}(*t*) − *L*^{∗})/(*L*_{lin}(0) − *L*^{∗})',
            axis: 'step',
            x: excess.slice(1).map(({ step }) => step),
            y: excess.slice(1).map(({ value }) => Math.max(0, value) / start),
            bound: null,
          },
        ],
        conditions: [
          {
            hypothesis: 'a step is recorded near *T* = *d* log *d*/*η*',
            here: { symbol: '*t*/*T*', value: at.step / T },
            verdict: reached ? 'met' : 'not met',
            remark: '',
          },
        ],
      };
    },
  };
};

function wellConditioned({ n, d, spectrumMoment }: Setting): Condition {
  const flat = spectrumMoment <= 2;
  return {
    hypothesis: 'well-conditioned data: *n* ≫ *d*, a flat spectrum',
    here: { symbol: '*n*/*d*', value: n / d },
    verdict: !flat ? 'not met' : n >= 10 * d ? 'met' : n >= 2 * d ? 'borderline' : 'not met',
    remark: flat ? '' : 'the spectrum of *Σ* is not flat',
  };
}
