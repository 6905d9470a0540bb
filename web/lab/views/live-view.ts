import type { Recording, View } from '../recording.ts';
import { ObservedWidth } from './observed-width.ts';

/** Draws a view that is so many pixels wide. */
export type Paint = (recording: Recording, cursor: number, width: number) => void;

/** What every view can show of a recording; a recording grows in place. */
const contentOf = (recording: Recording, cursor: number): unknown[] => [
  recording,
  cursor,
  recording.records.length,
  recording.snapshots.length,
  recording.compared,
  recording.preparation,
  recording.stage,
  recording.claims,
  recording.measuring,
  recording.phase,
  document.documentElement.dataset['theme'],
];

/**
 * A view that draws itself when there is something new to see, again where its size or the colour scheme changes, and rests
 * while it is hidden: it is drawn when it shows.
 */
export class LiveView implements View {
  readonly element: HTMLElement;
  readonly #paint: Paint;
  readonly #beside: (recording: Recording) => unknown[];
  readonly #width: ObservedWidth;
  #last: { recording: Recording; cursor: number } | null = null;
  #content: unknown[] = [];

  /** `beside`: what else it shows. */
  constructor(element: HTMLElement, paint: Paint, beside: (recording: Recording) => unknown[] = () => []) {
    this.element = element;
    this.#paint = paint;
    this.#beside = beside;
    this.#width = new ObservedWidth(element, () => this.redraw());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.redraw());
  }

  draw(recording: Recording, cursor: number): void {
    const content = [...contentOf(recording, cursor), ...this.#beside(recording)];
    if (content.every((part, k) => part === this.#content[k]) && this.#content.length > 0) return;
    this.#content = content;
    this.#last = { recording, cursor };
    this.redraw();
  }

  redraw(): void {
    const { value: width } = this.#width;
    if (!this.#last || width === 0) return;
    const { recording, cursor } = this.#last;
    this.#paint(recording, Math.max(0, Math.min(cursor, recording.records.length - 1)), width);
  }
}
