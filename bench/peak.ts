import { completion } from './completion.ts';
import { spread } from './spread.ts';

/** One way to multiply and add as fast as the adapter can. */
interface Variant {
  workgroup: number;
  /** Independent chains of vec4s in an invocation. */
  chains: number;
  /** The built-in fma, which an adapter without such an instruction makes of many. */
  fused: boolean;
}

/** What the adapter can do at best, as measured by shaders that do nothing else. */
export interface Peak {
  /** Multiply-adds count two. */
  gflops: number;
  /** Bytes read and bytes written a second, /10⁹. */
  copyGigabytes: number;
  /** How the most operations were reached, in words. */
  how: string;
}

const variants: Variant[] = [32, 64, 128, 256].flatMap((workgroup) =>
  [4, 8, 16].flatMap((chains) => [true, false].map((fused) => ({ workgroup, chains, fused }))),
);

const peakShader = ({ workgroup, chains, fused }: Variant): string => {
  const each = (line: (chain: number) => string) =>
    Array.from({ length: chains }, (_, i) => line(i)).join('\n');
  return `
@group(0) @binding(0) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(1) var<uniform> loops: vec4<u32>;
@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  // Not constant, so that nothing is folded; near a fixed point, so that nothing overflows.
  let x = vec4<f32>(f32(loops.y)) + vec4<f32>(f32(id.x)) * 1e-9;
  let y = vec4<f32>(1.0) - x;
  ${each((i) => `var c${i} = x * ${i + 1}.0;`)}
  for (var k = 0u; k < loops.x; k++) {
    ${each((i) => (fused ? `c${i} = fma(c${i}, x, y);` : `c${i} = c${i} * x + y;`))}
    ${each((i) => (fused ? `c${i} = fma(c${i}, x, y);` : `c${i} = c${i} * x + y;`))}
  }
  out[id.x] = ${Array.from({ length: chains }, (_, i) => `c${i}`).join(' + ')};
}`;
};

const copyWorkgroup = 64;
/** vec4s that an invocation copies, the workgroup's beside each other. */
const copiesEach = 16;
const copyShader = `
@group(0) @binding(0) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> source: array<vec4<f32>>;
@compute @workgroup_size(${copyWorkgroup})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let first = group.x * ${copyWorkgroup * copiesEach}u + index;
  for (var k = 0u; k < ${copiesEach}u; k++) {
    let i = first + k * ${copyWorkgroup}u;
    out[i] = source[i];
  }
}`;

/** Long enough for the wait at its end not to count, short enough for a page to live. */
export const targetMilliseconds = 60;
/** Invocations: enough for any GPU to be full. */
const invocations = 2 ** 17;
/** Each of the two buffers: more than any GPU's cache holds. */
const copyBytes = 128 * 2 ** 20;
const mostCopies = 100;

/** The adapter's multiply-add rate, kept ready to be measured again beside what it is compared with. */
export class PeakMeter {
  readonly variant: Variant;
  readonly #run: Timed;
  readonly #loops: number;

  private constructor(variant: Variant, run: Timed, loops: number) {
    this.variant = variant;
    this.#run = run;
    this.#loops = loops;
  }

  /** Tries a few workgroup sizes and unrollings and keeps the fastest. */
  static async create(device: GPUDevice): Promise<PeakMeter> {
    const out = device.createBuffer({ size: 16 * invocations, usage: GPUBufferUsage.STORAGE });
    let best: { rate: number; meter: PeakMeter } | undefined;
    for (const variant of variants) {
      const run = await peakRun(device, variant, out);
      const loops = await loopsFor(variant, run);
      const meter = new PeakMeter(variant, run, loops);
      const rate = Math.max(await meter.measure(), await meter.measure());
      if (!best || rate > best.rate) best = { rate, meter };
    }
    return best!.meter;
  }

  get how(): string {
    const { workgroup, chains, fused } = this.variant;
    return `${chains} chains of ${fused ? 'fma' : 'c * x + y'} on vec4s, workgroups of ${workgroup}`;
  }

  /** One measurement, in GFLOP/s. */
  async measure(): Promise<number> {
    return operationsOf(this.variant, this.#loops) / 1e6 / (await this.#run(this.#loops));
  }
}

/** Milliseconds of so many loops. */
type Timed = (loops: number) => Promise<number>;

/** 4 lanes, 2 operations, twice a loop. */
const operationsOf = ({ chains }: Variant, loops: number) => 16 * chains * loops * invocations;

/** How many loops take about the target. */
async function loopsFor(variant: Variant, run: Timed): Promise<number> {
  await run(1);
  const least = await run(1);
  for (let loops = 4; ; loops *= 4) {
    const milliseconds = await run(loops);
    if (milliseconds > Math.max(targetMilliseconds / 4, 2 * least) || operationsOf(variant, loops) > 1e13) {
      return Math.max(1, Math.round((loops * targetMilliseconds) / milliseconds));
    }
  }
}

async function peakRun(device: GPUDevice, variant: Variant, out: GPUBuffer): Promise<Timed> {
  const pipeline = await compile(device, peakShader(variant));
  const loopsBuffer = device.createBuffer({
    size: 16,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  const group = bind(device, pipeline, [out, loopsBuffer]);
  return (loops) => {
    device.queue.writeBuffer(loopsBuffer, 0, Uint32Array.of(loops, 1, 0, 0));
    return timeDispatch(device, pipeline, group, invocations / variant.workgroup);
  };
}

/** The medians of both meters. */
export async function measurePeak(device: GPUDevice, meter: PeakMeter): Promise<Peak> {
  using copies = await CopyMeter.create(device);
  const [rates, bandwidths]: [number[], number[]] = [[], []];
  for (let repetition = 0; repetition < 7; repetition++) {
    rates.push(await meter.measure());
    bandwidths.push(await copies.measure());
  }
  return { gflops: spread(rates).median, copyGigabytes: spread(bandwidths).median, how: meter.how };
}

/** The adapter's copy bandwidth, by a shader that copies, again and again until that takes a while. */
export class CopyMeter implements Disposable {
  readonly #buffers: readonly GPUBuffer[];
  readonly #run: (passes: number) => Promise<number>;
  #passes = 1;

  private constructor(buffers: readonly GPUBuffer[], run: (passes: number) => Promise<number>) {
    this.#buffers = buffers;
    this.#run = run;
  }

  static async create(device: GPUDevice): Promise<CopyMeter> {
    const pipeline = await compile(device, copyShader);
    const buffers = [0, 1].map(() => device.createBuffer({ size: copyBytes, usage: GPUBufferUsage.STORAGE }));
    const group = bind(device, pipeline, buffers);
    const workgroups = copyBytes / 16 / copyWorkgroup / copiesEach;
    const meter = new CopyMeter(buffers, (passes) =>
      timeDispatch(device, pipeline, group, workgroups, passes),
    );
    await meter.#run(1);
    meter.#passes = Math.min(mostCopies, Math.ceil(targetMilliseconds / (await meter.#run(1))));
    return meter;
  }

  /** One measurement: bytes read and bytes written a second, /10⁹. */
  async measure(): Promise<number> {
    return (2 * copyBytes * this.#passes) / 1e6 / (await this.#run(this.#passes));
  }

  [Symbol.dispose](): void {
    for (const buffer of this.#buffers) buffer.destroy();
  }
}

const compile = (device: GPUDevice, code: string): Promise<GPUComputePipeline> =>
  device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
  });

const bind = (device: GPUDevice, pipeline: GPUComputePipeline, buffers: GPUBuffer[]): GPUBindGroup =>
  device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });

async function timeDispatch(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  group: GPUBindGroup,
  workgroups: number,
  times = 1,
): Promise<number> {
  const begun = performance.now();
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  for (let k = 0; k < times; k++) pass.dispatchWorkgroups(workgroups);
  pass.end();
  device.queue.submit([encoder.finish()]);
  await completion(device);
  return performance.now() - begun;
}
