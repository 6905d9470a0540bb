/** 1/(1 + e^−z), by the form whose exponential cannot overflow. */
export function logistic(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const x = Math.exp(z);
  return x / (1 + x);
}

/** d/dz logistic(z): the product of two small numbers, not σ(1 − σ), which loses the upper tail. */
export const logisticPrime = (z: number): number => logistic(z) * logistic(-z);

/** d²/dz² logistic(z) */
export const logisticSecond = (z: number): number => -logisticPrime(z) * Math.tanh(z / 2);

/** log(1 + e^z), which is z + e^−z where z is large. */
export const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
