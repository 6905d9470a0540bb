import type { Curve } from '../../figures/charts/chart.ts';
import { finite } from '../../figures/measures.ts';
import { formatCount, formatNumber } from '../../figures/format.ts';
import { hueOf } from '../../figures/palette.ts';
import { notationToHtml } from '../../figures/notation.ts';
import type { Recording, View } from '../recording.ts';
import type { AxisChoice } from './axis-choice.ts';
import { snapshotUpTo } from './snapshots.ts';
import { timeView } from './time-view.ts';

/** How much the network has learned of each Hermite component of the targets, over t: the lower degrees come first. */
export const createLearnedView = (time: AxisChoice): View =>
  timeView('Shares of the target’s components learned', time, null, (recording, cursor) => ({
    y: { label: 'share learned', scale: 'linear' },
    curves: curvesOf(recording),
    rules: recording.stage?.components?.length ? [{ at: 1, label: 'all of it', colour: 'muted' }] : [],
    note: wordsAt(recording, cursor),
  }));

const curvesOf = ({ stage, snapshots, records }: Recording): Curve[] =>
  (stage?.components ?? []).map((name, k) => ({
    name,
    set: '',
    colour: hueOf(k),
    width: 2,
    y: (index) => finite(snapshotUpTo(snapshots, records[index].step)?.learned?.[k]),
  }));

function wordsAt({ stage, snapshots, records, preparation }: Recording, cursor: number): string {
  if (!stage) return '';
  if (!stage.components)
    return 'Components of the target are known where it is made of directions: sign-linear, sign-quadratic or hermite, on points that the page can look through.';
  if (stage.components.length === 0) return 'No component of the target is detected on these points.';
  const step = records.at(cursor)?.step ?? 0;
  const learned = snapshotUpTo(snapshots, step)?.learned ?? [];
  const shares = stage.components.map(
    (symbol, k) => `${notationToHtml(symbol)} ${formatNumber(100 * learned[k], 2)} %`,
  );
  const set = preparation?.nTest === 0 ? 'training' : 'test';
  return `Projections of <i>f<sub>t</sub></i> on Hermite polynomials of the target’s directions <i>b</i> and <i>c</i>, as a share of the target’s own, on the ${set} points (claim 16). At <i>t</i> = ${formatCount(step)}: ${shares.join(', ')}.`;
}
