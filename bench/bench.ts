import { probeMatrixUnits } from '../src/programs/matrix-unit-probe.ts';
import type { Bench, BenchCase, BenchSize } from './case.ts';
import { coldStart } from './cases/cold-start.ts';
import { convolutionalStep } from './cases/convolutional-step.ts';
import { deepProducts } from './cases/deep-products.ts';
import { deepStep } from './cases/deep-step.ts';
import { denseNtk } from './cases/dense-ntk.ts';
import { gdStep } from './cases/gd-step.ts';
import { growth } from './cases/growth.ts';
import { ladderCase } from './cases/ladder.ts';
import { matrixProduct } from './cases/matrix-product.ts';
import { ntkProducts } from './cases/ntk-products.ts';
import { spectralNorm } from './cases/spectral-norm.ts';
import { tileCase } from './cases/tiles.ts';
import { readback } from './cases/readback.ts';
import { type Outcome, compete } from './competition.ts';
import { contestants } from './contestants.ts';
import { PeakMeter, measurePeak } from './peak.ts';
import { measureRoofline } from './program-times.ts';
import type { BenchDocument } from './document.ts';
import { benchReport } from './report.ts';
import { rooflineText } from './roofline-table.ts';
import { textTable } from './table.ts';

const cases: readonly BenchCase[] = [
  matrixProduct,
  denseNtk,
  gdStep,
  ntkProducts,
  deepStep,
  convolutionalStep,
  deepProducts,
  spectralNorm,
  growth,
  coldStart,
  readback,
  tileCase,
  ladderCase,
];

/** What is measured, beside whom. */
export interface Asked {
  size: BenchSize;
  /** See contestants.ts. */
  peers: string;
  /** Names of cases; all where there are none. */
  cases: readonly string[];
}

/** Where the bench runs: a page, or a process without one. */
export interface Host extends Pick<Bench, 'say' | 'openColdPage'> {
  /** What runs it, in words. */
  agent: string;
  /** Takes what is measured so far, after every case, in case the next one never ends. */
  soFar: (document: BenchDocument, report: string) => Promise<void>;
}

/** Runs the cases that are asked for; what is measured, and the page that shows it. */
export async function runBench(asked: Asked, host: Host): Promise<[BenchDocument, string]> {
  const { say, openColdPage } = host;
  const { size } = asked;
  const print = (outcome: Outcome) => {
    for (const line of textTable(outcome)) say(line);
  };

  const { gpu, present, absent } = await contestants(asked.peers);
  await probeMatrixUnits(gpu);
  for (const { name, reason } of absent) say(`${name} does not take part: ${reason}`);
  const { description, vendor, architecture } = gpu.adapter;
  const adapter = description || `${vendor} ${architecture}`.trim() || 'unnamed adapter';
  say(`${adapter}: measuring what it can do at best`);
  const meter = await PeakMeter.create(gpu.device);
  const peak = await measurePeak(gpu.device, meter);
  say(
    `multiply-add peak ${peak.gflops.toFixed(1)} GFLOP/s (${peak.how}); copies ${peak.copyGigabytes.toFixed(1)} GB/s`,
  );

  const measured: BenchDocument = {
    adapter,
    software: gpu.adapter.software,
    userAgent: host.agent,
    size,
    peak,
    absent,
    cases: [],
  };
  const bench: Bench = {
    size,
    gpu,
    peak: () => meter.measure(),
    say,
    compete: async (competition) => {
      const outcome = await compete(competition, present, meter);
      print(outcome);
      if (!competition.byProgram) return outcome;
      const [create] = Object.values(competition.forms(present[0])!);
      outcome.roofline = await measureRoofline(gpu, meter, create, competition.units?.count ?? 1);
      for (const line of rooflineText(outcome.roofline, outcome.unit)) say(line);
      return outcome;
    },
    print,
    ...(openColdPage && { openColdPage }),
  };
  for (const { name, what, ofPages, run } of cases) {
    if (asked.cases.length > 0 && !asked.cases.includes(name)) continue;
    if (ofPages && !openColdPage) {
      say(`\n${name} is about pages, and left out without a browser`);
      continue;
    }
    say(`\n${name}: ${what}`);
    try {
      const result = await run(bench);
      for (const { what: fitted, exponent, standardError } of result.fits ?? []) {
        say(`  ${fitted} ∝ n^(${exponent.toFixed(3)} ± ${standardError?.toFixed(3) ?? '?'})`);
      }
      measured.cases.push({ name, what, ...result });
    } catch (error) {
      const failed = error instanceof Error ? error.message : String(error);
      say(`  FAILED: ${failed}`);
      measured.cases.push({ name, what, outcomes: [], failed });
    }
    await host.soFar(measured, benchReport(measured));
  }
  return [measured, benchReport(measured)];
}
