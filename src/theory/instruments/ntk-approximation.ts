import { needsSamples } from '../alpha.ts';
import { expected, linear, minus, normInstrument } from '../kernels.ts';

/** Measures claim 3. */
export const ntkApproximationInstrument = () =>
  normInstrument(minus(expected('first'), linear('first')), {
    key: 'ntk_approximation',
    symbol: '‖*Θ*_{1}^{∗} − *Θ*_{lin1}‖/*n*',
    asks: needsSamples,
  });
