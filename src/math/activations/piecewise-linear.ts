import type {
  ActivationMathematics,
  Covariance,
  DualDerivatives,
  ExpectedEntry,
  Moments,
} from './mathematics.ts';

/** φ(z) = lz + (r − l)max(z, 0), l and r the slopes left and right of 0; E[(½g³ − g) 1{g > 0}] = 0. */
export const piecewiseLinearMoments = (left: number, right: number): Moments => ({
  zeta: (left + right) / 2,
  gPhiPrime: (right - left) / Math.sqrt(2 * Math.PI),
  theta0: (right - left) / Math.sqrt(2 * Math.PI),
  theta2: 0,
});

/** The arc-cosine kernels; E[φφ] of lz + (r − l)max(z, 0) by E[z max(z′, 0)] = c/2. */
export const piecewiseLinearDual =
  (left: number, right: number) =>
  ({ a, b, c }: Covariance): ExpectedEntry => {
    const size = Math.sqrt(a * b);
    const theta = size > 0 ? Math.acos(Math.max(-1, Math.min(1, c / size))) : 0;
    const jump = right - left;
    const arc = (Math.PI - theta) / (2 * Math.PI);
    const relu = (size * (Math.sin(theta) + (Math.PI - theta) * Math.cos(theta))) / (2 * Math.PI);
    return {
      first: c * (left ** 2 + left * jump + jump ** 2 * arc),
      second: left ** 2 * c + left * jump * c + jump ** 2 * relu,
    };
  };

/** The same with their derivatives in c; the second and third are infinite at correlation ±1, where φ bends. */
export const piecewiseLinearDualDerivatives =
  (left: number, right: number) =>
  ({ a, b, c }: Covariance): DualDerivatives => {
    const size = Math.sqrt(a * b);
    const theta = size > 0 ? Math.acos(Math.max(-1, Math.min(1, c / size))) : 0;
    const jump = right - left;
    const arc = (Math.PI - theta) / (2 * Math.PI);
    const relu = (size * (Math.sin(theta) + (Math.PI - theta) * Math.cos(theta))) / (2 * Math.PI);
    const rest = Math.max(0, a * b - c * c);
    const root = Math.sqrt(rest);
    return {
      value: left ** 2 * c + left * jump * c + jump ** 2 * relu,
      slope: left ** 2 + left * jump + jump ** 2 * arc,
      second: jump === 0 ? 0 : jump ** 2 / (2 * Math.PI * root),
      third: jump === 0 || c === 0 ? 0 : (jump ** 2 * c) / (2 * Math.PI * rest * root),
    };
  };

/** φ(z) = z for z ≥ 0 and slope · z below. */
const piecewiseLinear = (slope: number) =>
  ({
    phi: (z) => (z < 0 ? slope * z : z),
    phiPrime: (z) => (z < 0 ? slope : 1),
    phiSecond: null,
    supPhiPrime: Math.max(1, Math.abs(slope)),
    supPhiSecond: null,
    odd: false,
    slopes: { left: slope, right: 1 },
    moments: piecewiseLinearMoments(slope, 1),
    dual: piecewiseLinearDual(slope, 1),
    dualDerivatives: piecewiseLinearDualDerivatives(slope, 1),
  }) as const satisfies Omit<ActivationMathematics, 'label' | 'hint'>;

export const relu = {
  ...piecewiseLinear(0),
  label: 'ReLU',
  hint: 'E φ(g) ≠ 0, a kink',
} as const satisfies ActivationMathematics;

export const leakyRelu = (slope: number) =>
  ({
    ...piecewiseLinear(slope),
    label: 'leaky ReLU',
    hint: 'E φ(g) ≠ 0, a kink',
  }) as const satisfies ActivationMathematics;
