import { descendWorkgroup } from '../../shaders/parts/descending-layers.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type Parameters, parameterSlotBytes } from '../gpu/parameters.ts';
import { type Bindings, Program } from '../gpu/program.ts';
import { spread } from '../gpu/spread.ts';

/** What a dispatch is told of one of its layers. */
export interface DescendingLayer {
  /** By the names of the shader without the layer's number. */
  bindings: Bindings;
  parameters: Parameters;
  /** Elements that it is gone through by. */
  elements: number;
  work: number;
}

/** Bytes of a layer's parameters, and of what all layers share. */
const [layerBytes, sharedBytes] = [16, 16];

/**
 * The numbers of so many layers, by dispatches: of each as many as the device binds buffers for, and equally many, so that their
 * programs are few. A processor takes each on its own: it pays for every layer's branch with all of them.
 */
function layersTogether({ device, adapter }: Gpu, layers: number, buffersEach: number): number[][] {
  const bound = Math.floor(device.limits.maxStorageBuffersPerShaderStage / buffersEach);
  const most = adapter.software ? 1 : Math.min(bound, (parameterSlotBytes - sharedBytes) / layerBytes);
  const dispatches = Math.ceil(layers / most);
  const all = Array.from({ length: layers }, (_, layer) => layer);
  return Array.from({ length: dispatches }, (_, k) =>
    all.splice(0, Math.ceil(all.length / (dispatches - k))),
  );
}

/** The programs of so many layers, in as few dispatches as may be. `shader`: of the layers of these numbers. */
export async function compileLayers(
  gpu: Gpu,
  label: string,
  { layers, buffersEach }: { layers: number; buffersEach: number },
  shader: (numbers: readonly number[]) => string,
): Promise<(layers: readonly DescendingLayer[], shared?: Parameters) => Dispatch[]> {
  const programs = await Promise.all(
    layersTogether(gpu, layers, buffersEach).map(async (numbers) => ({
      numbers,
      program: await Program.compile(gpu, label, shader(numbers)),
    })),
  );
  return (all, shared) =>
    programs.map(({ numbers, program }) => {
      const own = numbers.map((number) => all[number]);
      const sum = (of: 'elements' | 'work') => own.reduce((total, layer) => total + layer[of], 0);
      const bindings = own.flatMap((layer, l) =>
        Object.entries(layer.bindings).map(([name, binding]) => [`${name}_${l}`, binding] as const),
      );
      return {
        call: program.bind(Object.fromEntries(bindings)),
        parameters: { ...shared, layers: own.map(({ parameters }) => parameters) },
        workgroups: spread(gpu, Math.ceil(sum('elements') / descendWorkgroup)),
        work: sum('work'),
      };
    });
}
