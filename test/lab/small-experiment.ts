import type { SpecInput } from '../../src/experiment/spec.ts';

export const small: SpecInput = {
  name: 'small',
  data: { distribution: 'gaussian', d: 12, n: 60, nTest: 40 },
  network: { width: 16, activation: 'erf' },
  training: { layers: 'both', eta: 2, steps: 80, records: { spacing: 'log', count: 12 } },
};

/** So long that it does not end by itself. */
export const long: SpecInput = { ...small, training: { layers: 'both', eta: 0.01, steps: 100_000 } };
