import type { NetworkSpec } from '../experiment/network-spec.ts';
import { widthsOf } from '../experiment/network-facts.ts';
import { greatestMultiple } from '../experiment/spec-facts.ts';
import { trainedLayers } from '../experiment/trained-layers.ts';
import type { Spec } from '../experiment/spec-fields.ts';
import { greatestOf } from '../math/statistics.ts';
import { accuracyWarning } from '../experiment/accuracy.ts';
import type { RunResult, RunStatus, StepRecord } from '../experiment/result.ts';
import type { AdapterDescription } from '../gpu/device.ts';
import { duration, fitted, grouped, paint, plain, printable, short, tableRow } from './text.ts';

/** Rows of a run's table. */
const rows = 9;

/** The end of a run, in at most 80 columns: losses, discrepancy, horizon, where it was computed and how long. */
export function summarizeRun(result: RunResult): string {
  const { spec, preparation, records, status, timings, adapter } = result;
  const { n, nTest, d, horizon, linearOptimum, largestStableRate, deep } = preparation;
  const { activation, slope } = spec.network;
  const phi = slope === undefined ? activation : `${activation} (slope ${slope})`;
  const sets = nTest > 0 ? `n = ${grouped(n)} + ${grouped(nTest)} test` : `n = ${grouped(n)}`;
  const facts = [
    `T/c = d log d/${deep ? '(ηk₁)' : 'η'} = ${plain(horizon)} steps`,
    ...(deep
      ? [
          `k₁ = ${short(deep.k1)}${deep.stableRate === null ? '' : `, network stable up to ${rateWords(deep.stableRate, spec)}`}`,
        ]
      : []),
    ...(linearOptimum === null ? [] : [`least-squares optimum ${short(linearOptimum)}`]),
    ...(largestStableRate === null
      ? []
      : [`linear model stable up to ${rateWords(largestStableRate, spec)}`]),
  ];
  const warning = accuracyWarning(result.accuracy);
  return [
    paint('bold', fitted(printable(spec.name), 80)),
    `d = ${grouped(d)}, ${sets}, ${networkWords(spec.network)}, ${phi}`,
    `${trainedLayers(spec)} trained, ${ratesIn(result)}, seed ${spec.seed}`,
    '',
    ...table(records, nTest > 0, horizon),
    '',
    ...facts.map((fact) => paint('dim', fact)),
    ...(warning ? [paint('yellow', warning)] : []),
    `${statusLine(status, spec.training.steps)} in ${duration(timings.preparation + timings.training)} on ${adapterName(adapter)}`,
  ].join('\n');
}

/** The greatest rate of a layer, and where that is another number the field that it comes of. */
export function rateWords(eta: number, spec: Spec): string {
  const multiple = greatestMultiple(spec);
  return `η = ${plain(eta)}${multiple === 1 ? '' : ` (training.eta = ${plain(eta / multiple)})`}`;
}

function networkWords(network: NetworkSpec): string {
  const widths = widthsOf(network).map(grouped).join(', ');
  switch (network.kind) {
    case 'deep':
      return `widths ${widths}`;
    case 'convolutional':
      return `${network.shape.join(' × ')}, channels ${widths}, filter ${network.filter}, ${network.readout}`;
    default:
      return `width ${widths}`;
  }
}

function ratesIn({ preparation: { rates, eta } }: RunResult): string {
  const trained = rates.flatMap(({ rate }, l) => (rate > 0 ? [{ rate, layer: '₁₂₃₄₅₆₇₈₉'.charAt(l) }] : []));
  return trained.every(({ rate }) => rate === eta)
    ? `η = ${plain(eta)}`
    : trained.map(({ rate, layer }) => `η${layer} = ${plain(rate)}`).join(', ');
}

function statusLine(status: RunStatus, steps: number): string {
  switch (status.kind) {
    case 'completed':
      return paint('green', `${grouped(steps)} steps`);
    case 'stopped':
      return paint('yellow', `stopped at step ${grouped(status.step)} of ${grouped(steps)}`);
    case 'diverged':
      return paint('red', `the ${status.model} diverged at step ${grouped(status.step)}`);
  }
}

const number = (value: number | undefined): string => short(value).padStart(9);

function table(records: readonly StepRecord[], tested: boolean, horizon: number): string[] {
  const sets = tested ? (['train', 'test'] as const) : (['train'] as const);
  const title = { train: 'training loss', test: 'test loss' };
  const head =
    sets.map((set) => title[set].padStart(19)).join('') + '       discrepancy'.padStart(tested ? 19 : 11);
  const names = sets.map(() => '  network   linear').join('') + (tested ? '    train     test' : '');
  return [
    paint('dim', `          ${head}`),
    paint('dim', `     step ${names}`),
    ...pick(records, horizon).map(({ step, ...record }) => {
      const values = sets.map((set) => record[set]);
      return [
        grouped(step).padStart(9),
        ' ',
        ...values.map((set) => number(set?.losses.network) + number(set?.losses.linear)),
        ...values.map((set) => number(set?.discrepancies.linear)),
      ].join('');
    }),
  ];
}

/** First, last, the last before the horizon, and the ones nearest to steps spaced evenly in log t. */
function pick(records: readonly StepRecord[], horizon: number): StepRecord[] {
  if (records.length <= rows) return [...records];
  const last = records.at(-1)!;
  const chosen = new Set([records[0], last]);
  const early = records.findLast(({ step }) => step <= horizon);
  if (early) chosen.add(early);
  const positive = records.filter(({ step }) => step > 0);
  const first = Math.log(positive[0].step);
  const span = Math.log(last.step) - first;
  for (let i = 0; chosen.size < rows && i < rows; i++) {
    const wanted = first + (span * i) / (rows - 1);
    const distance = (record: StepRecord) => Math.abs(Math.log(record.step) - wanted);
    chosen.add(positive.reduce((best, record) => (distance(record) < distance(best) ? record : best)));
  }
  return [...chosen].sort((a, b) => a.step - b.step);
}

/** What one line on a run says. */
export interface RunFacts {
  status: RunStatus['kind'];
  lastStep: number;
  networkLoss: number | undefined;
  linearLoss: number | undefined;
  /** Largest recorded training discrepancy, at t ≤ ½ d log d/η and at all t. */
  earlyDiscrepancy: number;
  largestDiscrepancy: number;
}

export function runFacts({ records, preparation, status }: RunResult): RunFacts {
  const last = records.at(-1);
  const largest = (until: number) =>
    greatestOf([
      0,
      ...records.filter(({ step }) => step <= until).map(({ train }) => train.discrepancies.linear),
    ]);
  return {
    status: status.kind,
    lastStep: last?.step ?? 0,
    networkLoss: last?.train.losses.network,
    linearLoss: last?.train.losses.linear,
    earlyDiscrepancy: largest(preparation.horizon / 2),
    largestDiscrepancy: largest(Infinity),
  };
}

/** One line a run: how close network and linear model stayed, and how they ended. */
export function summarizeRuns(runs: readonly { label: string; kept: RunFacts }[]): string {
  const width = Math.min(28, greatestOf([5, ...runs.map(({ label }) => label.length)]));
  const head = `${'run'.padEnd(width)}     steps  network   linear  largest recorded discrepancy`;
  const below = `${''.padEnd(width)}          training loss  t ≤ ½ d log d/η at all t`;
  return [
    paint('dim', head),
    paint('dim', below),
    ...runs.map(({ label, kept }) =>
      tableRow(
        label,
        width,
        [
          grouped(kept.lastStep).padStart(10),
          number(kept.networkLoss),
          number(kept.linearLoss),
          short(kept.earlyDiscrepancy).padStart(14),
          short(kept.largestDiscrepancy).padStart(12),
          kept.status === 'completed' ? '' : `  ${kept.status}`,
        ].join(''),
      ),
    ),
  ].join('\n');
}

/** The adapter in a few words. */
export function adapterName({
  vendor,
  architecture,
  device,
  description,
  software,
}: AdapterDescription): string {
  const name = description || [vendor, architecture || device].filter(Boolean).join(' ');
  return `${name || (software ? 'a software adapter' : 'a GPU that the browser does not name')}${software && name ? ' (software)' : ''}`;
}

/** The files of a finished command, as paths to open. */
export function listFiles(folder: string, files: readonly [name: string, what: string][]): string {
  const width = greatestOf(files.map(([name]) => name.length));
  return [
    paint('bold', `${printable(folder)}/`),
    ...files.map(([name, what]) => `  ${name.padEnd(width)}  ${paint('dim', what)}`),
  ].join('\n');
}
