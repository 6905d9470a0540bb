import { type Spec, type SpecInput, parseSpec } from './spec.ts';

export const reproductionSizes = ['small', 'paper'] as const;
export type ReproductionSize = (typeof reproductionSizes)[number];

export interface ReproductionRun {
  id: string;
  label: string;
  spec: Spec;
}

/** The runs of the deck's experiment (THEORY.md, section 5): panels a and b for each choice of layers, c over d. */
export interface Reproduction {
  title: string;
  size: ReproductionSize;
  runs: ReproductionRun[];
  sweep: { label: string; runs: ReproductionRun[] };
}

/** Sizes that a software adapter finishes in minutes, and those of the published figure. */
const scales = {
  small: { n: 2000, nTest: 1000, steps: 800, otherSteps: 300, sweepN: 2000, dimensions: [10, 20, 40, 80] },
  paper: {
    n: 20000,
    nTest: 2000,
    steps: 1600,
    otherSteps: 1600,
    sweepN: 20000,
    dimensions: [10, 20, 50, 100, 200, 400],
  },
} as const;

/** Rate of every run with erf, and of those with ReLU, whose kernel's top eigenvalue is of order n, not n/d. */
const rates = { erf: 5, relu: 0.5 } as const;

export function reproduction(size: ReproductionSize, seed: number): Reproduction {
  const { n, nTest, steps, otherSteps, sweepN, dimensions } = scales[size];
  const runOf = (id: string, label: string, spec: Omit<SpecInput, 'name' | 'seed'>): ReproductionRun => ({
    id,
    label,
    spec: parseSpec({ ...spec, name: id, seed }),
  });
  const figure = (
    id: string,
    label: string,
    activation: 'erf' | 'relu',
    training: { layers: 'first' | 'second' | 'both'; steps: number },
  ): ReproductionRun =>
    runOf(id, label, {
      data: { distribution: 'gaussian', d: 50, n, nTest },
      network: { width: 256, activation },
      training: { ...training, eta: rates[activation] },
    });
  return {
    title: 'The early phase of learning: the deck’s experiment',
    size,
    runs: [
      figure('erf-both', 'erf, both layers', 'erf', { layers: 'both', steps }),
      figure('erf-first', 'erf, first layer', 'erf', { layers: 'first', steps: otherSteps }),
      figure('erf-second', 'erf, second layer', 'erf', { layers: 'second', steps: otherSteps }),
      figure('relu-both', 'ReLU, both layers', 'relu', { layers: 'both', steps: otherSteps * 2 }),
    ],
    sweep: {
      label: `erf, both layers, n = ${sweepN}, m = 256`,
      runs: dimensions.map((d) =>
        runOf(`d-${d}`, `d = ${d}`, {
          data: { distribution: 'gaussian', d, n: sweepN, nTest },
          network: { width: 256, activation: 'erf' },
          // To T with c = 1: where the agreement is promised, and the same share of it for every d.
          training: { layers: 'both', eta: rates.erf, steps: Math.ceil((d * Math.log(d)) / rates.erf) },
        }),
      ),
    },
  };
}
