import { notationToHtml } from '../figures/notation.ts';
import type { Recording } from './recording.ts';
import { type StepOf, type TourStop, stepOf, stepsToT, tourStops } from './tour-stops.ts';

/** What the tour does to the lab. */
export interface Guided {
  /** What is on the screen, to come back to. */
  leave: () => () => void;
  /** Puts the stop's experiment on the screen, which stands where `stepOf` says; one that is there already, goes on. */
  open: (stop: TourStop, stepOf: StepOf) => void;
  pause: () => void;
  play: () => void;
  /** null: at no view. */
  pointAt: (view: string | null) => void;
}

/** Six stops that tell the paper's story with the live views. */
export class Tour {
  readonly element = document.createElement('section');
  readonly #guided: Guided;
  #return: (() => void) | null = null;
  #before: Element | null = null;
  #stop = 0;
  #text = '';
  /** Those that have begun to play, and that have paused at T. */
  #begun: Recording | null = null;
  #paused: Recording | null = null;

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

  /** With `back` to what was on the screen before; without, because something else takes its place. */
  end(back = true): void {
    if (!this.open) return;
    this.element.hidden = true;
    document.body.classList.remove('touring');
    this.#guided.pointAt(null);
    if (back) this.#return?.();
    this.#return = null;
    if (this.#before instanceof HTMLElement) this.#before.focus();
  }

  /** Speaks of the experiment on the screen, which stands at a first curve, plays on from there and pauses at T, once each. */
  follow(recording: Recording, step: number, playing: boolean): void {
    if (!this.open) return;
    this.#say(recording);
    const { preparation, settling, records } = recording;
    if (!preparation || settling || records.length === 0) return;
    const reached = step >= stepsToT(preparation);
    const begins = !playing && !reached && this.#begun !== recording;
    const stops = playing && reached && this.#paused !== recording;
    // On the way to its first curve it is still being prepared.
    if (begins || reached || recording.phase !== 'preparing') this.#begun = recording;
    if (reached) this.#paused = recording;
    if (begins) this.#guided.play();
    if (stops) this.#guided.pause();
  }

  #say({ spec, preparation }: Recording): void {
    const text = tourStops[this.#stop]
      .text({ spec, preparation })
      .map((paragraph) => `<p>${notationToHtml(paragraph)}</p>`)
      .join('');
    if (text === this.#text) return;
    this.#text = text;
    this.element.querySelector('.text')!.innerHTML = text;
  }

  #go(to: number): void {
    this.#stop = to;
    this.#text = '';
    const stop = tourStops[to];
    const last = to === tourStops.length - 1;
    this.element.innerHTML = `
      <p class="kicker">Tour · ${to + 1} of ${tourStops.length}</p>
      <h2 id="tour-title">${stop.title}</h2>
      <div class="text"></div>
      <p class="task">${notationToHtml(stop.task)}</p>
      <ol class="dots" aria-hidden="true">${tourStops.map((_, k) => `<li${k === to ? ' class="here"' : ''}></li>`).join('')}</ol>
      <div class="ways">
        ${last ? '' : '<button type="button" class="quiet" data-to="end">Skip</button>'}
        ${to > 0 ? `<button type="button" data-to="${to - 1}">Back</button>` : ''}
        <button type="button" class="primary" data-to="${last ? 'end' : to + 1}">${last ? 'To the lab' : 'Next'}</button>
      </div>`;
    this.#guided.open(stop, stepOf);
    this.#guided.pointAt(stop.view);
    this.element.querySelector<HTMLElement>('.primary')!.focus({ preventScroll: true });
  }
}
