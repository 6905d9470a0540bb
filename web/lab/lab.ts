import { gives } from '../../src/experiment/minimal-spec.ts';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { isRead } from '../../src/experiment/spec-facts.ts';
import { Address } from './address.ts';
import { browserHelp } from './browser-help.ts';
import { Caption } from './caption.ts';
import { Controls } from './controls.ts';
import { createDropTarget } from './drop-target.ts';
import { listenToKeys } from './keys.ts';
import type { Decoded, ViewState } from './link.ts';
import { Messages } from './messages.ts';
import { type NamedView, Panels } from './panels.ts';
import { Playback } from './playback.ts';
import type { Controller } from './controller.ts';
import type { KernelMeasure, Speed } from './recording.ts';
import { createTakeaway } from './takeaway.ts';
import { ThemeSwitch } from './theme.ts';
import type { Tour } from './tour.ts';
import type { StepOf, TourStop } from './tour-stops.ts';
import { Transport } from './transport.ts';
import { TuningButton } from './tuning-button.ts';
import { createVerifyButton } from './verify-button.ts';
import type { Axes } from './views/axes.ts';

/** Where the source lies. */
const repository = 'https://github.com/first-light/first-light';

/** Steps a second that the eye can follow; where the lab begins. */
export const openingSpeed: Speed = 25;

export interface Opening {
  /** What the link says of the screen. */
  view: ViewState;
  /** What is wrong with the link; null for nothing. */
  problem: string | null;
}

/**
 * The page: an experiment that runs, everything that can be changed of it, and everything to be seen of it.
 * @returns how to close it
 */
export function openLab(
  body: HTMLElement,
  controller: Controller,
  { views, axes }: { views: readonly NamedView[]; axes: Axes },
  opening: Opening = { view: {}, problem: null },
): () => void {
  const closed = new AbortController();
  const { signal } = closed;
  const messages = new Messages();
  const caption = new Caption();
  const address = new Address(travel, signal);
  const panels = new Panels(views, () => keepAddress());
  const playback = new Playback(controller, draw);
  const transport = new Transport(controller, playback, (speed) => {
    controller.setSpeed(speed);
    keepAddress();
  });
  const theme = new ThemeSwitch(draw);
  const controls = new Controls({
    presets: controller.presets,
    open: (spec) => begin(spec, filesFor(spec)),
    undo: () => address.back(),
    tell: (problem) => messages.show({ text: problem }),
  });
  const tuning = controller.tuning && new TuningButton(controller.tuning);
  tuning?.element.append(createVerifyButton());
  // Parts of the page are loaded when they are wanted, which may be after the site has changed, or the network gone.
  window.addEventListener('vite:preloadError', () =>
    messages.show({
      text: 'A part of this page could not be loaded: you are offline, or the site has a new version. Copy the link, then load the page again; the link opens exactly this.',
    }),
  );
  /** Loaded by the first who takes it. */
  let tour: Tour | undefined;
  let shown = controller.recording;
  let arrays: ReadonlyMap<string, ArrayBuffer> | undefined;
  let told: string | null = null;
  let toldSoftware = false;

  /** What is on the screen beside the experiment. The address has it without the step, which never rests. */
  const screen = (): ViewState => ({
    tab: panels.chosen,
    axes: axes.switched,
    ...(controller.speed === openingSpeed ? {} : { speed: controller.speed }),
  });
  const view = (): ViewState => {
    const step = controller.recording.records.at(playback.cursor)?.step;
    return { ...screen(), ...(step === undefined ? {} : { step }) };
  };

  /** An experiment takes the place of the one on the screen. @throws SpecError, and that one stays */
  function start(spec: SpecInput, files?: ReadonlyMap<string, ArrayBuffer>, standAt?: number): void {
    controller.open(spec, files, standAt);
    messages.clear();
    playback.follow();
    draw();
  }

  /** The same, kept in the address. @throws SpecError */
  function begin(spec: SpecInput, files: ReadonlyMap<string, ArrayBuffer> | undefined): void {
    start(spec, files);
    arrays = files ?? arrays;
    keepAddress(true);
  }

  /** Says where it cannot be done. */
  function attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      messages.show({ text: error.message });
    }
  }

  async function takeTour(): Promise<void> {
    const { Tour } = await import('./tour.ts');
    if (!tour) {
      tour = new Tour(
        {
          leave: () => {
            const { recording, speed } = controller;
            const { spec } = recording;
            const tab = panels.chosen;
            return () => {
              panels.choose(tab);
              controller.setSpeed(speed);
              attempt(() => begin(spec, arrays));
            };
          },
          open: (stop, standAt) => attempt(() => openStop(stop, standAt)),
          pause: () => playback.pause(),
          play: () => playback.play(),
          pointAt: (view) => panels.pointAt(view),
        },
        signal,
      );
      sidebar.after(tour.element);
    }
    tour.start();
  }

  /** A stop of the tour that is about T goes there in the experiment of the stop before, where that is its own. */
  function openStop({ preset, claims, at, speed }: TourStop, stepOf: StepOf): void {
    const { recording } = controller;
    const { spec } = controller.presets.find(({ id }) => id === preset)!;
    const wanted = claims && !recording.recorded ? { ...spec, claims } : spec;
    const standAt = stepOf(at, parseSpec(wanted));
    controller.setSpeed(speed);
    const goesOn = recording.recorded || recording.phase === 'running' || recording.phase === 'paused';
    if (at === 'T' && goesOn && gives(wanted, recording.spec)) {
      // One that is not there yet pauses there by itself.
      if ((recording.records.at(-1)?.step ?? 0) < standAt) return;
      playback.pause();
      playback.seek(recording.records.findLastIndex(({ step }) => step <= standAt));
    } else start(wanted, undefined, standAt);
  }

  /** The address holds the experiment and the screen; the tour leaves no trace in it. */
  function keepAddress(isNew = false): void {
    if (!tour?.open) address.keep(controller.recording.spec, screen(), isNew);
  }

  /** To what another address holds; one that holds nothing is where everybody begins. */
  function travel(to: Decoded): void {
    if (to.kind === 'problem') {
      messages.show({ text: to.text });
      return;
    }
    const { spec, view } = to.kind === 'state' ? to : { spec: controller.presets[0].spec, view: {} };
    // It speaks of its own experiments.
    tour?.end(false);
    attempt(() => {
      show(view);
      start(spec, filesFor(spec), view.step);
    });
  }

  /** Arrays that were dropped serve every change of the experiment on them. */
  function filesFor({ data }: SpecInput): ReadonlyMap<string, ArrayBuffer> | undefined {
    return isRead(data) ? arrays : undefined;
  }

  async function openFiles(files: readonly File[]): Promise<void> {
    const { readDropped } = await import('./drop.ts');
    const dropped = await readDropped(files, controller.recording.spec);
    if (dropped.kind === 'problem') messages.show({ text: dropped.text });
    else {
      tour?.end();
      attempt(() => begin(dropped.spec, dropped.arrays));
    }
  }

  function draw(): void {
    const { recording } = controller;
    if (recording !== shown) {
      shown = recording;
      if (!recording.recorded) told = null;
      controls.show(recording.spec);
      if (recording.recorded) playback.restart();
    }
    controls.follow(recording, address.hasBefore);
    const { cursor } = playback;
    caption.draw(recording, cursor);
    tour?.follow(recording, recording.records.at(cursor)?.step ?? 0, playback.playing);
    transport.draw();
    panels.draw(recording, cursor);
    tuning?.draw();
    tellState();
  }

  /** What went wrong, and what computes; each is said once. */
  function tellState(): void {
    const { failure, recorded, adapter } = controller.recording;
    if (failure !== told) {
      told = failure;
      if (failure === null) messages.clear();
      else if (recorded) {
        messages.show(
          {
            text: 'These are recordings of small experiments: the browser does not give this page a GPU. Play them, go back and forth in them, take the tour.',
            details: browserHelp(navigator.userAgent, isSecureContext),
          },
          'status',
        );
      } else messages.show({ text: failure });
    }
    if (adapter?.software && !toldSoftware) {
      toldSoftware = true;
      messages.show(
        {
          text: 'The browser found no GPU, so the processor computes this. Everything works, only slower.',
          details: browserHelp(navigator.userAgent, isSecureContext),
        },
        'status',
      );
    }
  }

  body.className = 'lab';
  body.innerHTML = `
    <header class="masthead">
      <h1>First Light</h1>
      <p>Early in training, a neural network <a href="https://arxiv.org/abs/2006.14599">behaves like a linear model</a>. Then it leaves it. <a href="shaders/index.html">Shaders</a>, <a href="${repository}/blob/main/THEORY.md">theory</a>, <a href="${repository}">source</a>.</p>
      <nav aria-label="Page"></nav>
    </header>
    <aside class="sidebar" tabindex="-1" aria-label="Presets and controls"></aside>
    <main></main>`;
  const tourButton = document.createElement('button');
  tourButton.type = 'button';
  tourButton.className = 'primary';
  tourButton.textContent = 'Tour';
  tourButton.addEventListener('click', () => void takeTour());
  const takeaway = createTakeaway({
    controller,
    playback,
    messages,
    view,
    openFiles: (files) => void openFiles(files),
  });
  body.querySelector('nav')!.append(tourButton, ...takeaway, theme.element);
  const sidebar = body.querySelector('.sidebar')!;
  sidebar.append(controls.preset, controls.element);
  if (tuning) sidebar.after(tuning.element);
  body.querySelector('main')!.append(caption.element, panels.element);
  body.append(
    messages.element,
    transport.element,
    createDropTarget((files) => void openFiles(files), signal),
  );

  body.addEventListener('cursor', (event) => playback.seek((event as CustomEvent<number>).detail));
  listenToKeys(playback, () => address.back(), signal);
  body.addEventListener('claims', () =>
    attempt(() => {
      const { spec } = controller.recording;
      begin({ ...spec, claims: 'all' }, filesFor(spec));
    }),
  );
  body.addEventListener('pin', (event) => controller.pin((event as CustomEvent<boolean>).detail));
  body.addEventListener('measure', (event) => {
    const { what, step } = (event as CustomEvent<{ what: KernelMeasure; step: number }>).detail;
    controller.measure(what, step);
  });

  /** What a link says of the screen, but for the step. */
  function show({ tab, axes: switched = {}, speed = openingSpeed }: ViewState): void {
    if (tab !== undefined) panels.choose(tab);
    axes.switched = switched;
    controller.setSpeed(speed);
  }
  show(opening.view);
  axes.onChange(() => keepAddress());
  controls.show(controller.recording.spec);
  void import('./assumptions/assumption-list.ts').then(({ createAssumptionList }) => {
    const assumptions = createAssumptionList();
    sidebar.append(assumptions.element);
    const follow = (): void => assumptions.follow(controller.recording);
    signal.addEventListener('abort', controller.onChange(follow));
    follow();
  });
  signal.addEventListener('abort', controller.onChange(draw));
  draw();
  const discarded = controller.tuning?.store.problem ?? null;
  const problems = [
    opening.problem,
    discarded &&
      `What this browser kept of tuning could not be read and is discarded: ${discarded}. The usual tiles are used; tune again to have the fastest.`,
  ].filter((problem) => problem !== null);
  if (problems.length > 0) messages.show({ text: problems.join('\n') });
  if (controller.recording.recorded) playback.restart();
  return () => {
    closed.abort();
    playback.follow();
    body.replaceChildren();
  };
}
