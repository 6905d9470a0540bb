import { linearTicks, logTicks } from '../../figures/ticks.ts';
import type { Recording } from '../recording.ts';
import { type Scale, scaleOf } from './scale.ts';

/** Share of the width that t = 0 has to itself on a logarithmic axis. */
const slot = 0.055;

export interface TimeScale extends Scale {
  /** Middle of the break between t = 0 and the rest; null where there is none. */
  gap: number | null;
}

/**
 * Time up to the last step that is to be made, so that the axis stands still while curves grow. On the logarithmic one,
 * t = 0 stands apart at the left.
 */
export function timeScale(
  type: 'log' | 'linear',
  { spec, records, preparation }: Pick<Recording, 'spec' | 'records' | 'preparation'>,
  left: number,
  right: number,
): TimeScale {
  const end = Math.max(spec.training.steps, records.at(-1)?.step ?? 0, 2);
  const horizon = preparation?.horizon ?? 0;
  const greatest = horizon <= 3 * end ? Math.max(end, horizon) : end;
  if (type === 'linear') {
    const ticks = linearTicks(0, greatest);
    return { ...scaleOf({ label: '', type, domain: [0, greatest], ticks }, left + 4, right), gap: null };
  }
  const first = records.find(({ step }) => step > 0)?.step ?? 1;
  const start = left + slot * (right - left);
  const ticks = logTicks(first, Math.max(greatest, 2 * first));
  const scale = scaleOf(
    { label: '', type, domain: [first, Math.max(greatest, 2 * first)], ticks },
    start,
    right,
  );
  return {
    ...scale,
    key: `0 apart ${left} ${scale.key}`,
    ticks: [{ at: 0, label: '0' }, ...ticks],
    place: (step) => (step === 0 ? left + 5 : scale.place(step)),
    gap: (left + 5 + start) / 2,
  };
}
