import '../src/gpu/symbol-dispose.ts';
import { probeMatrixUnits } from '../src/programs/matrix-unit-probe.ts';
import type { Bench, BenchCase, BenchSize, ColdStart } from './case.ts';
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
import type { BenchDocument } from './document.ts';
import { benchReport } from './report.ts';
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

/** What bench/run.js puts into the page. */
declare global {
  interface Window {
    benchSay: (line: string) => Promise<void>;
    benchDone: (document: BenchDocument, report: string) => Promise<void>;
    /** After every case, in case the next one never ends. */
    benchSoFar: (document: BenchDocument, report: string) => Promise<void>;
    benchOpenColdPage: (contestant: string) => Promise<ColdStart>;
  }
}

/** Runs the cases that the address names, or all. */
async function runBench(): Promise<BenchDocument> {
  const query = new URLSearchParams(location.search);
  const wanted = query.getAll('case');
  const size = query.get('size') as BenchSize;
  const say = (line: string) => void window.benchSay(line);

  const print = (outcome: Outcome) => {
    for (const line of textTable(outcome)) say(line);
  };

  const { gpu, present, absent } = await contestants(query.get('peers')!);
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
    userAgent: navigator.userAgent,
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
      return outcome;
    },
    print,
    openColdPage: (contestant) => window.benchOpenColdPage(contestant),
  };
  for (const { name, what, run } of cases) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
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
    await window.benchSoFar(measured, benchReport(measured));
  }
  return measured;
}

const measured = await runBench();
await window.benchDone(measured, benchReport(measured));
