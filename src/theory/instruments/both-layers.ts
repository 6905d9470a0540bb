import { agreementOnBoth } from '../agreement.ts';
import type { Instrument } from '../instrument.ts';

/** Measures claim 8. */
export const bothLayersInstrument = (): Instrument => agreementOnBoth();
