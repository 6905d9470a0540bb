import { afterEach, describe, expect, it } from 'vitest';
import type { DeepSpec } from '../../src/experiment/network-spec.ts';
import type { RunResult } from '../../src/experiment/result.ts';
import { discrepancyChart } from '../../web/figures/charts/discrepancy.ts';
import { lossChart } from '../../web/figures/charts/loss.ts';
import { movementChart } from '../../web/figures/charts/movement.ts';
import { outputsChart } from '../../web/figures/charts/outputs.ts';
import { dimensionFigure } from '../../web/figures/dimension-figure.ts';
import { svgToPng, svgToString } from '../../web/figures/export.ts';
import type { Figure, FigureSize } from '../../web/figures/frame.ts';
import { firstLayerFigure } from '../../web/figures/first-layer-figure.ts';
import { networkFigure } from '../../web/figures/network-figure.ts';
import { hues, palette } from '../../web/figures/palette.ts';
import { runFigures, timeFigure } from '../../web/figures/run-figures.ts';
import { claimsFigures } from '../../web/report/claims-report.ts';
import { measuredResult, sampleClaims, sampleTexts } from './sample-claims.ts';
import { sampleFirstLayer } from './sample-first-layer.ts';
import { divergedResult, sampleResult } from './sample-result.ts';

const curves = ({ svg }: Figure): SVGPathElement[] => [
  ...svg.querySelectorAll<SVGPathElement>('g[aria-label="line"] path'),
];
const strokesOf = (figure: Figure): string[] =>
  curves(figure).map((path) => path.closest('[stroke]')!.getAttribute('stroke')!);
const [lossFigure, outputsFigure, discrepancyFigure, movementFigure] = [
  lossChart,
  outputsChart,
  discrepancyChart,
  movementChart,
].map((chart) => (result: RunResult, size?: FigureSize) => timeFigure(result, chart(result), size));
const texts = ({ svg }: Figure): string[] =>
  [...svg.querySelectorAll('text:not([aria-hidden])')].map((text) => text.textContent);
const triangles = ({ svg }: Figure): number =>
  svg.querySelectorAll('path[d$="z"][stroke-width="1.1"]').length;

const networks: [DeepSpec, number][] = [
  [{ kind: 'deep', widths: [256, 128], activation: 'erf' }, 3072],
  [{ kind: 'deep', depth: 12, width: 1024, activation: 'x*sigmoid(1.702*x)' }, 784],
  [{ kind: 'deep', depth: 3, width: 4096, activation: 'relu' }, 12],
  [
    {
      kind: 'convolutional',
      ...{ shape: [128, 128, 3], channels: [512, 1024], filter: 31, pool: [2, 64], readout: 'mean' },
      activation: 'leaky-relu',
      slope: 0.1,
    },
    49152,
  ],
  [
    {
      kind: 'convolutional',
      shape: [128, 1],
      channels: 8,
      depth: 1,
      filter: 9,
      readout: 'flat',
      activation: 'gelu',
    },
    128,
  ],
];

const cases: [string, () => Figure[]][] = [
  ['an ordinary run', () => runFigures(sampleResult())],
  ['no test set', () => runFigures(sampleResult({ test: false }))],
  ['a linearized network', () => runFigures(sampleResult({ linearized: true }))],
  ['modes and alignment', () => runFigures(sampleResult({ modes: true }))],
  ['the first layer alone', () => runFigures(sampleResult({ layers: 'first' }))],
  ['the second layer alone', () => runFigures(sampleResult({ layers: 'second' }))],
  ['only t = 0', () => runFigures(sampleResult({ steps: [0] }))],
  ['only t = 7', () => runFigures(sampleResult({ steps: [7] }))],
  ['no records', () => runFigures(sampleResult({ steps: [] }))],
  ['late records', () => runFigures(sampleResult({ steps: [300, 350, 400] }))],
  ['a far horizon', () => runFigures(sampleResult({ d: 2000 }))],
  ['d = 1', () => runFigures(sampleResult({ d: 1 }))],
  ['no discrepancy at all', () => runFigures(sampleResult({ discrepancy: () => 0 }))],
  ['an optimum of exactly 0', () => runFigures(sampleResult({ linearOptimum: 0 }))],
  [
    'a start at the optimum, 0',
    () => runFigures(sampleResult({ linearOptimum: 0, targets: [0, 0], discrepancy: () => 0 })),
  ],
  ['divergence', () => runFigures(divergedResult())],
  [
    'a stopped run',
    () => runFigures(sampleResult({ steps: [0, 1, 2], status: { kind: 'stopped', step: 2 } })),
  ],
  ['close targets', () => runFigures(sampleResult({ targets: [0.5, 0.52, 0.57, 0.1, -0.9, 0.5] }))],
  [
    'many targets',
    () => runFigures(sampleResult({ targets: Array.from({ length: 12 }, (_, k) => Math.sin(k)) })),
  ],
  ['a sweep', () => [dimensionFigure([20, 40, 80, 160].map((d) => sampleResult({ d })))]],
  ['an empty sweep', () => [dimensionFigure([])]],
  ['a sweep of one', () => [dimensionFigure([sampleResult()])]],
  ['a suite of claims', () => claimsFigures(sampleClaims(), sampleTexts)],
  ['a run that measured claims', () => runFigures(measuredResult(), undefined, sampleTexts)],
  [
    'weights of the first layer',
    () => [
      firstLayerFigure(sampleFirstLayer([14, 14, 1])),
      firstLayerFigure(sampleFirstLayer([8, 8, 3], { of: 40_000 })),
      firstLayerFigure(sampleFirstLayer([3, 3, 1], { count: 3, of: 3 })),
      firstLayerFigure(sampleFirstLayer([1, 9, 1])),
      firstLayerFigure(sampleFirstLayer([1, 1, 4], { movement: 1e-20 })),
      firstLayerFigure(sampleFirstLayer([32, 32, 3], { count: 5 })),
      firstLayerFigure(sampleFirstLayer([28, 28, 1], { movement: 0 })),
    ],
  ],
  ['deep networks', () => networks.map(([spec, d]) => networkFigure(spec, d))],
];

describe('weights of the first layer', () => {
  /** The colours of one image, each with how many of its pixels have it. */
  const coloursOf = (image: Element): Map<string, number> =>
    new Map(
      [...image.querySelectorAll('path')].map((path) => [
        path.getAttribute('fill')!,
        [...path.getAttribute('d')!.matchAll(/h(\d+)/g)].reduce((sum, [, run]) => sum + Number(run), 0),
      ]),
    );
  const imagesOf = ({ svg }: Figure): Element[][] =>
    [...svg.querySelectorAll('g[data-unit]')].map((unit) => [...unit.children]);

  it.each<[readonly [number, number, number], number]>([
    [[14, 14, 1], 16],
    [[8, 6, 3], 11],
    [[1, 5, 2], 3],
  ])('of %j: as many images as units, of each row every channel, every pixel drawn once', (shape, count) => {
    const units = imagesOf(firstLayerFigure(sampleFirstLayer(shape, { count })));
    expect(units).toHaveLength(count);
    for (const images of units) {
      expect(images).toHaveLength(3 * shape[2]);
      for (const image of images) {
        expect([...coloursOf(image).values()].reduce((sum, pixels) => sum + pixels, 0)).toBe(
          shape[0] * shape[1],
        );
      }
    }
  });

  it('have one scale for all units, with 0 in its middle', () => {
    const weights = sampleFirstLayer([2, 1, 1], { count: 3 });
    const [[a, b], [c, d], [e, f]] = [
      [2, -2],
      [1, 0],
      [0, 0],
    ];
    for (const [k, start] of [
      [a, b],
      [c, d],
      [e, f],
    ].entries()) {
      weights.units[k].start = start;
      weights.units[k].displacement = [0, k === 0 ? 1e-3 : 0];
    }
    const units = imagesOf(firstLayerFigure(weights));
    const colours = units.map(([start, end, moved]) =>
      [start, end, moved].map((one) => [...coloursOf(one).keys()]),
    );
    const white = colours[2][0][0];
    expect(white).toMatch(/^#f[a-f\d]f[a-f\d]f[a-f\d]$/);
    const [positive, negative] = colours[0][0];
    expect([positive, negative]).not.toContain(white);
    // Half of the greatest weight is lighter than that, and what did not move is white.
    expect(colours[1][0]).toHaveLength(2);
    expect(colours[1][0]).not.toContain(positive);
    expect(colours[1][0]).toContain(white);
    expect(colours[0][2]).toEqual([white, positive]);
    expect(colours[1][2]).toEqual([white]);
  });

  it('that did not move are white, and say so', () => {
    const figure = firstLayerFigure(sampleFirstLayer([4, 4, 1], { movement: 0 }));
    for (const [, , moved] of imagesOf(figure)) expect([...coloursOf(moved).values()]).toEqual([16]);
    expect(figure.caption).toContain('the first one moved by ‖w(t) − w(0)‖ = 0.');
  });

  it('are in the report of a run that has them', () => {
    const slugs = (result: RunResult): string[] => runFigures(result).map(({ slug }) => slug);
    expect(slugs(sampleResult())).not.toContain('first-layer-weights');
    expect(slugs({ ...sampleResult(), firstLayer: sampleFirstLayer([4, 4, 1]) })).toContain(
      'first-layer-weights',
    );
  });
});

describe.each(cases)('figures of %s', (_, draw) => {
  it('are standalone SVG documents', () => {
    for (const { svg, slug, title, caption } of draw()) {
      expect(svg).toBeInstanceOf(SVGSVGElement);
      const markup = svgToString(svg);
      const parsed = new DOMParser().parseFromString(markup, 'image/svg+xml');
      expect(parsed.querySelector('parsererror'), slug).toBeNull();
      expect(parsed.documentElement).toBeInstanceOf(SVGSVGElement);
      expect(parsed.querySelectorAll('svg svg, style, script, foreignObject, image, [href]')).toHaveLength(0);
      expect(markup.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(/);
      expect(parsed.querySelector('title')!.textContent).toBe(title);
      expect(parsed.querySelector('desc')!.textContent).toBe(caption);
    }
  });

  it('say no NaN, and show no mark-up of ours', () => {
    for (const figure of draw()) {
      expect(svgToString(figure.svg)).not.toMatch(/NaN|Infinity|undefined|null/);
      for (const text of [...texts(figure), figure.caption]) expect(text).not.toMatch(/[*{}]/);
    }
  });

  it('have no overlapping labels', () => {
    for (const figure of draw()) {
      document.body.append(figure.svg);
      const boxes = [...figure.svg.querySelectorAll('text:not([aria-hidden])')].map((text) => ({
        text: text.textContent,
        box: text.getBoundingClientRect(),
      }));
      for (const [k, one] of boxes.entries()) {
        for (const other of boxes.slice(k + 1)) {
          const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
          const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
          // Boxes have the whole line's height: letters of neighbouring lines are apart where boxes touch.
          const apart = width <= 1 || height <= 4;
          expect(apart, `${figure.slug}: "${one.text}" on "${other.text}"`).toBe(true);
        }
      }
    }
  });
});

afterEach(() => document.body.replaceChildren());

describe('networkFigure', () => {
  it('says every size, and how many layers it leaves out', () => {
    const [wide, many, , pooled] = networks.map(([spec, d]) => texts(networkFigure(spec, d)).join(' | '));
    expect(wide).toContain('d = 3072');
    expect(wide).toMatch(/128 units.*64 units/);
    expect(many).toContain('8 more');
    expect(pooled).toMatch(
      /256 channels \| at 128 × 128 \| mean 2 × 2.*at 64 × 64 \| mean 64 × 64.*512 weights/,
    );
    expect(pooled).toContain('31 × 31');
  });
});

describe('lossFigure', () => {
  it('names an optimum of 0 at the foot of the logarithmic axis, without a line', () => {
    const named = (optimum: number): SVGTextElement | undefined =>
      [...lossFigure(sampleResult({ linearOptimum: optimum })).svg.querySelectorAll('text')].find(
        ({ textContent }) => textContent.startsWith('linear optimum'),
      );
    expect(named(0)!.textContent).toBe('linear optimum 0 ↓');
    expect(Number(named(0)!.getAttribute('y'))).toBeGreaterThan(Number(named(0.257)!.getAttribute('y')));
    const rules = (optimum: number): number =>
      lossFigure(sampleResult({ linearOptimum: optimum })).svg.querySelectorAll('g[aria-label="rule"] line')
        .length;
    expect([rules(0.257), rules(0)]).toEqual([1, 0]);
    expect(lossFigure(sampleResult({ linearOptimum: 0 })).caption).toContain('can reach is 0.');
  });

  it('has a solid and a dashed line for each model, its key, the horizon and the optimum', () => {
    const figure = lossFigure(sampleResult());
    expect(strokesOf(figure).sort()).toEqual(
      [palette.network, palette.network, palette.linear, palette.linear].map(({ light }) => light).sort(),
    );
    const dashed = curves(figure).filter((path) => path.closest('[stroke-dasharray]'));
    expect(dashed).toHaveLength(2);
    expect(texts(figure)).toEqual(
      expect.arrayContaining([
        'network',
        'linear model',
        'training',
        'test',
        'linear optimum 0.257',
        'T',
        'T/c = d log d/η = 39.1',
      ]),
    );
  });

  it('draws only training curves where there is no test set', () => {
    const figure = lossFigure(sampleResult({ test: false }));
    expect(curves(figure)).toHaveLength(2);
    expect(texts(figure)).not.toContain('test');
  });

  it('draws the linearized network in its colour', () => {
    const strokes = strokesOf(lossFigure(sampleResult({ linearized: true })));
    expect(strokes.filter((stroke) => stroke === palette.linearized.light)).toHaveLength(2);
  });

  it('keeps a name of its key clear of the next swatch, however wide the letters of the font', () => {
    const { svg } = lossFigure(sampleResult({ linearized: true }));
    svg.setAttribute('font-family', 'monospace');
    document.body.append(svg);
    const names = [...svg.querySelectorAll('text')].filter(({ textContent }) =>
      /^(network|linear model|linearized network|training|test)$/.test(textContent),
    );
    expect(names).toHaveLength(5);
    const [{ y }] = names.map((name) => name.getBBox());
    // Those of the legend stand in its row.
    const swatches = [...svg.querySelectorAll('line')].filter((line) => {
      const at = line.y1.baseVal.value;
      return at === line.y2.baseVal.value && at > y && at < y + 20;
    });
    for (const name of names.slice(0, -1)) {
      const { left, right } = name.getBoundingClientRect();
      const next = swatches.map((line) => line.getBoundingClientRect().left).filter((x) => x > left);
      expect(right, name.textContent).toBeLessThan(Math.min(...next));
    }
  });

  it('keeps t = 0 off the logarithmic axis, in a slot of its own', () => {
    const start = lossFigure(sampleResult({ steps: [0, 1, 10, 100] }));
    const without = lossFigure(sampleResult({ steps: [1, 10, 100] }));
    const dots = ({ svg }: Figure) => svg.querySelectorAll('g[aria-label="dot"] circle').length;
    // One dot for each of four curves; the lines have as many vertices as there are steps above 0.
    expect(dots(start) - dots(without)).toBe(4);
    for (const path of curves(start)) expect(path.getAttribute('d')!.match(/[ML]/g)).toHaveLength(3);
  });

  it('says where the run diverged, and leaves out what is not finite', () => {
    const figure = lossFigure(divergedResult());
    expect(texts(figure)).toContain('network diverged at t = 3');
    const vertices = curves(figure).map((path) => path.getAttribute('d')!.match(/[ML]/g)!.length);
    // Records at 1, 2, 3; the network's last is lost on both sets.
    expect(vertices.toSorted((a, b) => a - b)).toEqual([2, 2, 3, 3]);
  });
});

describe('outputsFigure', () => {
  it('has two lines and a target for each point, each point in its hue', () => {
    const figure = outputsFigure(sampleResult({ targets: [1, -1, 1] }));
    expect(strokesOf(figure).sort()).toEqual([0, 0, 1, 1, 2, 2].map((point) => hues[point].light).sort());
    expect(texts(figure)).toEqual(expect.arrayContaining(['y1', 'y2', 'y3', 'targets']));
  });

  it('is left out where no point is watched', () => {
    expect(runFigures(sampleResult({ targets: [] })).map(({ slug }) => slug)).toEqual([
      'loss',
      'discrepancy',
      'movement',
    ]);
  });
});

describe('discrepancyFigure', () => {
  it('marks the exact 0 of t = 0 at the foot of the logarithmic axis', () => {
    const figure = discrepancyFigure(sampleResult());
    expect(curves(figure)).toHaveLength(3);
    expect(triangles(figure)).toBe(1);
    expect(figure.caption).toContain('At t = 0 it is exactly 0');
    expect(triangles(discrepancyFigure(sampleResult({ steps: [1, 2] })))).toBe(0);
  });

  it('has a linear axis where everything is 0', () => {
    const figure = discrepancyFigure(sampleResult({ discrepancy: () => 0 }));
    expect(triangles(figure)).toBe(0);
    for (const path of curves(figure)) expect(path.getAttribute('d')!.match(/[ML]/g)).toHaveLength(11);
  });
});

describe('movementFigure', () => {
  it('leaves out the layer at rest and marks R', () => {
    expect(curves(movementFigure(sampleResult()))).toHaveLength(3);
    const first = movementFigure(sampleResult({ layers: 'first' }));
    expect(curves(first)).toHaveLength(2);
    expect(texts(first)).toContain('R = √(d log d) = 14.0');
    expect(texts(first)).not.toContain('‖v(t) − v(0)‖');
  });
});

describe('dimensionFigure', () => {
  const sweep = [20, 40, 80].map((d) => sampleResult({ d, discrepancy: (step) => (step > 0 ? 3 / d : 0) }));

  it('fits the exponent of a power law exactly', () => {
    const figure = dimensionFigure(sweep);
    expect(texts(figure)).toEqual(
      expect.arrayContaining(['training\u2002∝ d−1.00 ± 0.00', 'test\u2002∝ d−1.00 ± 0.00']),
    );
    expect(figure.svg.querySelectorAll('g[aria-label="dot"] circle')).toHaveLength(6);
    expect(texts(figure)).toEqual(expect.arrayContaining(['20', '40', '80']));
  });

  it('leaves out a run that ended too early, and says so', () => {
    const figure = dimensionFigure([...sweep, sampleResult({ d: 160, steps: [0, 1, 2] })]);
    expect(figure.svg.querySelectorAll('g[aria-label="dot"] circle')).toHaveLength(6);
    expect(figure.caption).toContain('1 of 4 runs is left out');
  });
});

describe('svgToPng', () => {
  it('draws at twice the size, on white', async () => {
    const png = await svgToPng(lossFigure(sampleResult(), { width: 400, height: 300 }).svg);
    expect(png.type).toBe('image/png');
    const bitmap = await createImageBitmap(png);
    expect([bitmap.width, bitmap.height]).toEqual([800, 600]);
    const canvas = new OffscreenCanvas(800, 600);
    const context = canvas.getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, 800, 600);
    const pixels = Array.from({ length: 800 * 600 }, (_, k) => data.subarray(4 * k, 4 * k + 4));
    expect(pixels.every((pixel) => pixel[3] === 255)).toBe(true);
    expect([...pixels[0]]).toEqual([255, 255, 255, 255]);
    // The frame alone spans hundreds of pixels in ink, the network's curve in its own blue.
    const blue = pixels.filter(([r, g, b]) => r === 0x00 && g === 0x72 && b === 0xb2).length;
    const dark = pixels.filter(([r, g, b]) => r + g + b < 200).length;
    expect(blue).toBeGreaterThan(100);
    expect(dark).toBeGreaterThan(700);
  });
});

describe('figures of many records', () => {
  const size = (figures: Figure[]): number =>
    figures.reduce((sum, { svg }) => sum + svgToString(svg).length, 0);

  it('have what their pixels can show: 140,000 records cost no more than 14,000, and nothing is drawn wrong', () => {
    const steps = (count: number): number[] => Array.from({ length: count }, (_, k) => (400 * k) / count);
    const noisy = (step: number): number =>
      Math.sin(1e5 * step) > 0.8 ? 0 : 1e-4 * step * (1.1 + Math.sin(1e4 * step));
    const [many, some] = [140_000, 14_000].map((count) =>
      runFigures(sampleResult({ steps: steps(count), discrepancy: noisy })),
    );
    expect(size(many)).toBeLessThan(1.3 * size(some));
    expect(size(many)).toBeLessThan(1e6);
    for (const figure of many) expect(svgToString(figure.svg)).not.toMatch(/NaN|Infinity/);
  });

  it('draw some of very many watched points, and say so', () => {
    const targets = Array.from({ length: 2000 }, (_, k) => Math.sin(k));
    const figure = outputsFigure(sampleResult({ targets }));
    expect(curves(figure)).toHaveLength(2 * 35);
    expect(figure.caption).toContain('on 35 test points of the 2000 that were watched');
    expect(size([figure])).toBeLessThan(1e6);
  });
});
