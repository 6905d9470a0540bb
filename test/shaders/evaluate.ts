import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/** What the test of a part evaluates: `f`, an expression of the u32 `bits`, of type vec4<u32>. */
export interface Evaluation {
  /** WGSL the expression uses. */
  parts: string;
  f: string;
}

/** The four words of f for each argument, evaluated on the adapter. */
export async function evaluate(
  { parts, f }: Evaluation,
  bits: Uint32Array<ArrayBuffer>,
): Promise<Uint32Array> {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice();
  try {
    const code = wgsl`${parts}
@group(0) @binding(0) var<storage, read> inputs: array<u32>;
@group(0) @binding(1) var<storage, read_write> outputs: array<vec4<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < arrayLength(&inputs)) {
    let bits = inputs[id.x];
    outputs[id.x] = ${f};
  }
}
`;
    const module = device.createShaderModule({ code });
    const { messages } = await module.getCompilationInfo();
    const complaint = messages.find(({ type }) => type === 'error');
    if (complaint) throw new Error(`line ${complaint.lineNum}: ${complaint.message}\n${code}`);
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
    const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const buffer = (size: number, usage: number): GPUBuffer => device.createBuffer({ size, usage });
    const inputs = buffer(bits.byteLength, STORAGE | COPY_DST);
    const outputs = buffer(4 * bits.byteLength, STORAGE | COPY_SRC | COPY_DST);
    const staging = buffer(4 * bits.byteLength, MAP_READ | COPY_DST);
    device.queue.writeBuffer(inputs, 0, bits);
    device.queue.writeBuffer(outputs, 0, new Uint32Array(4 * bits.length).fill(0xdeadbeef));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const entries = [inputs, outputs].map((resource, binding) => ({
      binding,
      resource: { buffer: resource },
    }));
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(Math.ceil(bits.length / 64));
    pass.end();
    encoder.copyBufferToBuffer(outputs, 0, staging, 0, 4 * bits.byteLength);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    return new Uint32Array(staging.getMappedRange().slice(0));
  } finally {
    device.destroy();
  }
}

/** The bit patterns of finite float32 numbers: every exponent, both signs, random mantissas, and the corners. */
export function floats(perExponent: number, most = 3.4028235e38): Uint32Array<ArrayBuffer> {
  const float = new Float32Array(1);
  const word = new Uint32Array(float.buffer);
  const bits = [0, 1, 0x7fffff, 0x800000, 0x7f7fffff]; // 0, subnormals, smallest normal, largest
  let state = 1;
  for (let exponent = 0; exponent < 255; exponent++) {
    // Most of the arguments where the functions bend: 2^-14 ≤ |z| < 2^8.
    const count = exponent >= 113 && exponent < 135 ? perExponent : Math.ceil(perExponent / 20);
    for (let k = 0; k < count; k++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      bits.push(((exponent << 23) | (state >>> 9)) >>> 0);
    }
  }
  return Uint32Array.from(bits.flatMap((b) => [b, (b | 0x80000000) >>> 0])).filter((b) => {
    word[0] = b;
    return Math.abs(float[0]) <= most;
  });
}

/** The same bits read as float32. */
export const asFloats = (bits: Uint32Array): Float32Array =>
  new Float32Array(bits.buffer, bits.byteOffset, bits.length);
