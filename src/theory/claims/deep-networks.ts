import { noPowers } from '../alpha.ts';
import type { Claim, Condition, ConditionVerdict, DeepNumbers, Setting } from '../claim.ts';
import {
  activationCondition,
  boundedTargets,
  dataConditions,
  enoughSamples,
  sizeCondition,
} from '../conditions.ts';

/** Claim 17: the same early agreement for deep and convolutional networks. */
export const deepNetworks: Claim = {
  number: 17,
  slug: 'deep-networks',
  title: 'Deep and convolutional networks: agreement',
  statement:
    'Early in training a network of *L* hidden layers, fully-connected or convolutional, is like the linear model whose kernel is *K* = *k*_{1}*XX*ᵀ/*d* + *k*_{2} Tr *Σ*² 11ᵀ/*d*² + *NMN*ᵀ: ‖*Θ*^{∗} − *K*‖ ≲ *k*_{1}*n*/*d*^{1+*α*}, and for all *t* ≤ *T* = *c* · *d* log *d*/(*ηk*_{1}) the discrepancies on the training data and on the distribution are ≲ *d*^{−*Ω*(*α*)}.',
  measures:
    'The distance of the expected kernel to *K*, and that of the kernel at initialization to both; the discrepancies at every recorded step on the clock *τ* = *ηk*_{1}*t*/*d*, and their maxima over *t* ≤ *T* (with *c* = ½); where the linearized network is trained, its discrepancy, which says whether a disagreement is the kernel’s or movement’s; the test residual on the span of the test inputs and off it.',
  source:
    'Paper, “Extensions to Multi-Layer and Convolutional Neural Networks”; THEORY-DEEP.md, sections (e) to (g)',
  conditions: (setting) => [
    ...activationCondition(setting),
    enoughSamples(setting),
    wideEnough(setting),
    stable(setting),
    boundedTargets(setting),
    ...dataConditions(setting),
    ...linearCondition(setting),
    ...convolutionConditions(setting),
    ...besideConditions(setting),
  ],
};

/** m ≳ d^{1+α} of the narrowest layer. */
const wideEnough = ({ deep, d }: Setting): Condition =>
  sizeCondition(
    'm',
    deep!.narrowest,
    1,
    d,
    deep!.convolution ? 'positions times channels of the narrowest layer' : 'the narrowest layer',
  );

/** η ≤ n/‖Θ(0)‖: K’s norm is not enough, for that of a deep network is larger. */
function stable({ eta, deep }: Setting): Condition {
  const hypothesis = '*η* ≤ *n*/‖*Θ*(0)‖';
  const { stableRate } = deep!;
  if (stableRate === null)
    return { hypothesis, here: null, verdict: 'not known', remark: 'it was not measured' };
  const share = (2 * eta) / stableRate;
  return {
    hypothesis,
    here: { symbol: '*η*‖*Θ*(0)‖/*n*', value: share },
    verdict: share <= 1 ? 'met' : share <= 2 ? 'borderline' : 'not met',
    remark: share <= 1 ? '' : share <= 2 ? 'stable still, below 2' : 'from 2 on it is not stable',
  };
}

/** Whether the kernel has a linear part, however small beside k₀ it is, as of deep sigmoid networks. */
export const hasLinearPart = ({ k1 }: DeepNumbers): boolean => k1 > 0;

/** Without it there is nothing to compare with; what has it says nothing of it. */
function linearCondition({ deep }: Setting): Condition[] {
  if (hasLinearPart(deep!)) return [];
  const { k1 } = deep!;
  return [
    {
      hypothesis: 'the kernel has a linear part: *k*_{1} > 0',
      here: { symbol: '*k*_{1}', value: k1 },
      verdict: 'not met',
      remark: 'take an activation with E *φ*′ ≠ 0',
    },
  ];
}

/** What the paper’s proposition on convolutions asks: a filter that grows with d, every position read, nothing pooled. */
function convolutionConditions({ deep, d }: Setting): Condition[] {
  const { convolution } = deep!;
  if (!convolution) return [];
  const { window, pooled, readout } = convolution;
  const power = Math.log(window) / Math.log(d);
  const verdict: ConditionVerdict =
    d < 2 ? 'not known' : power >= 1 - 1e-3 ? 'met' : power > 0.5 + 1e-3 ? 'borderline' : 'not met';
  const flat = readout === 'flat' && !pooled;
  return [
    {
      hypothesis: '*QC*_{0} ≳ *d*^{½+2*α*}: the filter grows with *d*',
      here: { symbol: '*QC*_{0}', value: window },
      verdict,
      remark: d < 2 ? noPowers : `= *d*^{${power.toFixed(2)}}`,
    },
    {
      hypothesis: 'a readout of every position, and no pooling before it',
      here: null,
      verdict: flat ? 'met' : 'not met',
      remark: flat
        ? ''
        : readout === 'mean'
          ? 'it reads the mean over positions: early on it sees the mean pixel alone'
          : 'layers pool before it',
    },
  ];
}

/** What makes a linear model poor at finite sizes, whatever the theorems’ hypotheses: to be read beside the numbers. */
function besideConditions({ deep, n, d }: Setting): Condition[] {
  const { k0, k1, gamma } = deep!;
  if (!hasLinearPart(deep!)) return [];
  const spike = (d * k0) / k1;
  const diagonal = (gamma * d) / (k1 * n);
  const words = (met: boolean, otherwise: string) => ({
    verdict: met ? ('met' as const) : ('not met' as const),
    remark: met ? '' : otherwise,
    role: 'beside' as const,
  });
  return [
    {
      hypothesis: 'the diagonal that *K* leaves out is small: *γd*/(*k*_{1}*n*) ≪ 1',
      here: { symbol: '*γd*/(*k*_{1}*n*)', value: diagonal },
      ...words(diagonal <= 0.1, 'more samples make it smaller'),
    },
    ...(k0 < 1e-9 * k1
      ? []
      : [
          {
            hypothesis: 'the spike *k*_{0}*n* does not dwarf the bulk *k*_{1}*n*/*d*',
            here: { symbol: '*dk*_{0}/*k*_{1}', value: spike },
            ...words(spike <= 20, 'a constant is learned for most of the time'),
          },
        ]),
  ];
}
