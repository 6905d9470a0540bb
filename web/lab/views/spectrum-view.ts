import { formatCount, formatNumber } from '../../figures/format.ts';
import type { SpectrumSnapshot, View } from '../recording.ts';
import type { AxisChoice } from './axis-choice.ts';
import { AxisToggle } from './axis-toggle.ts';
import { htmlElement, htmlMarked } from './html-element.ts';
import { LineChart } from './line-chart.ts';
import { LiveView } from './live-view.ts';
import { askFor, measuredAt, measurementsOf, workWords } from './measured-kernels.ts';
import { spectrumChart } from './spectrum-chart.ts';

/** The largest eigenvalues of Θ/n and K/n, and the largest rate at which the linear model is stable. */
export function createSpectrumView(choice: AxisChoice): View {
  const toggle = new AxisToggle(choice, 'λ', 'vertical axis');
  const chart = new LineChart('Spectrum of the kernels; arrow keys read out eigenvalues', null, [
    toggle.element,
  ]);
  const note = htmlElement('p', 'view-note');
  const element = htmlElement('section', 'view view-spectrum', chart.element, note);
  element.setAttribute('aria-label', 'Spectrum of the kernels');
  const view = new LiveView(
    element,
    (recording, cursor) => {
      const spectrum = measuredAt('spectrum', recording, cursor);
      askFor('spectrum', element, recording, cursor);
      const d = recording.preparation?.d ?? 0;
      const shown = spectrumChart(spectrum, d);
      toggle.show(
        chart.draw({
          ...shown,
          y: { ...shown.y, scale: choice.chosen ?? shown.y.scale },
          cursor: null,
          nameOf: (index) => `*k* = ${index + 1}`,
        }),
      );
      const rate = recording.preparation?.largestStableRate ?? null;
      const stable =
        rate === null
          ? ''
          : ` The linear model is stable up to <i>η</i> = 2<i>n</i>/‖<i>K</i>‖ = ${formatNumber(rate)}; here <i>η</i> = ${formatNumber(recording.preparation!.eta)}.`;
      note.replaceChildren(
        htmlMarked('span', '', `${spectrumWords(spectrum, d)}${stable} ${workWords('spectrum', recording)}`),
      );
    },
    measurementsOf,
  );
  choice.onChange(() => view.redraw());
  return view;
}

/** The linear model's kernel has as many directions as inputs, and few more: how steep the cliff behind them is, in both. */
function spectrumWords(spectrum: SpectrumSnapshot | undefined, d: number): string {
  if (!spectrum) return 'No spectrum has been measured yet.';
  const { step, theta, linear } = spectrum;
  const fall = (values: ArrayLike<number>): string => formatNumber(values[d] / values[d - 1], 2);
  const cliff =
    d > 0 && theta.length > d && linear.length > d
      ? ` From <i>k</i> = <i>d</i> to <i>d</i> + 1 the network’s falls to ${fall(theta)} of itself, the linear model’s to ${fall(linear)}.`
      : '';
  return `At <i>t</i> = ${formatCount(step)}.${cliff}`;
}
