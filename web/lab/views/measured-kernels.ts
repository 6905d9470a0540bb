import { formatCount } from '../../figures/format.ts';
import type { KernelMeasure, Recording } from '../recording.ts';

/** The last step up to the cursor that can be measured at; undefined where there is none yet. */
const wantedStep = ({ records, kernelSteps }: Recording, cursor: number): number | undefined => {
  const step = records.at(cursor)?.step ?? -1;
  return kernelSteps.findLast((kept) => kept <= step);
};

const measured = { kernels: 'kernels', spectrum: 'spectra', shell: 'shells' } as const satisfies Record<
  KernelMeasure,
  keyof Recording
>;

/** What views of measurements show beside what all show. */
export const measurementsOf = (recording: Recording): unknown[] => [
  ...Object.values(measured).map((kind) => recording[kind]),
  recording.kernelSteps.length,
  recording.kernelWork,
  recording.kernelFailure,
];

/** What was measured last up to the cursor, else what was measured first. */
export function measuredAt<What extends KernelMeasure>(
  what: What,
  recording: Recording,
  cursor: number,
): Recording[(typeof measured)[What]][number] | undefined {
  const all: readonly { step: number }[] = recording[measured[what]];
  const step = recording.records.at(cursor)?.step ?? 0;
  const found = all.findLast((one) => one.step <= step) ?? all.at(0);
  return found as Recording[(typeof measured)[What]][number] | undefined;
}

/** Asks, by a bubbling event "measure", for what a view in sight lacks at the cursor. */
export function askFor(what: KernelMeasure, element: Element, recording: Recording, cursor: number): void {
  const step = wantedStep(recording, cursor);
  if (step === undefined || recording[measured[what]].some((one) => one.step === step)) return;
  element.dispatchEvent(new CustomEvent('measure', { detail: { what, step }, bubbles: true }));
}

/** How far a measurement is, or why there is none, as HTML; '' where all is there. */
export function workWords(what: KernelMeasure, { kernelWork, kernelFailure }: Recording): string {
  if (kernelFailure !== null) return `It could not be measured: ${kernelFailure}`;
  if (kernelWork?.what !== what) return '';
  const { step, products } = kernelWork;
  const far = products > 0 ? `, ${formatCount(products)} products with <i>Θ</i> so far` : '';
  return `Measuring at <i>t</i> = ${formatCount(step)}${far}; the training goes on.`;
}
