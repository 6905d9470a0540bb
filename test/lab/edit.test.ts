import { describe, expect, it } from 'vitest';
import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { chooseDepth } from '../../web/lab/edit.ts';

const specOf = (change: Partial<SpecInput>) =>
  parseSpec({
    data: { distribution: 'gaussian', d: 16, n: 20, nTest: 10 },
    network: { width: 8 },
    training: { eta: 1, steps: 5 },
    ...change,
  });

describe('the number of hidden layers', () => {
  it('makes a network of two layers deep, and back, with what then makes sense', () => {
    const draft = specOf({
      training: { layers: 'first', eta1: 2, steps: 5 },
      kernel: 'first',
      claims: [1, 4, 5],
    });
    chooseDepth(draft, 3);
    expect(parseSpec(draft)).toMatchObject({
      network: { kind: 'deep', depth: 3, width: 8 },
      training: { layers: 'both', eta: 2 },
      kernel: 'both',
      claims: [1],
    });
    chooseDepth(draft, 1);
    expect(parseSpec(draft).network).toMatchObject({ width: 8 });
    expect(parseSpec(draft).network.kind).not.toBe('deep');
  });

  it('takes the widest of layers, and leaves out rates of layers that are not there', () => {
    const draft = specOf({
      network: { kind: 'deep', widths: [4, 12, 8] },
      training: { eta: 1, rates: [1, 1, 1, 0.5], linear: ['theory', 'adapted'], steps: 5 },
    });
    chooseDepth(draft, 2);
    expect(parseSpec(draft)).toMatchObject({
      network: { kind: 'deep', depth: 2, width: 12 },
      training: { linear: ['theory', 'adapted'] },
    });
    expect(draft.training.rates).toBeUndefined();
  });

  it('repeats the last layer of a convolution, or leaves layers out', () => {
    const draft = specOf({
      data: { distribution: 'gaussian', d: 64, n: 20, nTest: 10 },
      network: { kind: 'convolutional', shape: [8, 8, 1], channels: [4, 6], filter: 3, pool: [2, 1] },
    });
    chooseDepth(draft, 3);
    expect(parseSpec(draft).network).toMatchObject({ channels: [4, 6, 6] });
    chooseDepth(draft, 1);
    expect(parseSpec(draft).network).toMatchObject({ channels: [4] });
  });

  it('that no network has is refused in words, and the next one is taken', () => {
    for (const [depth, words] of [
      [2.5, /network\.depth is 2\.5/],
      [101, /network\.depth is 101/],
      [1e10, /network\.depth is 1e10|network\.depth is 10000000000/],
    ] as const) {
      const draft = specOf({});
      chooseDepth(draft, depth);
      expect(() => parseSpec(draft)).toThrow(words);
      chooseDepth(draft, 3);
      expect(parseSpec(draft).network).toMatchObject({ depth: 3 });
    }
    for (const nothing of [Number.NaN, 0, -1]) {
      const draft = specOf({});
      chooseDepth(draft, nothing);
      expect(draft).toEqual(specOf({}));
    }
  });
});
