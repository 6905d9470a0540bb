import { widthOf } from '../../src/experiment/network-facts.ts';
import type { RunResult, StepRecord } from '../../src/experiment/result.ts';
import { settingOf } from '../../src/experiment/setting.ts';
import { stableRate, theoremConditions } from '../../src/theory/conditions.ts';
import { formatColumn, formatCount, formatDuration, formatGiven, formatNumber } from '../figures/format.ts';
import {
  type Peak,
  discrepancies,
  distanceOf,
  finite,
  horizonMarkup,
  peakWithin,
} from '../figures/measures.ts';
import { type Html, html, notation } from './html.ts';

export interface Column {
  head: Html | string;
  /** Numbers are set right in tabular figures. */
  numeric?: boolean;
  cells: readonly (Html | string)[];
}

/** A table from its columns; the first holds the row heads. */
export function table(columns: readonly Column[], note?: Html): Html {
  const rows = columns[0].cells.map((_, row) => columns.map(({ cells }) => cells[row]));
  const kind = (column: number): Html => (columns[column].numeric ? html` class="number"` : html``);
  return html`<div class="table" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map(({ head }, column) => html`<th scope="col" ${kind(column)}>${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, column) =>
                column === 0
                  ? html`<th scope="row" ${kind(column)}>${cell}</th>`
                  : html`<td${kind(column)}>${cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
    ${note ? html`<p class="note">${note}</p>` : null}
  </div>`;
}

/** A column of numbers; a comma in its head is where that may break. */
export const numbers = (head: string, values: readonly (number | null)[]): Column => ({
  head: html`${head.split(', ').flatMap((part, k) => (k > 0 ? [', ', notation(part)] : [notation(part)]))}`,
  numeric: true,
  cells: formatColumn(values),
});

/** The constants that fix the linear model, one column a run. */
type ConstantRow = [symbol: string, meaning: string, value: (result: RunResult) => number | null];

const twoLayerRows: ConstantRow[] = [
  ['*ζ*', 'E *φ*′(*g*)', ({ preparation }) => preparation.constants.zeta],
  ['', 'E[*gφ*′(*g*)]', ({ preparation }) => preparation.constants.gPhiPrime],
  ['*ν*', 'E[*gφ*′(*g*)] √(Tr *Σ*²/*d*)', ({ preparation }) => preparation.constants.nu],
  ['*ϑ*_{0}', 'E *φ*(*g*)', ({ preparation }) => preparation.constants.theta0],
  ['*ϑ*_{1}', 'E[*gφ*′(*g*)]', ({ preparation }) => preparation.constants.theta1],
  ['*ϑ*_{2}', 'E[(½*g*³ − *g*)*φ*′(*g*)]', ({ preparation }) => preparation.constants.theta2],
];

const deepRows: ConstantRow[] = [
  [
    '*s*_{1}',
    'the gain of the first layer; result.json has those of all',
    ({ preparation }) => preparation.deep!.gains?.[0] ?? null,
  ],
  ['*k*_{0}', 'the kernel of orthogonal inputs of norm √*d*', ({ preparation }) => preparation.deep!.k0],
  ['*k*_{1}', 'its slope in ⟨*x*, *x*′⟩/*d* there', ({ preparation }) => preparation.deep!.k1],
  ['*k*_{2}', 'half its curvature', ({ preparation }) => preparation.deep!.k2],
  ['*τ*/*t*', '*ηk*_{1}/*d*, the clock that depths share', ({ preparation }) => preparation.deep!.clock],
  [
    '‖*Θ*(0)‖/*n*',
    'of the kernel at the start',
    ({ preparation: { deep, n } }) => deep!.kernelNorm && deep!.kernelNorm.value / n,
  ],
  ['', '2*n*/‖*Θ*(0)‖, the network’s largest stable rate', ({ preparation }) => preparation.deep!.stableRate],
];

/** What the theory's linear model is made of. */
export function constantsTable(runs: readonly { label: string; result: RunResult }[]): Html {
  // A reproduction that was cut short has no runs.
  const deep = runs.length > 0 && runs.every(({ result }) => result.preparation.deep !== undefined);
  const rows: ConstantRow[] = [
    ...(deep ? deepRows : twoLayerRows),
    ['', 'Tr *Σ*²/*d*', ({ preparation }) => preparation.spectrumMoment],
    [
      '*T*/*c*',
      `${horizonMarkup(runs.at(0)?.result.preparation ?? {})}, in steps`,
      ({ preparation }) => preparation.horizon,
    ],
    ['', '2*n*/‖*K*‖, the largest stable rate', ({ preparation }) => preparation.largestStableRate],
    ['*L**', 'least training loss of a linear model', ({ preparation }) => preparation.linearOptimum],
  ];
  const symbol = (markup: string): Html => (markup === '*L**' ? html`<i>L</i>*` : notation(markup));
  return table([
    { head: '', cells: rows.map(([name]) => symbol(name)) },
    { head: 'Constant', cells: rows.map(([, meaning]) => notation(meaning)) },
    ...runs.map(({ label, result }) => ({
      head: runs.length > 1 ? label : 'Value',
      numeric: true,
      // Rounded beyond float64's noise: a quadrature's 1e-17 is the 0 it stands for.
      cells: formatColumn(
        rows.map(([, , value]) => {
          const number = value(result);
          return number !== null && Math.abs(number) < 1e-14 ? 0 : number;
        }),
        4,
      ),
    })),
  ]);
}

const shares = [0.25, 0.5, 1] as const;
const shareHeads = ['*t* ≤ ¼ *T*/*c*', '*t* ≤ ½ *T*/*c*', '*t* ≤ *T*/*c*'];

const theoremOf = { first: 'First-layer', second: 'Second-layer', both: 'Both-layers' } as const;

/** How far the network is from each linear model at some steps, on the axis that depths share. */
export function linearModelsTable(result: RunResult): Html {
  const records = selectRecords(result).filter(({ step }) => step > 0);
  const { deep } = result.preparation;
  const keys = Object.keys(result.records[0]?.train.discrepancies ?? {});
  const names: Record<string, string> = {
    linear: 'the theory’s',
    linearized: 'linearization',
  };
  return table(
    [
      { head: notation('*t*'), numeric: true, cells: records.map(({ step }) => formatCount(step)) },
      numbers(
        '*τ*',
        records.map(({ step }) => step * (deep?.clock ?? 0)),
      ),
      ...keys.map((key) =>
        numbers(
          names[key] ?? key,
          records.map(({ train: { discrepancies: apart, linearSquare } }) =>
            linearSquare ? finite(apart[key]) / linearSquare : Number.NaN,
          ),
        ),
      ),
    ],
    html`Mean square difference to the network’s outputs on the training points, relative to that of the
    linear model’s outputs ${notation('⟨*f*_{lin}²⟩')}; ${notation('*τ* = *ηk*_{1}*t*/*d*')} counts e-foldings
    of the linear model on white data.`,
  );
}

/** Measured beside what the theorems say; c is not named by them, so three values of it stand side by side. */
export function claimsTable(result: RunResult): Html {
  const { preparation, spec } = result;
  const { n, horizon, linearOptimum } = preparation;
  const theorem = `${theoremOf[spec.training.layers]} theorem`;
  const peaks = (measure: (record: StepRecord) => number): (Peak | null)[] =>
    shares.map((share) => peakWithin(result, measure, share));
  const slack = horizon > 1 ? Math.sqrt(Math.log(horizon) / n) : null;
  const hasTest = result.records.some(({ test }) => test !== null);
  const rows: { claim: string; quantity: string; says: string; values: (number | null)[] }[] = [
    {
      claim: `${theorem}, training data`,
      quantity: 'largest recorded discrepancy, train',
      says: '≲ *d*^{−Ω(*α*)}',
      values: peaks(discrepancies.train).map((peak) => peak?.value ?? null),
    },
    ...(hasTest
      ? [
          {
            claim: `${theorem}, distribution`,
            quantity: 'largest recorded discrepancy clipped at 1, test',
            says: `≲ *d*^{−Ω(*α*)} + √(log *T*/*n*)${slack === null ? '' : `; the root is ${formatNumber(slack, 2)} at *c* = 1`}`,
            values: peaks(discrepancies.clippedTest).map((peak) => peak?.value ?? null),
          },
        ]
      : []),
    ...(linearOptimum === null
      ? []
      : [
          {
            claim: 'Optimality by *T*',
            quantity: 'linear model’s training loss above its optimum',
            says: '≈ 0 by *T* on well-conditioned data',
            values: shares.map((share) => gapAt(result, linearOptimum, share)),
          },
        ]),
  ];
  const columns = shares.map((_, k) => rows.map(({ values }) => values[k]!));
  return table(
    [
      { head: 'Claim', cells: rows.map(({ claim }) => notation(claim)) },
      { head: 'Quantity', cells: rows.map(({ quantity }) => notation(quantity)) },
      { head: 'The theory says', cells: rows.map(({ says }) => notation(says)) },
      ...columns.map((values, k) => numbers(shareHeads[k], values)),
    ],
    html`${notation(`*T*/*c* = ${horizonMarkup(preparation)}`)} is the horizon without the theorem’s constant,
    which it does not name. One run has one ${notation('*d*')}: whether a quantity falls with
    ${notation('*d*')} takes a sweep. A dash: the run ended before that time, or has no record in it.`,
  );
}

/** L_lin − optimum at the last record up to share · d log d/η; null where the run ended before. */
export function gapAt(result: RunResult, linearOptimum: number, share: number): number | null {
  const limit = share * result.preparation.horizon;
  const last = result.records.at(-1)?.step ?? 0;
  const record = result.records.findLast(({ step }) => step <= limit);
  if (!record || last < Math.floor(limit)) return null;
  const gap = finite(record.train.losses.linear) - linearOptimum;
  return Number.isFinite(gap) ? gap : null;
}

const signs = { met: '✓', borderline: '~', 'not met': '✗', 'not known': '?' } as const;

/** The hypotheses of the theorem for the layers trained, and the rate up to which the linear model is stable. */
export function conditionsTable(result: RunResult): Html {
  const setting = settingOf(result.spec, result.preparation);
  const conditions = [...theoremConditions(setting), stableRate(setting)];
  return table(
    [
      { head: 'Hypothesis', cells: conditions.map(({ hypothesis }) => notation(hypothesis)) },
      {
        head: 'In this run',
        cells: conditions.map(({ here }) =>
          here ? notation(`${here.symbol} = ${formatNumber(here.value)}`) : '—',
        ),
      },
      {
        head: 'Verdict',
        cells: conditions.map(
          ({ verdict }) =>
            html`<span class="verdict"><span aria-hidden="true">${signs[verdict]}</span> ${verdict}</span>`,
        ),
      },
      { head: 'Remark', cells: conditions.map(({ remark }) => notation(remark)) },
    ],
    html`Sizes are read as powers of ${notation('*d*')} with every constant taken as 1: the theorems name
    none, so “met” is about the exponents.`,
  );
}

/** About ten records, spread as they are recorded, with those nearest ½ T/c and T/c among them. */
export function recordsTable(result: RunResult): Html {
  const records = selectRecords(result);
  const hasTest = records.some(({ test }) => test !== null);
  const { horizon } = result.preparation;
  const column = (head: string, value: (record: StepRecord) => number | undefined): Column =>
    numbers(
      head,
      records.map((record) => finite(value(record))),
    );
  return table(
    [
      { head: notation('*t*'), numeric: true, cells: records.map(({ step }) => formatCount(step)) },
      column('network, train', ({ train }) => train.losses.network),
      column('linear, train', ({ train }) => train.losses.linear),
      ...(hasTest
        ? [
            column('network, test', ({ test }) => test?.losses.network),
            column('linear, test', ({ test }) => test?.losses.linear),
          ]
        : []),
      column('discrepancy, train', ({ train }) => train.discrepancies.linear),
      ...(hasTest ? [column('discrepancy, test', ({ test }) => test?.discrepancies.linear)] : []),
      ...result.preparation.rates.map(({ parameter }) =>
        column(distanceOf(parameter), ({ movement }) => movement[parameter]),
      ),
    ],
    html`Losses ${notation('‖*u* − *y*‖²/(2*n*)')}; discrepancies are mean squares. ${records.length} of
    ${result.records.length} records; ${notation(`*T*/*c* = ${formatNumber(horizon)}`)}.`,
  );
}

function selectRecords({ records, preparation }: RunResult): StepRecord[] {
  if (records.length <= 12) return records;
  const evenly = Array.from({ length: 10 }, (_, k) => Math.round((k * (records.length - 1)) / 9));
  const nearest = [0.5, 1].map((share) =>
    records.findLastIndex(({ step }) => step <= share * preparation.horizon),
  );
  const chosen = new Set([...evenly, ...nearest.filter((index) => index >= 0)]);
  return records.filter((_, index) => chosen.has(index));
}

/** Runs as rows: how far they agree, and where the network goes on. */
export function comparisonTable(
  runs: readonly { label: string; result: RunResult }[],
  passesAt: (result: RunResult) => number | null,
): Html {
  const peak = (measure: (record: StepRecord) => number, share: number): (number | null)[] =>
    runs.map(({ result }) => peakWithin(result, measure, share)?.value ?? null);
  return table(
    [
      { head: 'Run', cells: runs.map(({ label }) => label) },
      numbers(
        '*T*/*c*',
        runs.map(({ result }) => result.preparation.horizon),
      ),
      numbers('train, *t* ≤ ½ *T*/*c*', peak(discrepancies.train, 0.5)),
      numbers('train, *t* ≤ *T*/*c*', peak(discrepancies.train, 1)),
      numbers('clipped test, *t* ≤ ½ *T*/*c*', peak(discrepancies.clippedTest, 0.5)),
      numbers('clipped test, *t* ≤ *T*/*c*', peak(discrepancies.clippedTest, 1)),
      numbers(
        'linear gap at *T*/*c*',
        runs.map(({ result }) => {
          const { linearOptimum } = result.preparation;
          return linearOptimum === null ? null : gapAt(result, linearOptimum, 1);
        }),
      ),
      {
        head: html`passes optimum at ${notation('*t*')}`,
        numeric: true,
        cells: runs.map(({ result }) => {
          const step = passesAt(result);
          return step === null ? '—' : formatCount(step);
        }),
      },
    ],
    html`Largest mean squared discrepancy of network and linear model up to the time named; the theory says
    ${notation('≲ *d*^{−Ω(*α*)}')} on training points and ${notation('≲ *d*^{−Ω(*α*)} + √(log *T*/*n*)')} on
    clipped test points, and that the linear model is at its optimum by ${notation('*T*')} (the gap in
    training loss is then near 0). A dash: not reached in the run.`,
  );
}

/** The runs of a sweep over d. */
export function sweepTable(results: readonly RunResult[], share: number): Html {
  const peak = (measure: (record: StepRecord) => number): (number | null)[] =>
    results.map((result) => peakWithin(result, measure, share)?.value ?? null);
  return table([
    {
      head: notation('*d*'),
      numeric: true,
      cells: results.map(({ preparation }) => formatCount(preparation.d)),
    },
    { head: 'seed', numeric: true, cells: results.map(({ spec }) => formatCount(spec.seed)) },
    {
      head: notation('*n*'),
      numeric: true,
      cells: results.map(({ preparation }) => formatCount(preparation.n)),
    },
    {
      head: notation('*m*'),
      numeric: true,
      cells: results.map(({ spec }) => formatCount(widthOf(spec.network))),
    },
    {
      head: notation('*η*'),
      numeric: true,
      cells: results.map(({ preparation }) => formatGiven(preparation.eta)),
    },
    numbers(
      '*T*/*c*',
      results.map(({ preparation }) => preparation.horizon),
    ),
    numbers('train', peak(discrepancies.train)),
    numbers('test', peak(discrepancies.test)),
    numbers('test, clipped', peak(discrepancies.clippedTest)),
  ]);
}

export function adapterLabel(adapter: RunResult['adapter']): string {
  const { vendor, architecture, device, description, software } = adapter;
  const name = [vendor, architecture, description || device].filter(Boolean).join(' · ');
  return (
    (name || 'an adapter that the browser does not name') + (software ? ' (software: runs on the CPU)' : '')
  );
}

/** What a command that reproduces a result says of the browser; of the usual one nothing. */
export const browserOption = ({ provenance: { environment } }: Pick<RunResult, 'provenance'>): string =>
  /\bFirefox\//.test(environment ?? '') ? ' --browser firefox' : '';

/** Adapter and timings, as a list of terms. */
export function machineList(result: RunResult): Html {
  const { adapter, timings, provenance } = result;
  return termList([
    ['Adapter', adapterLabel(adapter)],
    ['First Light', `${provenance.firstLight}, ${provenance.startedAt.slice(0, 10)}`],
    ['Computed by', provenance.environment ?? 'not told'],
    ['Features', adapter.features.join(', ') || 'none of the optional ones'],
    ['Largest binding', `${formatNumber(adapter.limits['maxStorageBufferBindingSize'] / 2 ** 20)} MiB`],
    ['Preparation', formatDuration(timings.preparation)],
    ['Training', formatDuration(timings.training)],
    ['On the GPU', timings.gpu === null ? 'not told: no timestamps' : formatDuration(timings.gpu)],
    ['A step (median)', formatDuration(timings.perStep)],
  ]);
}

export function termList(items: readonly (readonly [string, string])[]): Html {
  return html`<dl class="terms">
    ${items.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
