import { describe, expect, it } from 'vitest';
import { formatColumn, formatNumber } from '../../web/figures/format.ts';
import { discrepancies, peakWithin } from '../../web/figures/measures.ts';
import { notationToHtml, notationToText } from '../../web/figures/notation.ts';
import { sampleResult } from './sample-result.ts';

describe('peakWithin', () => {
  // d log d/η = 39.12 for d = 50, η = 5: half of it ends between the steps 16 and 20.
  const bump = sampleResult({ discrepancy: (step) => (step === 8 ? 1 : step / 1000) });

  it('takes the largest value up to the share of the horizon', () => {
    expect(peakWithin(bump, discrepancies.train, 0.5)).toEqual({ value: 1, step: 8 });
    expect(peakWithin(sampleResult(), discrepancies.train, 0.5)).toEqual({ value: 1e-4 * 16, step: 16 });
    expect(peakWithin(sampleResult(), discrepancies.train, 1)).toEqual({ value: 1e-4 * 39, step: 39 });
  });

  it('knows nothing where the run ended before, or a value on the way is not finite', () => {
    expect(peakWithin(sampleResult({ steps: [0, 1, 18] }), discrepancies.train, 0.5)).toBeNull();
    expect(peakWithin(sampleResult({ steps: [0, 1, 19] }), discrepancies.train, 0.5)).not.toBeNull();
    bump.records[2].train.discrepancies.linear = NaN;
    expect(peakWithin(bump, discrepancies.train, 0.5)).toBeNull();
    expect(peakWithin(sampleResult({ test: false }), discrepancies.test, 0.5)).toBeNull();
  });
});

describe('numbers', () => {
  it.each([
    [0.25712, '0.257'],
    [0.1, '0.100'],
    [39.1234, '39.1'],
    [391.4, '391'],
    [12345.6, '12\u202f300'],
    [1.02e-5, '1.02\u202f×\u202f10⁻⁵'],
    [-3.5e7, '−3.50\u202f×\u202f10⁷'],
    [20000, '20\u202f000'],
    [-2, '−2'],
    [0, '0'],
    [NaN, '—'],
    [Infinity, '∞'],
    [-Infinity, '—'],
    [null, '—'],
  ])('%s is set as %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it('stand under each other by their decimal points', () => {
    const column = formatColumn([0.5, 12.03, 0, 0.00612, NaN, 391]);
    const afterPoint = column.map((text) => text.length - text.search(/[.\u2008]/));
    expect(new Set(afterPoint).size).toBe(1);
    expect(column[0].trim()).toBe('0.500');
    expect(formatColumn([1e-7, 0.5])).toEqual(['1.00\u202f×\u202f10⁻⁷', '5.00\u202f×\u202f10⁻¹']);
  });
});

describe('notation', () => {
  it('is plain text or HTML', () => {
    expect(notationToText('*f*_{lin,*t*} ∝ *d*^{−1} + *x*^{2*n*}')).toBe('f_(lin,t) ∝ d^−1 + x^2n');
    expect(notationToHtml('*y*_{*i*} < 1')).toBe('<i>y</i><sub><i>i</i></sub> &lt; 1');
  });
});
