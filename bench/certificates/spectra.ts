/** A spectrum that makes it hard to know which eigenvalue is the largest, or how often it is there. */
export interface HardSpectrum {
  name: string;
  /** In any order. */
  eigenvalues: Float64Array;
}

const of = (n: number, value: (i: number) => number): number[] =>
  Array.from({ length: n }, (_, i) => value(i));
/** n values between two ends, spaced evenly. */
const even = (n: number, from: number, to: number): number[] =>
  of(n, (i) => from + ((to - from) * i) / (n - 1));
/** Quantiles of the semicircle on [−1, 1]: the edge of a random matrix. */
const semicircle = (n: number): number[] =>
  of(n, (i) => {
    let [low, high] = [-1, 1];
    for (let k = 0; k < 50; k++) {
      const x = (low + high) / 2;
      const below = 0.5 + (x * Math.sqrt(1 - x * x) + Math.asin(x)) / Math.PI;
      if (below < (i + 0.5) / n) low = x;
      else high = x;
    }
    return (low + high) / 2;
  });
const bulk = (n: number): number[] => of(n, (i) => 0.9 - (0.8 * i) / n);

const lists: Record<string, number[]> = {
  // Clusters at the top.
  'three within 1e-1': [1, 0.95, 0.9, ...of(297, (i) => 0.8 - i / 500)],
  'three within 1e-2': [1, 0.99, 0.98, ...bulk(497)],
  'three within 1e-3': [1, 0.999, 0.998, ...bulk(497)],
  'three within 1e-4': [1, 0.9999, 0.9998, ...bulk(497)],
  'ten within 1e-2': [...even(10, 1, 0.99), ...bulk(290)],
  'fifty within 1e-2': [...even(50, 1, 0.99), ...bulk(250)],
  'two clusters': [...even(20, 1, 0.999), ...even(20, 0.97, 0.969), ...bulk(260)],
  'clusters everywhere': [1, 0.9, 0.8, 0.7, 0.6, 0.5].flatMap((center) => even(50, center, center - 1e-3)),
  // Spikes over what is nearly a multiple of the identity, or an interval.
  'identity and 2': [2, ...of(499, () => 1)],
  'identity and 1.1': [1.1, ...of(499, () => 1)],
  'identity and 1.01': [1.01, ...of(499, () => 1)],
  'identity and 1.001': [1.001, ...of(499, () => 1)],
  'interval and 1.05 of it': [1.05, ...even(399, 1, 0)],
  'interval and 1.02 of it': [1.02, ...even(399, 1, 0)],
  'interval and 1.01 of it': [1.01, ...even(399, 1, 0)],
  'interval and 1.003 of it': [1.003, ...even(399, 1, 0)],
  'arcsine and 1.01 of it': [1.01, ...of(399, (i) => Math.cos((Math.PI * (i + 0.5)) / 399))],
  'semicircle and 1.02 of it': [1.02, ...semicircle(399)],
  'rank one': [1, ...of(299, () => 0)],
  'three spikes over noise': [100, 10, 1.2, ...semicircle(397)],
  // Multiplicities.
  'twice the largest': [1, 1, ...bulk(298)],
  'five times the largest': [...of(5, () => 1), ...bulk(295)],
  'a hundred times the largest': [...of(100, () => 1), ...bulk(200)],
  'a cycle’s Laplacian': of(300, (i) => 1 - Math.cos((2 * Math.PI * i) / 300)),
  'a torus’ Laplacian': of(
    400,
    (i) => 2 - Math.cos((Math.PI * (i % 20)) / 10) - Math.cos((Math.PI * Math.floor(i / 20)) / 10),
  ),
  'a projection': of(300, (i) => Number(i < 40)),
  // Decays.
  halves: of(300, (i) => 0.5 ** i),
  '0.8^i': of(300, (i) => 0.8 ** i),
  '0.99^i': of(300, (i) => 0.99 ** i),
  '1/i': of(300, (i) => 1 / (i + 1)),
  '1/i²': of(300, (i) => 1 / (i + 1) ** 2),
  '1/√i': of(300, (i) => 1 / Math.sqrt(i + 1)),
  // Edges.
  semicircle: semicircle(400),
  arcsine: of(400, (i) => Math.cos((Math.PI * (i + 0.5)) / 400)),
  'quadratic edge': of(400, (i) => 1 - (i / 400) ** 2 / 10),
  'cubic edge': of(400, (i) => 1 - (i / 400) ** 3),
  // Two ends.
  'ends of the same size': even(300, -1, 1),
  'one end a thousandth larger': [...even(299, -0.5, 1), -1.001],
  'one end late': [1, ...of(399, (i) => -1.02 * Math.cos((Math.PI * i) / 1200))],
  'one far end alone': [-1.03, ...semicircle(399)],
};

export const hardSpectra: HardSpectrum[] = Object.entries(lists).map(([name, values]) => ({
  name,
  eigenvalues: Float64Array.from(values),
}));
