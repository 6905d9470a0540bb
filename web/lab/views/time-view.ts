import { formatCount, formatNumber } from '../../figures/format.ts';
import { horizonMarkup } from '../../figures/measures.ts';
import { notationToHtml } from '../../figures/notation.ts';
import { agreementShare } from '../../../src/theory/horizon.ts';
import type { Recording, View } from '../recording.ts';
import type { AxisChoice } from './axis-choice.ts';
import { AxisToggle } from './axis-toggle.ts';
import { htmlElement, htmlMarked } from './html-element.ts';
import { type ChartContent, type Ghost, LineChart } from './line-chart.ts';
import { LiveView } from './live-view.ts';
import { valueScale } from './scale.ts';
import type { Curve } from './seen-curves.ts';
import { timeScale } from './time-scale.ts';

/** What is drawn over t. */
export interface OverTime {
  yLabel: string;
  curves: Curve[];
  rules?: ChartContent['rules'];
  targets?: ChartContent['targets'];
  /** What to know, as HTML; '' for nothing. */
  note?: string;
}

/**
 * Curves over the recorded steps with the horizon marked. `time` is the choice of the time axis, which several views
 * share; `y` is that of the vertical axis, null for values of both signs, which have no logarithm. A click, a drag or an arrow key sends a bubbling event "cursor" whose detail is the index of a record.
 */
export function timeView(
  name: string,
  time: AxisChoice,
  y: AxisChoice | null,
  over: (recording: Recording, cursor: number) => OverTime,
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
    const { records, preparation } = recording;
    const { yLabel, note: words = '', ...content } = over(recording, cursor);
    const horizon = preparation?.horizon ?? 0;
    const timeType = time.chosen ?? 'log';
    toggles.t.show(timeType);
    chart.draw({
      ...content,
      x: {
        of: records,
        count: records.length,
        at: (index) => records[index].step,
        label: '*t*\u2002(steps of gradient descent)',
        scale: (left, right) => timeScale(timeType, recording, left, right),
      },
      y: {
        label: yLabel,
        scale: (all, bottom, top) => {
          const scale = valueScale(y ? (y.chosen ?? 'auto') : 'linear', all, bottom, top);
          toggles.y?.show(scale.type);
          return scale;
        },
      },
      marks:
        horizon > 0
          ? [
              { at: agreementShare * horizon, label: '*T*' },
              { at: horizon, label: '*T*/*c*' },
            ]
          : [],
      ghost: ghostOf(recording, over),
      cursor: records.length > 0 ? cursor : null,
      nameOf: (index) => `*t* = ${formatCount(records[index].step)}`,
    });
    const text = words + horizonWords(horizon, recording.preparation);
    if (text !== noted) note.replaceChildren(htmlMarked('span', '', (noted = text)));
  });
  for (const choice of [time, y]) choice?.onChange(() => view.redraw());
  return view;
}

/** The same curves of the experiment that this one is compared with, where they are made of records. */
function ghostOf(
  recording: Recording,
  over: (recording: Recording, cursor: number) => OverTime,
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

const horizonWords = (horizon: number, preparation: Recording['preparation']): string =>
  horizon > 0
    ? ` The theorems promise agreement up to <i>T</i> = <i>c</i>\u202f·\u202f${notationToHtml(horizonMarkup(preparation ?? {}))} steps with a constant <i>c</i> that they leave open: for <i>c</i> = ½, chosen here, <i>T</i> = ${formatNumber(agreementShare * horizon)}; <i>T</i>/<i>c</i> = ${formatNumber(horizon)}.`
    : '';
