/**
 * The error function to one ulp, and its complement to some three, as Math.exp allows; after s_erf.c of FreeBSD's msun.
 *
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is
 * freely granted, provided that this notice is preserved.
 */

/** A rational function: both polynomials from their constant term up. */
type Rational = readonly [numerator: readonly number[], denominator: readonly number[]];

/** erf(x)/x − 1 in x², for |x| < 0.84375. */
const small: Rational = [
  [
    1.28379167095512558561e-1, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442,
    -0.000023763016656650163,
  ],
  [
    1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164,
    -0.000003960228278775368,
  ],
];
/** erf(x) − atOne in |x| − 1, for |x| < 1.25. */
const middle: Rational = [
  [
    -2.36211856075265944077e-3, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175,
    -0.11089469428239668, 0.035478304325618236, -0.002166375594868791,
  ],
  [
    1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905,
    0.011984499846799107,
  ],
];
const atOne = 8.45062911510467529297e-1;
/** log(x·erfc(x)) + x² + 0.5625 in 1/x², for |x| < 1/0.35, and beyond. */
const large: Rational = [
  [
    -9.86494403484714822705e-3, -0.6938585727071818, -10.558626225323291, -62.375332450326006,
    -162.39666946257347, -184.60509290671104, -81.2874355063066, -9.814329344169145,
  ],
  [
    1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
    108.63500554177944, 6.570249770319282, -0.0604244152148581,
  ],
];
const largest: Rational = [
  [
    -9.86494292470009928597e-3, -0.799283237680523, -17.757954917754752, -160.63638485582192,
    -637.5664433683896, -1025.0951316110772, -483.5191916086514,
  ],
  [
    1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
    474.52854120695537, -22.44095244658582,
  ],
];

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);

const quotient = ([numerator, denominator]: Rational, x: number): number =>
  polynomial(numerator, x) / polynomial(denominator, x);

/** erfc(x) for x ≥ 1.25. */
function tail(x: number): number {
  // So short that its square is exact.
  const z = Math.fround(x);
  const rest = quotient(x < 1 / 0.35 ? large : largest, 1 / (x * x));
  return (Math.exp(-z * z - 0.5625) * Math.exp((z - x) * (z + x) + rest)) / x;
}

/** erf(x) = 2/√π ∫₀ˣ exp(−t²) dt */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 0.84375) return x + x * quotient(small, x * x);
  if (size < 1.25) return Math.sign(x) * (atOne + quotient(middle, size - 1));
  if (size >= 6) return Math.sign(x);
  return Number.isNaN(x) ? NaN : Math.sign(x) * (1 - tail(size));
}

/** erfc(x) = 1 − erf(x), to full relative accuracy where it is small. */
export function erfc(x: number): number {
  const size = Math.abs(x);
  if (size < 0.84375) {
    const beyond = x * quotient(small, x * x);
    return x < 0.25 ? 1 - (x + beyond) : 0.5 - (beyond + (x - 0.5));
  }
  if (size < 1.25) {
    const beyond = quotient(middle, size - 1);
    return x > 0 ? 1 - atOne - beyond : 1 + atOne + beyond;
  }
  if (Number.isNaN(x)) return NaN;
  if (x > 0) return x < 28 ? tail(x) : 0;
  return x > -6 ? 2 - tail(size) : 2;
}
