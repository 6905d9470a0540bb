import { shown } from '../gpu/arguments.ts';
import type { FactorShape } from '../programs/factors.ts';
import type { Jacobian } from './factors.ts';

/**
 * What a tangent kernel Θ = Σ_l weight_l J_lJ̃_lᵀ stands between: J of the rows and J̃ of the columns, the same one unless
 * given, and a weight for each layer. All 1 for the kernel of all layers, 0 for a layer left out, the rates for the kernel
 * that drives the network.
 */
export interface KernelSides {
  readonly rows: Jacobian;
  readonly cols?: Jacobian;
  readonly weights: readonly number[];
}

/**
 * The layers that count: their indices, shapes, and weights over divisors.
 * @throws RangeError for sides of other layers, for weights that are not one a layer, and where all of them are 0.
 */
export function weightedLayers(sides: KernelSides): {
  indices: number[];
  layers: FactorShape[];
  scales: number[];
} {
  requireSides(sides);
  const { rows, cols = rows, weights } = sides;
  if (!Array.isArray(weights) && !ArrayBuffer.isView(weights)) {
    throw new TypeError(`weights must be an array of a number for each layer; it is ${shown(weights)}.`);
  }
  if (weights.length !== rows.layers.length || !weights.every(Number.isFinite)) {
    throw new RangeError(
      `A kernel takes one finite weight a layer, ${rows.layers.length} here; these are [${weights.join(', ')}].`,
    );
  }
  if (rows !== cols) requireAlike(rows, cols);
  const indices = weights.flatMap((weight, l) => (weight === 0 ? [] : [l]));
  if (indices.length === 0)
    throw new RangeError('A kernel whose weights are all 0 is 0: give a layer a weight.');
  const layers = indices.map((l) => rows.layers[l]);
  return { indices, layers, scales: indices.map((l) => weights[l] / rows.layers[l].divisor) };
}

/** @throws TypeError where a side is no Jacobian: a network, for one, or its points. */
function requireSides({ rows, cols = rows }: KernelSides): void {
  for (const [side, value] of Object.entries({ rows, cols })) {
    const { X, factors } = Object(value) as Partial<Jacobian>;
    if (X && typeof factors === 'function') continue;
    throw new TypeError(
      `${side} must be a Jacobian; it is ${shown(value)}. new TwoLayerJacobian(X, { activation, W, v }) is one, and network.jacobian(X, 'position') gives one.`,
    );
  }
}

/** @throws TypeError, RangeError for sides of different numbers of points, between which no operator stands. */
export function requireSquare(sides: KernelSides): void {
  requireSides(sides);
  const { rows, cols = rows } = sides;
  if (rows.X.rows === cols.X.rows) return;
  throw new RangeError(
    `An operator is square, but its sides have ${rows.X.rows} and ${cols.X.rows} points. Take a dense kernel for a rectangular one.`,
  );
}

function requireAlike(rows: Jacobian, cols: Jacobian): void {
  const [one, other] = [rows, cols].map(({ layers }) =>
    layers
      .map(
        ({ left, units, inputs, divisor }) => `${left ? '' : 'plain '}${units} × ${inputs} over ${divisor}`,
      )
      .join(', '),
  );
  if (one !== other) {
    throw new RangeError(
      `A kernel stands between points seen by networks of the same sizes; the layers of its rows are ${one}, those of its columns ${other}.`,
    );
  }
}
