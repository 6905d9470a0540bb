import { type Points, radialPoints } from '../data/off-distribution.ts';
import { meanOf, standardErrorOf } from '../math/statistics.ts';
import type { Lab } from './lab.ts';
import { type Outputs, outputsOn } from './outputs.ts';

/** s in ‖x‖ = s√d, and how many random directions stand for each sphere. */
export const radii = Array.from({ length: 17 }, (_, k) => k / 4);
export const directions = 64;

/** Both functions on the sphere ‖x‖ = s√d, over random directions. */
export interface Shell {
  /** s */
  radius: number;
  /** Means of f², of f_lin² and of (f − f_lin)². */
  network: number;
  linear: number;
  discrepancy: number;
  /** The last as a share of the larger of the others, with twice its standard error over directions. */
  share: { value: number; error: number };
}

/** The spheres of all radii at the present step, with the points that stand for them and the outputs there. */
export async function measureShells(
  lab: Lab,
): Promise<{ points: Points; outputs: Outputs; shells: Shell[] }> {
  const points = await lab.once('points of shells', () =>
    Promise.resolve(radialPoints(radii, directions, lab.setting.d, lab.seed)),
  );
  const outputs = await outputsOn(lab, points);
  return { points, outputs, shells: shellsOf(outputs) };
}

/** Of outputs on the points of all radii, one sphere after the other. */
export const shellsOf = ({ network, linear }: Outputs): Shell[] =>
  radii.map((radius, i) => {
    const sphere = (values: Float32Array): number[] => [
      ...values.subarray(i * directions, (i + 1) * directions),
    ];
    return shellOf(radius, sphere(network), sphere(linear));
  });

function shellOf(radius: number, f: readonly number[], lin: readonly number[]): Shell {
  const squares = f.map((value, k) => (value - lin[k]) ** 2);
  const [network, linear] = [f, lin].map((values) => meanOf(values.map((value) => value ** 2)));
  const discrepancy = meanOf(squares);
  const size = Math.max(network, linear);
  // Where both functions are 0 they do not differ.
  const share =
    size > 0
      ? { value: discrepancy / size, error: (2 * (standardErrorOf(squares) ?? 0)) / size }
      : { value: 0, error: 0 };
  return { radius, network, linear, discrepancy, share };
}
