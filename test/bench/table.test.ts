import { describe, expect, it } from 'vitest';
import { digits, textTable } from '../../bench/table.ts';

describe('digits', () => {
  it('keeps three, and all before the point', () => {
    expect([0.012345, 9.876, 123.4, 12_345.6].map(digits)).toEqual(['0.0123', '9.88', '123', '12346']);
  });
});

describe('textTable', () => {
  it('has a line for everybody, and says why one is absent', () => {
    const lines = textTable({
      label: 'n = 2',
      parameters: { n: 2 },
      unit: 'step',
      rows: [
        { contestant: 'ours', form: '', backend: 'webgpu', time: { median: 2, least: 1, most: 4 }, runs: 3 },
        { contestant: 'theirs', form: 'jit', backend: 'webgpu', absent: 'out of memory' },
      ],
    });
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain('n = 2');
    expect(lines[2]).toMatch(/contestant +form +ms a step/);
    expect(lines[3]).toMatch(/ours +2\.00 +1\.00–4\.00 +3/);
    expect(lines[4]).toMatch(/theirs +jit +absent: out of memory/);
  });
});
