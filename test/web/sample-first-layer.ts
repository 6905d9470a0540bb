import type { FirstLayerImages } from '../../src/experiment/result.ts';

/** Images of units whose weights are waves, and that moved a little, all of them `movement` times the same pattern. */
export function sampleFirstLayer(
  shape: FirstLayerImages['shape'],
  { count = 16, of = 128, movement = 0.02 }: { count?: number; of?: number; movement?: number } = {},
): FirstLayerImages {
  const numbers = shape.reduce((all, side) => all * side, 1);
  const units = Array.from({ length: count }, (_, k) => {
    const displacement = Array.from(
      { length: numbers },
      (_, at) => (movement * Math.cos(at / shape[1])) / (k + 1),
    );
    return {
      unit: (37 * k) % of,
      movement: Math.hypot(...displacement),
      start: Array.from({ length: numbers }, (_, at) => Math.sin((k + 1) * at)),
      displacement,
    };
  });
  return { step: 400, shape, of, units };
}
