import { trainingAgreement } from '../agreement.ts';
import type { Instrument } from '../instrument.ts';

/** Measures claim 5. */
export const firstLayerTrainingInstrument = (): Instrument => ({
  finish: (ending, setting) => trainingAgreement(ending, setting),
});
