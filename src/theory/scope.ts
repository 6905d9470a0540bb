import { activationFunctions } from '../math/activations.ts';
import type { Scope } from './claim.ts';

/** Reasons why a claim makes no sense for an experiment; null where it does. */

export const onlyFirstLayer = ({ layers }: Scope): string | null =>
  layers.first && !layers.second ? null : 'it is about training the first layer alone';

export const isSmooth = ({ activation }: Pick<Scope, 'activation'>): boolean =>
  activationFunctions(activation).phiSecond !== null;
