import { measurePoint } from '../../../src/experiment/point-measures.ts';
import { resultOfRun, run } from '../../../src/experiment/run.ts';
import type { Spec } from '../../../src/experiment/spec.ts';
import { requestDevice } from '../../../src/gpu/device.ts';
import { DeviceLostError } from '../../../src/gpu/errors.ts';
import { pageLimits } from '../page-limits.ts';
import { type Message, failureOf } from '../protocol.ts';

/** Runs points of a sweep one after the other and tells their measures, on a device of its own: the experiment keeps its own. */
export async function runPoints(
  gpu: GPU | undefined,
  points: readonly { id: string; spec: Spec }[],
  signal: AbortSignal,
  post: (message: Message) => void,
): Promise<void> {
  let device: GPUDevice | undefined;
  try {
    device = await requestDevice(gpu);
    for (const { id, spec } of points) {
      const { steps } = spec.training;
      post({ kind: 'growing', id, step: 0, steps });
      const running = run(device, spec, { signal, memoryLimit: pageLimits.memory });
      try {
        const result = await resultOfRun(running, (event) => {
          if (event.kind === 'progress') post({ kind: 'growing', id, step: event.step, steps });
        });
        // What was stopped in the middle is no point: it is run again.
        if (signal.aborted) break;
        const diverged = result.status.kind === 'diverged';
        post({ kind: 'grown', id, outcome: { kind: 'measured', diverged, measures: measurePoint(result) } });
      } catch (error) {
        if (error instanceof DeviceLostError || signal.aborted) throw error;
        post({ kind: 'grown', id, outcome: { kind: 'failed', reason: failureOf(error).message } });
      }
    }
    post({ kind: 'growing-ended', failure: null });
  } catch (error) {
    post({ kind: 'growing-ended', failure: signal.aborted ? null : failureOf(error) });
  } finally {
    device?.destroy();
  }
}
