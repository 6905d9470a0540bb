import type { Activation } from '../math/activation-names.ts';
import { activationFunctions } from '../math/activations.ts';
import { type Dense, dense } from '../math/dense.ts';

/**
 * Z = XWᵀ/√d.
 * @param X n × d
 * @param W m × d
 * @returns n × m. With |X| and |W|: the |X||W|ᵀ/√d that bounds of Z's rounding error are made of.
 */
export function preactivation(X: Dense, W: Dense): Dense {
  const [n, m, d] = [X.rows, W.rows, X.cols];
  const Z = dense(n, m);
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < m; r++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += X.data[i * d + k] * W.data[r * d + k];
      Z.data[i * m + r] = sum / Math.sqrt(d);
    }
  }
  return Z;
}

/** Z = XWᵀ/√d, A = φ(Z), D = φ′(Z), all n × m (THEORY.md, section 1). */
export function forward(X: Dense, W: Dense, activation: Activation): { Z: Dense; A: Dense; D: Dense } {
  const { phi, phiPrime } = activationFunctions(activation);
  const Z = preactivation(X, W);
  return { Z, A: dense(Z.rows, Z.cols, Z.data.map(phi)), D: dense(Z.rows, Z.cols, Z.data.map(phiPrime)) };
}
