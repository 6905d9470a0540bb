import { type FeatureStorage, featureBytes } from '../shaders/parts/features.wgsl.ts';
import { strideOf } from '../src/gpu/matrix.ts';
import { type Dense, dense } from '../src/math/dense.ts';
import { gpu, poison } from './gpu-device.ts';

/** Features of rows × units on the device, in either storage. */
export class Features implements Disposable {
  readonly #rows: number;
  readonly #units: number;
  readonly #storage: FeatureStorage;
  readonly #buffer: GPUBuffer;

  /** Poisoned. */
  constructor(rows: number, units: number, storage: FeatureStorage) {
    this.#rows = rows;
    this.#units = units;
    this.#storage = storage;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    this.#buffer = gpu.createBuffer('test features', rows * this.#rowBytes, usage);
    poison(this.binding);
  }

  /** `values` are numbers that the storage holds exactly: see exactly. */
  static of({ rows, cols, data }: Dense, storage: FeatureStorage): Features {
    const features = new Features(rows, cols, storage);
    const stride = strideOf(cols);
    const padded = storage === 'f16' ? new Uint16Array(rows * stride) : new Float32Array(rows * stride);
    const write = storage === 'f16' ? halfBits : Math.fround;
    data.forEach((value, k) => (padded[Math.floor(k / cols) * stride + (k % cols)] = write(value)));
    gpu.device.queue.writeBuffer(features.#buffer, 0, padded);
    return features;
  }

  get #rowBytes(): number {
    return strideOf(this.#units) * featureBytes[this.#storage];
  }

  get binding(): GPUBufferBinding {
    return { buffer: this.#buffer };
  }

  /** Row-major without padding, and the padding. */
  async read(): Promise<{ values: number[]; padding: number[] }> {
    const bytes = await gpu.read(this.#buffer, 0, this.#rows * this.#rowBytes);
    const all =
      this.#storage === 'f16'
        ? Array.from(new Uint16Array(bytes), halfValue)
        : Array.from(new Float32Array(bytes));
    const inside = (k: number) => k % strideOf(this.#units) < this.#units;
    return {
      values: all.filter((_, k) => inside(k)),
      padding: all.filter((_, k) => !inside(k)),
    };
  }

  [Symbol.dispose](): void {
    gpu.destroyBuffer(this.#buffer);
  }
}

/** The nearest numbers that the storage holds; 0 for halves that an adapter may flush. */
export function exactly({ rows, cols, data }: Dense, storage: FeatureStorage): Dense {
  const round = (value: number): number => {
    const exponent = Math.floor(Math.log2(Math.abs(value)));
    return exponent < -14 ? 0 : Math.round(value * 2 ** (10 - exponent)) * 2 ** (exponent - 10);
  };
  return dense(rows, cols, data.map(storage === 'f16' ? round : Math.fround));
}

const word = new DataView(new ArrayBuffer(4));

/** Bits of a half: of 0, or of one of normal size. */
function halfBits(value: number): number {
  word.setFloat32(0, value);
  const bits = word.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  // The exponent of float32 is larger by 112.
  return value === 0 ? sign : sign | (((bits & 0x7fffffff) - (112 << 23)) >>> 13);
}

function halfValue(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25));
}
