import { streams } from '../data/streams.ts';
import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Vector } from '../gpu/vector.ts';
import { compileRandom } from '../programs/random.ts';
import { type LinearOperator, NotFiniteError, ScaledOperator, runProduct } from './operator.ts';

/** Powers of 2 that arguments are scaled by, one after the other, until a product lies within float32's range. */
const smaller = [-40, -80, -110];
const larger = [60, 110];

/** Powers of 2 with which an operator, scaled, is of size about 1: `after` is applied to products, `before` to arguments. */
export interface Scale {
  before: number;
  after: number;
}

/** What the operator that is scaled so has to be multiplied by to be the one that it stands for. */
export const unitOf = ({ before, after }: Scale): number => 2 ** -(before + after);

/**
 * Measures the size of an operator on a random vector: one product, and some more where it leaves float32's range. Null where
 * all products are 0, at any scale.
 * @throws NotFiniteError where none is finite; the signal's reason.
 */
export async function findScale(
  gpu: Gpu,
  stream: CommandStream,
  operator: LinearOperator,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<Scale | null> {
  const normal = await compileRandom(gpu, { entries: 'normal', scaled: false });
  using u = new Vector(gpu, 'random vector', operator.size);
  using image = new Vector(gpu, 'its image', operator.size);
  stream.run(
    normal({ binding: u.binding, firstRow: 0, rows: 1 }, operator.size, {
      seed,
      stream: streams.lanczosStart,
    }),
  );
  /** Largest entry of A 2^before u in size; NaN where one is none. */
  const sizeAt = async (before: number): Promise<number> => {
    using scaled = await ScaledOperator.create(gpu, operator, { before, after: 0 });
    await runProduct(stream, scaled.product(u, image), signal);
    stream.flush();
    const entries = await image.read();
    return entries.every(Number.isFinite)
      ? entries.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0)
      : NaN;
  };
  let before = 0;
  let size = await sizeAt(0);
  // A sum of terms that cancel, such as ∞ − ∞, may be NaN only for being too large.
  const others = size === 0 ? larger : smaller;
  for (let k = 0; k < others.length && !(size > 0); k++) size = await sizeAt((before = others[k]));
  if (Number.isNaN(size)) throw new NotFiniteError();
  if (size === 0) return null;
  const exponent = Math.round(Math.log2(size)) - before;
  // Half of it on each side, so that what lies between, such as Au of AᵀA, has its own size.
  const half = Math.max(-126, Math.min(126, Math.round(-exponent / 2)));
  return { before: half, after: Math.max(-126, Math.min(126, -exponent - half)) };
}
