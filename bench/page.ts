import '../src/gpu/symbol-dispose.ts';
import { runBench } from './bench.ts';
import type { BenchSize, ColdStart } from './case.ts';
import type { BenchDocument } from './document.ts';

/** What bench/in-browser.js puts into the page. */
declare global {
  interface Window {
    benchSay: (line: string) => Promise<void>;
    benchDone: (document: BenchDocument, report: string) => Promise<void>;
    benchSoFar: (document: BenchDocument, report: string) => Promise<void>;
    benchOpenColdPage: (contestant: string) => Promise<ColdStart>;
  }
}

const query = new URLSearchParams(location.search);
const asked = {
  size: query.get('size') as BenchSize,
  peers: query.get('peers')!,
  cases: query.getAll('case'),
};
const measured = await runBench(asked, {
  agent: navigator.userAgent,
  say: (line) => void window.benchSay(line),
  soFar: (...what) => window.benchSoFar(...what),
  openColdPage: (contestant) => window.benchOpenColdPage(contestant),
});
await window.benchDone(...measured);
