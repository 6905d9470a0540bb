import { Vector } from '../../src/gpu/vector.ts';
import type { BenchCase } from '../case.ts';
import { spread } from '../spread.ts';

const readbacks = { quick: 15, standard: 101, hardware: 101 };
const entries = 8;

/**
 * A few numbers read back from the device, again and again: what every wait for the GPU costs at least. A browser that sees
 * only now and then that work is done (Firefox polls every 100 ms) shows here.
 */
export const readback: BenchCase = {
  name: 'readback',
  what: 'eight numbers read back from the device',
  run: async ({ size, gpu, print }) => {
    using x = new Vector(gpu, 'x', entries);
    await x.read();
    const milliseconds: number[] = [];
    for (let k = 0; k < readbacks[size]; k++) {
      const begun = performance.now();
      await x.read();
      milliseconds.push(performance.now() - begun);
    }
    const ours = {
      contestant: 'First Light',
      form: '',
      backend: 'webgpu' as const,
      time: spread(milliseconds),
      runs: milliseconds.length,
    };
    const outcome = { label: `${entries} floats`, parameters: { entries }, unit: 'readback', rows: [ours] };
    print(outcome);
    return { outcomes: [outcome] };
  },
};
