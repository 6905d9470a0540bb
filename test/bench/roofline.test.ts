import { describe, expect, it } from 'vitest';
import { rooflineText } from '../../bench/roofline-table.ts';
import { rooflineRow, together } from '../../bench/roofline.ts';

/** A ridge at 10 operations a byte. */
const ceilings = { peakGflops: 1000, copyGigabytes: 100 };
const work = { program: 'ntk', dispatches: 2, time: 4 };

describe('rooflineRow', () => {
  it('takes the time at the peak right of the ridge, the time of a copy left of it', () => {
    const right = rooflineRow({ ...work, operations: 2e9, bytes: 1e8 }, ceilings);
    expect(right).toMatchObject({ intensity: 20, bound: 'compute', least: 2, fraction: 0.5 });
    const left = rooflineRow({ ...work, operations: 5e8, bytes: 1e8 }, ceilings);
    expect(left).toMatchObject({ intensity: 5, bound: 'memory', least: 1, fraction: 0.25 });
  });

  it('is past 1 where the program is faster than the ceiling', () => {
    expect(rooflineRow({ ...work, operations: 0, bytes: 8e8 }, ceilings).fraction).toBe(2);
  });
});

describe('together', () => {
  it('bounds every program by itself', () => {
    const rows = [
      rooflineRow({ ...work, operations: 2e9, bytes: 1e8, time: 4 }, ceilings),
      rooflineRow({ ...work, operations: 0, bytes: 1e8, time: 2 }, ceilings),
    ];
    const all = together(rows);
    expect(all).toMatchObject({
      operations: 2e9,
      bytes: 2e8,
      least: 3,
      time: 6,
      fraction: 0.5,
      dispatches: 4,
    });
    expect(all.bound).toBeUndefined();
  });
});

describe('rooflineText', () => {
  it('has a line a program, and one for several of them together', () => {
    const one = rooflineRow({ ...work, operations: 2e9, bytes: 1e8 }, ceilings);
    const lines = rooflineText({ ...ceilings, rows: [one] }, 'step');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/1000 GFLOP\/s and 100 GB\/s/);
    expect(lines[1]).toMatch(/program +bound by +dispatches.*ms at best +ms a step/);
    expect(lines[2]).toMatch(/ntk +compute +2 +2000 +100 +20\.0 +2\.00 +4\.00 +50\.0$/);
    const two = rooflineText({ ...ceilings, rows: [one, { ...one, program: 'forward' }] }, 'step');
    expect(two[4]).toMatch(/together +4 +4000 +200 +20\.0 +4\.00 +8\.00 +50\.0$/);
  });
});
