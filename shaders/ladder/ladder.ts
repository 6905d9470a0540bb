import { naive } from './1-naive.wgsl.ts';
import { registerTile } from './2-register-tile.wgsl.ts';
import { quadSwap } from './3-quad-swap.wgsl.ts';
import { workgroupMemory } from './4-workgroup-memory.wgsl.ts';
import { readingAhead } from './5-reading-ahead.wgsl.ts';

/** One plain product C = P Q, to learn from. */
export interface Rung {
  readonly name: string;
  /** What it adds to the rung before it, in a sentence. */
  readonly idea: string;
  readonly code: string;
  /** Rows and columns of C that a workgroup makes. */
  readonly rows: number;
  readonly columns: number;
  /** Whether it needs the feature `subgroups`. */
  readonly subgroups: boolean;
}

/** Five plain products, each one idea further than the one before. */
export const ladder: readonly Rung[] = [
  {
    name: 'naive',
    idea: 'One invocation for every entry, as the formula is written.',
    code: naive,
    rows: 8,
    columns: 8,
    subgroups: false,
  },
  {
    name: 'register-tile',
    idea: 'An invocation makes 4 × 4 entries in registers: what it reads serves four sums.',
    code: registerTile,
    rows: 32,
    columns: 32,
    subgroups: false,
  },
  {
    name: 'quad-swap',
    idea: 'Four neighbours read a row each and swap them: a quarter of the loads of P.',
    code: quadSwap,
    rows: 4,
    columns: 32,
    subgroups: true,
  },
  {
    name: 'workgroup-memory',
    idea: 'A workgroup copies what it needs once, and reads it from there.',
    code: workgroupMemory,
    rows: 32,
    columns: 32,
    subgroups: false,
  },
  {
    name: 'reading-ahead',
    idea: 'The next part is on its way while this one is multiplied.',
    code: readingAhead,
    rows: 32,
    columns: 32,
    subgroups: false,
  },
];
