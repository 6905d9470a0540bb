import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import type { Recording } from './recording.ts';

/** Numbers as 16-bit integers times a scale, in base64. */
export interface Packed {
  scale: number;
  integers: string;
}

/** What is kept of an experiment recorded in advance. */
export type Recorded = Pick<
  Recording,
  | 'preparation'
  | 'stage'
  | 'records'
  | 'snapshots'
  | 'kernelSteps'
  | 'kernels'
  | 'spectra'
  | 'shells'
  | 'step'
>;

/** The same as JSON, with `Packed` in place of every Float32Array: about four digits. */
export interface PackedRecording {
  spec: SpecInput;
  recording: unknown;
}

export const unpackRecording = ({ spec, recording }: PackedRecording): Recording => ({
  ...(unpacked(recording) as Recorded),
  spec: parseSpec(spec),
  phase: 'ended',
  settling: false,
  recorded: true,
  adapter: null,
  kernelWork: null,
  kernelFailure: null,
  compared: null,
  claims: [],
  measuring: null,
  perStep: null,
  result: null,
  failure: null,
});

/** JSON with its arrays unpacked, wherever they are. */
function unpacked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpacked);
  if (typeof value !== 'object' || value === null) return value;
  if ('integers' in value) return unpack(value as Packed);
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, unpacked(entry)]));
}

function unpack({ scale, integers }: Packed): Float32Array {
  const bytes = Uint8Array.from(atob(integers), (character) => character.charCodeAt(0));
  return Float32Array.from(new Int16Array(bytes.buffer), (integer) => integer * scale);
}
