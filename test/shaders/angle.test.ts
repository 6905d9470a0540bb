import { test } from 'vitest';
import { relativeError } from '../../shaders/parts/accuracy.ts';
import { u } from '../../shaders/parts/roundoff.ts';
import { angle } from '../../shaders/parts/angle.wgsl.ts';
import { expectWithin } from '../bounds.ts';
import { asFloats, evaluate, floats } from './evaluate.ts';

test('angle keeps its relative bound in both quadrants, on the axes and at the origin', async () => {
  // |y/x| from 2^−120 to 2^120 on both sides of the y-axis; where it is below 2^−126 the angle may be flushed.
  const bits = floats(2000, 2 ** 120).filter((b) => (b & 0x7fffffff) === 0 || (b & 0x7fffffff) > 7 << 23);
  const z = 'bitcast<f32>(bits)';
  const f = `bitcast<vec4<u32>>(vec4(angle(abs(${z}), sign(${z})), angle(1.0, ${z}), angle(0.75 * abs(${z}), ${z}), angle(0.0, ${z})))`;
  const values = asFloats(await evaluate({ parts: angle, f }, bits));
  const exact = Float64Array.from(
    [...asFloats(bits)].flatMap((x) => [
      x === 0 ? 0 : Math.atan2(Math.abs(x), Math.sign(x)),
      Math.atan2(1, x),
      x === 0 ? 0 : Math.atan2(0.75 * Math.abs(x), x),
      x < 0 ? Math.PI : 0,
    ]),
  );
  // 0.75 |x| is rounded.
  const bound = exact.map((value) => (relativeError.angle + 1) * u * value);
  expectWithin('angle', values, exact, bound);
});
