import { formatCount, formatNumber } from '../../figures/format.ts';
import { svgElement } from '../../figures/svg.ts';
import type { View } from '../recording.ts';
import { ColourBar } from './colour-bar.ts';
import { currentScheme } from './colour-scheme.ts';
import { htmlElement, htmlMarked } from './html-element.ts';
import { LiveView } from './live-view.ts';
import { snapshotAt } from './snapshots.ts';
import { RasterPanel } from './raster-panel.ts';
import { RasterRow } from './raster-row.ts';
import { targetScale } from './target-scale.ts';

/** Outputs of both models and their difference on a plane through 0, with the shell that the data lie on. */
export function createFieldView(): View {
  const panels = {
    network: new RasterPanel('network\u2002*f*_{*t*}', true),
    linear: new RasterPanel('linear\u2002*f*_{lin,*t*}', true),
    difference: new RasterPanel('difference', true),
  };
  const shells = Object.values(panels).map((panel) => {
    // On every shade one of both is seen.
    const circles = ['shell-under', 'shell'].map((name) =>
      svgElement('circle', { class: name, cx: 0.5, cy: 0.5, r: 0 }),
    );
    for (const circle of circles.toReversed()) panel.addLine(circle);
    return circles;
  });
  const bar = new ColourBar('output, the ends for all beyond');
  bar.element.classList.add('all');
  const row = new RasterRow('Outputs on a plane through 0', Object.values(panels), bar.element);
  const note = htmlElement('p', 'view-note');
  const element = htmlElement('section', 'view view-fields', row.element, note);
  element.setAttribute('aria-label', 'Outputs on a plane through 0');
  return new LiveView(element, (recording, cursor) => {
    const { stage } = recording;
    const snapshot = snapshotAt(recording, cursor);
    if (!stage || !snapshot) {
      for (const panel of Object.values(panels))
        panel.paint(1, () => Number.NaN, { greatest: 1, shape: 'linear' }, 'light');
      row.update(0, () => ({ title: '', lines: [] }));
      note.textContent = 'Waiting for the first outputs.';
      return;
    }
    const { side, extent } = stage.slice;
    const { network, linear } = snapshot.slice;
    /** In units of √d. */
    const place = (index: number): number => ((2 * index) / (side - 1) - 1) * extent;
    const difference = network.map((value, k) => value - linear[k]);
    const scheme = currentScheme();
    // That of the targets: the same for all three and at every step.
    const scale = targetScale(stage.targets);
    const at = (values: Float32Array) => (down: number, column: number) => values[down * side + column];
    panels.network.paint(side, at(network), scale, scheme);
    panels.linear.paint(side, at(linear), scale, scheme);
    panels.difference.paint(side, at(difference), scale, scheme);
    bar.show(scale, scheme);
    // The outermost points are the middles of the outermost cells.
    const radius = (side - 1) / (2 * side * extent);
    for (const circle of shells.flat()) circle.setAttribute('r', String(radius));
    const coordinate = (index: number): string => formatNumber(place(index), 2);
    row.update(side, ({ row: down, column }) => ({
      title: `(${coordinate(column)}, ${coordinate(down)}) √<i>d</i>`,
      lines: [
        { label: 'network', text: formatNumber(network[down * side + column]), colour: 'var(--network)' },
        { label: 'linear model', text: formatNumber(linear[down * side + column]), colour: 'var(--linear)' },
        {
          label: 'difference',
          text: formatNumber(difference[down * side + column]),
          colour: 'var(--discrepancy)',
        },
      ],
    }));
    note.replaceChildren(
      htmlMarked(
        'span',
        '',
        `A random plane through 0 at <i>t</i> = ${formatCount(snapshot.step)}, ±${formatNumber(extent)}√<i>d</i> a side. Circle: the shell ‖<i>x</i>‖ = √<i>d</i> that the data lie on. All three have one scale of colours, that of the targets, at every step.`,
      ),
    );
  });
}
