/**
 * The t for which |T| ≤ t with probability 0.95, T Student's with ν degrees of freedom (12.71, 4.303, … → 1.960): what a
 * standard error is multiplied by for an interval. Written out, since it is a sum of ν/2 terms for whole ν and the libraries
 * that have it bring two hundred packages.
 * @throws RangeError unless ν is a whole number ≥ 1.
 */
export function studentFactor(degrees: number): number {
  if (!(Number.isInteger(degrees) && degrees >= 1)) {
    throw new RangeError(
      `Student's t needs a whole number of degrees of freedom, at least 1; it is ${degrees}.`,
    );
  }
  let [low, high] = [0, 16];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (within(middle, degrees) < 0.95) low = middle;
    else high = middle;
  }
  return high;
}

/** P(|T| ≤ t), with θ = atan(t/√ν), as a finite sum in cos θ (Abramowitz and Stegun, 26.7.3 and 26.7.4). */
function within(t: number, degrees: number): number {
  const theta = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(theta), Math.cos(theta)];
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= ((k - 1) / k) * cosine ** 2;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum;
}
