import { greatestOf, leastOf } from '../src/math/statistics.ts';
import * as Plot from '@observablehq/plot';
import { svgMarkup } from '../web/figures/markup.ts';
import { fontFamily, palette } from '../web/figures/palette.ts';
import { sheet } from '../web/figures/sheet.ts';
import { type Html, html, raw } from '../web/report/html.ts';
import { page } from '../web/report/page.ts';
import { type Column, table } from '../web/report/tables.ts';
import type { CaseResult } from './case.ts';
import { type Outcome, type Row, ours, titleOf } from './competition.ts';
import type { BenchDocument } from './document.ts';
import { rooflineCells, rooflineHeadings, rooflineRows } from './roofline-table.ts';
import type { Roofline } from './roofline.ts';
import { cells, digits, headings } from './table.ts';

/** The page beside the JSON: every table, and a figure for each case; it asks for nothing from outside. */
export function benchReport(document: BenchDocument): string {
  const { adapter, software, userAgent, peak, absent, cases } = document;
  return page({
    title: `Benchmarks on ${adapter}`,
    kicker: 'First Light',
    lead: html`<p>
        Multiply-add peak ${digits(peak.gflops)} GFLOP/s (${peak.how}), copies ${digits(peak.copyGigabytes)}
        GB/s, both measured in WGSL on this adapter${software ? ', which is a processor' : ''}.
      </p>
      <p>
        Everybody computes on the same arrays; results are compared before anything is timed. Times are
        medians of runs that take turns. <code>bench/README.md</code> says what is in them.
      </p>
      <p><code>${userAgent}</code></p>
      ${absent.map(({ name, reason }) => html`<p class="notice"><b>${name}</b> is not here: ${reason}</p>`)}`,
    sections: cases.map((result) => ({
      title: `${result.name}: ${result.what}`,
      id: result.name,
      body: html`${result.failed === undefined ? null : html`<p class="notice"><b>Failed:</b> ${result.failed}</p>`}
      ${result.fits ? growthFigure(result) : null} ${result.outcomes.map(outcomeSection)}
      ${result.fits ? fitTable(result.fits) : null}`,
    })),
  });
}

function outcomeSection(outcome: Outcome): Html {
  const rows = outcome.rows.filter(({ time }) => time);
  const missing = outcome.rows.filter(({ absent }) => absent !== undefined);
  const columns = columnsOf(headings(outcome.unit), rows.map(cells), 2);
  const peak =
    outcome.peakGflops === undefined ? '' : ` Peak meanwhile ${digits(outcome.peakGflops)} GFLOP/s.`;
  const compared =
    outcome.reference === undefined
      ? ''
      : ` Differences from ${outcome.reference}; up to ${outcome.tolerance ?? 0} is agreement.${outcome.rows
          .filter(({ tolerance }) => tolerance !== undefined)
          .map((row) => ` For ${titleOf(row)} it is up to ${row.tolerance ?? 0}.`)
          .join('')}`;
  return html`<h3>${outcome.label}</h3>
    ${
      rows.length > 0
        ? html`<figure>${raw(timesFigure(outcome.unit, rows))}</figure>
            ${table(columns)}`
        : null
    }
    <p class="note">
      ${missing.map((row) => `${titleOf(row)} is absent: ${row.absent ?? ''}. `).join('')}${peak}${compared}
    </p>
    ${outcome.roofline ? rooflineSection(outcome.roofline, outcome.unit) : null}`;
}

/** How near each of our programs comes to what bounds it. */
const rooflineSection = (roofline: Roofline, unit: string): Html =>
  html`<p>
      Ours by program; at best ${digits(roofline.peakGflops)} GFLOP/s and ${digits(roofline.copyGigabytes)}
      GB/s.
    </p>
    <figure>${raw(rooflineFigure(roofline))}</figure>
    ${table(columnsOf(rooflineHeadings(unit), rooflineRows(roofline).map(rooflineCells), 2))}`;

/** So many columns of words, the rest of numbers. */
const columnsOf = (heads: string[], rows: string[][], words: number): Column[] =>
  heads.map((head, column) => ({
    head,
    numeric: column >= words,
    cells: rows.map((row) => row[column]),
  }));

const fitTable = (fits: NonNullable<CaseResult['fits']>): Html =>
  table([
    { head: 'grows as a power of n', cells: fits.map(({ what }) => what) },
    { head: 'exponent', numeric: true, cells: fits.map(({ exponent }) => exponent.toFixed(3)) },
    {
      head: 'standard error',
      numeric: true,
      cells: fits.map(({ standardError }) => standardError?.toFixed(3) ?? ''),
    },
  ]);

const common = { width: 660, style: { fontFamily, fontSize: '12px', color: palette.ink.light } };

/** Ours in the accent, others on the adapter in ink, those on the processor in grey. */
const colourOf = (row: Row): string =>
  row.contestant === ours
    ? palette.network.light
    : row.backend === 'webgpu'
      ? palette.ink.light
      : palette.muted.light;

/** The median of each form as a dot, least to most as a line, on a logarithmic axis. */
function timesFigure(unit: string, rows: Row[]): string {
  const titles = rows.map(titleOf);
  const longest = greatestOf(titles.map((title) => title.length));
  return serialize({
    ...common,
    height: 58 + 22 * rows.length,
    marginLeft: 7 * longest + 12,
    marginBottom: 42, // the unit stands below its ticks
    x: { type: 'log', label: `ms a ${unit}`, grid: true, tickFormat: digits, ticks: 5 },
    y: { domain: titles, label: null },
    marks: [
      Plot.ruleY(rows, {
        y: titleOf,
        x1: ({ time }: Row) => time!.least,
        x2: ({ time }: Row) => time!.most,
        stroke: colourOf,
      }),
      Plot.dot(rows, { y: titleOf, x: ({ time }: Row) => time!.median, fill: colourOf, r: 4 }),
    ],
  });
}

/** Operations a second against operations a byte, both logarithmic, below what the adapter can do at best. */
function rooflineFigure({ peakGflops, copyGigabytes, rows }: Roofline): string {
  const dots = rows
    .filter(({ operations }) => operations > 0)
    .map(({ program, intensity, operations, time }) => ({
      program,
      intensity,
      rate: operations / 1e6 / time,
    }))
    .sort((one, other) => one.intensity - other.intensity);
  const ridge = peakGflops / copyGigabytes;
  const around = (values: number[]) => [leastOf(values) / 3, 3 * greatestOf(values)];
  const [least, most] = around([ridge, ...dots.map(({ intensity }) => intensity)]);
  const roof = [
    [least, least * copyGigabytes],
    [ridge, peakGflops],
    [most, peakGflops],
  ];
  // Above and below by turns: neighbours are often near each other.
  const names = (under: number) =>
    Plot.text(
      dots.filter((_, rank) => rank % 2 === under),
      {
        ...{ x: 'intensity', y: 'rate', text: 'program', dy: under ? 14 : -14 },
        ...{ fill: palette.ink.light, stroke: palette.paper.light, strokeWidth: 4 },
      },
    );
  return serialize({
    ...common,
    height: 320,
    marginLeft: 60,
    marginBottom: 42,
    x: { type: 'log', label: 'operations a byte', grid: true, ticks: 5, tickFormat: digits },
    y: {
      type: 'log',
      domain: around([peakGflops, ...dots.map(({ rate }) => rate)]),
      label: 'GFLOP/s',
      grid: true,
      ticks: 5,
      tickFormat: digits,
    },
    marks: [
      Plot.line(roof, { stroke: palette.muted.light, clip: true }),
      Plot.dot(dots, { x: 'intensity', y: 'rate', fill: palette.network.light, r: 4 }),
      names(0),
      names(1),
    ],
  });
}

/** Time against n for every form, both logarithmic. */
function growthFigure({ outcomes }: CaseResult): Html {
  const points = outcomes.flatMap(({ parameters, rows }) =>
    rows
      .filter(({ time }) => time)
      .map((row) => ({
        n: parameters['n'],
        title: titleOf(row),
        ms: row.time!.median,
        colour: colourOf(row),
      })),
  );
  const last = [...new Map(points.map((point) => [point.title, point])).values()];
  return html`<figure>
    ${raw(
      serialize({
        ...common,
        height: 320,
        marginRight: 190,
        x: { type: 'log', label: 'n', grid: true, ticks: 5 },
        y: { type: 'log', label: `ms a ${outcomes[0]?.unit ?? ''}`, grid: true, ticks: 5 },
        marks: [
          Plot.line(points, { x: 'n', y: 'ms', z: 'title', stroke: 'colour' }),
          Plot.dot(points, { x: 'n', y: 'ms', fill: 'colour', r: 3 }),
          Plot.text(last, { x: 'n', y: 'ms', text: 'title', textAnchor: 'start', dx: 8, fill: 'colour' }),
        ],
      }),
    )}
  </figure>`;
}

const serialize = (options: Plot.PlotOptions): string =>
  svgMarkup(Plot.plot({ ...options, document: sheet() }) as SVGSVGElement);
