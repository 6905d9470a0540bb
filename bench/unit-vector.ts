/** x/‖x‖ */
export function unitVector(x: Float32Array): Float32Array<ArrayBuffer> {
  const length = Math.sqrt(x.reduce((sum, value) => sum + value ** 2, 0));
  return Float32Array.from(x, (value) => value / length);
}
