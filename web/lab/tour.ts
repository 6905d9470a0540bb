import type { SpecInput } from '../../src/experiment/spec.ts';
import { notationToHtml } from '../figures/notation.ts';
import type { Speed } from './recording.ts';
import { tourStops } from './tour-stops.ts';

/** What the tour does to the lab. */
export interface Guided {
  /** What is on the screen, to come back to. */
  leave: () => () => void;
  open: (spec: SpecInput, speed: Speed) => void;
  /** null: at no view. */
  pointAt: (view: string | null) => void;
}

/** Six stops that tell the paper's story with the live views. Ending it brings back what was on the screen before. */
export class Tour {
  readonly element = document.createElement('section');
  readonly #guided: Guided;
  #return: (() => void) | null = null;
  #before: Element | null = null;

  constructor(guided: Guided, signal: AbortSignal) {
    this.#guided = guided;
    this.element.className = 'tour';
    this.element.hidden = true;
    this.element.tabIndex = -1;
    this.element.setAttribute('role', 'dialog');
    this.element.setAttribute('aria-labelledby', 'tour-title');
    this.element.addEventListener('click', (event) => {
      const step = (event.target as Element).closest<HTMLElement>('[data-to]')?.dataset['to'];
      if (step === undefined) return;
      if (step === 'end') this.end();
      else this.#go(Number(step));
    });
    const leave = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || this.element.hidden || event.defaultPrevented) return;
      event.preventDefault();
      this.end();
    };
    document.addEventListener('keydown', leave, { signal });
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  start(): void {
    if (this.open) return;
    this.#before = document.activeElement;
    this.#return = this.#guided.leave();
    this.element.hidden = false;
    document.body.classList.add('touring');
    this.#go(0);
  }

  end(): void {
    this.element.hidden = true;
    document.body.classList.remove('touring');
    this.#guided.pointAt(null);
    this.#return?.();
    this.#return = null;
    if (this.#before instanceof HTMLElement) this.#before.focus();
  }

  #go(to: number): void {
    const { title, text, spec, speed, view } = tourStops[to];
    const last = to === tourStops.length - 1;
    this.element.innerHTML = `
      <p class="kicker">Tour · ${to + 1} of ${tourStops.length}</p>
      <h2 id="tour-title">${title}</h2>
      ${text.map((paragraph) => `<p>${notationToHtml(paragraph)}</p>`).join('')}
      <ol class="dots" aria-hidden="true">${tourStops.map((_, k) => `<li${k === to ? ' class="here"' : ''}></li>`).join('')}</ol>
      <div class="ways">
        ${last ? '' : '<button type="button" class="quiet" data-to="end">Skip</button>'}
        ${to > 0 ? `<button type="button" data-to="${to - 1}">Back</button>` : ''}
        <button type="button" class="primary" data-to="${last ? 'end' : to + 1}">${last ? 'To the lab' : 'Next'}</button>
      </div>`;
    this.#guided.open(spec, speed);
    this.#guided.pointAt(view);
    this.element.querySelector<HTMLElement>('.primary')!.focus({ preventScroll: true });
  }
}
