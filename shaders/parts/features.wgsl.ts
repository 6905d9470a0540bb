import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/**
 * How the hidden features φ(Z) and φ′(Z) diag(v) lie in memory, rows × units. What is made of them is float32 either way.
 *
 * - 'f32': as they are computed.
 * - 'f16': as halves, four of them in a vec2<u32>, on every adapter: half the memory, and half of what is read. Each is
 *   rounded to 11 significant bits, and what passes 65504, the largest half, is stored as that; see halfError in
 *   accuracy.ts.
 */
export type FeatureStorage = 'f32' | 'f16';

export const featureBytes: Record<FeatureStorage, number> = { f32: 4, f16: 2 };

/** WGSL type of a buffer of features, four an element. */
export const featureArray = (storage: FeatureStorage): string =>
  storage === 'f16' ? 'array<vec2<u32>>' : 'array<vec4<f32>>';

/** What a program with a featureArray begins with. */
export const featureFunctions = (storage: FeatureStorage): string => (storage === 'f16' ? halves : '');

/** WGSL of what to store for four features, and of the four features of what was stored. */
export const stored = (storage: FeatureStorage, features: string): string =>
  storage === 'f16' ? `to_halves(${features})` : features;
export const unstored = (storage: FeatureStorage, element: string): string =>
  storage === 'f16' ? `from_halves(${element})` : element;

const halves = wgsl`
fn to_halves(x: vec4<f32>) -> vec2<u32> {
  // WGSL leaves open what becomes of larger ones. NaN passes.
  let held = select(x, sign(x) * 65504.0, abs(x) > vec4<f32>(65504.0));
  return vec2<u32>(pack2x16float(held.xy), pack2x16float(held.zw));
}

fn from_halves(h: vec2<u32>) -> vec4<f32> {
  return vec4<f32>(unpack2x16float(h.x), unpack2x16float(h.y));
}
`;
