import { describe, expect, it } from 'vitest';
import { type Competition, compete } from '../../bench/competition.ts';
import { MismatchError } from '../../bench/compare.ts';
import type { Contestant, Forms } from '../../bench/contestant.ts';

/** A contestant that gives these numbers and writes down what it is asked, or fails with this message. */
function contestant(
  library: string,
  answer: number[] | string,
  log: string[] = [],
  backend: Contestant['backend'] = 'webgpu',
): Contestant {
  const forms: Forms = {
    jit: () =>
      Promise.resolve({
        run: async () => {
          log.push(`${library} runs`);
          // Long enough for the coarsest clock.
          await new Promise((resolve) => setTimeout(resolve, 3));
          if (typeof answer === 'string') throw new Error(answer);
        },
        result: () => {
          log.push(`${library} is compared`);
          return Promise.resolve({ theta: Float32Array.from(answer as number[]) });
        },
        dispose: () => void log.push(`${library} is disposed of`),
      }),
  };
  return { library, backend, activate: () => Promise.resolve(), denseNtk: () => forms };
}

const competition: Competition = {
  label: 'n = 2',
  parameters: { n: 2 },
  operations: 1e9,
  units: { count: 10, name: 'step' },
  tolerance: 1e-3,
  forms: ({ denseNtk }) => denseNtk?.({} as never, 0),
};
const meter = { measure: () => Promise.resolve(100) };
const timesOf = (log: string[], entry: string): number => log.filter((line) => line === entry).length;

describe('compete', () => {
  it('compares everybody before it times anybody', async () => {
    const log: string[] = [];
    const contestants = [contestant('First Light', [1], log), contestant('peer', [1.0001], log)];
    const { rows, reference, peakGflops } = await compete(competition, contestants, meter);
    expect(log.slice(0, 4)).toEqual([
      'First Light runs',
      'First Light is compared',
      'peer runs',
      'peer is compared',
    ]);
    expect(reference).toBe('First Light, jit');
    expect(peakGflops).toBe(100);
    expect(rows[1].difference).toBeCloseTo(1e-4, 6);
    expect(rows[1].ratio).toBeCloseTo(rows[1].time!.median / rows[0].time!.median, 12);
    expect(rows[0].gflops).toBeCloseTo(1e9 / 1e6 / rows[0].time!.median, 6);
    expect(rows[0].fractionOfPeak).toBeCloseTo(rows[0].gflops! / 100, 12);
  });

  it('lets runs take turns, each round begun by another one, and spares the processor', async () => {
    const log: string[] = [];
    const contestants = [
      contestant('First Light', [1], log),
      contestant('peer', [1], log),
      contestant('plain', [1], log, 'javascript'),
    ];
    const { rows } = await compete({ ...competition, operations: 1 }, contestants, meter);
    const timed = log.slice(6).filter((line) => line.endsWith('runs'));
    expect(timed.slice(0, 6).map((line) => line.split(' ')[0])).toEqual([
      'First',
      'peer',
      'plain',
      'peer',
      'plain',
      'First',
    ]);
    expect(rows.map(({ runs }) => runs)).toEqual([7, 7, 3]);
  });

  it('times nobody where results differ, and disposes of everything', async () => {
    const log: string[] = [];
    const contestants = [contestant('First Light', [1], log), contestant('peer', [2], log)];
    await expect(compete(competition, contestants, meter)).rejects.toThrow(MismatchError);
    expect(timesOf(log, 'First Light runs')).toBe(1);
    expect(timesOf(log, 'First Light is disposed of')).toBe(1);
    expect(timesOf(log, 'peer is disposed of')).toBe(1);
  });

  it('holds a form to its own tolerance where it has one, and compares times with our first form', async () => {
    const ours = contestant('First Light', [1]);
    const rough = contestant('First Light', [1.01]).denseNtk!({} as never, 0)['jit'];
    const half = (tolerance?: number): Contestant => ({
      ...ours,
      denseNtk: () => ({
        ...ours.denseNtk!({} as never, 0),
        half: async () => ({ ...(await rough()), ...(tolerance !== undefined && { tolerance }) }),
      }),
    });
    const { rows, tolerance } = await compete(competition, [half(0.02), contestant('peer', [1])], meter);
    expect(tolerance).toBe(1e-3);
    expect(rows.map((row) => row.tolerance)).toEqual([undefined, 0.02, undefined]);
    expect(rows[1].difference).toBeCloseTo(0.01, 6);
    expect(rows[0].ratio).toBeUndefined();
    for (const row of rows.slice(1)) expect(row.ratio).toBe(row.time!.median / rows[0].time!.median);
    await expect(compete(competition, [half()], meter)).rejects.toThrow(MismatchError);
    await expect(compete(competition, [half(0.005)], meter)).rejects.toThrow(
      /First Light, half.*tolerance 0.005/,
    );
  });

  it('goes on without a peer that cannot, but not without ours', async () => {
    const ours = contestant('First Light', [1]);
    const { rows } = await compete(competition, [ours, contestant('peer', 'no such kernel')], meter);
    expect(rows[1]).toMatchObject({ contestant: 'peer', absent: 'no such kernel' });
    expect(rows[1].time).toBeUndefined();
    await expect(compete(competition, [contestant('First Light', 'a bug')], meter)).rejects.toThrow('a bug');
  });

  it('does not ask a processor for what takes minutes', async () => {
    const many = { ...competition, operations: 1e12 };
    const { rows } = await compete(many, [contestant('plain', [1], [], 'javascript')], meter);
    expect(rows[0].absent).toMatch(/1\.0e\+13 operations/);
  });
});
