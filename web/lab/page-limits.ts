import { widthOf } from '../../src/experiment/network-facts.ts';
import { filesOf, isRead } from '../../src/experiment/spec-facts.ts';
import { SpecError } from '../../src/experiment/spec-error.ts';
import type { Spec } from '../../src/experiment/spec.ts';

/** What a page takes on; the command line takes what the device can. */
export const pageLimits = {
  n: 50_000,
  nTest: 20_000,
  d: 2048,
  width: 8192,
  steps: 100_000,
  /** Multiply-adds of one pass through the network, n · d · m. */
  work: 5e9,
} as const;

/**
 * Refuses an experiment that would hang a page.
 * @param read rows and inputs of training data of the distribution "files", where it was read
 * @throws SpecError with each value that is too large, its limit and what to do
 */
export function requirePageSize(
  spec: Spec,
  arrays: ReadonlyMap<string, ArrayBuffer>,
  read?: readonly [n: number, d: number],
): void {
  const problems = [...pageProblems(spec, arrays, read)];
  if (problems.length > 0) throw new SpecError(problems);
}

const elsewhere = 'take less, or run it with the command line';

function* pageProblems(
  spec: Spec,
  arrays: ReadonlyMap<string, ArrayBuffer>,
  read: readonly [n: number, d: number] | undefined,
): Generator<string> {
  const { data, target, network, training } = spec;
  const fields: [name: string, value: number, limit: number][] = [
    ['network.width', widthOf(network), pageLimits.width],
    ['training.steps', training.steps, pageLimits.steps],
    ...(target.kind === 'teacher'
      ? [['target.width', target.width, pageLimits.width] satisfies [string, number, number]]
      : []),
  ];
  /** Entries of the training inputs, n · d. */
  let entries: number;
  if (isRead(data)) {
    const missing = filesOf(data)
      .map(({ file }) => file)
      .filter((file) => !arrays.has(file));
    for (const path of missing)
      yield `The spec names ${path}, which is not here; drop that file onto the page with the spec.`;
    if (missing.length > 0) return;
    const [x] = filesOf(data);
    // How many rows are taken of other files, and of how many numbers, is known once they were read.
    const [n, ...row] = data.distribution === 'npy' ? shapeOf(arrays.get(x.file)!) : (read ?? [0, 0]);
    const d = row.reduce((product, size) => product * size, 1);
    fields.push([`The number of rows of ${x.file}`, n, pageLimits.n]);
    fields.push([`The number of columns of ${x.file}`, d, pageLimits.d]);
    entries = n * d;
  } else {
    fields.push(
      ['data.n', data.n, pageLimits.n],
      ['data.nTest', data.nTest, pageLimits.nTest],
      ['data.d', data.d, pageLimits.d],
    );
    entries = data.n * data.d;
  }
  let inside = true;
  for (const [name, value, limit] of fields) {
    if (value <= limit) continue;
    inside = false;
    yield `${name} is ${value}; this page takes at most ${limit}: ${elsewhere}.`;
  }
  if (!inside) return;
  const work = entries * Math.max(widthOf(network), target.kind === 'teacher' ? target.width : 0);
  if (work > pageLimits.work) {
    yield `n · d · m is ${work.toPrecision(2)}; this page takes at most ${pageLimits.work.toPrecision(2)}: ${elsewhere}.`;
  }
}

/** The shape that a .npy file's header states; whether it is one is found out when it is read. */
function shapeOf(file: ArrayBuffer): number[] {
  const header = new TextDecoder('latin1').decode(file.slice(0, 512));
  const [, sizes = '1'] = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header) ?? [];
  return [...sizes.matchAll(/\d+/g)].map(([digits]) => Number(digits));
}
