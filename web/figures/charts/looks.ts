/**
 * How the models are drawn. The linear model is a broad line beneath, the network a fine one on top: where they agree,
 * both are seen.
 */
export const models = {
  linear: { name: 'linear model', colour: 'linear', width: 4.5, opacity: 0.6 },
  linearized: { name: 'linearized network', colour: 'linearized', width: 2 },
  network: { name: 'network', colour: 'network', width: 1.8 },
} as const;

export type Model = keyof typeof models;

/** Training solid, test dashed, test clipped at 1 dotted: the same in every figure. */
export const sets = {
  train: { set: 'training', dash: undefined },
  test: { set: 'test', dash: '5 3.5' },
  clippedTest: { set: 'test, each point clipped at 1', dash: '1.5 3' },
} as const;
