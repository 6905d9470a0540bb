import { type DimensionSeries, dimensionChart } from '../../figures/charts/discrepancy-by-dimension.ts';
import { formatInterval } from '../../figures/exponents.ts';
import { formatCount } from '../../figures/format.ts';
import { notationToHtml } from '../../figures/notation.ts';
import type { FittedPower } from '../../../src/math/power-law.ts';
import type { GrowthLine } from '../controller.ts';
import { save } from '../export.ts';
import type { Recording, View } from '../recording.ts';
import { htmlElement } from '../views/html-element.ts';
import { LineChart } from '../views/line-chart.ts';
import { LiveView } from '../views/live-view.ts';
import { growSweep } from './grow-sweep.ts';
import { Growth } from './growth.ts';

/** The theorem in a picture: the discrepancy up to T falls as d grows, n and m with it. */
export function createGrowView(line: GrowthLine | null): View {
  const start = htmlElement('button', 'action');
  const spec = htmlElement('button', 'action', 'Save the sweep');
  const state = htmlElement('output', 'grow-state');
  const chart = new LineChart('Largest discrepancy up to T over d; arrow keys read out dimensions', null);
  const note = htmlElement('p', 'view-note');
  const controls = htmlElement('div', 'view-controls', start, spec, state);
  const element = htmlElement('section', 'view view-grow', controls, chart.element, note);
  element.setAttribute('aria-label', 'Discrepancy over the dimension');
  for (const button of [start, spec]) button.type = 'button';
  let growth: Growth | null = null;
  /** Where nothing has been run yet, the sweep follows the experiment on the screen. */
  const follow = ({ spec: shown, preparation }: Recording): void => {
    if (!line || !preparation || (growth && (growth.running || growth.outcomes.size > 0))) return;
    growth = new Growth(growSweep(shown, preparation), line, () => view.redraw());
  };
  start.addEventListener('click', () => {
    if (growth?.running) growth.stop();
    else if (growth?.left.length === 0) {
      growth = new Growth(growth.sweep, line!, () => view.redraw());
      growth.start();
    } else growth?.start();
  });
  spec.addEventListener('click', () => {
    const text = `${JSON.stringify(growth!.sweep, null, 2)}\n`;
    save({ name: 'grow-d.json', blob: new Blob([text], { type: 'application/json' }) });
  });
  const view = new LiveView(element, (recording) => {
    follow(recording);
    start.disabled = spec.disabled = growth === null;
    start.textContent = wordOf(growth);
    state.innerHTML = line ? stateOf(growth) : 'This browser cannot compute it.';
    drawGrowth(chart, growth);
    note.innerHTML = growth ? wordsOf(growth) : '';
  });
  return view;
}

function wordOf(growth: Growth | null): string {
  if (!growth || growth.outcomes.size === 0) return growth?.running ? 'Stop' : 'Grow d';
  if (growth.running) return 'Stop';
  return growth.left.length > 0 ? 'Go on' : 'Once more';
}

function stateOf(growth: Growth | null): string {
  if (!growth) return '';
  if (growth.failure !== null) return notationToHtml(growth.failure);
  const done = `${formatCount(growth.outcomes.size)} of ${formatCount(growth.points.length)} runs`;
  if (!growth.under) return done;
  const { point, share } = growth.under;
  return `${done}; <i>d</i> = ${point.values['d']}, seed ${point.values['seed']}: ${Math.floor(100 * share)} %`;
}

function drawGrowth(chart: LineChart, growth: Growth | null): void {
  const dimensions = growth ? [...new Set(growth.points.map(({ values }) => Number(values['d'])))] : [];
  const series = (['train', 'test'] as const).map((set): DimensionSeries => ({
    set,
    points: (growth?.grown(set) ?? []).map(({ d, seed, discrepancy }) => ({
      x: d,
      y: discrepancy,
      series: seed,
    })),
    fit: growth?.power(set) ?? null,
  }));
  chart.draw({
    ...dimensionChart(series, dimensions, {
      x: 'input dimension\u2002*d*\u2002(*n* = *m* = ⌈*d*^{1.5}⌉)',
      y: 'largest discrepancy up to *T*',
    }),
    cursor: null,
    nameOf: (index) => `*d* = ${formatCount(dimensions[index])}`,
  });
}

/** Whether it falls, as far as the runs can tell: the whole interval has to be below 0. As HTML. */
export function growthWords(fit: FittedPower): string {
  const power = `<i>d</i><sup>${formatInterval(fit)}</sup>`;
  if (fit.interval === null)
    return `On test points it goes as ${power}; how sure that is, so few runs cannot tell.`;
  const [least, most] = fit.interval;
  if (most < 0) return `On test points it falls as ${power}, with 95 % confidence.`;
  const told = least > 0 ? 'it grows, with 95 % confidence' : 'these runs do not tell whether it falls';
  return `On test points it goes as ${power}: ${told}.`;
}

function wordsOf(growth: Growth): string {
  const fit = growth.power('test');
  const command = 'npx first-light sweep grow-d.json';
  return `${fit && growth.left.length === 0 ? `${growthWords(fit)} ` : ''}The theorem: up to <i>T</i> = ½ <i>d</i> log <i>d</i>/<i>η</i> the mean square difference of network and linear model is at most of order <i>d</i><sup>−Ω(<i>α</i>)</sup> where <i>n</i>, <i>m</i> ≳ <i>d</i><sup>1+<i>α</i></sup> (claims 5 to 8). It runs beside the experiment; the same numbers come from the sweep, saved, by <code>${command}</code>.`;
}
