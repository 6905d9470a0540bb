import { shown } from './arguments.ts';
import { type Gpu, requireGpu } from './device.ts';
import { DeviceLostError, ShaderError } from './errors.ts';
import { withImmediates } from './immediates.ts';
import { ParameterWriter, parameterSlotBytes, parametersLayout } from './parameters.ts';
import { type ShaderInterface, readInterface } from './wgsl-interface.ts';

/** Buffers, or parts of them, by the names of the storage variables that they are bound to. */
export type Bindings = Readonly<Record<string, GPUBufferBinding | undefined>>;

const compiled = new WeakMap<Gpu, Map<string, Promise<Program>>>();

/** The programs of a device by their WGSL, compiled or being compiled; who takes one out has it compiled anew. */
export function compiledPrograms(gpu: Gpu): Map<string, Promise<Program>> {
  const programs = compiled.get(gpu) ?? new Map<string, Promise<Program>>();
  compiled.set(gpu, programs);
  return programs;
}

/**
 * A compiled compute shader. The WGSL text is the one source of its interface: the storage buffers of group 0 and the struct
 * of parameters, a uniform at group 1, binding 0, are read from it (wgsl-interface.ts) and bound by their names. Where the
 * device can, the parameters come with the command instead (immediates.ts), as the same numbers.
 */
export class Program {
  readonly gpu: Gpu;
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly #storage: ShaderInterface['storage'];
  readonly parameters: ParameterWriter;
  /** Bytes of parameters that come with each command; 0 where they lie in a uniform buffer. */
  readonly immediateBytes: number;
  readonly #layout: GPUBindGroupLayout;

  private constructor(
    gpu: Gpu,
    label: string,
    pipeline: GPUComputePipeline,
    layout: GPUBindGroupLayout,
    { storage, parameters }: ShaderInterface,
    immediateBytes: number,
  ) {
    this.gpu = gpu;
    this.label = label;
    this.pipeline = pipeline;
    this.#layout = layout;
    this.#storage = storage;
    const none = { kind: 'struct', name: 'none', members: [], size: 0, align: 1 } as const;
    this.parameters = new ParameterWriter(label, parameters?.layout ?? none);
    this.immediateBytes = immediateBytes;
  }

  /**
   * Compiles WGSL with the entry point `main`, once per device and text; what failed is tried anew.
   * @throws ShaderError with the compiler's messages, or with line and words of what it has the host bind that is not
   * supported; DeviceLostError, GpuValidationError.
   */
  static compile(gpu: Gpu, label: string, code: string): Promise<Program> {
    requireGpu(gpu);
    const programs = compiledPrograms(gpu);
    const known = programs.get(code);
    // Where another's attempt fails, this is no failure of the one who waited for it.
    if (known) return known.catch(() => Program.compile(gpu, label, code));
    const program = Program.#compile(gpu, label, code);
    programs.set(code, program);
    return program.catch((error: unknown) => {
      programs.delete(code);
      throw error;
    });
  }

  static async #compile(gpu: Gpu, label: string, code: string): Promise<Program> {
    const { device } = gpu;
    const read = readRunnable(label, code);
    const text = 'shader' in read ? withImmediates(device, code, read.shader) : undefined;
    const module = gpu.make(`compiling ${label}`, [], () =>
      device.createShaderModule({ label, code: text ?? code }),
    );
    const compiled = requireCompiled(gpu, label, code, module);
    compiled.catch(() => undefined); // awaited below, whatever else is wrong
    try {
      if ('error' in read) throw read.error;
      const { shader } = read;
      const immediateBytes = text === undefined ? 0 : shader.parameters!.layout.size;
      // Asked for before it is known whether the module compiles: each answer of the device takes a while.
      const made = makePipeline(gpu, label, module, shader, immediateBytes);
      made.pipeline.catch(() => undefined);
      await compiled;
      await gpu.settled([made.pipelineLayout]);
      return new Program(gpu, label, await made.pipeline, made.layout, shader, immediateBytes);
    } catch (error) {
      // What the compiler says of the text comes before what it makes impossible.
      await compiled;
      throw error;
    }
  }

  /**
   * Binds buffers to the shader's storage variables by name; reuse the call for every dispatch on these buffers.
   * @throws TypeError where a buffer is missing, is none or has no variable; RangeError where it is another device's, or a
   * binding is not within its buffer or begins where the device allows none.
   */
  bind(bindings: Bindings): Call {
    const entries = this.#storage.map(({ name, index }) => {
      const resource = bindings[name];
      if (!resource) throw new TypeError(`${this.label} needs a buffer for ${name}. ${this.#bound}`);
      this.#requireBindable(name, resource);
      return { binding: index, resource };
    });
    const unknown = Object.keys(bindings).find(
      (name) => bindings[name] && !this.#storage.some((variable) => variable.name === name),
    );
    if (unknown) throw new TypeError(`${this.label} has no storage variable ${unknown}. ${this.#bound}`);
    const buffers = entries.map(({ resource }) => resource.buffer);
    const descriptor = { label: this.label, layout: this.#layout, entries };
    const group = this.gpu.bind(`binding the buffers of ${this.label}`, descriptor, buffers);
    const written = buffers.filter((_, i) => this.#storage[i].access === 'read_write');
    return { program: this, group, buffers, written };
  }

  get #bound(): string {
    return `It binds ${this.#storage.map(({ name }) => name).join(', ') || 'no buffers'}.`;
  }

  #requireBindable(name: string, { buffer, offset = 0, size }: GPUBufferBinding): void {
    const what = `The buffer for ${name} of ${this.label}`;
    this.gpu.requireBytes(what, buffer, offset, size);
    const alignment = this.gpu.device.limits.minStorageBufferOffsetAlignment;
    if (offset % alignment === 0) return;
    throw new RangeError(
      `${what} is bound from byte ${shown(offset)} on; this device binds at multiples of ${alignment} bytes.`,
    );
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

/** Asks for the pipeline of a module; it rejects with a ShaderError, or with what Gpu.refusal says. */
function makePipeline(
  gpu: Gpu,
  label: string,
  module: GPUShaderModule,
  { storage }: ShaderInterface,
  immediateSize: number,
): {
  layout: GPUBindGroupLayout;
  pipelineLayout: GPUPipelineLayout;
  pipeline: Promise<GPUComputePipeline>;
} {
  const { device } = gpu;
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
  const bindGroupLayouts = immediateSize > 0 ? [layout] : [layout, parametersLayout(gpu)];
  const pipelineLayout = gpu.make(`laying out ${label}`, bindGroupLayouts, () =>
    device.createPipelineLayout({ label, bindGroupLayouts, immediateSize }),
  );
  const pipeline = gpu
    .attempt(`making a pipeline of ${label}`, () =>
      device.createComputePipelineAsync({ label, layout: pipelineLayout, compute: { module, entryPoint } }),
    )
    .catch(async (cause: unknown) => {
      const refusal = await gpu.refusal(`making a pipeline of ${label}`, cause);
      if (refusal instanceof DeviceLostError) throw refusal;
      throw new ShaderError(`The shader ${label} does not make a pipeline: ${(cause as Error).message}`, {
        cause,
      });
    });
  return { layout, pipelineLayout, pipeline };
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

const entryPoint = 'main';

/** What is read of a text, or why it cannot be run: of one that does not compile, perhaps for no good reason. */
function readRunnable(label: string, code: string): { shader: ShaderInterface } | { error: unknown } {
  try {
    const shader = readInterface(label, code);
    requireRunnable(label, shader);
    return { shader };
  } catch (error) {
    return { error };
  }
}

/** @throws ShaderError where a program cannot be made of a shader with this interface. */
function requireRunnable(label: string, { entryPoints, parameters }: ShaderInterface): void {
  if (!entryPoints.includes(entryPoint)) {
    throw new ShaderError(
      `The shader ${label} has no compute entry point ${entryPoint}; it has ${entryPoints.join(', ') || 'none'}. Name the one to run ${entryPoint}.`,
    );
  }
  if (parameters && parameters.layout.size > parameterSlotBytes) {
    const { name, size } = parameters.layout;
    throw new ShaderError(
      `The parameters of ${label}, struct ${name}, take ${size} bytes; a dispatch has ${parameterSlotBytes}. Put what is larger into a storage buffer.`,
    );
  }
}
