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
  small: { n: 2000, nTest: 1000, steps: 800, otherSteps: 300, dimensions: [10, 20, 40, 80], seeds: 2 },
  paper: {
    n: 20000,
    nTest: 2000,
    steps: 1600,
    otherSteps: 1600,
    dimensions: [25, 50, 100, 200, 400],
    seeds: 3,
  },
} as const;

/** Rate of every run with erf, and of those with ReLU, whose kernel's top eigenvalue is of order n, not n/d. */
const rates = { erf: 5, relu: 0.5 } as const;

export function reproduction(size: ReproductionSize, seed: number): Reproduction {
  const { n, nTest, steps, otherSteps, dimensions, seeds } = scales[size];
  const runOf = (id: string, label: string, spec: Omit<SpecInput, 'name'>): ReproductionRun => ({
    id,
    label,
    spec: parseSpec({ ...spec, name: id }),
  });
  const figure = (
    id: string,
    label: string,
    activation: 'erf' | 'relu',
    training: { layers: 'first' | 'second' | 'both'; steps: number },
  ): ReproductionRun =>
    runOf(id, label, {
      seed,
      data: { distribution: 'gaussian', d: 50, n, nTest },
      network: { width: 256, activation },
      training: { ...training, eta: rates[activation] },
    });
  const atDimension = (d: number, repetition: number): ReproductionRun => {
    // Both sizes grow as the theorems ask, n, m ≳ d^{1+α} with α = ¼, and the rate as d, so that every d takes the
    // same share of the largest stable rate and T = 10 log d steps (c = 1).
    const scale = d ** 1.25;
    return runOf(`d-${d}-${repetition}`, `d = ${d}, seed ${seed + repetition}`, {
      seed: seed + repetition,
      data: { distribution: 'gaussian', d, n: Math.ceil(8 * scale), nTest },
      network: { width: 2 * Math.ceil(2 * scale), activation: 'erf' },
      training: { layers: 'both', eta: d / 10, steps: Math.ceil(10 * Math.log(d)) },
    });
  };
  return {
    title: 'The early phase of learning: the paper’s experiment',
    size,
    runs: [
      figure('erf-both', 'erf, both layers', 'erf', { layers: 'both', steps }),
      figure('erf-first', 'erf, first layer', 'erf', { layers: 'first', steps: otherSteps }),
      figure('erf-second', 'erf, second layer', 'erf', { layers: 'second', steps: otherSteps }),
      figure('relu-both', 'ReLU, both layers', 'relu', { layers: 'both', steps: 2 * otherSteps }),
    ],
    sweep: {
      label: 'erf, both layers, n = ⌈8d¹·²⁵⌉, m ≈ 4d¹·²⁵, η = d/10',
      runs: dimensions.flatMap((d) => Array.from({ length: seeds }, (_, k) => atDimension(d, k))),
    },
  };
}
