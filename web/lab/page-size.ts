import {
  architectureOf,
  depthOf,
  hiddenLayers,
  isTwoLayer,
  widthOf,
} from '../../src/experiment/network-facts.ts';
import type { DeepSpec } from '../../src/experiment/network-spec.ts';
import { filesOf, isRead } from '../../src/experiment/spec-facts.ts';
import { SpecError } from '../../src/experiment/spec-error.ts';
import type { Spec } from '../../src/experiment/spec.ts';
import { pageLimits } from './page-limits.ts';
import { deepShape } from '../../src/math/deep/architecture.ts';

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
  let inputs: readonly [n: number, d: number];
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
    inputs = [n, d];
  } else {
    fields.push(
      ['data.n', data.n, pageLimits.n],
      ['data.nTest', data.nTest, pageLimits.nTest],
      ['data.d', data.d, pageLimits.d],
    );
    inputs = [data.n, data.d];
  }
  let inside = true;
  for (const [name, value, limit] of fields) {
    if (value <= limit) continue;
    inside = false;
    yield `${name} is ${value}; this page takes at most ${limit}: ${elsewhere}.`;
  }
  if (!inside) return;
  const [n, d] = inputs;
  // Files that nobody has read yet.
  if (n * d === 0) return;
  if (!isTwoLayer(network)) yield* deepProblems(network, n, d);
  const widths = {
    m: isTwoLayer(network) ? network.width : 0,
    'target.width': target.kind === 'teacher' ? target.width : 0,
  };
  for (const [name, width] of Object.entries(widths)) {
    const work = n * d * width;
    if (work <= pageLimits.work) continue;
    yield `n · d · ${name} is ${rounded(work)}; this page takes at most ${rounded(pageLimits.work)}: ${elsewhere}.`;
  }
}

const rounded = (count: number): string => count.toPrecision(2);

function* deepProblems(network: DeepSpec, n: number, d: number): Generator<string> {
  const work = n * passOf(network, d);
  if (work <= pageLimits.deepWork) return;
  const units = network.kind === 'convolutional' ? 'channels' : 'units';
  yield `One pass of ${n} points through ${hiddenLayers(depthOf(network))} of up to ${widthOf(network)} ${units} takes ${rounded(work)} multiplications; this page takes at most ${rounded(pageLimits.deepWork)}: take fewer layers, narrower ones or fewer points, or run it with the command line.`;
}

/** Multiply-adds of one point's pass through the hidden layers, of both towers together. */
function passOf(network: DeepSpec, d: number): number {
  const { layers } = deepShape(architectureOf(network, d));
  return layers.reduce((sum, { positions, fanIn, channels }) => sum + 2 * positions * fanIn * channels, 0);
}

/** The shape that a .npy file's header states; whether it is one is found out when it is read. */
function shapeOf(file: ArrayBuffer): number[] {
  const header = new TextDecoder('latin1').decode(file.slice(0, 512));
  const [, sizes = '1'] = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header) ?? [];
  return [...sizes.matchAll(/\d+/g)].map(([digits]) => Number(digits));
}
