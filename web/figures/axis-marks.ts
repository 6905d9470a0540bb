/** An x axis from left to right at a height, broken at `gap` where 0 stands apart: the attribute `d` of a path. */
export function axisPath(left: number, right: number, y: number, gap: number | null): string {
  if (gap === null) return `M${left},${y}H${right}`;
  const stroke = (at: number): string => `M${at - 2},${y + 4}l4,-8`;
  return `M${left},${y}H${gap - 2.5}M${gap + 2.5},${y}H${right}${stroke(gap - 2.5)}${stroke(gap + 2.5)}`;
}

/** What is exactly 0 has no place on a logarithmic axis: an open triangle at its foot, the attribute `d` of a path. */
export const zeroPath = (x: number, bottom: number): string => `M${x - 4},${bottom - 10}h8l-4,7z`;
