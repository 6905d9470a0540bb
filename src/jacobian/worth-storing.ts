import type { FactorShape } from '../programs/factors.ts';

/** Products that Lanczos makes, about. */
const products = 50;
/**
 * Operations of a matrix product that take as long as a stored product takes to read an entry, as measured on a processor.
 * GPUs do more while they fetch four bytes: there this errs on the side of storing.
 */
const readWork = 14;

/**
 * Whether storing a kernel of n points of a network with these layers pays: making it or its half, then reading it for
 * every product, against 4n operations a parameter for each. Whether it fits is another matter.
 */
export function worthStoring(n: number, layers: readonly FactorShape[], symmetric: boolean): boolean {
  const withLeft = layers.filter(({ left }) => left);
  // Readouts count little beside layers with a left; rows of a convolution's Jacobian are all there is.
  const outer = withLeft.length > 0 ? withLeft : layers;
  const making = outer.reduce(
    (sum, { units, inputs }) => sum + (symmetric ? 1 : 2) * n * (units + inputs),
    0,
  );
  const applying = outer.reduce((sum, { units, inputs }) => sum + 4 * units * inputs, 0);
  return making + products * readWork * n < products * applying;
}
