import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Recording, View } from '../../web/lab/recording.ts';
import { colours, hues, palette } from '../../web/figures/palette.ts';
import { svgToPng } from '../../web/figures/export.ts';
import { figuresOf } from '../../web/lab/views/figures.ts';
import { LazyView } from '../../web/lab/views/lazy-view.ts';
import { Axes } from '../../web/lab/views/axes.ts';
import { settingOf } from '../../src/experiment/setting.ts';
import { parseSpec } from '../../src/experiment/spec.ts';
import { parseSweep } from '../../src/experiment/sweep.ts';
import { assumptionsOf } from '../../web/lab/assumptions/assumptions.ts';
import { specDifferences } from '../../web/lab/compare/spec-differences.ts';
import type { GrowthLine } from '../../web/lab/controller.ts';
import { explanations } from '../../web/lab/explain/explanations.ts';
import { filmRecords } from '../../web/lab/film/film.ts';
import { growSweep } from '../../web/lab/grow-d/grow-sweep.ts';
import { growthWords } from '../../web/lab/grow-d/grow-view.ts';
import { Growth } from '../../web/lab/grow-d/growth.ts';
import { requirePageSize } from '../../web/lab/page-size.ts';
import { labPresets } from '../../web/lab/presets.ts';
import { kernelCloud } from '../../web/lab/views/kernel-cloud.ts';
import { ThemeSwitch } from '../../web/lab/theme.ts';
import { createViews } from '../../web/lab/views/views.ts';
import { claims } from '../../src/theory/claims.ts';
import type { Shell } from '../../src/theory/shells.ts';
import { sampleFirstLayer } from '../web/sample-first-layer.ts';
import { sampleResult } from '../web/sample-result.ts';
import { emptyRecording, sampleRecording } from './sample-recording.ts';

/** Custom properties that the page sets on single elements. */
const pageSets = new Set(['--share', '--recorded', '--characters']);

let stage: HTMLElement;
let views: Record<string, View>;

beforeEach(async () => {
  stage = document.createElement('main');
  stage.style.width = '640px';
  document.body.append(stage);
  views = Object.fromEntries(
    createViews(new Axes(), Promise.resolve(null)).map(({ id, view }) => {
      stage.append(view.element);
      return [id, view];
    }),
  );
  // As once they were in sight.
  const lazy = Object.values(views).filter((view) => view instanceof LazyView);
  await Promise.all(lazy.map((view) => view.loaded()));
});
afterEach(() => stage.remove());

const draw = (recording: Recording, cursor = recording.records.length - 1): void => {
  for (const view of Object.values(views)) view.draw(recording, cursor);
};
const find = (id: string, selector: string): HTMLElement =>
  views[id].element.querySelector<HTMLElement>(selector)!;
/** What a curve draws: what stays, and its end. */
const pathOf = (curve: Element): string =>
  [...curve.children].map((path) => path.getAttribute('d') ?? '').join('');
const all = (id: string, selector: string): Element[] => [...views[id].element.querySelectorAll(selector)];

function pointAt(element: Element, kind: string, across: number, down = 0.5): void {
  const { left, top, width, height } = element.getBoundingClientRect();
  element.dispatchEvent(
    new PointerEvent(kind, {
      bubbles: true,
      clientX: left + across * width,
      clientY: top + down * height,
      button: 0,
    }),
  );
}
const press = (element: Element, key: string): boolean =>
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
const tooltipOf = (id: string, within = ''): string | null => {
  const tooltip = find(id, `${within} .tooltip`);
  return tooltip.hidden ? null : [...tooltip.children].map(({ textContent }) => textContent).join(' ');
};

/** Pixels of a view's first canvas that are not transparent. */
function paintedPixels(id: string): number {
  const canvas = find(id, 'canvas') as HTMLCanvasElement;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, k) => k % 4 === 3 && value > 0).length;
}

describe('every view', () => {
  const recordings: [string, () => Recording][] = [
    ['nothing yet', emptyRecording],
    ['one record', () => sampleRecording({ steps: [0] })],
    [
      'prepared, without records',
      () => ({ ...emptyRecording(), preparation: sampleRecording().preparation }),
    ],
    ['records before the first snapshot', () => ({ ...sampleRecording(), snapshots: [], kernels: [] })],
    ['no test set', () => sampleRecording({ test: false })],
    ['no watched points', () => sampleRecording({ targets: [] })],
    ['a first layer alone', () => sampleRecording({ layers: 'first', linearized: false })],
    ['values that are none', () => sampleRecording({ discrepancy: (step) => (step > 20 ? NaN : step) })],
    ['an optimum of exactly 0', () => sampleRecording({ linearOptimum: 0 })],
    ['claims', () => sampleRecording({ claims: true })],
  ];
  it.each(recordings)('draws %s', (_, recording) => {
    expect(() => draw(recording())).not.toThrow();
    expect(stage.innerHTML).not.toMatch(/NaN|undefined|\[object/);
  });

  it('looks at what is new, and at what its pixels show, however much was recorded', () => {
    const base = sampleRecording();
    const steps = Array.from({ length: 20_001 }, (_, k) => (400 * k) / 20_000);
    const { records } = sampleResult({ steps, linearized: true, targets: [1, -1, 1] });
    let looks = 0;
    const counted = records.map((record) => ({
      ...record,
      get train() {
        looks++;
        return record.train;
      },
    }));
    const recording = { ...base, records: counted.slice(0, -1) };
    draw(recording);
    expect(looks).toBeGreaterThan(20_000);
    looks = 0;
    draw(recording);
    expect(looks).toBe(0);
    recording.records.push(counted.at(-1)!);
    draw(recording);
    expect(looks).toBeGreaterThan(0);
    // Some curves of three values a pixel at most, each looked at for the axis and for the path.
    expect(looks).toBeLessThan(20_000);
    const [path] = all('discrepancy', '.curve').map(pathOf);
    expect(path.length).toBeLessThan(640 * 6 * 12);
    expect(path).toMatch(/^M/);
  });

  it('draws again what it drew before', () => {
    draw(sampleRecording());
    draw(emptyRecording(), 0);
    expect(all('loss', '.cursor')).toHaveLength(0);
    draw(sampleRecording());
    expect(all('loss', '.cursor')).toHaveLength(1);
  });

  it('can be reached by the keyboard and has a name', () => {
    draw(sampleRecording());
    for (const { element } of Object.values(views)) {
      expect((element.querySelector('section') ?? element).getAttribute('aria-label')).toBeTruthy();
      expect(element.querySelector('[tabindex="0"], button')).not.toBeNull();
    }
  });

  it('has every colour that the rules name, light and dark', async () => {
    const { default: css } = await import('../../web/lab/views/views.css?raw');
    const { default: page } = await import('../../web/lab/lab.css?raw');
    const own = new Set([...(css + page).matchAll(/(--[\w-]+):/g)].map(([, name]) => name));
    const named = new Set([...(css + page).matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
    const { style, dataset } = document.documentElement;
    const theme = new ThemeSwitch(() => {});
    for (const scheme of ['light', 'dark'] as const) {
      while (dataset['theme'] !== scheme) theme.element.click();
      for (const name of named) {
        if (own.has(name) || pageSets.has(name)) continue;
        expect(style.getPropertyValue(name), name).toBe(colours[name.slice(2)][scheme]);
      }
      hues.forEach((hue, k) => expect(style.getPropertyValue(`--hue-${k + 1}`)).toBe(hue[scheme]));
      expect(style.getPropertyValue('--network')).toBe(palette.network[scheme]);
    }
    style.cssText = '';
    delete dataset['theme'];
    localStorage.clear();
  });
});

describe('views over time', () => {
  it('shows the values under the pointer', () => {
    const recording = sampleRecording();
    draw(recording);
    pointAt(find('loss', '.plot'), 'pointermove', 0.02);
    expect(tooltipOf('loss')).toBe(
      't = 0 training test network 0.500 0.600 linearized network 0.500 0.600 linear model 0.500 0.600',
    );
    pointAt(find('loss', '.plot'), 'pointermove', 0.999);
    expect(tooltipOf('loss')).toMatch(/^t = 400 .*linear model 0\.257 0\.308$/);
    pointAt(find('loss', '.plot'), 'pointerleave', 2);
    expect(tooltipOf('loss')).toBeNull();
  });

  it('asks for the record that was clicked, dragged to or reached by a key', () => {
    const recording = sampleRecording();
    const asked: number[] = [];
    stage.addEventListener('cursor', (event) => asked.push((event as CustomEvent<number>).detail));
    draw(recording, 10);
    const plot = find('discrepancy', '.plot');
    pointAt(plot, 'pointerdown', 0.001);
    pointAt(plot, 'pointermove', 0.999);
    pointAt(plot, 'pointerup', 0.999);
    pointAt(plot, 'pointermove', 0.5);
    const last = recording.records.length - 1;
    expect(asked).toEqual([0, last]);
    for (const key of ['ArrowRight', 'ArrowLeft', 'Home', 'End', 'PageUp']) press(plot, key);
    expect(asked.slice(2)).toEqual([11, 9, 0, last, 20]);
  });

  it('tells those who listen what the cursor is at', () => {
    draw(sampleRecording(), 0);
    const plot = find('loss', '.plot');
    expect(plot.getAttribute('role')).toBe('slider');
    expect(plot.getAttribute('aria-valuetext')).toMatch(/^t = 0, linear model training 0\.500/);
  });

  it('marks T, T/c and the linear optimum', () => {
    draw(sampleRecording());
    expect(all('loss', '.mark-label').map(({ textContent }) => textContent)).toEqual(['T', 'T/c']);
    expect(find('loss', '.rule-label').textContent).toBe('linear optimum 0.257');
    expect(find('movement', '.rule-label').textContent).toBe('R = √(d log d) = 14.0');
    expect(find('loss', '.view-note').textContent).toContain('19.6');
  });

  it('turns an axis by its switch, time in all views at once', () => {
    draw(sampleRecording());
    const [y, t] = all('loss', '.axis-toggle') as HTMLButtonElement[];
    expect([y, t].map((one) => one.getAttribute('aria-pressed'))).toEqual(['false', 'true']);
    const path = (id: string): string => pathOf(find(id, '.curve'));
    const before = [path('loss'), path('discrepancy')];
    y.click();
    expect(y.getAttribute('aria-pressed')).toBe('true');
    expect(path('loss')).not.toBe(before[0]);
    expect(path('discrepancy')).toBe(before[1]);
    t.click();
    expect(path('discrepancy')).not.toBe(before[1]);
    expect(all('outputs', '.axis-toggle[aria-pressed="true"]')).toHaveLength(0);
  });

  it('shows what comes after the cursor as a paler copy of the curves, cut there', () => {
    const recording = sampleRecording();
    const faded = () => all('loss', '.faded');
    draw(recording, recording.records.length - 1);
    expect(faded()).toHaveLength(0);
    draw(recording, 1);
    const [copy] = faded();
    const lines = find('loss', copy.getAttribute('href')!);
    expect(lines.querySelectorAll('.curve').length).toBeGreaterThan(1);
    const sideOf = (element: Element, side: string): number =>
      Number(
        find('loss', `${/url\((#[^)]*)\)/.exec(element.getAttribute('clip-path')!)![1]} rect`).getAttribute(
          side,
        ),
      );
    // Where one ends the other begins, at the cursor.
    const at = Number(find('loss', '.cursor').getAttribute('x1'));
    expect(sideOf(lines.parentElement!, 'width')).toBeCloseTo(at, 1);
    expect(sideOf(copy, 'x')).toBeCloseTo(at, 1);
    draw(recording, recording.records.length - 1);
    expect(faded()).toHaveLength(0);
    expect(lines.parentElement!.hasAttribute('clip-path')).toBe(false);
  });

  it('marks what is exactly 0 at the foot of a logarithmic axis', () => {
    draw(sampleRecording());
    expect(all('discrepancy', '.zero')).toHaveLength(1);
    expect(all('loss', '.zero')).toHaveLength(0);
    const [line, label] = [all('loss', '.rule').length, find('loss', '.rule-label').textContent];
    expect([line, label]).toEqual([1, 'linear optimum 0.257']);
    draw(sampleRecording({ linearOptimum: 0 }));
    (all('loss', '.axis-toggle')[0] as HTMLButtonElement).click();
    expect(all('loss', '.rule')).toHaveLength(0);
    expect(find('loss', '.rule-label').textContent).toBe('linear optimum 0 ↓');
    expect(stage.innerHTML).not.toContain('NaN');
  });
});

describe('weights', () => {
  const shown = (firstLayer = sampleFirstLayer([6, 5, 3], { count: 7 })): Recording => {
    const recording = sampleRecording();
    return { ...recording, result: { ...recording.result!, firstLayer } };
  };
  /** What draws them is loaded first. */
  const loaded = { timeout: 20_000 };
  const canvases = () => all('weights', '.weights-unit canvas') as HTMLCanvasElement[];

  it('are three images a unit, of all channels, when the experiment has ended', async () => {
    draw(shown());
    await expect.poll(() => canvases().length, loaded).toBe(3 * 7);
    for (const { width, height } of canvases()) expect([width, height]).toEqual([3 * 6 - 1, 6]);
    expect(find('weights', '.view-note').textContent).toContain(
      '7 units of 128 that moved most, one of each pair that begins alike, at t = 0, at t = 400',
    );
    // Between channels nothing is painted.
    const { data } = canvases()[0].getContext('2d')!.getImageData(0, 0, 17, 6);
    expect(data.filter((value, k) => k % 4 === 3 && value > 0)).toHaveLength(6 * 5 * 3);
  });

  it('that did not move have the colour of 0 everywhere', async () => {
    draw(shown(sampleFirstLayer([4, 4, 1], { count: 2, movement: 0 })));
    await expect.poll(() => canvases().length, loaded).toBe(6);
    const colours = (canvas: HTMLCanvasElement): Set<string> => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, 4, 4);
      return new Set(Array.from({ length: 16 }, (_, k) => data.slice(4 * k, 4 * k + 4).join(' ')));
    };
    expect([2, 5].map((k) => colours(canvases()[k]).size)).toEqual([1, 1]);
    expect(colours(canvases()[0]).size).toBeGreaterThan(4);
    expect(stage.innerHTML).not.toContain('NaN');
  });

  it('are told of where there are none, also after others were drawn', async () => {
    draw(shown());
    await expect.poll(() => canvases().length, loaded).toBeGreaterThan(0);
    draw(sampleRecording());
    expect(canvases()).toHaveLength(0);
    expect(find('weights', '.view-note').textContent).toContain('whose inputs are images');
  });
});

describe('modes', () => {
  const recording = () => sampleRecording();

  it('has network, linear model and theory for each mode with something to lose', () => {
    draw(recording());
    // Six of seven, of which five have curves.
    expect(all('modes', '.curve')).toHaveLength(15);
    pointAt(find('modes', '.plot'), 'pointermove', 0.02);
    expect(tooltipOf('modes')).toBe(
      't = 0 linear model theory network k = 1 1 1 1 k = 2 1 1 1 k = 16 1 1 1 k = 32 1 1 1 k = 50 1 1 1',
    );
  });

  it('says what is left of the first and of the last, and where and why the models part', () => {
    draw(
      recording(),
      recording().records.findIndex(({ step }) => step === 10),
    );
    const note = find('modes', '.view-note').textContent;
    // (1 − 0.145/1.1)^10 = 24 %, (1 − 0.145)^10 = 21 %, and (1 − 0.03)^10 = 74 %.
    expect(note).toContain(
      'At t = 10, mode 1, of eigenvalue 0.0290, has 24 % of its error left in the network and 21 % in the linear model, by the theory 21 %; mode 50',
    );
    expect(note).toContain('by the theory 74 %');
    // 1e-4 t first exceeds 5 % of 0.45 beyond t = 225; half of it is the kernel’s, which never does.
    expect(note).toContain(
      'part by more than 5 % of ‖flin‖²/n between the recorded steps t = 218 and t = 233.',
    );
    expect(note).toContain('Neither is enough by itself');
  });

  it('says so where there are none', () => {
    const without = recording();
    delete without.stage!.modes;
    draw(without);
    expect(find('modes', '.view-note').textContent).toContain('no modes are measured');
    expect(all('modes', '.curve')).toHaveLength(0);
  });
});

describe('pictures', () => {
  it('paints outputs, fields and kernels', () => {
    draw(emptyRecording(), 0);
    for (const id of ['scatter', 'fields', 'kernels']) expect(paintedPixels(id), id).toBe(0);
    draw(sampleRecording());
    expect(paintedPixels('scatter')).toBeGreaterThan(1000);
    expect(paintedPixels('fields')).toBe(33 ** 2);
    expect(paintedPixels('kernels')).toBe(40 ** 2);
    // A dot a pair of points, and the linear kernel's line.
    expect(all('kernels', 'circle.dot').length).toBeGreaterThan(500);
    expect(all('kernels', '.chart .curve')).toHaveLength(1);
  });

  it('keeps dots apart from the paper where a few targets are large', () => {
    const recording = sampleRecording();
    const { targets } = recording.stage!;
    targets.forEach((_, k) => (targets[k] = k === 0 ? 50 : (k % 2) - 0.5));
    draw(recording);
    const canvas = find('scatter', 'canvas') as HTMLCanvasElement;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const paper = palette.paper.light;
    const [red, green, blue] = [1, 3, 5].map((k) => Number.parseInt(paper.slice(k, k + 2), 16));
    let coloured = 0;
    for (let k = 0; k < data.length; k += 4) {
      const away = Math.abs(data[k] - red) + Math.abs(data[k + 1] - green) + Math.abs(data[k + 2] - blue);
      if (data[k + 3] > 200 && away > 150) coloured++;
    }
    expect(coloured).toBeGreaterThan(1000);
    expect(find('scatter', '.colour-ticks').textContent).toBe('−101');
  });

  it('has the first row of a plane at the bottom and that of a matrix at the top', () => {
    const recording = sampleRecording();
    recording.snapshots.at(-1)!.slice.network[0] = 123.4;
    recording.kernels.at(-1)!.theta[0] = 123.4;
    draw(recording);
    pointAt(find('fields', '.raster'), 'pointermove', 0.01, 0.99);
    expect(tooltipOf('fields')).toMatch(/^\(−1\.5, −1\.5\) √d network 123 /);
    pointAt(find('kernels', '.raster'), 'pointermove', 0.01, 0.01);
    expect(tooltipOf('kernels', '.raster-row')).toMatch(/^points 1 and 1 network 123 /);
  });

  it('reads out cells and points by the arrow keys', () => {
    draw(sampleRecording());
    const row = find('fields', '.raster-row');
    press(row, 'ArrowUp');
    expect(tooltipOf('fields')).toMatch(/^\(0, 0\.094\) √d network .* linear model .* difference /);
    press(row, 'Escape');
    expect(tooltipOf('fields')).toBeNull();
    press(find('scatter', '.plot'), 'ArrowRight');
    expect(tooltipOf('scatter')).toMatch(
      /^(training|test) point \d+ network −.* linear model −.* target −1$/,
    );
    press(find('spectrum', '.plot'), 'Home');
    expect(tooltipOf('spectrum')).toMatch(/^k = 1 network Θ\/n 0\.151 linear model K\/n 0\.029/);
  });

  it('takes the kernels measured last before the cursor', () => {
    const recording = sampleRecording();
    draw(
      recording,
      recording.records.findIndex(({ step }) => step >= 100),
    );
    expect(find('kernels', '.view-note').textContent).toContain('t = 20.');
    expect(find('kernels', '.view-note').textContent).toContain('a share of 0.379');
    expect(find('spectrum', '.view-note').textContent).toContain('2n/‖K‖ = 68.4');
  });
});

describe('kernels', () => {
  it('asks to be measured where they are looked at and are not yet', () => {
    const asked: unknown[] = [];
    stage.addEventListener('measure', (event) => asked.push((event as CustomEvent<unknown>).detail));
    draw({ ...sampleRecording(), kernels: [], spectra: [], shells: [] });
    expect(asked).toEqual([
      { what: 'shell', step: 400 },
      { what: 'kernels', step: 400 },
      { what: 'spectrum', step: 400 },
    ]);
    draw(sampleRecording());
    expect(asked).toHaveLength(3);
  });

  it('are a cloud of pairs over inner products, in their order', () => {
    const points = 2;
    const gram = Float32Array.of(1, 0.25, 0.25, 0.5);
    const theta = Float32Array.of(4, 1, 1, 2.5);
    const straight = kernelCloud({ points, gram, theta, linear: gram.map((g) => 2 * g + 1) });
    expect(straight).toEqual({
      gram: [0.25, 0.5, 1],
      theta: [1, 2.5, 4],
      linear: [1.5, 2, 3],
      pairs: [
        [0, 1],
        [1, 1],
        [0, 0],
      ],
      affine: true,
    });
    expect(kernelCloud({ points, gram, theta, linear: theta }).affine).toBe(false);
  });
});

describe('off the shell', () => {
  const noteAt = (step: number, change: (shells: Shell[]) => void = () => {}): string => {
    const recording = sampleRecording();
    change(recording.shells.find((one) => one.step === step)!.shells);
    draw(
      recording,
      recording.records.findIndex((record) => record.step >= step),
    );
    return find('shell', '.view-note').textContent;
  };

  it('has the difference as a share, and what it is a share of, with the shell marked', () => {
    draw(sampleRecording());
    expect(all('shell', '.chart')).toHaveLength(2);
    expect(all('shell', '.curve')).toHaveLength(4);
    expect(all('shell', '.mark-label').map(({ textContent }) => textContent)).toEqual(['√d', '√d']);
    press(find('shell', '.plot'), 'End');
    // 0.04 · 3.2²
    expect(tooltipOf('shell')).toBe('s = 4 difference 0.410');
    expect(find('shell', '.legend[hidden]')).not.toBeNull();
    // At 0 both are 0, which is no share, on either axis.
    press(find('shell', '.plot'), 'Home');
    expect(tooltipOf('shell')).toBe('s = 0 difference —');
    (all('shell', '.axis-toggle')[0] as HTMLElement).click();
    expect(all('shell', '.zero')).toHaveLength(0);
  });

  it('says how it is on the shell, inside and outside, of the spheres where it is most', () => {
    const note = noteAt(128, (shells) => {
      shells[2].share = { value: 0.0123, error: 0.0004 };
      shells[13].share = { value: 0.5, error: 0.01 };
      shells[14].share = { value: Number.NaN, error: Number.NaN };
    });
    // 0.04 · 0.2² on the shell.
    expect(note).toContain(
      'on the shell s = 1 the mean squared difference is 0.16 ± 0.10\u202f% of the larger',
    );
    expect(note).toContain('inside of it at most 1.230 ± 0.040\u202f% at s = 0.5');
    expect(note).toContain('outside at most 50.0 ± 1.0\u202f% at s = 3.25');
  });

  it('says when the theorems are over, and of 0 that it is 0', () => {
    expect([noteAt(128).includes('after T'), noteAt(0).includes('after T')]).toEqual([true, false]);
    expect(noteAt(0)).toContain('At t = 0 both functions are 0 at every radius.');
  });
});

describe('beside another experiment', () => {
  it('every chart over t has its curves in grey, and what differs is said in words', () => {
    const recording = sampleRecording();
    const [spec, other] = [8, 128].map((width) => parseSpec({ ...recording.spec, network: { width } }));
    const { preparation, records } = sampleRecording({ discrepancy: (step) => step / 10 });
    const compared = { spec: other, preparation, records, name: 'A', pinned: true } as const;
    draw({ ...recording, spec, compared });
    for (const id of ['loss', 'discrepancy', 'movement']) {
      const ghosts = all(id, '.ghost .curve').map(pathOf);
      expect(ghosts.length, id).toBeGreaterThan(0);
      for (const path of ghosts) expect(path).toMatch(/^M.*L/);
    }
    expect(find('loss', '.legend').textContent).toContain('A');
    expect(find('compare', '.compare-words').textContent).toBe('Hidden units: 128 in A, 8 in B');
    expect(all('compare', '.compare-column .chart')).toHaveLength(4);
  });

  it('specs differ in what their fields say, and in nothing else', () => {
    const spec = parseSpec(labPresets[0].spec);
    expect(specDifferences(spec, { ...spec, name: 'other' })).toEqual([]);
    expect(specDifferences(spec, { ...spec, seed: 3 })).toEqual([{ path: 'seed', a: '0', b: '3' }]);
  });
});

describe('outputs', () => {
  it('have a wedge for each target, those of one height side by side within the chart', () => {
    draw(sampleRecording({ targets: [1, -1, 1, -1, 1] }));
    const wedges = all('outputs', '.wedge').map((wedge) => wedge.getBoundingClientRect());
    expect(new Set(wedges.map(({ top }) => top)).size).toBe(2);
    expect(new Set(wedges.map(({ top, left }) => `${top} ${left}`)).size).toBe(5);
    const { right } = find('outputs', '.plot').getBoundingClientRect();
    for (const wedge of wedges) expect(wedge.right).toBeLessThanOrEqual(right);
  });
});

describe('every view', () => {
  it('is explained', () => {
    expect(Object.keys(explanations).sort()).toEqual(Object.keys(views).sort());
  });
});

describe('growing d', () => {
  const { constants } = sampleRecording().preparation!;

  it('says that it falls only where it does', () => {
    const fit = { exponent: -0.6, standardError: 0.1 };
    expect(growthWords({ ...fit, interval: [-0.8, -0.4] })).toMatch(/ it falls as /);
    expect(growthWords({ ...fit, interval: [-1.3, 0.1] })).toMatch(/do not tell whether it falls\.$/);
    expect(growthWords({ ...fit, exponent: 0.6, interval: [0.4, 0.8] })).toMatch(
      /: it grows, with 95 % confidence\.$/,
    );
    expect(growthWords({ ...fit, interval: null })).not.toMatch(/falls/);
  });

  it('runs the points of the sweep that it saves, and fits the power of what they measured', () => {
    const spec = parseSpec(labPresets[0].spec);
    const sent: Parameters<GrowthLine['send']>[0][] = [];
    let told: Parameters<GrowthLine['listen']>[0] = () => {};
    const line: GrowthLine = { send: (command) => sent.push(command), listen: (to) => (told = to) };
    const growth = new Growth(growSweep(spec, { constants }), line, () => {});
    // As the command line reads what is saved.
    const { points } = parseSweep(JSON.parse(JSON.stringify(growth.sweep)));
    expect(points.map(({ values }) => values['d'])).toEqual(
      [10, 14, 20, 28, 40, 57, 80].flatMap((d) => [d, d, d]),
    );
    for (const { spec: point } of points) expect(() => requirePageSize(point, new Map())).not.toThrow();
    growth.start();
    expect(sent).toEqual([
      { kind: 'grow', points: points.map(({ id, spec: point }) => ({ id, spec: point })) },
    ]);
    for (const { id, values } of points.slice(0, 9)) {
      const measures = new Map([['test_early_discrepancy', Number(values['d']) ** -0.5]]);
      told({ kind: 'grown', id, outcome: { kind: 'measured', diverged: false, measures } });
    }
    expect(growth.power('test')!.exponent).toBeCloseTo(-0.5, 10);
    growth.stop();
    told({ kind: 'growing-ended', failure: null });
    growth.start();
    expect(sent.slice(1).map((command) => (command.kind === 'grow' ? command.points.length : 0))).toEqual([
      0, 12,
    ]);
  });

  it('takes one width for layers only where it is enough for them', () => {
    const spec = parseSpec({ ...labPresets[0].spec, network: { width: 128, activation: 'relu' } });
    const layersOf = (theta0: number): unknown =>
      (growSweep(spec, { constants: { ...constants, theta0 } })['training'] as { layers: string }).layers;
    expect([layersOf(0), layersOf(0.4)]).toEqual(['both', 'first']);
  });
});

describe('assumptions', () => {
  it('are the conditions of the claim for the layers that train', () => {
    const { preparation } = sampleRecording();
    for (const [layers, number] of [
      ['first', 5],
      ['second', 7],
      ['both', 8],
    ] as const) {
      const spec = parseSpec({ ...sampleRecording().spec, training: { layers, eta: 1, steps: 10 } });
      const claim = claims.find((one) => one.number === number)!;
      expect(assumptionsOf(spec, preparation!)).toEqual({
        claim,
        conditions: claim.conditions(settingOf(spec, preparation!)),
      });
    }
  });
});

describe('a film', () => {
  it('has the first and the last record, and no more frames than it can', () => {
    expect(filmRecords(5, 3)).toEqual([0, 2, 4]);
    expect(filmRecords(2, 100)).toEqual([0, 1]);
    expect(filmRecords(1)).toEqual([0]);
  });
});

describe('the claims’ board', () => {
  const wordOf = (claim: number): string | null =>
    find('claims', `.claim:nth-child(${claim}) .word`).textContent;

  it('has every claim with its formula, set for eyes and ears', async () => {
    draw(emptyRecording(), 0);
    expect(all('claims', '.claim')).toHaveLength(claims.length);
    await expect.poll(() => all('claims', '.claim-formula .katex-html').length).toBe(claims.length);
    expect(all('claims', '.claim-formula math')).toHaveLength(claims.length);
    expect(all('claims', '.katex-error')).toHaveLength(0);
  });

  it('says how each one stands', () => {
    const recording = sampleRecording({ claims: true });
    recording.claims.find(({ claim }) => claim === 2)!.verdict = 'fails';
    draw(recording);
    // 1.3 ≲ 4 × 0.5 is no error, as 1.3 ≲ 0.5 would seem.
    expect(find('claims', '.claim:nth-child(14) .claim-bound').textContent).toMatch(/^\S+ 10(⁻¹)? × /);
    expect([1, 2, 3, 10, 13].map(wordOf)).toEqual([
      'holds',
      'fails',
      'not measured',
      'undecided',
      'conditions not met',
    ]);
    expect(find('claims', '.claims-summary').textContent).toBe(
      '7 hold, 1 fails, 1 with conditions not met, 1 undecided, 7 not measured',
    );
    expect(find('claims', '.claim:nth-child(14) .ratio').getAttribute('aria-label')).toMatch(
      /^measured\/right-hand side .*; constant granted 10$/,
    );
  });

  it('folds what was not measured, and offers to measure all where none is', () => {
    const shownRows = (): number =>
      all('claims', '.claim').filter((row) => (row as HTMLElement).offsetHeight > 0).length;
    const fold = find('claims', '.claims-fold');
    draw(sampleRecording({ claims: true }));
    expect([shownRows(), fold.textContent]).toEqual([claims.length - 7, 'Show the 7 not measured']);
    expect(find('claims', '.claims-offer').hidden).toBe(true);
    fold.click();
    expect([shownRows(), fold.textContent]).toEqual([claims.length, 'Hide the 7 not measured']);
    fold.click();

    const none = sampleRecording();
    none.spec = { ...none.spec, claims: 'none' };
    draw(none);
    expect([shownRows(), fold.textContent]).toEqual([0, `Show all ${claims.length} claims`]);
    expect(find('claims', '.claims-summary').textContent).toBe(
      'This experiment measures none of the claims.',
    );
    let asked = 0;
    document.body.addEventListener('claims', () => asked++, { once: true });
    find('claims', '.claims-offer button').click();
    expect(asked).toBe(1);
    draw({ ...none, recorded: true });
    expect(find('claims', '.claims-offer').hidden).toBe(true);
  });

  it('says how far a measurement is, and what it is at', () => {
    const running = sampleRecording({ claims: true });
    running.spec = { ...running.spec, claims: 'all' };
    running.phase = 'running';
    draw({ ...running, measuring: 3 });
    const words = find('claims', '.claims-progress').textContent;
    const [, done, all_] = /^(\d+) of (\d+) measured so far; claim 3 is being measured/
      .exec(words)!
      .map(Number);
    expect(done).toBe(running.claims.length);
    expect(all_).toBeGreaterThanOrEqual(done);
    draw({ ...running, phase: 'ended' });
    expect(find('claims', '.claims-progress').hidden).toBe(true);
  });

  it('opens to the statement, conditions, quantities and curves', () => {
    draw(sampleRecording({ claims: true }));
    const button = find('claims', '.claim:nth-child(13) .claim-line');
    const panel = find('claims', '#claim-panel-13');
    expect([button.getAttribute('aria-expanded'), panel.hidden]).toEqual(['false', true]);
    button.click();
    expect([button.getAttribute('aria-expanded'), panel.hidden]).toEqual(['true', false]);
    expect(panel.textContent).toContain('Under Assumption 1');
    expect(panel.querySelectorAll('table')).toHaveLength(2);
    expect(panel.querySelectorAll('.curve').length).toBeGreaterThan(2);
    draw(sampleRecording({ claims: true }));
    expect(panel.hidden).toBe(false);
    button.click();
    expect(panel.hidden).toBe(true);
  });

  it('says why one is not measured', () => {
    draw(sampleRecording());
    const reason = (claim: number): string => find('claims', `.claim:nth-child(${claim}) .claim-line`).title;
    expect(reason(7)).toBe('Not about this experiment: it is about training the second layer alone.');
    expect(reason(8)).toBe('This experiment does not measure it.');
  });
});

describe('figures of what is on the screen', () => {
  it('has one for each view and what the claims measured', async () => {
    const recording = sampleRecording({ claims: true });
    const figures = figuresOf(recording, 40);
    const slugs = figures.map(({ slug }) => slug);
    expect(new Set(slugs).size).toBe(slugs.length);
    expect(slugs).toEqual(
      expect.arrayContaining([
        'loss',
        'discrepancy',
        'outputs',
        'scatter',
        'slice-network',
        'shell-share',
        'shell-sizes',
        'kernel-difference',
        'spectrum',
        'modes',
        'movement',
      ]),
    );
    for (const { svg } of figures) expect(svg.outerHTML).not.toMatch(/NaN|undefined|var\(/);
    const png = await svgToPng(figures.find(({ slug }) => slug === 'kernel-network')!.svg, 1);
    expect(png.size).toBeGreaterThan(1000);
  });

  it('has none of nothing', () => {
    expect(figuresOf(emptyRecording(), 0)).toEqual([]);
  });
});
