import { agreementOnBoth } from '../agreement.ts';
import type { Instrument } from '../instrument.ts';

/** Measures claim 7. */
export const secondLayerInstrument = (): Instrument => agreementOnBoth();
