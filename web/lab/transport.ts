import { formatCount, formatDuration, formatGiven } from '../figures/format.ts';
import type { Playback } from './playback.ts';
import type { Controller } from './controller.ts';
import type { Speed } from './recording.ts';

const speeds: readonly { speed: Speed; label: string }[] = [
  { speed: 3, label: '3 steps/s' },
  { speed: 10, label: '10 steps/s' },
  { speed: 25, label: '25 steps/s' },
  { speed: 100, label: '100 steps/s' },
  { speed: null, label: 'full speed' },
];

const icon = (path: string): string =>
  `<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${path}"/></svg>`;
const icons = {
  play: icon('M6 3.6v12.8L16.4 10z'),
  pause: icon('M5.5 4h3v12h-3zM11.5 4h3v12h-3z'),
  again: icon('M10 4V1.2L5.6 4.9 10 8.6V5.8a4.7 4.7 0 1 1-4.7 4.7H3.5A6.5 6.5 0 1 0 10 4z'),
  back: icon('M13.6 4v12L6.8 10zM4.6 4h1.8v12H4.6z'),
  step: icon('M6.4 4v12l6.8-6zM13.6 4h1.8v12h-1.8z'),
};

/** The bar beneath the views: play, step, the way back along the recording, speed. */
export class Transport {
  readonly element = document.createElement('section');
  readonly #controller: Controller;
  readonly #playback: Playback;
  readonly #play: HTMLButtonElement;
  readonly #scrubber: HTMLInputElement;
  readonly #where: HTMLElement;
  readonly #speed: HTMLSelectElement;

  constructor(controller: Controller, playback: Playback, setSpeed: (speed: Speed) => void) {
    this.#controller = controller;
    this.#playback = playback;
    this.element.className = 'transport';
    this.element.setAttribute('aria-label', 'Playback');
    this.element.innerHTML = `
      <div class="buttons">
        <button type="button" class="icon" data-do="restart" aria-label="Restart" title="Restart (R)">${icons.again}</button>
        <button type="button" class="icon" data-do="back" aria-label="Back one recorded step" title="Back (←)">${icons.back}</button>
        <button type="button" class="play" data-do="toggle" title="Play or pause (space)"></button>
        <button type="button" class="icon" data-do="step" aria-label="One step" title="Step (→)">${icons.step}</button>
      </div>
      <input type="range" class="scrubber" min="0" max="0" value="0" step="1" aria-label="Step" />
      <output class="where"></output>
      <label class="speed"><span>Speed</span> <select aria-label="Speed">${speeds
        .map(({ label }, k) => `<option value="${k}">${label}</option>`)
        .join('')}<option value="" hidden></option></select></label>`;
    this.#play = this.element.querySelector('.play')!;
    this.#scrubber = this.element.querySelector('.scrubber')!;
    this.#where = this.element.querySelector('.where')!;
    this.#speed = this.element.querySelector('select')!;
    this.element.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-do]');
      if (button) playback[button.dataset['do'] as 'restart' | 'back' | 'toggle' | 'step']();
    });
    this.#scrubber.addEventListener('input', () =>
      playback.seek(this.#recordTowards(Number(this.#scrubber.value))),
    );
    this.#speed.addEventListener('change', () => setSpeed(speeds[Number(this.#speed.value)].speed));
    // On a narrow screen it lies over the page, which has to know how much it covers.
    new ResizeObserver(() =>
      document.documentElement.style.setProperty('--playback', `${this.element.offsetHeight}px`),
    ).observe(this.element);
  }

  draw(): void {
    const { recording, speed } = this.#controller;
    const { cursor, last, playing, ended } = this.#playback;
    const word = playing ? 'Pause' : ended ? 'Again' : 'Play';
    if (this.#play.getAttribute('aria-label') !== word) {
      this.#play.setAttribute('aria-label', word);
      this.#play.innerHTML = `${{ Pause: icons.pause, Again: icons.again, Play: icons.play }[word]}<span>${word}</span>`;
    }
    this.element.setAttribute('aria-busy', String(recording.settling));
    const steps = recording.spec.training.steps;
    const at = recording.records[cursor]?.step ?? 0;
    const recorded = recording.records[last]?.step ?? 0;
    this.#scrubber.max = String(steps);
    this.#scrubber.value = String(at);
    this.#scrubber.disabled = last < 1;
    this.#scrubber.setAttribute('aria-valuetext', `step ${at} of ${steps}, recorded up to ${recorded}`);
    this.#scrubber.style.setProperty('--share', String(at / steps));
    this.#scrubber.style.setProperty('--recorded', String(recorded / steps));
    const pace = recording.perStep === null ? '' : ` · ${formatDuration(recording.perStep)} a step`;
    this.#where.innerHTML = `<b>${formatCount(at)}</b> of ${formatCount(steps)}<i> steps</i><span>${pace}</span>`;
    // A recording plays at a speed of its own.
    this.#speed.closest('label')!.hidden = recording.recorded;
    this.#showSpeed(speed);
  }

  /** The record that a step asked for leads to: never the one that is shown, or an arrow key would be stuck between two. */
  #recordTowards(step: number): number {
    const { records } = this.#controller.recording;
    const shown = records[this.#playback.cursor]?.step ?? 0;
    const upTo = records.findLastIndex((record) => record.step <= step);
    if (step <= shown) return Math.max(0, upTo);
    const next = records.findIndex((record) => record.step > shown);
    return next < 0 ? records.length - 1 : Math.max(next, upTo);
  }

  /** A link may bring a speed that is not in the list. */
  #showSpeed(speed: Speed): void {
    const index = speeds.findIndex((entry) => entry.speed === speed);
    if (index < 0) this.#speed.options[speeds.length].textContent = `${formatGiven(speed!)} steps/s`;
    this.#speed.value = index < 0 ? '' : String(index);
  }
}
