import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { openLine } from './line.ts';
import { LiveController } from './live-controller.ts';
import { requirePageSize } from './page-size.ts';
import type { LabController } from './controller.ts';

/**
 * Opens an engine and starts an experiment on it, which stands at a step where one is given; where this browser cannot compute, the controller of one that was
 * recorded in advance.
 * @throws SpecError
 */
export async function createController(initial: SpecInput, standAt?: number): Promise<LabController> {
  requirePageSize(parseSpec(initial), new Map()); // before there is anything to be closed again
  let live: LiveController | undefined;
  const line = await openLine((message) => live?.receive(message));
  if (!('send' in line)) {
    const { RecordedController } = await import('./recorded-controller.ts');
    return RecordedController.create(line.message);
  }
  return (live = new LiveController(line, initial, standAt));
}
