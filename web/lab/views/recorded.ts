import type { Recording } from '../recording.ts';

/** The sets that losses are recorded on. */
export const setsOf = ({ records }: Pick<Recording, 'records'>): ('train' | 'test')[] =>
  records.some(({ test }) => test !== null) ? ['train', 'test'] : ['train'];

export const trainsLinearized = ({ records }: Pick<Recording, 'records'>): boolean =>
  records.some(({ train }) => train.linearizedLoss !== null);
