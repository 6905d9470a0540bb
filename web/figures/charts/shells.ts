import { agreementShare } from '../../../src/theory/horizon.ts';
import type { Shell } from '../../../src/theory/shells.ts';
import { formatCount, formatGiven, formatMean, formatNumber } from '../format.ts';
import { finite } from '../measures.ts';
import type { Chart } from './chart.ts';
import { along, shellMark } from './claim-series.ts';
import { models } from './looks.ts';

/** A difference that is a smaller share than this everywhere stays at the foot of the axis. */
const smallShare = 0.05;

/** Over the radius of the sphere: how large both functions and their difference are, and what share of them that is. */
export function shellCharts(shells: readonly Shell[]): Record<'sizes' | 'share', Chart> {
  const x = {
    of: shells,
    count: shells.length,
    at: (index: number) => shells[index].radius,
    axis: along(
      'radius',
      shells.map(({ radius }) => radius),
    ),
  };
  const marks = [shellMark];
  const difference = { name: 'difference', set: '', colour: 'discrepancy', width: 2 } as const;
  const rootOf = (key: 'network' | 'linear' | 'discrepancy') => (index: number) =>
    finite(Math.sqrt(shells[index][key]));
  return {
    sizes: {
      x,
      y: { label: 'root mean square output', scale: 'linear' },
      curves: [
        { ...models.linear, set: '', y: rootOf('linear') },
        { ...models.network, set: '', y: rootOf('network') },
        { ...difference, y: rootOf('discrepancy') },
      ],
      marks,
    },
    share: {
      x,
      y: {
        label: 'difference as a share\u2002⟨(*f*_{*t*} − *f*_{lin,*t*})²⟩/⟨*f*²⟩',
        scale: 'linear',
        include: [smallShare],
      },
      // Where both functions are 0 there is nothing to have a share of.
      curves: [
        { ...difference, y: (index) => (isZero(shells[index]) ? NaN : finite(shells[index].share.value)) },
      ],
      marks,
    },
  };
}

const isZero = ({ network, linear }: Shell): boolean => network === 0 && linear === 0;

/** What is to be seen on the shell, inside of it and outside; markup of notation.ts. */
export function shellWords(shells: readonly Shell[], step: number, horizon: number): string {
  const at = `At *t* = ${formatCount(step)}`;
  if (shells.every(isZero)) {
    return `${at} both functions are 0 at every radius.`;
  }
  const percent = ({ share: { value, error } }: Shell): string =>
    Number.isFinite(value) ? `${formatMean(100 * value, 100 * error)}\u202f%` : formatNumber(value);
  const most = (where: (radius: number) => boolean): string => {
    const shown = shells.filter(({ radius, share }) => where(radius) && Number.isFinite(share.value));
    if (shown.length === 0) return '—';
    const largest = shown.reduce((best, one) => (one.share.value > best.share.value ? one : best));
    return `${percent(largest)} at *s* = ${formatGiven(largest.radius)}`;
  };
  const shell = shells.find(({ radius }) => radius === 1)!;
  const late =
    step > agreementShare * horizon ? ' This is after *T*: the theorems promise nothing any more.' : '';
  return `${at}, on random directions of every radius: on the shell *s* = 1 the mean squared difference is ${percent(shell)} of the larger function’s own mean square, inside of it at most ${most((s) => s < 1)}, outside at most ${most((s) => s > 1)} (± two standard errors over the directions).${late}`;
}
