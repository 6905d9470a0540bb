import { describe, expect, it } from 'vitest';
import type { Field, Series } from '../../src/theory/claim.ts';
import type { ClaimFigure } from '../../web/figures/claim-figures.ts';
import { fieldFigure } from '../../web/figures/field-figure.ts';
import type { Figure } from '../../web/figures/frame.ts';
import { seriesFigure } from '../../web/figures/series-figure.ts';
import { claimsFigures } from '../../web/report/claims-report.ts';
import { sampleClaims, sampleTexts } from './sample-claims.ts';

const texts = ({ svg }: Figure): string[] =>
  [...svg.querySelectorAll('text:not([aria-hidden])')].map((text) => text.textContent);
const lines = ({ svg }: Figure): SVGPathElement[] => [
  ...svg.querySelectorAll<SVGPathElement>('g[aria-label="line"] path'),
];
const of = (figures: ClaimFigure[], claim: number, group: string): ClaimFigure[] =>
  figures.filter((figure) => figure.claim === claim && figure.group === group);

describe('claimsFigures', () => {
  const figures = claimsFigures(sampleClaims(), sampleTexts);

  it('names each figure once, by claim and group', () => {
    const slugs = figures.map(({ slug }) => slug);
    expect(new Set(slugs).size).toBe(slugs.length);
    for (const slug of slugs) expect(slug).toMatch(/^claim-\d\d-[a-z0-9-]+$/);
  });

  it('shows a dot a run, the mean line, the fitted power and the dashed right-hand side', () => {
    const [figure] = of(figures, 4, 'dimension');
    // Five dimensions of three seeds, one of which failed.
    expect(figure.svg.querySelectorAll('g[aria-label="dot"] circle')).toHaveLength(14);
    const dashed = lines(figure).filter((path) => path.closest('[stroke-dasharray]'));
    expect([lines(figure).length, dashed.length]).toEqual([3, 1]);
    expect(texts(figure)).toEqual(expect.arrayContaining(['25', '400', 'input dimension\u2002d']));
    expect(texts(figure).some((text) => /^measured\u2002∝ d−0\.\d\d ± 0\.\d\d$/.test(text))).toBe(true);
  });

  it('puts quantities with one right-hand side into one panel', () => {
    const panels = of(figures, 1, 'dimension');
    expect(panels.map(({ slug }) => slug.slice(-11))).toEqual(['against-d-1', 'against-d-2']);
    expect(panels.map((panel) => panel.svg.querySelectorAll('g[aria-label="dot"] circle').length)).toEqual([
      28, 14,
    ]);
  });

  it('draws no trend of a single setting', () => {
    expect(of(figures, 8, 'narrow').map(({ slug }) => slug)).toEqual(['claim-08-both-layers-narrow-train']);
  });
});

it('a curve of one point, and one of none, is no figure', () => {
  const claims = sampleClaims();
  const figuresOf = () => of(claimsFigures(claims, sampleTexts), 8, 'narrow').length;
  expect(figuresOf()).toBe(1);
  const measured = claims.groups
    .filter(({ slug }) => slug === 'narrow')
    .flatMap(({ points }) => points.flatMap((point) => point.claims ?? []))
    .flatMap(({ series }) => series);
  for (const count of [1, 0]) {
    for (const one of measured) {
      for (const values of [one.x, one.y, ...(one.bound ? [one.bound.y] : [])]) values.length = count;
    }
    expect(figuresOf()).toBe(0);
  }
});

describe('seriesFigure', () => {
  const options = { slug: 'curve', title: 'A curve', of: '' };
  const curve: Series = {
    key: 'curve',
    symbol: '*y*',
    axis: 'step',
    x: [0, 1, 10, 100],
    y: [0, 1, 10, 100],
    bound: { symbol: '*b*', y: [5, 5, 5, 5] },
  };
  const vertices = (path: SVGPathElement): number => path.getAttribute('d')!.match(/[ML]/g)!.length;

  it('reads steps on a log axis, without t = 0, and dashes the right-hand side', () => {
    const figure = seriesFigure([curve], options);
    expect(lines(figure).map(vertices)).toEqual([3, 3]);
    expect(lines(figure)[0].closest('[stroke-dasharray]')).not.toBeNull();
    expect(texts(figure)).toEqual(expect.arrayContaining(['measured', 'b', 'y']));
  });

  it('marks the data’s shell along the radius', () => {
    const figure = seriesFigure([{ ...curve, axis: 'radius', x: [0, 1, 2, 4] }], options);
    expect(texts(figure)).toContain('‖x‖ = √d');
    expect(figure.caption).toContain('Values of exactly 0');
  });

  it('draws what little there is', () => {
    for (const x of [[], [0], [3]]) {
      const y = x.map(() => 1);
      for (const axis of ['step', 'radius', 'index'] as const) {
        const { svg } = seriesFigure([{ ...curve, axis, x, y, bound: null }], options);
        expect(svg.outerHTML).not.toMatch(/NaN|Infinity/);
      }
    }
  });
});

describe('fieldFigure', () => {
  const options = { slug: 'plane', title: 'A plane', of: '' };
  const field = (value: (x: number, y: number) => number): Field => ({
    key: 'plane',
    symbol: '*v*',
    side: 9,
    extent: 2,
    values: Array.from({ length: 81 }, (_, k) => value((k % 9) / 2 - 2, Math.floor(k / 9) / 2 - 2)),
  });
  const shades = ({ svg }: Figure): number => svg.querySelectorAll('g[aria-label="contour"] path').length;

  it('has a square plane, the shell as a circle and a bar of colours', () => {
    const figure = fieldFigure(
      field((x, y) => x ** 2 + y),
      options,
    );
    const circle = figure.svg.querySelector('ellipse')!;
    expect(Number(circle.getAttribute('rx'))).toBeCloseTo(Number(circle.getAttribute('ry')), 1);
    expect(shades(figure)).toBe(24);
    expect(texts(figure)).toEqual(expect.arrayContaining(['‖x‖ = √d', 'colour:\u2002v']));
  });

  it('takes a log scale over decades, and leaves nothing white', () => {
    const figure = fieldFigure(
      field((x, y) => (x === 0 && y === 0 ? 0 : 10 ** (x + y))),
      options,
    );
    expect(texts(figure)).toContain('colour (log scale):\u2002v');
    // The lowest shade covers the whole plane: it is no ring around the least value.
    const lowest = figure.svg.querySelector('g[aria-label="contour"] path')!;
    expect(lowest.getAttribute('d')!.match(/M/g)).toHaveLength(1);
  });

  it('draws a flat field, and one with nothing in it', () => {
    for (const value of [0, 3, NaN]) {
      const { svg } = fieldFigure(
        field(() => value),
        options,
      );
      expect(svg.outerHTML).not.toMatch(/NaN|Infinity/);
    }
  });
});
