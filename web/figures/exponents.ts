import type { FittedPower } from '../../src/math/power-law.ts';

/** Two decimals; a power that rounds to 0 has no sign. */
const hundredths = (value: number): string =>
  value
    .toFixed(2)
    .replace(/^-0\.00$/, '0.00')
    .replace('-', '−');

/** "−1.02 ± 0.07" */
export const formatExponent = ({
  exponent,
  standardError,
}: Pick<FittedPower, 'exponent' | 'standardError'>): string =>
  standardError === null ? hundredths(exponent) : `${hundredths(exponent)} ± ${standardError.toFixed(2)}`;

/** "−1.02 [−1.17, −0.87]": with the 95 % interval. */
export const formatInterval = ({ exponent, interval }: FittedPower): string =>
  interval === null
    ? hundredths(exponent)
    : `${hundredths(exponent)} [${hundredths(interval[0])}, ${hundredths(interval[1])}]`;
