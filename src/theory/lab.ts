import type { Words } from './bench.ts';
import type { LabParts } from './lab-parts.ts';

/** What instruments measure with and may ask of kernels (see kernels.ts), and what they share at a step. */
export interface Lab extends Readonly<LabParts>, Words {
  /** Several questions about the same kernels, which are made once for all of them. */
  sharing: <T>(ask: (words: Words) => Promise<T>) => Promise<T>;
  /** A measurement that several instruments want: made once for each key. */
  once: <T>(key: string, measure: () => Promise<T>) => Promise<T>;
}

/** What can be asked of kernels, one thing at a time or several together. */
function askingOf(parts: LabParts): Words & Pick<Lab, 'sharing'> {
  // Where kernels are made is loaded with the first question about one.
  const sharing: Lab['sharing'] = async (ask) => (await import('./bench.ts')).sharing(parts, ask);
  return {
    sharing,
    norm: (...asked) => sharing((bench) => bench.norm(...asked)),
    factorNorm: (...asked) => sharing((bench) => bench.factorNorm(...asked)),
    top: (...asked) => sharing((bench) => bench.top(...asked)),
    spectrum: (...asked) => sharing((bench) => bench.spectrum(...asked)),
    applied: (...asked) => sharing((bench) => bench.applied(...asked)),
    gradient: (...asked) => sharing((bench) => bench.gradient(...asked)),
  };
}

/** A lab that remembers what was measured under a key, until it is let go. */
export function createLab(parts: LabParts): Lab {
  const made = new Map<string, Promise<unknown>>();
  return {
    ...parts,
    ...askingOf(parts),
    once: <T>(key: string, measure: () => Promise<T>): Promise<T> => {
      const known = made.get(key) as Promise<T> | undefined;
      if (known) return known;
      const measured = measure();
      made.set(key, measured);
      return measured;
    },
  };
}
