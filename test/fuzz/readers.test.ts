import { describe, expect } from 'vitest';
import { DataError } from '../../src/data/data-error.ts';
import { readDataFile } from '../../src/data/format.ts';
import { readNpy } from '../../src/data/npy.ts';
import { FormulaError, parseFormula } from '../../src/experiment/formula.ts';
import { gives, minimalSpec } from '../../src/experiment/minimal-spec.ts';
import { JsonError } from '../../src/experiment/unclear-json.ts';
import { parseJson } from '../../src/experiment/parse-json.ts';
import { recordSteps } from '../../src/experiment/record-steps.ts';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { type Spec, parseSpec } from '../../src/experiment/spec.ts';
import { ratesOf } from '../../src/experiment/spec-facts.ts';
import { parseSweep } from '../../src/experiment/sweep.ts';
import { valueOfText, textOfValue } from '../../src/experiment/value-text.ts';
import { parseTileCache, tileCacheText } from '../../src/tuning/tile-cache-text.ts';
import { decodeLink, encodeLink } from '../../web/lab/link.ts';
import { formulaMathematics } from '../../src/math/formula/mathematics.ts';
import { FormulaError as ActivationFormulaError } from '../../src/math/formula/parse.ts';
import { requirePageSize } from '../../web/lab/page-size.ts';
import { inPieces, someArray } from './arrays.ts';
import { mutatedText, oddText } from './documents.ts';
import { someActivation, someFormula } from './formulas.ts';
import { someFile } from './files.ts';
import { fuzz } from './fuzz.ts';
import { someLink } from './links.ts';
import { someSpec, someSpecText, someSweep } from './specs.ts';
import { someTable } from './tables.ts';
import { someTileCache } from './tile-caches.ts';

// Whatever reads what others wrote joins here by one entry; those of Node in test/node/fuzz.test.ts.
describe('whatever is read, what cannot be used is refused by an error of the project', () => {
  fuzz({
    name: 'spec',
    seed: 1,
    inputs: 900,
    make: someSpec,
    read: (input) => checkSpec(parseSpec(input)),
    refusals: [SpecError],
  });

  fuzz({
    name: 'spec as text',
    seed: 2,
    inputs: 600,
    make: someSpecText,
    read: (text) => parseSpec(agreed(text, parseJson(text))),
    refusals: [SpecError, JsonError],
  });

  fuzz({
    name: 'sweep',
    seed: 3,
    inputs: 700,
    make: someSweep,
    read: (input) => {
      const { points } = parseSweep(input);
      expect(new Set(points.map(({ id }) => id)).size).toBe(points.length);
      checkSpec(points[points.length - 1].spec);
    },
    refusals: [SpecError],
  });

  fuzz({
    name: 'formula',
    seed: 4,
    inputs: 1000,
    make: someFormula,
    read: (text) => {
      const { names, evaluate } = parseFormula(text);
      expect(typeof evaluate(new Map(names.map((name, k) => [name, k + 2.5])))).toBe('number');
    },
    refusals: [FormulaError],
  });

  fuzz({
    name: 'activation by formula',
    seed: 41,
    inputs: 150,
    make: someActivation,
    read: (text) => {
      const { phi, phiPrime, moments, supPhiPrime } = formulaMathematics(text);
      for (const x of [-5, 0, 2.5])
        expect(Number.isFinite(phi(x)) && Number.isFinite(phiPrime(x))).toBe(true);
      expect(Object.values(moments!).every(Number.isFinite)).toBe(true);
      expect(supPhiPrime).toBeGreaterThan(0);
    },
    refusals: [ActivationFormulaError],
  });

  fuzz({
    name: 'value of a setting',
    seed: 5,
    inputs: 400,
    make: (random) => (random.chance(0.5) ? mutatedText(random, '{"steps":[0,5]}') : oddText(random)),
    read: (text) => {
      const value = valueOfText(text);
      expect(valueOfText(textOfValue(value))).toEqual(JSON.parse(JSON.stringify(value)));
    },
    refusals: [JsonError],
  });

  fuzz({
    name: 'link',
    seed: 6,
    inputs: 800,
    make: someLink,
    read: (hash) => {
      const decoded = decodeLink(hash);
      // A link is refused in words.
      if (decoded.kind === 'problem') throw new SpecError([decoded.text]);
      if (decoded.kind === 'nothing') return;
      const spec = parseSpec(decoded.spec);
      const again = encodeLink({ spec, view: decoded.view });
      if (again !== null) expect(decodeLink(again)).toMatchObject({ kind: 'state', view: decoded.view });
      requirePageSize(spec, new Map());
    },
    refusals: [SpecError],
  });

  fuzz({
    name: 'array (.npy)',
    seed: 8,
    inputs: 500,
    make: someArray,
    read: async (bytes) => {
      const [whole, inParts] = await Promise.allSettled([
        readNpy(bytes, 'X.npy'),
        readNpy(inPieces(bytes, 7), 'X.npy'),
      ]);
      expect(inParts.status).toBe(whole.status);
      if (whole.status === 'rejected') throw whole.reason;
      expect(whole.value.shape.every((size) => Number.isSafeInteger(size) && size > 0)).toBe(true);
    },
    refusals: [DataError],
  });

  fuzz({
    name: 'file of images (IDX, CIFAR-10, .npz, gzip)',
    seed: 9,
    inputs: 600,
    make: someFile,
    read: async (bytes) => {
      const [whole, inParts] = await Promise.allSettled([
        readDataFile(bytes, 'X'),
        readDataFile(inPieces(bytes, 700), 'X'),
      ]);
      expect(inParts.status).toBe(whole.status);
      if (whole.status === 'rejected') throw whole.reason;
      const { array, labels } = whole.value;
      expect(array.shape.every((size) => Number.isSafeInteger(size) && size > 0)).toBe(true);
      const entries = array.rows(0, array.shape[0]);
      expect(entries.length).toBe(array.shape.reduce((product, size) => product * size, 1));
      expect(entries.every(Number.isFinite)).toBe(true);
      if (labels) expect(labels.shape).toEqual([array.shape[0]]);
    },
    refusals: [DataError],
  });

  fuzz({
    name: 'table (CSV)',
    seed: 10,
    inputs: 800,
    make: someTable,
    read: async ({ bytes, columns }) => {
      const columnsOf = () => ({ ...columns, words: new Map<string, number>() });
      const [whole, inParts] = await Promise.allSettled([
        readDataFile(bytes, 'X', columnsOf()),
        readDataFile(inPieces(bytes, 3), 'X', columnsOf()),
      ]);
      expect(inParts.status).toBe(whole.status);
      if (whole.status === 'rejected') throw whole.reason;
      const { array, labels } = whole.value;
      const [n, d] = array.shape;
      expect(array.rows(0, n).every(Number.isFinite)).toBe(true);
      expect(array.rows(0, n).length).toBe(n * d);
      if (labels) expect(labels.rows(0, n).every(Number.isFinite)).toBe(true);
    },
    refusals: [DataError],
  });

  fuzz({
    name: 'tile cache',
    seed: 7,
    inputs: 300,
    make: someTileCache,
    read: (text) => {
      const { cache, problem } = parseTileCache(text);
      if (problem !== null) throw new SpecError([problem]); // told, and the cache is empty
      expect(parseTileCache(tileCacheText(cache))).toEqual({ cache, problem: null });
    },
    refusals: [SpecError],
  });
});

/** What JSON.parse reads too, and the same. */
function agreed(text: string, value: unknown): unknown {
  expect(value).toEqual(JSON.parse(text));
  return value;
}

/** What holds of every spec that was accepted. */
function checkSpec(spec: Spec): void {
  expect(parseSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  expect(gives(minimalSpec(spec), spec)).toBe(true);
  const steps = recordSteps(spec);
  expect([steps[0], steps.at(-1)]).toEqual([0, spec.training.steps]);
  const [first, second] = ratesOf(spec).map(Math.fround);
  expect(first + second).toBeGreaterThan(0);
}
