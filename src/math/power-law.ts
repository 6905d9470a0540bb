export interface PowerLaw {
  exponent: number;
  /** Standard error of the exponent; null for two points, which any power law fits. */
  standardError: number | null;
  /** y = factor · x^exponent */
  factor: number;
}

/** Least squares of log y on log x over the positive points; null for fewer than two different x. */
export function fitPowerLaw(points: readonly { x: number; y: number }[]): PowerLaw | null {
  const logs = points
    .filter(({ x, y }) => x > 0 && y > 0)
    .map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const count = logs.length;
  const meanX = logs.reduce((sum, { x }) => sum + x, 0) / count;
  const meanY = logs.reduce((sum, { y }) => sum + y, 0) / count;
  const spread = logs.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  if (!(spread > 0)) return null;
  const exponent = logs.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const residual = logs.reduce((sum, { x, y }) => sum + (y - meanY - exponent * (x - meanX)) ** 2, 0);
  return {
    exponent,
    standardError: count > 2 ? Math.sqrt(residual / (count - 2) / spread) : null,
    factor: Math.exp(meanY - exponent * meanX),
  };
}
