/** WGSL lines for i = 0 … count − 1: how the shaders here write an unrolled loop over a register tile. */
export function each(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join('\n  ');
}
