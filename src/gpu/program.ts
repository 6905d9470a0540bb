import type { Gpu } from './device.ts';
import { DeviceLostError, ShaderError } from './errors.ts';

/** One field of the shader's `struct Params`: 4 bytes at 4 · its index. */
interface Parameter {
  name: string;
  type: 'u32' | 'f32' | 'i32';
}

interface StorageBinding {
  name: string;
  index: number;
  access: 'read' | 'read_write';
}

export type Parameters = Readonly<Record<string, number | undefined>>;
export type Bindings = Readonly<Record<string, GPUBufferBinding | undefined>>;

/** Bytes of the uniform slot that holds one dispatch's parameters. */
export const parameterSlotBytes = 256;

/**
 * A compiled compute shader. The WGSL text is the one source of its layout: the storage buffers of group 0 and the
 * scalars of `struct Params` (group 1, binding 0) are read from it, and bound by their names.
 */
export class Program {
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly #gpu: Gpu;
  readonly #storage: StorageBinding[];
  readonly #parameters: Parameter[];
  readonly #layout: GPUBindGroupLayout;

  private constructor(
    gpu: Gpu,
    label: string,
    pipeline: GPUComputePipeline,
    layout: GPUBindGroupLayout,
    storage: StorageBinding[],
    parameters: Parameter[],
  ) {
    this.#gpu = gpu;
    this.label = label;
    this.pipeline = pipeline;
    this.#layout = layout;
    this.#storage = storage;
    this.#parameters = parameters;
  }

  /**
   * Compiles WGSL with the entry point `main`, once per device and text; what failed is tried anew.
   * @throws ShaderError with the compiler's messages; DeviceLostError, GpuValidationError.
   */
  static compile(gpu: Gpu, label: string, code: string): Promise<Program> {
    const known = gpu.programs.get(code) as Promise<Program> | undefined;
    // Where another's attempt fails, this is no failure of the one who waited for it.
    if (known) return known.catch(() => Program.compile(gpu, label, code));
    const program = Program.#compile(gpu, label, code);
    gpu.programs.set(code, program);
    return program.catch((error: unknown) => {
      gpu.programs.delete(code);
      throw error;
    });
  }

  static async #compile(gpu: Gpu, label: string, code: string): Promise<Program> {
    const { device } = gpu;
    const storage = storageBindings(code);
    const layout = gpu.make(`laying out the buffers of ${label}`, [], () =>
      device.createBindGroupLayout({
        label,
        entries: storage.map(({ index, access }) => ({
          binding: index,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
        })),
      }),
    );
    const bindGroupLayouts = [layout, gpu.parametersLayout];
    const pipelineLayout = gpu.make(`laying out ${label}`, bindGroupLayouts, () =>
      device.createPipelineLayout({ label, bindGroupLayouts }),
    );
    const module = gpu.make(`compiling ${label}`, [], () => device.createShaderModule({ label, code }));
    await requireCompiled(gpu, label, code, module);
    await gpu.settled([pipelineLayout]);
    const pipeline = await gpu
      .attempt(`making a pipeline of ${label}`, () =>
        device.createComputePipelineAsync({
          label,
          layout: pipelineLayout,
          compute: { module, entryPoint: 'main' },
        }),
      )
      .catch(async (cause: unknown) => {
        const refusal = await gpu.refusal(`making a pipeline of ${label}`, cause);
        if (refusal instanceof DeviceLostError) throw refusal;
        throw new ShaderError(`The shader ${label} does not make a pipeline: ${(cause as Error).message}`, {
          cause,
        });
      });
    return new Program(gpu, label, pipeline, layout, storage, parametersOf(code));
  }

  /** Binds buffers to the shader's storage variables by name; reuse the call for every dispatch on these buffers. */
  bind(bindings: Bindings): Call {
    const entries = this.#storage.map(({ name, index }) => {
      const resource = bindings[name];
      if (!resource) throw new ShaderError(`${this.label} needs a buffer for ${name}.`);
      return { binding: index, resource };
    });
    const unknown = Object.keys(bindings).find(
      (name) => bindings[name] && !this.#storage.some((variable) => variable.name === name),
    );
    if (unknown) throw new ShaderError(`${this.label} has no storage variable ${unknown}.`);
    const buffers = entries.map(({ resource }) => resource.buffer);
    const group = this.#gpu.make(`binding the buffers of ${this.label}`, [this.#layout, ...buffers], () =>
      this.#gpu.device.createBindGroup({ label: this.label, layout: this.#layout, entries }),
    );
    const written = buffers.filter((_, i) => this.#storage[i].access === 'read_write');
    return { program: this, group, buffers, written };
  }

  /** Writes parameters as the shader's `struct Params` lays them out. */
  encodeParameters(parameters: Parameters, target: DataView, offset: number): void {
    this.#parameters.forEach(({ name, type }, i) => {
      const value = parameters[name];
      if (value === undefined) throw new ShaderError(`${this.label} needs the parameter ${name}.`);
      const at = offset + 4 * i;
      if (type === 'f32') target.setFloat32(at, value, true);
      else if (type === 'u32') target.setUint32(at, value, true);
      else target.setInt32(at, value, true);
    });
  }
}

/** A program with its buffers: what a CommandStream dispatches. */
export interface Call {
  readonly program: Program;
  readonly group: GPUBindGroup;
  readonly buffers: readonly GPUBuffer[];
  /** Those of them that it may write to. */
  readonly written: readonly GPUBuffer[];
}

/** @throws ShaderError with the compiler's messages where it does not compile; what Gpu.settled throws. */
async function requireCompiled(
  gpu: Gpu,
  label: string,
  code: string,
  module: GPUShaderModule,
): Promise<void> {
  const { messages } = await module.getCompilationInfo().catch(async (cause: unknown) => {
    throw await gpu.refusal(`compiling ${label}`, cause);
  });
  const errors = messages.filter((message) => message.type === 'error');
  const invalid = await gpu.settled([module]).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  if (invalid instanceof DeviceLostError) throw invalid;
  if (errors.length === 0 && !invalid) return;
  const lines = code.split('\n');
  const wrong = new ShaderError(
    [
      `The shader ${label} does not compile.`,
      ...errors.map(
        ({ lineNum, linePos, message }) =>
          `  line ${lineNum}:${linePos}: ${message}\n    ${lines[lineNum - 1] ?? ''}`,
      ),
      ...(errors.length === 0 && invalid ? [invalid.message] : []),
    ].join('\n'),
  );
  // To some browsers nothing compiles on a lost device.
  const refusal = await gpu.refusal(`compiling ${label}`, wrong);
  throw refusal instanceof DeviceLostError ? refusal : wrong;
}

function storageBindings(code: string): StorageBinding[] {
  const declaration = /@group\(0\)\s*@binding\((\d+)\)\s*var<storage,\s*(read|read_write)>\s*(\w+)/g;
  return [...code.matchAll(declaration)].map(([, index, access, name]) => ({
    name,
    index: Number(index),
    access: access as StorageBinding['access'],
  }));
}

function parametersOf(code: string): Parameter[] {
  const body = /struct\s+Params\s*\{([^}]*)\}/.exec(code)?.[1] ?? '';
  const fields = [...body.replace(/\/\/.*$/gm, '').matchAll(/(\w+)\s*:\s*(u32|f32|i32)/g)];
  if (fields.length * 4 > parameterSlotBytes) throw new ShaderError('struct Params is too large.');
  return fields.map(([, name, type]) => ({ name, type: type as Parameter['type'] }));
}
