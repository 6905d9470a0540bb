import { activationFunctions, mathematicsOf } from '../math/activations.ts';
import type { Scope } from './claim.ts';

/** Reasons why a claim makes no sense for an experiment; null where it does. */

export const onlyFirstLayer = ({ layers }: Scope): string | null =>
  layers.first && !layers.second ? null : 'it is about training the first layer alone';

/** φ″ exists everywhere. */
export const isSmooth = ({ activation }: Pick<Scope, 'activation'>): boolean =>
  activationFunctions(activation).phiSecond !== null;

/** φ is linear left and right of 0, and bends there. */
export const isPiecewiseLinear = ({ activation }: Pick<Scope, 'activation'>): boolean =>
  mathematicsOf(activation).slopes !== null && !isSmooth({ activation });
