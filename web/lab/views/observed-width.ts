/**
 * The width of an element, as an observer last saw it. Asked of the element itself, once for each view that is drawn, it
 * would have the browser lay out the page as often.
 */
export class ObservedWidth {
  readonly #element: HTMLElement;
  /** null: nobody asked yet. */
  #known: number | null = null;

  /** `changed` is called when the width is another one, 0 where the element is hidden. */
  constructor(element: HTMLElement, changed: () => void) {
    this.#element = element;
    new ResizeObserver(([{ contentRect }]) => {
      // Its height follows from what is drawn.
      const width = Math.round(contentRect.width);
      if (width === this.#known) return;
      this.#known = width;
      changed();
    }).observe(element);
  }

  get value(): number {
    return (this.#known ??= this.#element.clientWidth);
  }
}
