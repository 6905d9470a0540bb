import { measurePoint } from '../experiment/point-measures.ts';
import type { RunResult } from '../experiment/result.ts';
import { emit } from './voice.ts';

/** Says how a run ended; `earlier`: before, or by another command. */
export function runEnded(
  { id, label }: { id: string; label: string },
  result: RunResult,
  { earlier } = { earlier: false },
): void {
  const measures = Object.fromEntries(measurePoint(result));
  emit({ event: 'run', run: id, label, status: result.status, measures, earlier });
}

/** Says that a run failed, and why. */
export function runFailed(
  { id, label }: { id: string; label: string },
  { name, message }: { name: string; message: string },
  { earlier } = { earlier: false },
): void {
  const status = { kind: 'failed', name, message } as const;
  emit({ event: 'run', run: id, label, status, measures: {}, earlier });
}
