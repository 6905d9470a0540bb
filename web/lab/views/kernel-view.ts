import type { Alignment } from '../../../src/experiment/result.ts';
import { formatCount, formatMean, formatNumber } from '../../figures/format.ts';
import type { KernelSnapshot, Recording, View } from '../recording.ts';
import { ColourBar } from './colour-bar.ts';
import { currentScheme } from './colour-scheme.ts';
import { colourScale } from './diverging.ts';
import { htmlElement, htmlMarked } from './html-element.ts';
import { LiveView } from './live-view.ts';
import { RasterPanel } from './raster-panel.ts';
import { RasterRow } from './raster-row.ts';

/** The last kernels taken up to the cursor. */
export const kernelsAt = ({ records, kernels }: Recording, cursor: number): KernelSnapshot | undefined =>
  kernels.findLast(({ step }) => step <= (records.at(cursor)?.step ?? 0)) ?? kernels.at(0);

/** Θ of the network at its present parameters, K of the linear model, and their difference, on the first points. */
export function createKernelView(): View {
  const panels = {
    theta: new RasterPanel('network\u2002*Θ*', false),
    linear: new RasterPanel('linear\u2002*K*', false),
    difference: new RasterPanel('*Θ* − *K*', false),
  };
  const bars = {
    kernels: new ColourBar('entry (colour by its root)'),
    difference: new ColourBar('difference'),
  };
  bars.kernels.element.classList.add('wide');
  const row = new RasterRow(
    'Kernels on training points',
    Object.values(panels),
    bars.kernels.element,
    bars.difference.element,
  );
  const note = htmlElement('p', 'view-note');
  const element = htmlElement('section', 'view view-kernels', row.element, note);
  element.setAttribute('aria-label', 'Kernels on training points');
  return new LiveView(element, (recording, cursor) => {
    const kernels = kernelsAt(recording, cursor);
    if (!kernels) {
      for (const panel of Object.values(panels))
        panel.paint(1, () => Number.NaN, { greatest: 1, shape: 'root' }, 'light');
      row.update(0, () => ({ title: '', lines: [] }));
      note.textContent = 'No kernel has been measured yet.';
      return;
    }
    const { step, points, theta, linear } = kernels;
    const difference = theta.map((value, k) => value - linear[k]);
    const scheme = currentScheme();
    const scales = {
      kernels: colourScale('root', theta, linear),
      difference: colourScale('root', difference),
    };
    const at = (values: Float32Array) => (down: number, column: number) => values[down * points + column];
    panels.theta.paint(points, at(theta), scales.kernels, scheme);
    panels.linear.paint(points, at(linear), scales.kernels, scheme);
    panels.difference.paint(points, at(difference), scales.difference, scheme);
    bars.kernels.show(scales.kernels, scheme);
    bars.difference.show(scales.difference, scheme);
    row.update(points, ({ row: i, column: j }) => ({
      title: `points ${i + 1} and ${j + 1}`,
      lines: [
        { label: '<i>Θ</i>', text: formatNumber(theta[i * points + j]), colour: 'var(--network)' },
        { label: '<i>K</i>', text: formatNumber(linear[i * points + j]), colour: 'var(--linear)' },
        {
          label: '<i>Θ</i> − <i>K</i>',
          text: formatNumber(difference[i * points + j]),
          colour: 'var(--discrepancy)',
        },
      ],
    }));
    note.replaceChildren(
      htmlMarked(
        'span',
        '',
        `The first ${formatCount(points)} training points at <i>t</i> = ${formatCount(step)}. ‖<i>Θ</i> − <i>K</i>‖<sub>F</sub>/‖<i>K</i>‖<sub>F</sub> = ${formatNumber(frobenius(difference) / frobenius(linear))} on them.${alignmentWords(recording.records.at(cursor)?.alignment)}`,
      ),
    );
  });
}

/** Of the whole kernel at the cursor, where the experiment measures it. */
const alignmentWords = (alignment: Alignment | undefined): string =>
  alignment
    ? ` On all of them, the alignment of <i>Θ</i>(<i>t</i>) is ${formatMean(alignment.start.value, alignment.start.error)} with <i>Θ</i>(0) and ${formatMean(alignment.target.value, alignment.target.error)} with the targets.`
    : '';

const frobenius = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
