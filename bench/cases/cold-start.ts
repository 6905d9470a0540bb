import type { BenchCase } from '../case.ts';
import type { Row } from '../competition.ts';
import { spread } from '../spread.ts';

/** By the names that cold.ts knows. */
const contestants = { ours: 'First Light', jax: 'jax-js', tensorflow: 'TensorFlow.js' };
const parameters = { n: 512, d: 50, m: 256 };
const pages = { quick: 1, standard: 5, hardware: 5 };

/**
 * From the start of a page's navigation to the first Θ₁ on its device: loading the library from this machine without a
 * cache, asking for a device, making the data, compiling, computing. Every measurement is a page of its own in a
 * profile of its own, in turn; the browser runs already.
 */
export const coldStart: BenchCase = {
  name: 'cold-start',
  what: 'a page that nothing is loaded in, up to its first Θ₁',
  ofPages: true,
  run: async ({ size, openColdPage, print }) => {
    const rows = new Map<string, Row>();
    const times = new Map<string, number[]>();
    for (let round = 0; round < pages[size]; round++) {
      for (const [name, contestant] of Object.entries(contestants)) {
        const row = rows.get(name) ?? { contestant, form: '', backend: 'webgpu' };
        rows.set(name, row);
        const start = await openColdPage!(name);
        if ('failed' in start) row.absent = start.failed;
        else times.set(name, [...(times.get(name) ?? []), start.milliseconds]);
      }
    }
    for (const [name, measured] of times) {
      Object.assign(rows.get(name)!, { time: spread(measured), runs: measured.length });
    }
    const ours = rows.get('ours')!.time;
    for (const [name, row] of rows) {
      if (ours && row.time && name !== 'ours') row.ratio = row.time.median / ours.median;
    }
    const outcome = { label: 'n = 512', parameters, unit: 'page', rows: [...rows.values()] };
    print(outcome);
    return { outcomes: [outcome] };
  },
};
