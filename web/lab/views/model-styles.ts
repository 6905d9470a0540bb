/**
 * How the models are drawn. The linear model is a broad line beneath, the network a fine one on top: where they agree,
 * both are seen.
 */
export const models = {
  linear: { name: 'linear model', colour: 'var(--linear)', width: 5, opacity: 0.62 },
  linearized: { name: 'linearized network', colour: 'var(--linearized)', width: 2 },
  network: { name: 'network', colour: 'var(--network)', width: 2 },
} as const;

export type Model = keyof typeof models;

/** Training solid, test dashed, in every view. */
export const setDashes = { train: undefined, test: '5 4' } as const;
export const setNames = { train: 'training', test: 'test' } as const;
