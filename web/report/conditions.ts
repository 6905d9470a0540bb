import type { RunResult } from '../../src/experiment/result.ts';
import { formatCount, formatGiven, formatNumber } from '../figures/format.ts';

export type Verdict = 'met' | 'borderline' | 'not met' | 'not known';

/** A hypothesis of the theorems beside this run; texts in the markup of figures/notation.ts. */
export interface Condition {
  hypothesis: string;
  here: string;
  verdict: Verdict;
  remark: string;
}

/**
 * The hypotheses of the theorem for the layers trained (THEORY.md, section 5, claims 5 to 8), with sizes read as powers
 * of d and every constant taken as 1: the theorems name none.
 */
export function conditionsOf(result: RunResult): Condition[] {
  const { spec, preparation } = result;
  const { n, d, eta1, eta2, constants, largestStableRate, largestTarget } = preparation;
  const m = spec.network.width;
  const firstOnly = spec.training.layers === 'first';
  const centred = Math.abs(constants.theta0) < 1e-9;
  const widthBase = firstOnly || centred ? 1 : 2;
  const eta = Math.max(eta1, eta2);
  const rate = firstOnly
    ? { hypothesis: '*η*_{1} ≪ *d*', bound: d }
    : centred
      ? { hypothesis: '*η* ≪ *d*/log *n*', bound: d / Math.log(n) }
      : { hypothesis: '*η* ≪ 1', bound: 1 };
  return [
    sizeCondition('n', n, 1, d, ''),
    sizeCondition('m', m, widthBase, d, widthBase === 2 ? 'the exponent 2 is because E *φ*(*g*) ≠ 0' : ''),
    {
      hypothesis: rate.hypothesis,
      here: `*η* = ${formatGiven(eta)}, ratio ${formatNumber(eta / rate.bound, 2)}`,
      ...smallness(eta / rate.bound),
    },
    {
      hypothesis: '|*y*_{*i*}| ≤ 1',
      here: `largest ${formatNumber(largestTarget)}`,
      // The targets are float32: a 1 computed there may be one rounding above.
      verdict: largestTarget <= 1 + 2 ** -23 ? 'met' : 'not met',
      remark: '',
    },
    dataCondition(result),
    {
      hypothesis: '*η* ≤ 2*n*/‖*K*‖',
      here: `2*n*/‖*K*‖ = ${formatNumber(largestStableRate)}`,
      verdict: largestStableRate === null ? 'not known' : eta <= largestStableRate ? 'met' : 'not met',
      remark:
        largestStableRate === null
          ? 'the eigenproblem was too large'
          : 'the linear model’s norm then never grows',
    },
  ];
}

function sizeCondition(symbol: string, size: number, base: 1 | 2, d: number, why: string): Condition {
  const hypothesis = `*${symbol}* ≳ *d*^{${base}+*α*}`;
  if (d < 2) {
    return {
      hypothesis,
      here: `*${symbol}* = ${formatCount(size)}`,
      verdict: 'not known',
      remark: 'powers of *d* = 1 say nothing',
    };
  }
  const exponent = Math.log(size) / Math.log(d);
  const room = exponent - base;
  const here = `*${symbol}* = ${formatCount(size)} = *d*^{${exponent.toFixed(2).replace('-', '−')}}`;
  const reason = why ? `; ${why}` : '';
  if (room >= 0.25) return { hypothesis, here, verdict: 'met', remark: `for every *α* < ¼${reason}` };
  if (room > 0) {
    return { hypothesis, here, verdict: 'borderline', remark: `for *α* ≤ ${room.toFixed(2)} only${reason}` };
  }
  return { hypothesis, here, verdict: 'not met', remark: `for no *α* > 0${reason}` };
}

function smallness(ratio: number): { verdict: Verdict; remark: string } {
  if (ratio <= 0.1) return { verdict: 'met', remark: 'at most a tenth' };
  return ratio <= 1
    ? { verdict: 'borderline', remark: 'smaller, but not by an order of magnitude' }
    : { verdict: 'not met', remark: '' };
}

function dataCondition({ spec, preparation }: RunResult): Condition {
  const hypothesis = 'mean 0, Tr *Σ* = *d*, ‖*Σ*‖ = *O*(1)';
  const moment = `Tr *Σ*²/*d* = ${formatNumber(preparation.spectrumMoment)}`;
  const outside = (remark: string): Condition => ({ hypothesis, here: moment, verdict: 'not met', remark });
  switch (spec.data.distribution) {
    case 'hypercube':
    case 'uniform':
    case 'sphere':
      return { hypothesis, here: moment, verdict: 'met', remark: '*Σ* = *I*' };
    case 'gaussian':
      return spec.data.spectrum.kind === 'isotropic'
        ? { hypothesis, here: moment, verdict: 'met', remark: '*Σ* = *I*' }
        : { hypothesis, here: moment, verdict: 'borderline', remark: 'the spectrum is not flat' };
    case 'spiked':
      return outside('one direction grows with *d*');
    case 'student-t':
      return outside('heavy tails');
    case 'uncentred':
      return outside('the mean is not 0');
    case 'npy':
      return {
        hypothesis,
        here: moment,
        verdict: 'not known',
        remark: 'centred and rescaled; the rest is the data’s',
      };
  }
}
