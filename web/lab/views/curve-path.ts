/**
 * The path of a curve between two of its indices. It breaks at what is no number, and leaves out what lies closer than
 * half a pixel to the point before, so that thousands of records cost no more than the chart has pixels.
 */
export function curvePath(
  x: readonly number[],
  y: readonly number[],
  place: (value: number) => number,
  from: number,
  to: number,
): string {
  const pieces: string[] = [];
  let drawn = Number.NaN;
  for (let k = from; k <= to; k++) {
    const [at, height] = [x[k], place(y[k])];
    if (!Number.isFinite(at) || !Number.isFinite(height)) {
      drawn = Number.NaN;
      continue;
    }
    if (k < to && at - drawn < 0.5) continue;
    // A point alone makes a line of no length, which the round cap shows as a dot.
    pieces.push(
      `${Number.isNaN(drawn) ? `M${at.toFixed(1)},${height.toFixed(1)}` : ''}L${at.toFixed(1)},${height.toFixed(1)}`,
    );
    drawn = at;
  }
  return pieces.join('');
}
