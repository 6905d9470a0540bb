import { CommandStream } from '../gpu/command-stream.ts';
import { Matrix } from '../gpu/matrix.ts';
import { together } from '../gpu/together.ts';
import { type ParameterValues, readParameters } from '../network/parameters.ts';
import type { Lab } from './lab.ts';

/** What both models had learned at some step, in host memory: Δ = θ − θ(0) of every layer of the network, and β. */
export interface Standing {
  displacements: ParameterValues;
  beta: Float32Array<ArrayBuffer>;
}

/** What both models have learned, to be taken up again where something is asked of them later. */
export async function standingParameters({
  network,
  linear,
}: Pick<Lab, 'network' | 'linear'>): Promise<Standing> {
  const [displacements, beta] = await together([
    readParameters(network.layers, 'displacement'),
    linear.beta.read(),
  ]);
  return { displacements, beta };
}

/**
 * Has the models of a lab in which nothing trains stand where those of the same experiment stood, or where they began. A
 * step of rate 0 makes θ of θ(0) and Δ, and what else the network keeps of it, as every step of the training did: bit for bit.
 */
export function standAt(
  { gpu, network, linear }: Pick<Lab, 'gpu' | 'network' | 'linear'>,
  at: Standing | 'start',
): void {
  for (const [l, { displacement }] of network.layers.entries()) {
    const floats =
      displacement instanceof Matrix ? displacement.rows * displacement.cols : displacement.length;
    displacement.write(at === 'start' ? new Float32Array(floats) : at.displacements[l]);
  }
  linear.beta.write(at === 'start' ? new Float32Array(linear.beta.length) : at.beta);
  using stream = new CommandStream(gpu);
  const rates = network.movements.map(() => 0);
  for (const dispatch of network.descent(1, rates)) stream.run(dispatch);
  stream.flush();
}

/** Bytes that they take. */
export const parameterBytes = ({ network }: Pick<Lab, 'network'>): number =>
  network.layers.reduce((sum, { shape }) => sum + 4 * shape.units * shape.inputs, 0);
