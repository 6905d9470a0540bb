import { type ColourScale, colourScale } from '../../figures/diverging.ts';

/**
 * The colours of dots by their targets, seen on paper: up to twice the median size, so that a few large targets do not
 * leave the rest pale, and short of the darkest shades. Labels ±1 end up at the ends.
 */
export function targetScale(targets: Float32Array): ColourScale {
  const sizes = targets.map(Math.abs).filter(Number.isFinite).sort();
  const median = sizes.at(sizes.length / 2) ?? 0;
  const { greatest } = colourScale('linear', targets);
  return { greatest: Math.min(greatest, 2 * median || greatest), shape: 'linear', depth: 0.75 };
}
