import { needsSamples } from '../alpha.ts';
import { distanceInstrument } from '../kernels.ts';

/** Measures claim 3. */
export const ntkApproximationInstrument = () =>
  distanceInstrument('expected', 'linear', {
    key: 'ntk_approximation',
    symbol: '‖*Θ*_{1}^{∗} − *Θ*_{lin1}‖/*n*',
    asks: needsSamples,
  });
