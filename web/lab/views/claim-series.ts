import { letterOf, seriesChart } from '../../figures/charts/claim-series.ts';
import { formatNumber } from '../../figures/format.ts';
import type { Series } from '../../../src/theory/claim.ts';
import { AxisChoice } from './axis-choice.ts';
import { AxisToggle } from './axis-toggle.ts';
import { LineChart } from './line-chart.ts';

/** What a claim measured over t, the radius or an index, with its right-hand side; curves of the same kind in one chart. */
export function claimCharts(series: readonly Series[]): HTMLElement[] {
  const kindOf = ({ axis, bound, x }: Series): string => `${axis} ${bound?.symbol ?? ''} ${x.join()}`;
  return [...new Set(series.map(kindOf))].map((kind) =>
    chartOf(series.filter((one) => kindOf(one) === kind)),
  );
}

function chartOf(series: readonly Series[]): HTMLElement {
  const [{ axis, x }] = series;
  const choice = new AxisChoice(null);
  const toggle = new AxisToggle(choice, 'y', 'vertical axis');
  const chart = new LineChart(`Series over ${axis}; arrow keys read out values`, null, [toggle.element]);
  const described = seriesChart(series);
  const draw = (): void =>
    toggle.show(
      chart.draw({
        ...described,
        y: { ...described.y, scale: choice.chosen ?? described.y.scale },
        cursor: null,
        nameOf: (index) => `${letterOf(series[0])} = ${formatNumber(x[index])}`,
      }),
    );
  choice.onChange(draw);
  draw();
  return chart.element;
}
