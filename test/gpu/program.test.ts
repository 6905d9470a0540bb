import { expect, test } from 'vitest';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { ShaderError } from '../../src/gpu/errors.ts';
import type { Parameters } from '../../src/gpu/parameters.ts';
import { Program } from '../../src/gpu/program.ts';
import { Resources } from '../../src/gpu/resources.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { gpu } from '../gpu-device.ts';

/** A shader whose statements set `out` from `params`. */
const shaderOf = (declarations: string, statements: string): string => `
${declarations}
@group(0) @binding(0) var<storage, read_write> out: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;
@compute @workgroup_size(1)
fn main() {
${statements}
}
`;

/** A device of which is not known what the browser offers beyond WebGPU's first version: parameters are in a buffer there. */
const plain = Gpu.of(await (await navigator.gpu.requestAdapter())!.requestDevice());

/** What a shader writes of its parameters, as the GPU finds them, in the buffer and with the command. */
async function written(
  code: string,
  parameters: Parameters,
  length: number,
  inputs: Readonly<Record<string, number[]>> = {},
): Promise<number[]> {
  const both: number[][] = [];
  for (const device of [plain, gpu]) {
    using owned = new Resources();
    const vector = (name: string, values: number[]) => {
      const made = owned.own(new Vector(device, name, values.length));
      made.write(Float32Array.from(values));
      return made;
    };
    const out = vector('out', Array<number>(length).fill(NaN));
    const program = await Program.compile(device, 'writer', code);
    using stream = new CommandStream(device);
    const given = Object.entries(inputs).map(([name, values]) => [name, vector(name, values).binding]);
    const call = program.bind({ out: out.binding, ...(Object.fromEntries(given) as object) });
    stream.run({ call, parameters, workgroups: [1], work: 1 });
    await stream.finish();
    both.push([...(await out.read())]);
  }
  expect(both[1]).toEqual(both[0]);
  return both[0];
}

/** Statements that write these expressions, one after the other. */
const writes = (...expressions: string[]): string =>
  expressions.map((expression, k) => `  out[${k}] = f32(${expression});`).join('\n');

const layouts: {
  name: string;
  declarations: string;
  reads: string[];
  parameters: Parameters;
  expected: number[];
}[] = [
  {
    name: 'a vector between scalars',
    declarations: 'struct Params { a: f32, b: vec2<f32>, c: f32 }',
    reads: ['params.a', 'params.b.x', 'params.b.y', 'params.c'],
    parameters: { a: 1, b: [2, 3], c: 4 },
    expected: [1, 2, 3, 4],
  },
  {
    name: 'vec3 before a scalar, which goes into its padding, and before another vec3',
    declarations: 'struct Params { a: vec3f, b: f32, c: vec3<u32>, d: vec3i, e: i32 }',
    reads: ['params.a.z', 'params.b', 'params.c.x', 'params.c.z', 'params.d.y', 'params.e'],
    parameters: { a: [1, 2, 3], b: 4, c: [5, 6, 7], d: [-8, -9, -10], e: -11 },
    expected: [3, 4, 5, 7, -9, -11],
  },
  {
    name: 'vec4, typed arrays, extremes of the whole numbers',
    declarations: 'struct Params { a: u32, b: vec4<f32>, c: i32, }',
    reads: ['params.a >> 24u', 'params.b.x', 'params.b.w', 'params.c >> 24u'],
    parameters: { a: 2 ** 32 - 1, b: Float32Array.of(1, 2, 3, 4), c: -(2 ** 31) },
    expected: [255, 1, 4, -128],
  },
  {
    name: 'matrices by columns, of three rows with padding',
    declarations: 'struct Params { a: mat3x3<f32>, b: f32, c: mat4x2f, d: mat2x4<f32>, e: f32 }',
    reads: [
      'params.a[0].z',
      'params.a[1].x',
      'params.a[2].z',
      'params.b',
      'params.c[3].y',
      'params.d[1].x',
      'params.e',
    ],
    parameters: {
      a: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      b: 10,
      c: [11, 12, 13, 14, 15, 16, 17, 18],
      d: [21, 22, 23, 24, 25, 26, 27, 28],
      e: 29,
    },
    expected: [3, 4, 9, 10, 18, 25, 29],
  },
  {
    name: 'arrays of a fixed size, their length a literal or a const, with trailing commas',
    declarations: `const count = pairs; const pairs: u32 = 0x2u;
      struct Params { before: f32, a: array<vec4<f32>, 4>, b: array<vec4<u32>, count,>, after: f32, };`,
    reads: ['params.before', 'params.a[0].x', 'params.a[3].w', 'params.b[1].y', 'params.after'],
    parameters: {
      before: 1,
      a: [[2, 0, 0, 0], [0, 0, 0, 0], new Float32Array(4), [0, 0, 0, 3]],
      b: [
        [0, 0, 0, 0],
        [0, 4, 0, 0],
      ],
      after: 5,
    },
    expected: [1, 2, 3, 4, 5],
  },
  {
    name: 'structs in structs and in arrays, declared in any order',
    declarations: `// Not every browser takes a struct among uniforms that begins or ends within 16 bytes.
      struct Params { a: f32, inner: Inner, many: array<Inner, 2>, b: f32 }
      struct Other { x: u32 }
      struct Inner { p: vec3<f32>, @align(16) q: Other, @align(16) r: vec2f, @align(16) s: Last }
      struct Last { x: f32 }`,
    reads: [
      'params.a',
      'params.inner.p.z',
      'params.inner.q.x',
      'params.inner.r.y',
      'params.inner.s.x',
      'params.many[1].s.x',
      'params.b',
    ],
    parameters: {
      a: 1,
      inner: { p: [0, 0, 2], q: { x: 3 }, r: [0, 4], s: { x: 5 } },
      many: [
        { p: [0, 0, 0], q: { x: 0 }, r: [0, 0], s: { x: 0 } },
        { p: [0, 0, 0], q: { x: 0 }, r: [0, 0], s: { x: 6 } },
      ],
      b: 7,
    },
    expected: [1, 2, 3, 4, 5, 6, 7],
  },
  {
    name: '@align and @size',
    declarations:
      'struct Params { a: f32, @align(16) b: f32, @size(0x20) c: u32, @align(32u) @size(16,) d: f32, e: f32 }',
    reads: ['params.a', 'params.b', 'params.c', 'params.d', 'params.e'],
    parameters: { a: 1, b: 2, c: 3, d: 4, e: 5 },
    expected: [1, 2, 3, 4, 5],
  },
  {
    name: 'aliases of scalars, vectors and the struct itself',
    declarations:
      'alias Real = f32; alias Point = vec3<Real>; alias Params = Given; struct Given { a: Real, p: Point, b: u32 }',
    reads: ['params.a', 'params.p.z', 'params.b'],
    parameters: { a: 1, p: [0, 0, 2], b: 3 },
    expected: [1, 2, 3],
  },
  {
    name: 'names that hold keywords, and a type of ours by the name of one of the language',
    declarations: `struct vec4f { variable: u32, structure: f32 }
      struct Params { @size(16) fn_u32: i32, let_f32: vec4f, @align(16) var_: f32 }`,
    reads: ['params.fn_u32', 'params.let_f32.variable', 'params.let_f32.structure', 'params.var_'],
    parameters: { fn_u32: -1, let_f32: { variable: 2, structure: 3 }, var_: 4 },
    expected: [-1, 2, 3, 4],
  },
  {
    name: 'members that are commented out, in comments that nest and hold strange things',
    declarations: `struct Params {
        a: f32, // b: vec2<f32>,
        /* c: f32, /* d: u32, */ // e: u32, */ f: f32, // } struct Params { g: f32 }
        /**/ h: /* u32 /*/ */ */ f32,
      }`,
    reads: ['params.a', 'params.f', 'params.h'],
    parameters: { a: 1, f: 2, h: 3 },
    expected: [1, 2, 3],
  },
];

test.for(layouts)(
  'the shader finds its parameters: $name',
  async ({ declarations, reads, parameters, expected }) => {
    const code = shaderOf(declarations, writes(...reads));
    expect(await written(code, parameters, expected.length)).toEqual(expected);
    // Windows' line ends are no different.
    const windows = code.replaceAll('\n', '\r\n');
    expect(await written(windows, parameters, expected.length)).toEqual(expected);
  },
);

const resources: { name: string; code: string }[] = [
  {
    name: 'attributes in any order, on lines of their own, with trailing commas and other literals',
    code: `
      @binding(0)
      @group(0u,) var<storage,read_write,> out : array<f32>;
      @group(
        0x0
      )
      @binding( 3u ) var < storage > a: array<vec2<f32>>;
      @binding(1) @group(0) /* read */ var<storage, read>
        b : array<array<f32, 2>, 1>;
      @binding(0) @group(1) var<uniform> params: Params;`,
  },
  {
    name: 'bindings with gaps, in comments, after functions, and constants as their numbers',
    code: `
      const second = 5;
      // @group(0) @binding(1) var<storage, read> c: array<f32>;
      /* /* @group(0) @binding(1) */ var<storage> c: array<f32>; */
      fn early(x: f32) -> f32 { if (x < 1.0) { return x; } return x; }
      @group(0) @binding(7) var<storage, read> a: array<vec2<f32>>;
      @group(0) @binding(second) var<storage> b: array<array<f32, 2 * 1>>;
      @group(0) @binding(0) var<storage, read_write> out: array<f32>;
      var<private> state: array<f32, 2 + 2>;
      var<workgroup> shared_state: array<u32, (2 << 1)>;
      const less = 1 < 2; const_assert less;
      override scale = 1.0;
      @group(1) @binding(0) var<uniform> params: Params;`,
  },
];

test.for(resources)('buffers are bound by the names that the text gives them: $name', async ({ code }) => {
  const whole = `
    diagnostic(off, derivative_uniformity);
    struct Params { factor: f32 }
    ${code}
    @compute @workgroup_size(1) fn other(@builtin(local_invocation_index) at: u32) { _ = at; }
    fn first(p: ptr<function, array<f32, 2>>) -> f32 { return (*p)[0]; }
    @workgroup_size(1)
    @compute
    fn main(@builtin(local_invocation_index) at: u32) {
      var both = array<f32, 2>(a[0].y, b[0][1]);
      out[at] = params.factor * first(&both);
      out[at + 1u] = both[1];
    }`;
  expect(await written(whole, { factor: 10 }, 2, { a: [1, 2, 0, 0], b: [3, 4] })).toEqual([20, 4]);
});

test('parameters come with the command where the device can, up to as many bytes as it takes, and no arrays', async () => {
  const { wgslLanguageFeatures } = navigator.gpu;
  const most = wgslLanguageFeatures.has('immediate_address_space') ? gpu.device.limits.maxImmediateSize : 0;
  const bytes = async (device: Gpu, members: string): Promise<number> => {
    const code = shaderOf(`struct Params { ${members} }`, 'out[0] = f32(params.a);');
    return (await Program.compile(device, 'immediate', code)).immediateBytes;
  };
  const offered = (size: number) => (size <= most ? size : 0);
  expect(await bytes(gpu, 'a: u32')).toBe(offered(4));
  expect(await bytes(gpu, 'a: u32, @size(60) b: f32')).toBe(offered(64));
  expect(await bytes(gpu, `a: u32, @size(${most || 4}) b: u32`)).toBe(0);
  expect(await bytes(gpu, 'a: u32, b: array<vec4<f32>, 1>')).toBe(0);
  expect(await bytes(plain, 'a: u32')).toBe(0);
});

const point =
  'struct Params { n: u32, at: vec3f, k: i32, table: array<vec4<u32>, 2>, deep: Deep } struct Deep { x: f32 }';
const right = {
  n: 1,
  at: [0, 0, 0],
  k: 1,
  table: [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ],
  deep: { x: 0 },
};

test.for([
  [{ n: undefined }, TypeError, 'writer needs the parameter n. Its parameters are n: u32, at: vec3<f32>'],
  [{ other: 1 }, TypeError, 'writer has no parameter other. Its parameters are n: u32'],
  [
    { n: '1' },
    TypeError,
    'writer takes a whole number from 0 to 4294967295 for the parameter n: u32; it was given "1"',
  ],
  [{ n: true }, TypeError, 'parameter n: u32; it was given a boolean'],
  [{ n: [1] }, TypeError, 'parameter n: u32; it was given an Array'],
  [{ n: null }, TypeError, 'writer needs the parameter n.'],
  [{ n: -1 }, RangeError, 'parameter n: u32; it was given -1'],
  [{ n: 1.5 }, RangeError, '1.5'],
  [{ n: 2 ** 32 }, RangeError, '4294967296'],
  [{ n: NaN }, RangeError, 'NaN'],
  [
    { k: 2 ** 31 },
    RangeError,
    'a whole number from -2147483648 to 2147483647 for the parameter k: i32; it was given 2147483648',
  ],
  [{ k: -0.5 }, RangeError, '-0.5'],
  [{ k: Infinity }, RangeError, 'Infinity'],
  [{ at: 1 }, TypeError, 'writer takes an array for the parameter at: vec3<f32>; it was given 1'],
  [{ at: [1, 2] }, RangeError, 'writer takes 3 values for the parameter at: vec3<f32>; 2 were given'],
  [{ at: [1, 2, 3, 4] }, RangeError, '4 were given'],
  [{ at: [1, undefined, 3] }, TypeError, 'the parameter at[1]'],
  [
    { at: [1, 2, NaN] },
    RangeError,
    'a finite number within ±3.4028234e38 for the parameter at[2]: f32; it was given NaN',
  ],
  [{ at: [1, 2, 1e39] }, RangeError, '1e+39'],
  [{ at: new DataView(new ArrayBuffer(12)) }, TypeError, 'an array for the parameter at'],
  [
    { table: [[0, 0, 0, 0]] },
    RangeError,
    'writer takes 2 values for the parameter table: array<vec4<u32>, 2>; 1 were given',
  ],
  [
    {
      table: [
        [0, 0, 0, 0],
        [0, 0, 0],
      ],
    },
    RangeError,
    'writer takes 4 values for the parameter table[1]: vec4<u32>; 3 were given',
  ],
  [{ table: [[0, 0, 0, 0], 1] }, TypeError, 'an array for the parameter table[1]'],
  [
    {
      table: [
        [0, 0, 0, 0],
        [0, 0, 0, -1],
      ],
    },
    RangeError,
    'table[1][3]: u32; it was given -1',
  ],
  [{ deep: 1 }, TypeError, 'writer takes an object for the parameter deep: Deep'],
  [{ deep: {} }, TypeError, 'writer needs the parameter deep.x.'],
  [{ deep: { x: 1, y: 2 } }, TypeError, 'writer has no parameter deep.y. Its parameters are deep.x: f32.'],
] as const)('a parameter that the shader does not take is refused: %o', async ([change, kind, words]) => {
  const program = await Program.compile(gpu, 'writer', shaderOf(point, 'out[0] = params.at.x;'));
  using out = new Vector(gpu, 'out', 4);
  const call = program.bind({ out: out.binding });
  using stream = new CommandStream(gpu);
  const run = (changed: object) => () =>
    stream.run({ call, parameters: { ...right, ...changed }, workgroups: [1], work: 1 });
  expect(run({})).not.toThrow();
  expect(run(change)).toThrow(kind);
  expect(run(change)).toThrow(words);
});

const entry = '@compute @workgroup_size(1) fn main() {}';
const struct = 'struct Params { a: f32 }';

const refused: [code: string, words: string][] = [
  [
    `@group(0) @binding(1 + 1) var<storage> x: array<f32>;\n${entry}`,
    'line 1:20: 1 + 1: @binding is a whole number',
  ],
  [
    `const a = 1 + 1;\n@binding(a) @group(0) var<storage> x: array<f32>;\n${entry}`,
    'line 1:11: 1 + 1: @binding is',
  ],
  [`\r\n/* \r\n */ @group(0)\r\n@binding(0) var t: texture_2d<f32>;\r\n${entry}`, 'line 3:6: group(0)'],
  [
    `@group(0) @binding(0) var s: sampler;\n${entry}`,
    'var s : sampler: group 0, binding 0. Program binds storage buffers of group 0',
  ],
  [
    `@group(1) @binding(1) var<storage> x: array<f32>;\n${entry}`,
    'group 1, binding 1. Program binds storage buffers of group 0',
  ],
  [`${struct}\n@group(0) @binding(0) var<uniform> p: Params;\n${entry}`, 'line 2:2'],
  [`@group(1) @binding(0) var<uniform> p: vec4f;\n${entry}`, 'one struct of parameters'],
  [
    `@group(0) @binding(1) var<storage> x: array<f32>;\n@group(0) @binding(1) var<storage> y: array<f32>;\n${entry}`,
    'line 2:2',
  ],
  [
    `${struct}\n@group(1) @binding(0) var<uniform> p: Params;\n@group(1) @binding(0) var<uniform> q: Params;\n${entry}`,
    'line 3:2',
  ],
  [
    `struct Params {\n  a: f32,\n  b: array<vec4f, 1 + 1>,\n}\n@group(1) @binding(0) var<uniform> p: Params;\n${entry}`,
    'line 3:19: 1 + 1: the length of an array is a whole number',
  ],
  [
    `struct Params {\n  @size(8 * 2) a: f32,\n}\n@group(1) @binding(0) var<uniform> p: Params;\n${entry}`,
    'line 2:9: 8 * 2: @size is a whole number',
  ],
  [
    `struct Params { a: array<vec4f, 17> }\n@group(1) @binding(0) var<uniform> p: Params;\n${entry}`,
    'struct Params, take 272 bytes; a dispatch has 256',
  ],
  [
    '@compute @workgroup_size(1) fn first() {}\n@compute @workgroup_size(1) fn second() {}',
    'has no compute entry point main; it has first, second',
  ],
  ['@fragment fn main() {}', 'has no compute entry point main; it has none'],
  [
    `struct Inner { @align(32) a: f32 }\nstruct Params { a: vec4f, @align(32) b: Inner }\n@group(1) @binding(0) var<uniform> p: Params;\n${entry}`,
    'line 1:17: align(32: browsers differ in where they put',
  ],
];

test.for(refused)(
  'what is not understood is refused with line, column and words: %s',
  async ([code, words]) => {
    const compiling = Program.compile(gpu, 'strange', code);
    await expect(compiling).rejects.toThrow(ShaderError);
    // Compilers differ in how they write a type.
    await expect(compiling).rejects.toThrow(words.replace(' : ', ': '));
  },
);

test(
  'f16 is refused where it would be a parameter',
  { skip: !gpu.device.features.has('shader-f16') },
  async () => {
    const code = `enable f16;\nstruct Params { a: vec2h }\n@group(1) @binding(0) var<uniform> p: Params;\n${entry}`;
    await expect(Program.compile(gpu, 'half', code)).rejects.toThrow(
      /line 2:20: vec2h: a parameter is of f32, i32, u32/,
    );
  },
);

test('a program without parameters takes none', async () => {
  const program = await Program.compile(gpu, 'nothing', entry);
  const call = program.bind({});
  using stream = new CommandStream(gpu);
  stream.run({ call, parameters: {}, workgroups: [1], work: 1 });
  expect(() => stream.run({ call, parameters: { a: 1 }, workgroups: [1], work: 1 })).toThrow(
    'nothing has no parameter a. Its parameters are none.',
  );
  await stream.finish();
});
