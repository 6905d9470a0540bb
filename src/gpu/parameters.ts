import { shown } from './arguments.ts';
import type { Gpu } from './device.ts';
import type { Layout, NumbersLayout, ScalarType, StructLayout } from './wgsl-layout.ts';

/**
 * A value of a parameter: a number of a scalar; the numbers of a vector or, column by column, of a matrix; the values of an
 * array's elements; the members of a struct by their names.
 */
export type ParameterValue = number | ArrayLike<number> | readonly ParameterValue[] | Parameters;

/** The parameters of a dispatch by their names in the shader. */
export interface Parameters {
  readonly [name: string]: ParameterValue | undefined;
}

/** Bytes of the uniform slot that holds one dispatch's parameters. */
export const parameterSlotBytes = 256;

const layouts = new WeakMap<Gpu, GPUBindGroupLayout>();

/** The bind group layout of the parameters on a device, the same for every program (group 1). */
export function parametersLayout(gpu: Gpu): GPUBindGroupLayout {
  let layout = layouts.get(gpu);
  if (!layout || gpu.failed(layout)) {
    layout = gpu.make('laying out parameters', [], () =>
      gpu.device.createBindGroupLayout({
        label: 'parameters',
        entries: [
          {
            binding: 0,
            visibility: GPUShaderStage.COMPUTE,
            buffer: { type: 'uniform', hasDynamicOffset: true },
          },
        ],
      }),
    );
    layouts.set(gpu, layout);
  }
  return layout;
}

/** Writes values into memory as the struct of a program's parameters lays them out. */
export class ParameterWriter {
  readonly #label: string;
  readonly #layout: StructLayout;

  constructor(label: string, layout: StructLayout) {
    this.#label = label;
    this.#layout = layout;
  }

  /**
   * @throws TypeError where a parameter is missing, is none of the program's or is of another kind; RangeError where its
   * length or a number is not one that its type holds: of f32 the finite ones, of u32 and i32 their whole ones.
   */
  write(values: Parameters, target: DataView, offset: number): void {
    this.#struct(this.#layout, values, target, offset, '');
  }

  #struct(layout: StructLayout, values: Parameters, target: DataView, offset: number, path: string): void {
    const { members } = layout;
    for (const { name, offset: at, layout: member } of members) {
      const value = values[name];
      if (member.kind === 'scalar' && writeNumber(member.type, value, target, offset + at)) continue;
      this.#value(member, value, target, offset + at, path + name);
    }
    let given = 0;
    for (const name in values) if (values[name] !== undefined) given++;
    if (given === members.length) return;
    const extra = Object.keys(values).find((name) => !members.some((member) => member.name === name));
    throw new TypeError(`${this.#label} has no parameter ${path}${extra}. ${this.#takes(layout, path)}`);
  }

  #value(layout: Layout, value: unknown, target: DataView, offset: number, path: string): void {
    if (value === undefined || value === null) {
      throw new TypeError(`${this.#label} needs the parameter ${path}. ${this.#takes(this.#layout, '')}`);
    }
    if (layout.kind === 'scalar') throw this.#wrongNumber(layout.type, value, path);
    if (layout.kind === 'struct') {
      if (typeof value !== 'object') throw this.#wrongKind(layout, value, path);
      this.#struct(layout, value as Parameters, target, offset, `${path}.`);
      return;
    }
    const length = layout.kind === 'array' ? layout.count : layout.offsets.length;
    if (!(Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value))) {
      throw this.#wrongKind(layout, value, path);
    }
    const list = value as ArrayLike<unknown>;
    if (list.length !== length) {
      throw new RangeError(
        `${this.#label} takes ${length} values for the parameter ${path}: ${typeName(layout)}; ${list.length} were given.`,
      );
    }
    for (let k = 0; k < length; k++) {
      if (layout.kind === 'array') {
        const { element, stride } = layout;
        const scalar = element.kind === 'scalar' && element.type;
        if (scalar && writeNumber(scalar, list[k], target, offset + k * stride)) continue;
        this.#value(element, list[k], target, offset + k * stride, `${path}[${k}]`);
      } else if (!writeNumber(layout.type, list[k], target, offset + layout.offsets[k])) {
        throw this.#wrongNumber(layout.type, list[k], `${path}[${k}]`);
      }
    }
  }

  #wrongKind(layout: Layout, value: unknown, path: string): TypeError {
    return new TypeError(
      `${this.#label} takes an ${layout.kind === 'struct' ? 'object' : 'array'} for the parameter ${path}: ${typeName(layout)}; it was given ${shown(value)}.`,
    );
  }

  #wrongNumber(type: ScalarType, value: unknown, path: string): Error {
    const what = `${this.#label} takes ${ranges[type]} for the parameter ${path}: ${type}; it was given ${shown(value)}.`;
    return typeof value === 'number' ? new RangeError(what) : new TypeError(what);
  }

  #takes({ members }: StructLayout, path: string): string {
    const list = members.map(({ name, layout }) => `${path}${name}: ${typeName(layout)}`).join(', ');
    return `Its parameters are ${list || 'none'}.`;
  }
}

const ranges: Record<ScalarType, string> = {
  f32: 'a finite number within ±3.4028234e38',
  i32: 'a whole number from -2147483648 to 2147483647',
  u32: 'a whole number from 0 to 4294967295',
};

/** Whether the value is a number of the type, which is then written. */
function writeNumber(type: ScalarType, value: unknown, target: DataView, at: number): boolean {
  if (typeof value !== 'number') return false;
  switch (type) {
    case 'f32':
      // A shader may take for granted that no number is infinite or NaN.
      if (!Number.isFinite(Math.fround(value))) return false;
      target.setFloat32(at, value, true);
      return true;
    case 'u32':
      if (value >>> 0 !== value) return false;
      target.setUint32(at, value, true);
      return true;
    case 'i32':
      if ((value | 0) !== value) return false;
      target.setInt32(at, value, true);
      return true;
  }
}

function typeName(layout: Layout): string {
  switch (layout.kind) {
    case 'scalar':
      return layout.type;
    case 'vector':
      return `vec${layout.offsets.length}<${layout.type}>`;
    case 'matrix':
      return `mat${columnsOf(layout)}x${layout.offsets.length / columnsOf(layout)}<${layout.type}>`;
    case 'array':
      return `array<${typeName(layout.element)}, ${layout.count}>`;
    case 'struct':
      return layout.name;
  }
}

/** Columns begin at multiples of the alignment. */
const columnsOf = ({ size, align }: NumbersLayout): number => size / align;
