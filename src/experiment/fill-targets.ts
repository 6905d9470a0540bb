import { DataError } from '../data/data-error.ts';
import { targetDirections, unitCoefficients } from '../data/directions.ts';
import { type PointSet, Predictions } from '../data/point-set.ts';
import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Vector } from '../gpu/vector.ts';
import { initializeTeacher } from '../network/initialization.ts';
import { TwoLayerNetwork } from '../network/two-layer.ts';
import { compileTarget } from '../programs/target.ts';
import { type Spec, type TargetSpec, activationOf } from './spec.ts';

/** Computes y from X on the device. */
export async function fillTargets(
  gpu: Gpu,
  stream: CommandStream,
  { seed }: Spec,
  target: TargetSpec,
  set: PointSet,
): Promise<void> {
  const d = set.X.cols;
  switch (target.kind) {
    case 'labels':
      throw new DataError('target.kind is "labels", which only the user\'s own arrays have.');
    case 'teacher': {
      using teacher = await TwoLayerNetwork.create(
        gpu,
        { d, width: target.width, maxPoints: set.size, trained: [], symmetric: false },
        activationOf(target),
      );
      await initializeTeacher(gpu, stream, teacher, seed);
      using predictions = new Predictions(gpu, 'teacher', set.size);
      for (const dispatch of teacher.evaluation(set, predictions)) stream.run(dispatch);
      stream.copy(predictions.u.buffer, 0, set.y.buffer, 0, 4 * set.size);
      stream.flush(); // before the teacher goes
      return;
    }
    default: {
      const directions = targetDirections(d, seed);
      using b = new Vector(gpu, 'b', d);
      using c = new Vector(gpu, 'c', d);
      b.write(Float32Array.from(directions.b));
      c.write(Float32Array.from(directions.c));
      const program = await compileTarget(
        gpu,
        target.kind === 'hermite'
          ? { ...target, coefficients: unitCoefficients(target.coefficients) }
          : target,
      );
      for (const block of set.X.blocks()) stream.run(program(block, { b, c }, set.y));
      stream.flush(); // before b and c go
    }
  }
}
