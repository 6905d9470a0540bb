/**
 * First Light's floor of the GPU, `first-light/gpu`: matrices, programs and streams of commands for any computation on
 * WebGPU. It knows nothing of networks, and takes little room in a bundle.
 *
 *     const gpu = Gpu.of(await requestDevice(navigator.gpu));
 *     const program = await Program.compile(gpu, 'scale', wgsl);
 */
import './gpu/symbol-dispose.ts';

export { requestDevice, describeAdapter, Gpu, type AdapterDescription } from './gpu/device.ts';
export {
  WebGpuUnavailableError,
  DeviceLostError,
  OutOfMemoryError,
  GpuValidationError,
  ShaderError,
  TooLargeError,
} from './gpu/errors.ts';
export { CommandStream, type Dispatch } from './gpu/command-stream.ts';
export { Matrix, type MatrixOptions, type RowBlock } from './gpu/matrix.ts';
export { Vector } from './gpu/vector.ts';
export { Program, type Bindings, type Call } from './gpu/program.ts';
export { type MatrixProduct, compileMatrixProduct } from './programs/matrix-product.ts';
export { type ProductShape, type ProductUse, type TileChoice } from './programs/product-shape.ts';
export { chosenTile, preferTiles } from './programs/tile-choice.ts';
