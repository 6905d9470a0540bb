import { expect, test } from 'vitest';
import type { Computation } from '../../src/experiment/job.ts';
import type { RunEvent } from '../../src/experiment/result.ts';
import { parseSpec } from '../../src/experiment/spec.ts';
import { workOf } from '../../src/experiment/work.ts';
import { Track } from '../../src/node/track.ts';

const sizes = { n: 500, nTest: 0, d: 20 };
const spec = parseSpec({
  data: { distribution: 'gaussian', ...sizes },
  network: { width: 64 },
  training: { eta: 1, steps: 20 },
  claims: [2, 3, 4, 12],
});
const job: Computation = {
  kind: 'run',
  hostMemory: 1e9,
  tiles: { entries: [] },
  run: { id: 'run', label: 'an experiment', spec, arrays: false },
};

test('claims are named, their products counted, their work is part of the progress and said beforehand', () => {
  const said: string[] = [];
  const shown: { fraction: number; doing: string | undefined }[] = [];
  const track = new Track(job, {
    update: (_label, fraction, _step, _steps, doing) => shown.push({ fraction, doing }),
    say: (line) => said.push(line),
    stop: () => undefined,
  });
  const follow = (event: object): void =>
    track.follow({ kind: 'event', run: 'run', event: event as RunEvent });
  follow({ kind: 'prepared', preparation: sizes, adapter: { description: 'an adapter', software: false } });
  expect(said[1]).toMatch(/^Claims take about \d+ % of the work, \S+ operations; most of it claims? .*12/);
  for (const claim of [2, 3, 4, 12]) {
    for (const products of [0, 9, 30]) follow({ kind: 'measuring', claim, products, step: 0, steps: 20 });
  }
  // Back at one that has measured before, at a later step.
  follow({ kind: 'measuring', claim: 2, products: 0, step: 1, steps: 20 });
  for (const step of [1, 10, 20]) follow({ kind: 'progress', step, steps: 20, perStep: 1 });
  expect(shown.slice(0, 4).map(({ doing }) => doing)).toEqual([
    'claim 2',
    'claim 2, 9 products',
    'claim 2, 30 products',
    'claim 3',
  ]);
  const fractions = shown.map(({ fraction }) => fraction);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(fractions[0]).toBe(0);
  expect(fractions.at(-1)).toBeCloseTo(1);
  const { training, claims } = workOf(spec, sizes);
  const measured = [...claims.values()].reduce((sum, work) => sum + work, 0);
  expect(fractions.at(-3)).toBeCloseTo((measured + training / 20) / (measured + training));
});
