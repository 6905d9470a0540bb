import { shellCharts, shellWords } from '../../figures/charts/shells.ts';
import { formatGiven } from '../../figures/format.ts';
import { notationToHtml } from '../../figures/notation.ts';
import type { ShellSnapshot, View } from '../recording.ts';
import type { AxisChoice } from './axis-choice.ts';
import { AxisToggle } from './axis-toggle.ts';
import { htmlElement, htmlMarked } from './html-element.ts';
import { LineChart } from './line-chart.ts';
import { LiveView } from './live-view.ts';
import { askFor, measuredAt, measurementsOf, workWords } from './measured-kernels.ts';

const none: ShellSnapshot['shells'] = [];

/** Both functions on spheres inside and outside of the shell ‖x‖ = √d, and how far they are from each other there. */
export function createShellView(choice: AxisChoice): View {
  const toggle = new AxisToggle(choice, 'y', 'vertical axis of the share');
  const share = new LineChart('Difference over the radius; arrow keys read out radii', null, [
    toggle.element,
  ]);
  const sizes = new LineChart('Outputs over the radius; arrow keys read out radii', null);
  const note = htmlElement('p', 'view-note');
  const pictures = htmlElement('div', 'picture-pair', share.element, sizes.element);
  const element = htmlElement('section', 'view view-shell', pictures, note);
  element.setAttribute('aria-label', 'Off the shell');
  const view = new LiveView(
    element,
    (recording, cursor) => {
      const measured = measuredAt('shell', recording, cursor);
      askFor('shell', element, recording, cursor);
      const shells = measured?.shells ?? none;
      const charts = shellCharts(shells);
      const common = {
        cursor: null,
        nameOf: (index: number) => `*s* = ${formatGiven(shells[index].radius)}`,
      };
      const y = { ...charts.share.y, scale: choice.chosen ?? charts.share.y.scale };
      toggle.show(share.draw({ ...charts.share, ...common, y }));
      sizes.draw({ ...charts.sizes, ...common });
      const words = measured
        ? notationToHtml(shellWords(shells, measured.step, recording.preparation?.horizon ?? Infinity))
        : 'Nothing has been measured off the shell yet.';
      // A measurement is over in a moment: of one beside what there is nothing is said, unless it failed.
      const work = measured && recording.kernelFailure === null ? '' : workWords('shell', recording);
      note.replaceChildren(htmlMarked('span', '', `${words} ${work}`));
    },
    measurementsOf,
  );
  choice.onChange(() => view.redraw());
  return view;
}
