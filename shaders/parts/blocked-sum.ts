import { each } from './each.ts';

/** Terms of a block, and blocks of a block of blocks. */
const block = 64;

/** Sums that run side by side over one index. */
export interface BlockedSums {
  /** WGSL of the first index, the end, and the step between them. */
  range: { first: string; end: string; step: number };
  /** WGSL type of a term. */
  type: string;
  count: number;
  /** WGSL that what is added reads, with the index `r` in scope. */
  prepare: string;
  /** WGSL of what is added to sum i. */
  term: (i: number) => string;
}

/**
 * WGSL that declares NAMEi = Σ_r term(i), added up in blocks of `block` terms and blocks of as many of these, in a fixed
 * order: one serial float32 sum of 10⁶ terms would be off by 10⁻⁴ and more.
 */
export function blockedSums(name: string, { range, type, count, prepare, term }: BlockedSums): string {
  const { first, end, step } = range;
  const part = (from: string, blocks: number) => `min(${from} + ${blocks * step}u, ${name}_end)`;
  const zeros = (level: string) => each(count, (i) => `var ${level}${i} = ${type}();`);
  return `let ${name}_end = ${end};
  ${zeros(name)}
  for (var outer = ${first}; outer < ${name}_end; outer += ${block ** 2 * step}u) {
    ${zeros('outer_sum')}
    for (var inner = outer; inner < ${part('outer', block ** 2)}; inner += ${block * step}u) {
      ${zeros('inner_sum')}
      for (var r = inner; r < ${part('inner', block)}; r += ${step}u) {
        ${prepare}
        ${each(count, (i) => `inner_sum${i} += ${term(i)};`)}
      }
      ${each(count, (i) => `outer_sum${i} += inner_sum${i};`)}
    }
    ${each(count, (i) => `${name}${i} += outer_sum${i};`)}
  }`;
}

/** The most additions that one of `terms` terms passes through. */
export const blockedAdditions = (terms: number): number =>
  Math.min(terms, block) + Math.min(Math.ceil(terms / block), block) + Math.ceil(terms / block ** 2);
