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
