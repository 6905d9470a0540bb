/**
 * The path of a curve through some of its indices, ascending. It breaks at what is no number, and leaves out what lies
 * closer than half a pixel to the point before.
 */
export function curvePath(
  indices: readonly number[],
  x: (index: number) => number,
  y: (index: number) => number,
): string {
  const pieces: string[] = [];
  let before: { at: number; height: number } | null = null;
  for (const [k, index] of indices.entries()) {
    const [at, height] = [x(index), y(index)];
    if (!Number.isFinite(at) || !Number.isFinite(height)) {
      before = null;
      continue;
    }
    const near = before && Math.abs(at - before.at) < 0.5 && Math.abs(height - before.height) < 0.5;
    if (near && k < indices.length - 1) continue;
    // A point alone makes a line of no length, which the round cap shows as a dot.
    const point = `${at.toFixed(1)},${height.toFixed(1)}`;
    pieces.push(before ? `L${point}` : `M${point}L${point}`);
    before = { at, height };
  }
  return pieces.join('');
}
