import { lengthOf } from '../math/statistics.ts';
import { random } from '../math/random.ts';
import { streams } from './streams.ts';

/** Points of a list, rows × d, row-major. */
export interface Points {
  rows: number;
  d: number;
  data: Float32Array<ArrayBuffer>;
}

/** `count` unit vectors, uniform on the sphere; in R¹ they are ±1. */
function unitVectors(count: number, d: number, seed: number): Float64Array[] {
  const { data } = random('normal', count, d, { seed, stream: streams.directions });
  return Array.from({ length: count }, (_, k) => unit(data.slice(k * d, (k + 1) * d)));
}

function unit(g: Float64Array): Float64Array {
  const norm = lengthOf(g);
  return norm > 0 ? g.map((value) => value / norm) : g.map((_, k) => Number(k === 0));
}

/** s√d·u for every radius s and every one of `count` random directions u: the rows of one radius stand together. */
export function radialPoints(radii: readonly number[], count: number, d: number, seed: number): Points {
  const directions = unitVectors(count, d, seed);
  const data = new Float32Array(radii.length * count * d);
  for (const [i, s] of radii.entries()) {
    for (const [k, direction] of directions.entries()) {
      data.set(
        direction.map((value) => s * Math.sqrt(d) * value),
        (i * count + k) * d,
      );
    }
  }
  return { rows: radii.length * count, d, data };
}

/**
 * The grid √d(a u + b w) of a random plane through 0, u and w orthonormal: a and b run over `side` values from −extent to
 * extent, a fastest. For d = 1 the plane is the line and w = 0.
 */
export function slicePoints(side: number, extent: number, d: number, seed: number): Points {
  const [u, g] = unitVectors(2, d, seed);
  const along = u.reduce((sum, value, k) => sum + value * g[k], 0);
  const rest = g.map((value, k) => value - along * u[k]);
  const w = d > 1 ? unit(rest) : new Float64Array(1);
  const data = new Float32Array(side * side * d);
  const at = (i: number) => (side > 1 ? extent * ((2 * i) / (side - 1) - 1) : 0);
  for (let row = 0; row < side; row++) {
    for (let col = 0; col < side; col++) {
      const [a, b] = [at(col), at(row)];
      for (let k = 0; k < d; k++) {
        data[(row * side + col) * d + k] = Math.sqrt(d) * (a * u[k] + b * w[k]);
      }
    }
  }
  return { rows: side * side, d, data };
}
