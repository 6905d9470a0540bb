import type { View } from '../recording.ts';
import { htmlElement } from './html-element.ts';
import { LiveView } from './live-view.ts';

/** A view whose code is loaded when it comes into sight for the first time: what nobody looks at costs nothing. */
export class LazyView implements View {
  readonly element: HTMLElement;
  readonly #load: () => Promise<View>;
  readonly #waiting: LiveView;
  #loading: Promise<View> | undefined;
  #view: View | undefined;

  constructor(name: string, load: () => Promise<View>) {
    this.element = htmlElement('div', '');
    this.#load = load;
    const place = htmlElement('section', 'view view-loading');
    place.setAttribute('aria-label', name);
    // Drawn once it is in sight, it has its place taken.
    this.#waiting = new LiveView(place, (recording, cursor) => {
      void this.loaded().then((view) => view.draw(recording, cursor));
    });
    this.element.append(place);
  }

  /** Resolves when it is there; what could not be loaded is asked for again. */
  loaded(): Promise<View> {
    this.#loading ??= this.#load().then((view) => {
      this.#view = view;
      this.element.replaceChildren(view.element);
      return view;
    });
    this.#loading.catch(() => (this.#loading = undefined));
    return this.#loading;
  }

  draw(...what: Parameters<View['draw']>): void {
    (this.#view ?? this.#waiting).draw(...what);
  }
}
