import type { BenchSize } from './case.ts';
import { type DeepArchitecture, fullyConnected, unitGains } from '../src/math/deep/architecture.ts';

/** A size of a deep network, and how many points it is given. */
export interface DeepSize {
  n: number;
  architecture: DeepArchitecture;
  label: string;
  parameters: Record<string, number>;
}

/** Three hidden layers of one width a tower. */
function deep(n: number, d: number, width: number): DeepSize {
  return {
    n,
    architecture: fullyConnected(d, [width, width, width]),
    label: `n = ${n.toLocaleString('en')}, d = ${d}, 3 × ${width.toLocaleString('en')} units a tower`,
    parameters: { n, d, width, depth: 3 },
  };
}

/** Two layers of 3 × 3 filters on a torus, each position and channel with a weight in the readout. */
function convolutional(n: number, side: number, channels: number): DeepSize {
  const layers = [channels, channels].map((units) => ({ channels: units, taps: 3, pool: 1 }));
  return {
    n,
    architecture: { positions: [side, side], channels: 1, layers, readout: 'flat', gains: unitGains(2) },
    label: `n = ${n.toLocaleString('en')}, ${side} × ${side} × 1, 3 × 3, ${channels} and ${channels} channels a tower`,
    parameters: { n, side, channels, taps: 3, depth: 2 },
  };
}

export const deepSizes: Record<BenchSize, DeepSize> = {
  quick: deep(256, 50, 64),
  standard: deep(2000, 50, 128),
  hardware: deep(16_384, 784, 1024),
};

export const convolutionalSizes: Record<BenchSize, DeepSize> = {
  quick: convolutional(16, 14, 16),
  standard: convolutional(512, 14, 16),
  hardware: convolutional(8192, 28, 32),
};
