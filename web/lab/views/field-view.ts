import { formatCount, formatNumber } from '../../figures/format.ts';
import { svgElement } from '../../figures/svg.ts';
import type { View } from '../recording.ts';
import { currentScheme } from './colour-scheme.ts';
import { htmlElement, htmlMarked } from './html-element.ts';
import { LiveView } from './live-view.ts';
import { sliceKinds, sliceMaps } from './model-maps.ts';
import { snapshotAt } from './snapshots.ts';
import { RasterRow } from './raster-row.ts';

/** Outputs of both models and their difference on a plane through 0, with the shell that the data lie on. */
export function createFieldView(): View {
  const row = new RasterRow(
    'Outputs on a plane through 0',
    sliceKinds,
    'output, the ends for all beyond',
    true,
  );
  const shells = row.panels.flatMap((panel) => {
    // On every shade one of both is seen.
    const circles = ['shell-under', 'shell'].map((name) =>
      svgElement('circle', { class: name, cx: 0.5, cy: 0.5, r: 0 }),
    );
    for (const circle of circles.toReversed()) panel.addLine(circle);
    return circles;
  });
  const note = htmlElement('p', 'view-note');
  const element = htmlElement('section', 'view view-fields', row.element, note);
  element.setAttribute('aria-label', 'Outputs on a plane through 0');
  return new LiveView(element, (recording, cursor) => {
    const { stage } = recording;
    const snapshot = snapshotAt(recording, cursor);
    if (!stage || !snapshot) {
      row.draw(null, 'light', () => '');
      note.textContent = 'Waiting for the first outputs.';
      return;
    }
    const { side, extent } = stage.slice;
    /** In units of √d. */
    const place = (index: number): string => formatNumber(((2 * index) / (side - 1) - 1) * extent, 2);
    // The outermost points are the middles of the outermost cells.
    const radius = (side - 1) / (2 * side * extent);
    for (const circle of shells) circle.setAttribute('r', String(radius));
    row.draw(
      sliceMaps(snapshot, stage),
      currentScheme(),
      ({ row: down, column }) => `(${place(column)}, ${place(down)}) √<i>d</i>`,
    );
    note.replaceChildren(
      htmlMarked(
        'span',
        '',
        `A random plane through 0 at <i>t</i> = ${formatCount(snapshot.step)}, ±${formatNumber(extent)}√<i>d</i> a side. Circle: the shell ‖<i>x</i>‖ = √<i>d</i>. All three have one scale of colours, that of the targets, at every step.`,
      ),
    );
  });
}
