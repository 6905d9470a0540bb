import type { Alignment } from '../../../src/experiment/result.ts';
import { formatCount, formatMean, formatNumber } from '../../figures/format.ts';
import type { KernelSnapshot, View } from '../recording.ts';
import { currentScheme } from './colour-scheme.ts';
import { htmlElement, htmlMarked } from './html-element.ts';
import { type KernelCloud, cloudChart, kernelCloud } from './kernel-cloud.ts';
import { LineChart } from './line-chart.ts';
import { LiveView } from './live-view.ts';
import { kernelKinds, kernelMaps } from './model-maps.ts';
import { askFor, measuredAt, measurementsOf, workWords } from './measured-kernels.ts';
import { RasterRow } from './raster-row.ts';

/**
 * The kernel of the network against the inner product of its points, on which the linear model's is a line; and both, with
 * their difference, as pictures.
 */
export function createKernelView(): View {
  const chart = new LineChart('Kernel entries over inner products; arrow keys read out pairs', null);
  const maps = new RasterRow('Kernels on training points', kernelKinds, 'entry (colour by its root)', false);
  const note = htmlElement('p', 'view-note');
  const pictures = htmlElement('div', 'picture-pair', chart.element, maps.element);
  const element = htmlElement('section', 'view view-kernels', pictures, note);
  element.setAttribute('aria-label', 'Kernels on training points');
  let drawn: { kernels: KernelSnapshot | undefined; width: number; scheme: string } | null = null;
  return new LiveView(
    element,
    (recording, cursor, width) => {
      const kernels = measuredAt('kernels', recording, cursor);
      askFor('kernels', element, recording, cursor);
      const scheme = currentScheme();
      // A thousand dots are not drawn anew for every step of the cursor.
      if (!drawn || drawn.kernels !== kernels || drawn.width !== width || drawn.scheme !== scheme) {
        drawn = { kernels, width, scheme };
        drawCloud(chart, kernels);
        maps.draw(
          kernels ? kernelMaps(kernels) : null,
          scheme,
          ({ row, column }) => `points ${row + 1} and ${column + 1}`,
        );
      }
      const words = kernels
        ? kernelWords(kernels) + alignmentWords(recording.records.at(cursor)?.alignment)
        : 'No kernel has been measured yet.';
      note.replaceChildren(htmlMarked('span', '', `${words} ${workWords('kernels', recording)}`));
    },
    measurementsOf,
  );
}

function drawCloud(chart: LineChart, kernels: KernelSnapshot | undefined): void {
  const cloud: KernelCloud = kernels
    ? kernelCloud(kernels)
    : { gram: [], theta: [], linear: [], pairs: [], affine: true };
  chart.draw({
    ...cloudChart(cloud),
    cursor: null,
    nameOf: (index) => cloud.pairs[index].map((point) => formatCount(point + 1)).join(', '),
  });
}

const kernelWords = ({ step, points, distance: { difference, linear } }: KernelSnapshot): string =>
  `Every pair of the first ${formatCount(points)} training points at <i>t</i> = ${formatCount(step)}. On all of them, in the norm of claim 4, ‖<i>Θ</i> − <i>K</i>‖/<i>n</i> = ${formatNumber(difference)} beside ‖<i>K</i>‖/<i>n</i> = ${formatNumber(linear)}: a share of ${formatNumber(difference / linear)}.`;

/** Of the whole kernel at the cursor, where the experiment measures it. */
const alignmentWords = (alignment: Alignment | undefined): string =>
  alignment
    ? ` The alignment of <i>Θ</i>(<i>t</i>) is ${formatMean(alignment.start.value, alignment.start.error)} with <i>Θ</i>(0) and ${formatMean(alignment.target.value, alignment.target.error)} with the targets.`
    : '';
