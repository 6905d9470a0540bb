import { studentFactor } from './student-t.ts';

/** The power of x that y goes as. */
export interface FittedPower {
  exponent: number;
  /** Standard error of the exponent, of residuals that are independent; null where the points are too few to tell it. */
  standardError: number | null;
  /** Where the exponent lies with 95 % confidence, were neighbours' residuals alike, too; null with the standard error. */
  interval: [number, number] | null;
}

/** y ≈ factor · x^exponent, with what least squares say of the exponent. */
export interface PowerLaw extends FittedPower {
  /** y = factor · x^exponent, the factor a geometric mean over the series. */
  factor: number;
}

export interface PowerLawPoint {
  x: number;
  y: number;
  /** Points of one series share a factor of their own: what a seed has in common at all sizes. One series unless given. */
  series?: number | string;
}

/**
 * Least squares of log y on log x over the positive points, with one intercept a series and one slope:
 *
 *     log y = a_s + p log x        s² = Σ residual²/ν, ν = N − S − 1        p ± t_{0.975} · s/√(Σ (log x − mean_s)²)
 *
 * Runs of one seed draw the first columns of their inputs and weights alike at every size, so that they are not independent.
 * What all sizes of a seed share goes into its intercept. What neighbouring sizes share is the correlation ρ ≥ 0 of successive
 * residuals, Σ(r_{i+1} − r_i)² = 2(1 − ρ)Σr², to which (1 + 3ρ)/k is added, since k residuals show that much less of it than
 * there is: the interval is wider by √((1+ρ)/(1−ρ)), and t has ν(1−ρ)/(1+ρ) degrees of freedom. Where ρ > ½ and there are
 * three series, each is one observation instead, of its own slope: whatever bends a law or is shared within a seed, the slopes
 * of seeds are independent, and t has S − 1 degrees of freedom. null for fewer than two different x.
 * @throws TypeError where a coordinate is no number; RangeError where it is infinite.
 */
export function fitPowerLaw(points: readonly PowerLawPoint[]): PowerLaw | null {
  const series = new Map<number | string, { x: number; y: number }[]>();
  for (const { x, y, series: name = 0 } of points) {
    if (typeof x !== 'number' || typeof y !== 'number') {
      throw new TypeError(
        `A point of a power law has numbers x and y; one has a ${typeof x} and a ${typeof y}.`,
      );
    }
    if (x === Infinity || y === Infinity) {
      throw new RangeError(`A point of a power law is (${x}, ${y}); leave out what is infinite.`);
    }
    if (!(x > 0 && y > 0)) continue;
    const own = series.get(name) ?? [];
    own.push({ x: Math.log(x), y: Math.log(y) });
    series.set(name, own);
  }
  const centred = [...series.values()].map((own) => {
    const meanX = own.reduce((sum, { x }) => sum + x, 0) / own.length;
    const meanY = own.reduce((sum, { y }) => sum + y, 0) / own.length;
    return { meanX, meanY, points: own.map(({ x, y }) => ({ x: x - meanX, y: y - meanY })) };
  });
  const all = centred.flatMap((own) => own.points);
  const spread = all.reduce((sum, { x }) => sum + x ** 2, 0);
  // Logarithms of one x leave rounding, which is no spread.
  if (!(spread > 1e-20)) return null;
  const exponent = all.reduce((sum, { x, y }) => sum + x * y, 0) / spread;
  const residual = all.reduce((sum, { x, y }) => sum + (y - exponent * x) ** 2, 0);
  const degrees = all.length - centred.length - 1;
  const standardError = degrees > 0 ? Math.sqrt(residual / degrees / spread) : null;
  const alike = likeness(centred, exponent);
  const independent = Math.max(1, Math.round((degrees * (1 - alike)) / (1 + alike)));
  const inflation = Math.sqrt((1 + alike) / (1 - alike));
  const half =
    standardError === null
      ? 0
      : ((alike > mostAlike ? halfOfSlopes(centred) : null) ??
        studentFactor(independent) * inflation * standardError);
  const intercepts = centred.map(({ meanX, meanY }) => meanY - exponent * meanX);
  return {
    exponent,
    standardError,
    interval: standardError === null ? null : [exponent - half, exponent + half],
    factor: Math.exp(intercepts.reduce((sum, value) => sum + value, 0) / intercepts.length),
  };
}

/** Where neighbours err more alike than this, their number says little. */
const mostAlike = 0.5;

/** Half the interval of the mean of slopes, one a series, by Student's t; null for fewer than three series. */
function halfOfSlopes(series: readonly { points: { x: number; y: number }[] }[]): number | null {
  const slopes = series.flatMap(({ points }) => {
    const square = points.reduce((sum, { x }) => sum + x ** 2, 0);
    return square > 0 ? [points.reduce((sum, { x, y }) => sum + x * y, 0) / square] : [];
  });
  const count = slopes.length;
  if (count < 3 || count < series.length) return null;
  const mean = slopes.reduce((sum, slope) => sum + slope, 0) / count;
  const variance = slopes.reduce((sum, slope) => sum + (slope - mean) ** 2, 0) / (count - 1);
  return studentFactor(count - 1) * Math.sqrt(variance / count);
}

/** ρ: how far neighbours in a series err alike. */
function likeness(series: readonly { points: { x: number; y: number }[] }[], exponent: number): number {
  let [steps, squares, count] = [0, 0, 0];
  for (const { points } of series) {
    const residuals = points.toSorted((a, b) => a.x - b.x).map(({ x, y }) => y - exponent * x);
    residuals.forEach((residual, i) => {
      squares += residual ** 2;
      if (i > 0) steps += (residual - residuals[i - 1]) ** 2;
    });
    count += points.length;
  }
  // Three residuals about a line show nothing of it.
  if (!(squares > 0) || count < 4 * series.length) return 0;
  const seen = 1 - steps / (2 * squares);
  return Math.max(0, Math.min(0.9, seen + ((1 + 3 * Math.max(0, seen)) * series.length) / count));
}
