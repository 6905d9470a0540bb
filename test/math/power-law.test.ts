import { describe, expect, it } from 'vitest';
import { fitPowerLaw } from '../../src/math/power-law.ts';

describe('fitPowerLaw', () => {
  it('has the slope and the standard error of ordinary least squares', () => {
    // log x = 0, 1, 2 and log y = 0, 1, 1: slope ½, residuals −1/6, 1/3, −1/6, so s² = 1/6 and s.e. = √(s²/2) = √(1/12).
    const fit = fitPowerLaw([
      { x: 1, y: 1 },
      { x: Math.E, y: Math.E },
      { x: Math.E ** 2, y: Math.E },
    ])!;
    expect(fit.exponent).toBeCloseTo(0.5, 12);
    expect(fit.standardError).toBeCloseTo(Math.sqrt(1 / 12), 12);
    expect(Math.log(fit.factor)).toBeCloseTo(1 / 6, 12);
  });

  it('has an intercept a series, and Student’s interval', () => {
    // Two seeds with factors 1 and 100, slope ½ each, and residuals ±ε in turns.
    const points = [1, 100].flatMap((factor, series) =>
      [0, 1, 2, 3].map((k) => ({
        x: Math.E ** k,
        y: factor * Math.exp(0.5 * k + (k % 2 ? 0.1 : -0.1)),
        series,
      })),
    );
    const fit = fitPowerLaw(points)!;
    // Σx² = 10 over both; Σxy adds 0.1·(1.5 − 0.5 − 0.5 + 1.5) a series to 0.5·5.
    expect(fit.exponent).toBeCloseTo(0.54, 12);
    const residual = 2 * (4 * 0.1 ** 2 - 0.2 ** 2 / 5);
    expect(fit.standardError).toBeCloseTo(Math.sqrt(residual / 5 / 10), 12);
    expect(Math.log(fit.factor)).toBeCloseTo(Math.log(10) + 0.5 * 1.5 - 0.54 * 1.5, 12);
    const [low, high] = fit.interval!;
    expect((low + high) / 2).toBeCloseTo(0.54, 12);
    // Residuals in turns are no more alike than independent ones: t with 8 − 2 − 1 degrees of freedom.
    expect((high - low) / 2).toBeCloseTo(2.570582 * fit.standardError!, 6);
  });

  it('widens the interval where neighbours err alike', () => {
    const points = Array.from({ length: 12 }, (_, k) => ({ x: Math.E ** k, y: Math.exp(Math.sin(k)) }));
    const { interval, standardError } = fitPowerLaw(points)!;
    expect((interval![1] - interval![0]) / 2).toBeGreaterThan(1.5 * 2.228139 * standardError!);
  });

  it('gives no error for two points and nothing for one', () => {
    const two = [
      { x: 1, y: 2 },
      { x: 10, y: 20 },
    ];
    expect(fitPowerLaw(two)).toMatchObject({ standardError: null });
    expect(fitPowerLaw(two.slice(1))).toBeNull();
    expect(fitPowerLaw([])).toBeNull();
  });
});
