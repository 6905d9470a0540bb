/**
 * @license
 * erf and erfc in float64, each to less than a unit in the last place, by the rational approximations of fdlibm's s_erf.c:
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc. business.
 * Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.
 */

/** P and Q of P(s)/Q(s), constant terms first. */
type Rational = readonly [readonly number[], readonly number[]];

/** (erf(x) − x)/x in x², |x| < 0.84375 */
const nearZero: Rational = [
  [
    1.28379167095512558561e-1, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442,
    -0.000023763016656650163,
  ],
  [
    1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164,
    -0.000003960228278775368,
  ],
];
/** erf(x) − erfOfOne in x − 1, 0.84375 ≤ x < 1.25 */
const nearOne: Rational = [
  [
    -2.36211856075265944077e-3, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175,
    -0.11089469428239668, 0.035478304325618236, -0.002166375594868791,
  ],
  [
    1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905,
    0.011984499846799107,
  ],
];
const erfOfOne = 8.45062911510467529297e-1;
/** log(x erfc(x)) + x² + 0.5625 in 1/x², 1.25 ≤ x < 1/0.35 */
const tail: Rational = [
  [
    -9.86494403484714822705e-3, -0.6938585727071818, -10.558626225323291, -62.375332450326006,
    -162.39666946257347, -184.60509290671104, -81.2874355063066, -9.814329344169145,
  ],
  [
    1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
    108.63500554177944, 6.570249770319282, -0.0604244152148581,
  ],
];
/** The same from x = 1/0.35 on */
const farTail: Rational = [
  [
    -9.86494292470009928597e-3, -0.799283237680523, -17.757954917754752, -160.63638485582192,
    -637.5664433683896, -1025.0951316110772, -483.5191916086514,
  ],
  [
    1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
    474.52854120695537, -22.44095244658582,
  ],
];

/** erf(x) = (2/√π) ∫_0^x e^{−t²} dt */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 0.84375) return x + x * ratio(nearZero, x * x);
  const value = size < 1.25 ? erfOfOne + ratio(nearOne, size - 1) : 1 - upperTail(size);
  return x < 0 ? -value : value;
}

/** erfc(x) = 1 − erf(x), to full relative accuracy where it is small. */
export function erfc(x: number): number {
  const size = Math.abs(x);
  if (x < 0.25 && size < 0.84375) return 1 - (x + x * ratio(nearZero, x * x));
  if (size < 0.84375) return 0.5 - (x - 0.5 + x * ratio(nearZero, x * x));
  if (size < 1.25) {
    const rest = ratio(nearOne, size - 1);
    return x < 0 ? 1 + erfOfOne + rest : 1 - erfOfOne - rest;
  }
  return x < 0 ? 2 - upperTail(size) : upperTail(size);
}

/** erfc(x), x ≥ 1.25 */
function upperTail(x: number): number {
  if (x > 28) return 0;
  // The square of x in single precision is exact, and what it lacks of x² is small.
  const near = Math.fround(x);
  const rest = (near - x) * (near + x) + ratio(x < 1 / 0.35 ? tail : farTail, 1 / (x * x));
  return (Math.exp(-near * near - 0.5625) * Math.exp(rest)) / x;
}

const ratio = ([P, Q]: Rational, s: number): number => polynomial(P, s) / polynomial(Q, s);

function polynomial(coefficients: readonly number[], s: number): number {
  let value = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) value = value * s + coefficients[k];
  return value;
}
