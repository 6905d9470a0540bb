import type { ShaderInterface } from './wgsl-interface.ts';
import type { Layout } from './wgsl-layout.ts';

/** WGSL knows `var<immediate>` by browser, the bytes of it are the device's. */
const languageFeature = 'immediate_address_space';

const ofDevices = new WeakMap<GPUDevice, number>();

/** Keeps, for a device, how many bytes of parameters this WebGPU lets a command carry. */
export function keepImmediates(device: GPUDevice, { wgslLanguageFeatures }: GPU): void {
  // Older browsers have neither, whatever the types say.
  const offered = (wgslLanguageFeatures as GPU['wgslLanguageFeatures'] | undefined)?.has(languageFeature);
  const { maxImmediateSize = 0 } = device.limits as Partial<GPUSupportedLimits>;
  ofDevices.set(device, offered ? maxImmediateSize : 0);
}

/**
 * The text of a shader whose parameters come with the command, in `var<immediate>`, not in a uniform buffer; undefined where
 * the device has no such thing, where the parameters are too many for it, or hold an array, which it may not.
 */
export function withImmediates(
  device: GPUDevice,
  code: string,
  { parameters }: ShaderInterface,
): string | undefined {
  if (!parameters) return undefined;
  const { layout, at } = parameters;
  if (layout.size > (ofDevices.get(device) ?? 0) || holdsArray(layout)) return undefined;
  const { attributes, variable, name } = at;
  // Line by line as it was: compilers speak of lines.
  const blank = code.slice(attributes, variable).replace(/\S/g, ' ');
  return `${code.slice(0, attributes)}${blank}var<immediate> ${code.slice(name)}`;
}

function holdsArray(layout: Layout): boolean {
  if (layout.kind === 'struct') return layout.members.some((member) => holdsArray(member.layout));
  return layout.kind === 'array';
}
