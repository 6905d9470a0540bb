import type { Series } from '../../../src/theory/claim.ts';
import { formatNumber } from '../../figures/format.ts';
import { finite } from '../../figures/measures.ts';
import { AxisChoice } from './axis-choice.ts';
import { AxisToggle } from './axis-toggle.ts';
import { LineChart } from './line-chart.ts';
import { spanScale, valueScale } from './scale.ts';

const axes = {
  step: { label: '*t*\u2002(steps of gradient descent)', letter: '*t*' },
  clock: { label: '*τ* = *ηk*_{1}*t*/*d*', letter: '*τ*' },
  radius: { label: '*s*\u2002in ‖*x*‖ = *s*√*d*', letter: '*s*' },
  index: { label: 'index', letter: '*k*' },
} as const;

/** What a claim measured over t, the radius or an index, with its right-hand side; curves of the same kind in one chart. */
export function claimCharts(series: readonly Series[]): HTMLElement[] {
  const kindOf = ({ axis, bound, x }: Series): string => `${axis} ${bound?.symbol ?? ''} ${x.length}`;
  return [...new Set(series.map(kindOf))].map((kind) =>
    seriesChart(series.filter((one) => kindOf(one) === kind)),
  );
}

function seriesChart(series: readonly Series[]): HTMLElement {
  const [{ axis, bound, x }] = series;
  const choice = new AxisChoice(null);
  const toggle = new AxisToggle(choice, 'y', 'vertical axis');
  const chart = new LineChart(`Series over ${axis}; arrow keys read out values`, null, [toggle.element]);
  // Steps are read on a log axis, which has no place for t = 0.
  const logarithmic = (axis === 'step' || axis === 'clock') && x.some((at) => at > 0);
  const draw = (): void =>
    chart.draw({
      x: {
        of: series,
        count: x.length,
        at: (index) => x[index],
        label: axes[axis].label,
        scale: (left, right) => spanScale(logarithmic ? 'log' : 'linear', x, left, right),
      },
      y: {
        label: series.length === 1 ? series[0].symbol : 'measured',
        scale: (values, bottom, top) => {
          const scale = valueScale(choice.chosen ?? 'auto', values, bottom, top);
          toggle.show(scale.type);
          return scale;
        },
      },
      curves: [
        ...(bound
          ? [
              {
                name: bound.symbol,
                set: '',
                colour: 'var(--muted)',
                width: 1.6,
                dash: '6 4',
                y: (index: number) => finite(bound.y[index]),
              },
            ]
          : []),
        ...series.map(({ symbol, y }, k) => ({
          name: series.length === 1 ? 'measured' : symbol,
          set: '',
          colour: series.length === 1 ? 'var(--discrepancy)' : `var(--hue-${(k % 7) + 1})`,
          width: 2,
          y: (index: number) => finite(y[index]),
        })),
      ],
      cursor: null,
      nameOf: (index) => `${axes[axis].letter} = ${formatNumber(x[index])}`,
    });
  choice.onChange(draw);
  draw();
  return chart.element;
}
