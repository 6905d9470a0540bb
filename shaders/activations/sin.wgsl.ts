import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { sin as mathematics } from '../../src/math/activations/sin.ts';
import { expNeg } from '../parts/exp.wgsl.ts';
import { flush, u } from '../parts/roundoff.ts';
import { sinCos } from '../parts/sin-cos.wgsl.ts';
import { type ActivationShader, halves } from './shader.ts';

/** Beside the relative error: n · C₃ of the reduction, for |z| > π/4. */
const reduction = (z: number): number => 1e-3 * u * Math.min(1, Math.abs(z));

/** Beyond 10⁴ what is left of a quarter turn is converted (2u, since WGSL rounds either way), added to (u) and scaled (2u). */
const share = (z: number): number => (Math.abs(z) > 1e4 ? 9 : 4);

/** Right up to |z| = sinRange (accuracy.ts). */
export const sin = {
  code: wgsl`${sinCos}${halves}
fn phi_both(z: f32) -> vec2<f32> {
  return sin_cos(z);
}
`,
  error: {
    phi: (z) => share(z) * u * Math.abs(mathematics.phi(z)) + reduction(z) + flush,
    phiPrime: (z) => share(z) * u * Math.abs(mathematics.phiPrime(z)) + reduction(z) + flush,
  },
  pair: {
    limit: 0.2,
    higher: 'let second = -p.x; let third = -p.y;',
    third: 1,
    seventh: 1,
    errors: [5, 5],
    periodic: true,
  },
  expected: {
    keepsGap: false,
    code: ({ first, second }) => wgsl`${expNeg}
// E cos z cos z′ = e^(−(a + b)/2) cosh c, E sin z sin z′ = e^(−(a + b)/2) sinh c; (a + b)/2 ≥ |c|, so nothing overflows.
fn expected(a: f32, b: f32, c: f32, gap: f32) -> f32 {
  let size = abs(c);
  let envelope = 0.5 * exp_neg(clamp(0.5 * (a + b) - size, 0.0, 88.0));
  let x = exp_neg_parts(min(2.0 * size, 88.0));
  var theta = 0.0;
#if ${first}
  theta += params.weight1 * (c * envelope * (1.0 + fma(x.x, x.y, x.x)));
#endif
#if ${second}
  // 1 − e^(−2|c|) keeps its digits near c = 0, as in tanh (tanh.wgsl.ts).
  theta += params.weight2 * (sign(c) * envelope * -fma(x.x, x.y, ungrouped(x.x - 1.0)));
#endif
  return theta;
}
`,
  },
} as const satisfies ActivationShader;
