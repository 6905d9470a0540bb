import { type ParameterValues, readParameters } from '../network/parameters.ts';
import type { Lab } from './lab.ts';

export type { ParameterValues };

/** θ as it stands, to be taken up again where kernels are asked for at it later (see DrivingPlace). */
export const standingParameters = ({ network }: Pick<Lab, 'network'>): Promise<ParameterValues> =>
  readParameters(network.layers, 'position');

/** Bytes that they take. */
export const parameterBytes = ({ network }: Pick<Lab, 'network'>): number =>
  network.layers.reduce((sum, { shape }) => sum + 4 * shape.units * shape.inputs, 0);
