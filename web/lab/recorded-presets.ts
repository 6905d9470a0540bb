import type { SpecInput } from '../../src/experiment/spec.ts';
import { type LabPreset, labPresets } from './presets.ts';

interface Size {
  n: number;
  nTest: number;
  steps: number;
  /** As live, where there is none. */
  d?: number;
  width?: number;
}

/** So small that float64 on one core has it in about a second, and its outputs in 60 kB. */
const small: Readonly<Partial<Record<string, Size>>> = {
  'two-layers': { n: 300, nTest: 120, steps: 160, width: 128 },
  'first-layer': { d: 20, n: 200, nTest: 60, steps: 160, width: 64 },
  'norm-feature': { d: 20, n: 200, nTest: 60, steps: 120, width: 64 },
  spiked: { d: 20, n: 200, nTest: 60, steps: 120, width: 64 },
  'too-narrow': { d: 20, n: 200, nTest: 60, steps: 160 },
  'frequency-bias': { d: 8, n: 200, nTest: 60, steps: 200, width: 64 },
};

/**
 * The presets that are recorded when the page is built, smaller than they are computed live, for a browser that cannot compute.
 * Deep and convolutional networks and the published sizes are not among them: they would take the build minutes.
 */
export const recordedPresets: readonly LabPreset[] = labPresets.flatMap((preset) => {
  const size = small[preset.id];
  return size ? [{ ...preset, spec: smaller(preset.spec, size) }] : [];
});

function smaller(spec: SpecInput, { n, nTest, steps, d, width }: Size): SpecInput {
  return {
    ...spec,
    data: { ...spec.data, n, nTest, ...(d !== undefined && { d }) },
    network: { ...spec.network, ...(width !== undefined && { width }) },
    training: { ...spec.training, steps, records: { spacing: 'log', count: 32 } },
    claims: 'none',
  } as SpecInput;
}
