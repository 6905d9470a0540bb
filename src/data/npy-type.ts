/** How the numbers of a .npy file are stored. */
export interface NpyType {
  /** Of one number. */
  bytes: 1 | 2 | 4 | 8;
  /** Whether every number is finite by its kind. */
  whole: boolean;
  /** Whether it is one byte without a sign: what pixels of 0 to 255 are stored as. */
  pixels?: true;
  /** The numbers that these bytes are, which may be changed by it; int64 beyond 2⁵³ is rounded. */
  decode: (bytes: Uint8Array<ArrayBuffer>) => Float64Array<ArrayBuffer>;
}

type Decode = NpyType['decode'];

/** What this machine stores itself. (It is taken to be little-endian, as all that run WebGPU are.) */
const native =
  (View: new (buffer: ArrayBuffer) => ArrayLike<number>): Decode =>
  ({ buffer }) =>
    new Float64Array(new View(buffer));

/** high · 2³² + low, both exact, so that it is rounded once. */
const wide =
  (High: new (buffer: ArrayBuffer) => ArrayLike<number>): Decode =>
  ({ buffer }) => {
    const [low, high] = [new Uint32Array(buffer), new High(buffer)];
    const numbers = new Float64Array(low.length / 2);
    for (let k = 0; k < numbers.length; k++) numbers[k] = high[2 * k + 1] * 2 ** 32 + low[2 * k];
    return numbers;
  };

const half: Decode = ({ buffer }) => {
  const bits = new Uint16Array(buffer);
  const numbers = new Float64Array(bits.length);
  for (let k = 0; k < bits.length; k++) numbers[k] = halfValue(bits[k]);
  return numbers;
};

/** A sign, five bits of exponent and ten of mantissa. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25));
}

const types: ReadonlyMap<string, NpyType> = new Map<string, NpyType>([
  ['b1', { bytes: 1, whole: true, decode: native(Uint8Array) }],
  ['u1', { bytes: 1, whole: true, pixels: true, decode: native(Uint8Array) }],
  ['i1', { bytes: 1, whole: true, decode: native(Int8Array) }],
  ['u2', { bytes: 2, whole: true, decode: native(Uint16Array) }],
  ['i2', { bytes: 2, whole: true, decode: native(Int16Array) }],
  ['u4', { bytes: 4, whole: true, decode: native(Uint32Array) }],
  ['i4', { bytes: 4, whole: true, decode: native(Int32Array) }],
  ['u8', { bytes: 8, whole: true, decode: wide(Uint32Array) }],
  ['i8', { bytes: 8, whole: true, decode: wide(Int32Array) }],
  ['f2', { bytes: 2, whole: false, decode: half }],
  ['f4', { bytes: 4, whole: false, decode: native(Float32Array) }],
  ['f8', { bytes: 8, whole: false, decode: native(Float64Array) }],
]);

/** NumPy's other names of these types: its words, and C's letters. C's long has eight bytes, as where NumPy is mostly used. */
const otherNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    b1: '? bool bool_ bool8',
    u1: 'B uint8 ubyte',
    i1: 'b int8 byte',
    u2: 'H uint16 ushort',
    i2: 'h int16 short',
    u4: 'I uint32 uintc',
    i4: 'i int32 intc',
    u8: 'L Q P N uint64 uint ulong ulonglong uintp',
    i8: 'l q p n int64 int int_ long longlong intp',
    f2: 'e float16 half',
    f4: 'f float32 single',
    f8: 'd float64 double float float_',
  }).flatMap(([type, names]) => names.split(' ').map((name) => [name, type] as const)),
);

/** The type that a header's 'descr' names, as NumPy reads it: "<f4", "=f4", "f4", "float32", ">i2"; undefined for others. */
export function npyType(descr: string): NpyType | undefined {
  const [, order, name] = /^([<>=|]?)(.*)$/s.exec(descr)!;
  const type = types.get(name) ?? types.get(otherNames.get(name) ?? '');
  if (!type || order !== '>' || type.bytes === 1) return type;
  return { ...type, decode: (bytes) => type.decode(reversed(bytes, type.bytes)) };
}

/** Every number's bytes the other way round, in place. */
function reversed(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  for (let start = 0; start < bytes.length; start += size) {
    for (let low = start, high = start + size - 1; low < high; low++, high--) {
      const kept = bytes[low];
      bytes[low] = bytes[high];
      bytes[high] = kept;
    }
  }
  return bytes;
}
