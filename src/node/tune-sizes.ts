import { InvalidArgumentError } from 'commander';
import type { ExperimentSizes } from '../tuning/trial.ts';

/** "n,d,m", three positive integers. @throws InvalidArgumentError for anything else. */
export function parseSizes(text: string): ExperimentSizes {
  const numbers = text.split(',').map(Number);
  const [n, d, m] = numbers;
  if (numbers.length !== 3 || !numbers.every((value) => Number.isSafeInteger(value) && value > 0)) {
    throw new InvalidArgumentError('It must be three positive integers, as in 20000,784,1024.');
  }
  return { n, d, m };
}
