import { needsBoth } from '../alpha.ts';
import { expected, initial, minus, normInstrument } from '../kernels.ts';

/** Measures claim 2. */
export const ntkConcentrationInstrument = () =>
  normInstrument(minus(initial('first'), expected('first')), {
    key: 'ntk_concentration',
    symbol: '‖*Θ*_{1}(*W*(0)) − *Θ*_{1}^{∗}‖/*n*',
    asks: needsBoth,
  });
