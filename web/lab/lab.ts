import { SpecError } from '../../src/experiment/spec-error.ts';
import type { SpecInput } from '../../src/experiment/spec.ts';
import { browserHelp } from './browser-help.ts';
import { Caption } from './caption.ts';
import { Controls } from './controls.ts';
import { listenToKeys } from './keys.ts';
import { Messages } from './messages.ts';
import { type NamedView, Panels } from './panels.ts';
import { Playback } from './playback.ts';
import type { Controller, Speed } from './recording.ts';
import { ThemeSwitch } from './theme.ts';
import { Tour } from './tour.ts';
import { Transport } from './transport.ts';

/** Steps a second that the eye can follow; where the lab begins. */
export const openingSpeed: Speed = 25;

/** The page: an experiment that runs, everything that can be changed of it, and everything to be seen of it. */
export function openLab(body: HTMLElement, controller: Controller, views: readonly NamedView[]): void {
  const messages = new Messages();
  const caption = new Caption();
  const panels = new Panels(views);
  const playback = new Playback(controller, draw);
  const transport = new Transport(controller, playback);
  const theme = new ThemeSwitch(draw);
  const controls = new Controls({ open, tell: (problem) => messages.show({ text: problem }) });
  const tour = new Tour({
    leave: () => {
      const { recording, speed } = controller;
      const [spec, tab] = [recording.spec, panels.chosen];
      return () => {
        panels.choose(tab);
        controller.setSpeed(speed);
        open(spec);
      };
    },
    open: (spec, speed) => {
      controller.setSpeed(speed);
      open(spec);
    },
    pointAt: (view) => panels.pointAt(view),
  });
  let shown = controller.recording;
  let told: string | null = null;

  /** An experiment takes the place of the one on the screen; where it cannot, that one stays. */
  function open(spec: SpecInput, arrays?: ReadonlyMap<string, ArrayBuffer>): void {
    try {
      controller.open(spec, arrays);
      messages.clear();
      playback.follow();
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      messages.show({ text: error.message });
    }
    draw();
  }

  function draw(): void {
    const { recording } = controller;
    if (recording !== shown) {
      shown = recording;
      told = null;
      controls.show(recording.spec);
    }
    controls.follow(recording);
    const { cursor } = playback;
    caption.draw(recording, cursor);
    transport.draw();
    panels.draw(recording, cursor);
    tellFailure();
  }

  /** What went wrong, once. */
  function tellFailure(): void {
    const { failure, recorded } = controller.recording;
    if (failure === told) return;
    told = failure;
    if (failure === null) messages.clear();
    else if (recorded) {
      messages.show({
        text: 'This is a recording: this browser does not give the page a GPU. Play it, go through it, take the tour.',
        details: browserHelp(navigator.userAgent, isSecureContext),
      });
    } else messages.show({ text: failure });
  }

  body.className = 'lab';
  body.innerHTML = `
    <header class="masthead">
      <h1>First Light</h1>
      <p>Early in training, a neural network <a href="https://arxiv.org/abs/2006.14599">behaves like a linear model</a>. Then it leaves it.</p>
      <nav aria-label="Page"></nav>
    </header>
    <main></main>`;
  const tourButton = document.createElement('button');
  tourButton.type = 'button';
  tourButton.className = 'primary';
  tourButton.textContent = 'Tour';
  tourButton.addEventListener('click', () => tour.start());
  body.querySelector('nav')!.append(tourButton, theme.element);
  body.querySelector('main')!.append(caption.element, panels.element);
  body.querySelector('.masthead')!.after(controls.element, tour.element);
  body.append(messages.element, transport.element);

  body.addEventListener('cursor', (event) => playback.seek((event as CustomEvent<number>).detail));
  listenToKeys(playback);
  controls.show(controller.recording.spec);
  controller.onChange(draw);
  draw();
}
