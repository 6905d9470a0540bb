import { expect, test } from 'vitest';
import { npyBytes } from '../../src/data/npy.ts';
import type { SpecInput } from '../../src/experiment/spec.ts';
import { drivingSpectra, firstEntries } from '../../src/theory/driving-kernels.ts';
import { linear } from '../../src/theory/kernels.ts';
import { Float32Numbers, gpu } from '../gpu-device.ts';
import { collect } from './collect.ts';

/*
 * The linear model of some networks keeps features of its own in place of the inputs: three norm features, mixed positions. What
 * is said of the inputs must be of the inputs then, and what is said of the linear model of its features.
 */

const [n, d] = [40, 8];

/** Inputs of unequal directions, so that ‖Σ̂‖ is not that of any other matrix here. */
async function files(): Promise<Map<string, Uint8Array>> {
  const random = new Float32Numbers(5);
  const x = Float32Array.from(random.matrix(n, d).data, (value, k) => value * (1 + (k % d)));
  const y = Float32Array.from({ length: n }, (_, i) => Math.sign(x[i * d] + x[i * d + 1]));
  const bytes = async (shape: number[], values: Float32Array<ArrayBuffer>) => {
    const parts: Uint8Array[] = [];
    for await (const part of npyBytes(shape, [values])) parts.push(part);
    return Uint8Array.from(parts.flatMap((part) => [...part]));
  };
  return new Map([
    ['x.npy', await bytes([n, d], x)],
    ['y.npy', await bytes([n], y)],
  ]);
}

const specOf = (network: SpecInput['network']): SpecInput => ({
  data: { distribution: 'npy', x: 'x.npy', y: 'y.npy' },
  network,
  training: { eta: 0.1, steps: 1 },
});

const networks: [string, SpecInput['network']][] = [
  ['three norm features', { kind: 'deep', widths: [8, 6], activation: 'gelu' }],
  ['the mean pixel', { kind: 'convolutional', shape: [4, 2], channels: [6], filter: 3, readout: 'mean' }],
];

test.for(networks)('%s: ‖Σ̂‖ is of the inputs, K of the features', async ([, network]) => {
  const arrays = await files();
  const open = (path: string) => Promise.resolve(arrays.get(path)!.buffer as ArrayBuffer);
  const two = await collect(gpu.device, specOf({ width: 8, activation: 'erf' }), { open });
  const norms: number[] = [];
  const { result } = await collect(gpu.device, specOf(network), {
    open,
    observe: async (lab, { step }) => {
      if (step > 0) return;
      const X = await lab.train.X.readAll();
      const Psi = lab.linear.featuresOf({ rows: n, cols: d, data: X });
      expect(Psi.cols).not.toBe(d + 2);
      const K = (i: number, j: number): number =>
        Array.from(
          { length: Psi.cols },
          (_, k) => Psi.data[i * Psi.cols + k] * Psi.data[j * Psi.cols + k],
        ).reduce((sum, term) => sum + term);
      const kernels = await firstEntries(lab, 'start', 5);
      for (let i = 0; i < 5; i++) {
        for (let j = 0; j < 5; j++) {
          expect(Math.abs(kernels.linear[i * 5 + j] - K(i, j))).toBeLessThan(1e-5 * K(i, i));
        }
      }
      const spectra = await drivingSpectra(lab, 'start', 3);
      norms.push((await lab.norm(linear('driving'))).value / n, spectra.linear[0]);
    },
  });
  expect(result.preparation.covarianceNorm! / two.result.preparation.covarianceNorm!).toBeCloseTo(1, 4);
  // ‖K‖/n by products with the features, and by the closed form's moments of them.
  expect(norms[0] / norms[1]).toBeCloseTo(1, 3);
});
