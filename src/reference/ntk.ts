import { type Dense, dense, rowProducts } from '../math/dense.ts';

/** A set of inputs seen from one parameter point: what the neural tangent kernel depends on. */
export interface TangentPoint {
  /** n × d */
  readonly X: Dense;
  /** φ(Z), n × m */
  readonly A: Dense;
  /** φ′(Z), n × m */
  readonly D: Dense;
  /** m */
  readonly v: Float64Array;
}

/**
 * Θ₁ = J₁J̃₁ᵀ = (D diag(v ṽ) D̃ᵀ/m) ⊙ (XX̃ᵀ/d) (THEORY.md, section 3), between two sets of inputs, two parameter points,
 * or both.
 * @returns n × ñ
 */
export function firstKernel(
  { X, D, v }: Omit<TangentPoint, 'A'>,
  { X: Xt, D: Dt, v: vt }: Omit<TangentPoint, 'A'> = { X, D, v },
): Dense {
  const [m, d] = [D.cols, X.cols];
  const weighted = dense(
    D.rows,
    m,
    D.data.map((value, index) => value * v[index % m] * vt[index % m]),
  );
  const slopes = rowProducts(weighted, Dt);
  const inputs = rowProducts(X, Xt);
  return dense(
    X.rows,
    Xt.rows,
    slopes.data.map((value, index) => (value / m) * (inputs.data[index] / d)),
  );
}

/**
 * Θ₂ = J₂J̃₂ᵀ = AÃᵀ/m.
 * @returns n × ñ
 */
export function secondKernel(
  { A }: Pick<TangentPoint, 'A'>,
  { A: At }: Pick<TangentPoint, 'A'> = { A },
): Dense {
  const products = rowProducts(A, At);
  return dense(
    A.rows,
    At.rows,
    products.data.map((value) => value / A.cols),
  );
}

/**
 * η₁Θ₁ + η₂Θ₂, the kernel that drives the dynamics; Θ = Θ₁ + Θ₂ where the rates are left out.
 * @returns n × ñ
 */
export function tangentKernel(
  point: TangentPoint,
  other: TangentPoint = point,
  [eta1, eta2]: readonly number[] = [1, 1],
): Dense {
  const first = firstKernel(point, other);
  const second = secondKernel(point, other);
  return dense(
    first.rows,
    first.cols,
    first.data.map((value, index) => eta1 * value + eta2 * second.data[index]),
  );
}
