import type { Claim } from '../claim.ts';

/**
 * Claim 14: the Jacobian is Lipschitz in W where φ is smooth, with a constant that can be named. Row i of
 * J₁(W, v) − J₁(W̃, v) is vec(E_ir x_iᵀ)/√(md) with |E_ir| ≤ |v_r| sup|φ″| |⟨w_r − w̃_r, x_i⟩|/√d, so that its Gram matrix is
 * the Schur product (EEᵀ/m) ⊙ (XXᵀ/d). The norm of such a product of two positive semi-definite matrices is at most the
 * largest diagonal entry of the one times the norm of the other (Schur), and ‖E_i‖ ≤ sup|φ″| max|v_r| ‖W − W̃‖ ‖x_i‖/√d:
 *
 *     ‖J₁(W, v) − J₁(W̃, v)‖ ≤ C √(n/(md)) ‖W − W̃‖      C = sup|φ″| · max_r|v_r| · max_i‖x_i‖/√d · ‖X‖/√n
 *
 * in the spectral norm of W − W̃, the sharper of the two that the deck writes. In expectation C is of order 1.
 */
export const jacobianSmooth: Claim = {
  number: 14,
  slug: 'jacobian-smooth',
  title: 'Jacobian perturbation, smooth activation',
  statement:
    'For smooth *φ*, with high probability over *X*, ‖*J*_{1}(*W*, *v*) − *J*_{1}(*W̃*, *v*)‖ ≲ √(*n*/(*md*)) ‖*W* − *W̃*‖_{F} for all *W*, *W̃*.',
  measures:
    'The operator norm of the difference between *W*(0) and a random point at distance *R* = √(*d* log *d*), one at *R*/10, and one where all units moved alike, so that both norms of *W* − *W̃* are the same; against the bound with its constant, *C* = sup|*φ*″| max|*v*_{*r*}| (max ‖*x*_{*i*}‖/√*d*) ‖*X*‖/√*n*, and with the spectral norm of *W* − *W̃*, the sharper one of the two that the deck writes. By Schur’s theorem on entrywise products that is proved for all *W*, *W̃*; what is measured is how tight it is.',
  source: 'Deck, “Jacobian perturbation for the first layer”, (6)',
  conditions: () => [],
};
