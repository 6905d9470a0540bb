import { type OverTime, horizonWords, overTime } from '../../figures/charts/over-time.ts';
import { formatCount } from '../../figures/format.ts';
import { notationToHtml } from '../../figures/notation.ts';
import type { Recording, View } from '../recording.ts';
import type { AxisChoice } from './axis-choice.ts';
import { AxisToggle } from './axis-toggle.ts';
import { htmlElement, htmlMarked } from './html-element.ts';
import { type Ghost, LineChart } from './line-chart.ts';
import { LiveView } from './live-view.ts';

/**
 * Curves over the recorded steps with the horizon marked. `time` is the choice of the time axis, which several views
 * share; `y` is that of the vertical axis, null for values of both signs, which have no logarithm. A click, a drag or an arrow key sends a bubbling event "cursor" whose detail is the index of a record.
 */
export function timeView(
  name: string,
  time: AxisChoice,
  y: AxisChoice | null,
  over: (recording: Recording, cursor: number) => OverTime & { note?: string },
): View {
  const toggles = {
    y: y && new AxisToggle(y, 'y', 'vertical axis'),
    t: new AxisToggle(time, 't', 'time axis'),
  };
  const element = htmlElement('section', 'view view-time');
  const note = htmlElement('p', 'view-note');
  let noted = '';
  const chart = new LineChart(
    name,
    (index) => element.dispatchEvent(new CustomEvent('cursor', { detail: index, bubbles: true })),
    [...(toggles.y ? [toggles.y.element] : []), toggles.t.element],
  );
  element.setAttribute('aria-label', name);
  element.append(chart.element, note);
  const view = new LiveView(element, (recording, cursor) => {
    const { records } = recording;
    const { note: words = '', ...content } = over(recording, cursor);
    const type = time.chosen ?? 'log';
    const run = { ...recording, ...(recording.result && { status: recording.result.status }) };
    const shown = overTime(run, content, { type, end: Math.max(recording.spec.training.steps, 2) });
    toggles.t.show(type);
    const yType = chart.draw({
      ...shown,
      y: { ...shown.y, scale: y?.chosen ?? shown.y.scale },
      ghost: ghostOf(recording, over),
      cursor: records.length > 0 ? cursor : null,
      nameOf: (index) => `*t* = ${formatCount(records[index].step)}`,
    });
    toggles.y?.show(yType);
    const text = words + notationToHtml(horizonWords(recording));
    if (text !== noted) note.replaceChildren(htmlMarked('span', '', (noted = text)));
  });
  for (const choice of [time, y]) choice?.onChange(() => view.redraw());
  return view;
}

/** The same curves of the experiment that this one is compared with, where they are made of records. */
function ghostOf(
  recording: Recording,
  over: (recording: Recording, cursor: number) => OverTime & { note?: string },
): Ghost | null {
  const { compared } = recording;
  if (!compared) return null;
  const { records, name } = compared;
  const { curves } = over(
    { ...recording, ...compared, stage: null, snapshots: [], claims: [] },
    records.length - 1,
  );
  if (curves.length === 0) return null;
  const x = { of: records, count: records.length, at: (index: number) => records[index].step };
  return { x, curves, name };
}
