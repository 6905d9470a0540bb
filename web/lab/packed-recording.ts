import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import type { KernelSnapshot, Recording, Snapshot, Stage } from './recording.ts';

/** Numbers as 16-bit integers times a scale, in base64. */
export interface Packed {
  scale: number;
  integers: string;
}

type PackedOf<T> = { [K in keyof T]: T[K] extends Float32Array ? Packed : T[K] };

/** A recording as JSON, its arrays rounded to about four digits. */
export interface PackedRecording {
  spec: SpecInput;
  recording: Pick<Recording, 'preparation' | 'records' | 'step'>;
  stage: PackedOf<Stage>;
  snapshots: (PackedOf<Omit<Snapshot, 'slice'>> & { slice: PackedOf<Snapshot['slice']> })[];
  kernels: PackedOf<KernelSnapshot>[];
}

export function unpackRecording({ spec, recording, stage, snapshots, kernels }: PackedRecording): Recording {
  return {
    ...recording,
    spec: parseSpec(spec),
    phase: 'ended',
    settling: false,
    recorded: true,
    adapter: null,
    stage: { ...stage, targets: unpack(stage.targets) },
    snapshots: snapshots.map(({ network, linear, slice, ...rest }) => ({
      ...rest,
      network: unpack(network),
      linear: unpack(linear),
      slice: { network: unpack(slice.network), linear: unpack(slice.linear) },
    })),
    kernels: kernels.map((kernel) => ({
      ...kernel,
      theta: unpack(kernel.theta),
      linear: unpack(kernel.linear),
    })),
    claims: [],
    measuring: null,
    perStep: null,
    result: null,
    failure: null,
  };
}

function unpack({ scale, integers }: Packed): Float32Array {
  const bytes = Uint8Array.from(atob(integers), (character) => character.charCodeAt(0));
  return Float32Array.from(new Int16Array(bytes.buffer), (integer) => integer * scale);
}
