import type { Recording, View } from '../recording.ts';

/**
 * A view that draws itself again where its size or the colour scheme changes, and rests while it is hidden: it is drawn
 * when it shows.
 */
export class LiveView implements View {
  readonly element: HTMLElement;
  readonly #paint: (recording: Recording, cursor: number) => void;
  #last: { recording: Recording; cursor: number } | null = null;

  constructor(element: HTMLElement, paint: (recording: Recording, cursor: number) => void) {
    this.element = element;
    this.#paint = paint;
    let width = 0;
    new ResizeObserver(() => {
      // Its height follows from what is drawn.
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      this.redraw();
    }).observe(element);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.redraw());
  }

  draw(recording: Recording, cursor: number): void {
    this.#last = { recording, cursor };
    this.redraw();
  }

  redraw(): void {
    if (!this.#last || this.element.clientWidth === 0) return;
    const { recording, cursor } = this.#last;
    this.#paint(recording, Math.max(0, Math.min(cursor, recording.records.length - 1)));
  }
}
