import { needsBoth } from '../alpha.ts';
import { distanceInstrument } from '../kernels.ts';

/** Measures claim 2. */
export const ntkConcentrationInstrument = () =>
  distanceInstrument('initial', 'expected', {
    key: 'ntk_concentration',
    symbol: '‖*Θ*_{1}(*W*(0)) − *Θ*_{1}^{∗}‖/*n*',
    asks: needsBoth,
  });
