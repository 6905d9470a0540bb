import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { type Spec, type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { notationToText } from '../../web/figures/notation.ts';
import { openLab } from '../../web/lab/lab.ts';
import { lookFor } from '../../web/lab/look-for.ts';
import { labPresets } from '../../web/lab/presets.ts';
import { decodeLink, encodeLink } from '../../web/lab/link.ts';
import type { Controller } from '../../web/lab/controller.ts';
import type { Phase, Recording, Speed } from '../../web/lab/recording.ts';
import { tourStops } from '../../web/lab/tour-stops.ts';
import { Axes } from '../../web/lab/views/axes.ts';
import { Random } from '../fuzz/random.ts';
import { randomSpec } from '../lab/random-spec.ts';
import { sampleResult } from './sample-result.ts';

/** A controller that computes nothing: ten records, and a list of what it was asked for. */
class FakeController implements Controller {
  readonly asked: string[] = [];
  readonly tuning = null;
  readonly presets = labPresets;
  readonly growing = null;
  speed: Speed = null;
  recording: Recording;
  #listener: () => void = () => undefined;

  constructor(changes: Partial<Recording> = {}) {
    this.recording = { ...recordingOf(parseSpec(labPresets[0].spec)), ...changes };
  }

  open(input: SpecInput, _arrays?: ReadonlyMap<string, ArrayBuffer>, standAt?: number): void {
    if (this.recording.recorded) throw new SpecError(['This browser cannot compute.']);
    this.recording = recordingOf(parseSpec(input));
    if (standAt !== undefined) {
      const { records } = this.recording;
      records.push({ ...records[0], step: standAt });
      this.recording.phase = 'paused';
    }
    this.asked.push('open');
    this.#listener();
  }

  restart(): void {
    this.#ask('restart', 'running');
  }
  play(): void {
    this.#ask('play', 'running');
  }
  pause(): void {
    this.#ask('pause', 'paused');
  }
  step(): void {
    this.#ask('step', 'paused');
  }
  setSpeed(speed: Speed): void {
    this.speed = speed;
  }
  pin(pinned: boolean): void {
    this.asked.push(pinned ? 'pin' : 'unpin');
  }
  measure(what: string, step: number): void {
    this.asked.push(`measure ${what} at ${step}`);
  }
  arrays(): Promise<Map<string, Blob>> {
    return Promise.reject(new Error('no arrays'));
  }
  onChange(listener: () => void): () => void {
    this.#listener = listener;
    return () => undefined;
  }

  #ask(what: string, phase: Phase): void {
    this.asked.push(what);
    this.recording.phase = phase;
    this.#listener();
  }
}

function recordingOf(spec: Spec): Recording {
  const { preparation, records, adapter } = sampleResult();
  return {
    spec,
    phase: 'running',
    settling: false,
    recorded: false,
    preparation,
    adapter: { ...adapter, software: false },
    stage: null,
    records: records.slice(0, 10),
    snapshots: [],
    kernelSteps: [],
    kernels: [],
    spectra: [],
    shells: [],
    kernelWork: null,
    kernelFailure: null,
    compared: null,
    claims: [],
    measuring: null,
    step: 9,
    perStep: 1,
    result: null,
    failure: null,
  };
}

const screen = () => ({
  axes: new Axes(),
  views: ['loss', 'scatter', 'fields', 'kernels', 'claims'].map((id) => ({
    id,
    title: id,
    view: { element: document.createElement('div'), draw: vi.fn() },
  })),
});

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as querySelector has it
const $ = <Wanted extends Element>(selector: string): Wanted => document.querySelector<Wanted>(selector)!;
const press = (key: string, target: Element = document.body): boolean =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
const type = (selector: string, value: string): void => {
  const input = $<HTMLInputElement>(selector);
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
};

let controller: FakeController;
let close: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  controller = new FakeController();
});

afterEach(() => {
  vi.useRealTimers();
  close();
  // The theme is the page's, which other files share.
  document.documentElement.removeAttribute('style');
  delete document.documentElement.dataset['theme'];
  history.replaceState(null, '', '#');
});

test('a change opens the experiment once it pauses, and the link holds it', () => {
  close = openLab(document.body, controller, screen());
  type('#field-data-d', '40');
  type('#field-data-d', '45');
  expect(controller.asked).toEqual([]);
  vi.advanceTimersByTime(500);
  expect(controller.asked).toEqual(['open']);
  expect(controller.recording.spec.data).toMatchObject({ d: 45 });
  expect(location.hash).toContain('data.d=45');
  expect($<HTMLSelectElement>('#preset').value).toBe('');
  // What to look for is of the experiment on the screen, not of the preset that it was.
  expect($('#look-for').textContent).not.toContain('hidden units');
  type('#field-network-width', '8');
  vi.advanceTimersByTime(500);
  expect($('#look-for').textContent).toContain('8 hidden units for 45 inputs');
});

test('the address holds tab, axes and speed, and brings them back', () => {
  const first = screen();
  close = openLab(document.body, controller, first);
  expect(location.hash).toBe('');
  $<HTMLElement>('#tab-kernels').click();
  first.axes.of('loss').choose('log');
  const speed = $<HTMLSelectElement>('.speed select');
  speed.value = '4';
  speed.dispatchEvent(new Event('change', { bubbles: true }));
  for (const part of ['view.tab=kernels', 'view.axes.loss=log', 'view.speed=null']) {
    expect(location.hash).toContain(part);
  }
  close();

  const link = decodeLink(location.hash);
  if (link.kind !== 'state') throw new Error('no state in the address');
  const again = screen();
  controller = new FakeController();
  close = openLab(document.body, controller, again, { view: link.view, problem: null });
  expect($('#tab-kernels').getAttribute('aria-selected')).toBe('true');
  expect(again.axes.switched).toEqual({ loss: 'log' });
  expect(controller.speed).toBe(null);
  again.axes.of('loss').choose('linear');
  expect(location.hash).not.toContain('axes');
});

test('thirty screens, copied as links and opened again, are the same screens', async () => {
  let copied = '';
  vi.spyOn(navigator.clipboard, 'writeText').mockImplementation((text) => {
    copied = text;
    return Promise.resolve();
  });
  const random = new Random(20);
  close = openLab(document.body, controller, screen());
  const copy = async (): Promise<string> => {
    $<HTMLElement>('nav > button:nth-of-type(2)').click();
    await vi.waitFor(() => expect(copied).not.toBe(''));
    const { hash } = new URL(copied);
    copied = '';
    return hash;
  };
  for (let k = 0; k < 30; k++) {
    const spec = parseSpec(randomSpec(random));
    const view = {
      step: 100 + random.below(400),
      tab: random.pick(['fields', 'kernels', 'claims']),
      axes: random.pick([{}, { time: 'linear' }, { loss: 'log', spectrum: 'linear' }] as const),
      ...random.pick([{}, { speed: 3 }, { speed: null }, { speed: 12.5 }]),
    };
    const hash = encodeLink({ spec, view })!;
    history.replaceState(null, '', hash);
    window.dispatchEvent(new PopStateEvent('popstate'));
    expect(controller.recording.spec).toEqual(spec);
    expect(controller.recording.records.at(-1)!.step).toBe(view.step);
    expect($('.play').getAttribute('aria-label')).toBe('Play');
    expect(await copy()).toBe(hash);
  }
});

test('what is wrong with the link is still said when the page tells what computes', () => {
  const { adapter } = controller.recording;
  controller = new FakeController({ adapter: null });
  close = openLab(document.body, controller, screen(), { view: {}, problem: 'The link is damaged.' });
  controller.recording.adapter = { ...adapter!, software: true };
  controller.pause();
  expect($('.message.alert').textContent).toContain('The link is damaged.');
  expect($('.message.status').textContent).toContain('no GPU');
});

/** The tour is loaded by the first who takes it. */
async function startTour(): Promise<void> {
  $<HTMLElement>('nav .primary').click();
  await vi.waitFor(() => expect($<HTMLElement>('.tour').hidden).toBe(false), {
    timeout: 10_000,
    interval: 1,
  });
}

test('the tour leaves no trace in the address', async () => {
  close = openLab(document.body, controller, screen());
  await startTour();
  for (let k = 1; k < tourStops.length; k++) {
    $<HTMLElement>('.tour .primary').click();
    expect(location.hash).toBe('');
  }
});

test('who goes to another address in the tour has left it', async () => {
  close = openLab(document.body, controller, screen());
  await startTour();
  const spec = parseSpec({ ...labPresets[0].spec, seed: 7 });
  history.replaceState(null, '', encodeLink({ spec, view: {} }));
  window.dispatchEvent(new PopStateEvent('popstate'));
  expect($<HTMLElement>('.tour').hidden).toBe(true);
  expect(controller.recording.spec).toEqual(spec);
});

test('what is wrong is said beside its field, and the experiment goes on', () => {
  close = openLab(document.body, controller, screen());
  type('#field-network-width', '7');
  vi.advanceTimersByTime(500);
  expect(controller.asked).toEqual([]);
  expect($('#field-network-width').getAttribute('aria-invalid')).toBe('true');
  expect($('#field-network-width-problem').textContent).toBe('Hidden units is 7; it must be even.');
  type('#field-network-width', '');
  vi.advanceTimersByTime(500);
  expect($('#field-network-width-problem').textContent).toMatch(/missing/);
  type('#field-network-width', '8');
  vi.advanceTimersByTime(500);
  expect(controller.asked).toEqual(['open']);
  expect($('#field-network-width').hasAttribute('aria-invalid')).toBe(false);
});

test('every preset opens and is known again by its spec', () => {
  close = openLab(document.body, controller, screen());
  for (const { id, spec } of labPresets) {
    const select = $<HTMLSelectElement>('#preset');
    select.value = id;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    expect(select.value).toBe(id);
    expect($('#look-for').textContent).toBe(notationToText(lookFor(parseSpec(spec))));
  }
});

test('every distribution, target, activation and choice of layers makes a valid spec', () => {
  close = openLab(document.body, controller, screen());
  for (const id of ['#field-data-distribution', '#field-target-kind', '#field-network-activation']) {
    const values = [...$<HTMLSelectElement>(id).options].filter((option) => !option.disabled);
    for (const { value } of values) {
      $<HTMLSelectElement>(id).value = value;
      $(id).dispatchEvent(new Event('change', { bubbles: true }));
      vi.advanceTimersByTime(500);
      expect(JSON.stringify(controller.recording.spec)).toContain(`"${value}"`);
    }
  }
  for (const layers of ['first', 'second', 'both']) {
    $<HTMLInputElement>(`[type=radio][value=${layers}]`).click();
    vi.advanceTimersByTime(500);
    expect(controller.recording.spec.training.layers).toBe(layers);
  }
  expect([...document.querySelectorAll('.problem:not([hidden])')]).toEqual([]);
});

test('keys play, step and go back, but not while somebody types', () => {
  close = openLab(document.body, controller, screen());
  press(' ');
  press(' ');
  press('ArrowRight');
  expect(controller.asked).toEqual(['pause', 'play', 'step']);
  press('ArrowLeft');
  const scrubber = $<HTMLInputElement>('.scrubber');
  expect(Number(scrubber.value)).toBe(controller.recording.records.at(-2)!.step);
  press('r');
  expect(controller.asked).toContain('restart');
  const before = controller.asked.length;
  for (const key of [' ', 'r', 'ArrowRight']) press(key, $('#field-data-d'));
  expect(controller.asked).toHaveLength(before);
});

test('views are drawn at the scrubber', () => {
  const shown = screen();
  close = openLab(document.body, controller, shown);
  const scrubber = $<HTMLInputElement>('.scrubber');
  const { records, spec } = controller.recording;
  const dragTo = (step: number): void => {
    scrubber.value = String(step);
    scrubber.dispatchEvent(new Event('input'));
  };
  // It spans all steps; what is not recorded leads to what is, and an arrow key always to the next record.
  expect(scrubber.max).toBe(String(spec.training.steps));
  for (const [step, index] of [
    [records[3].step, 3],
    [records[3].step + 1, 4],
    [records[4].step - 1, 3],
    [spec.training.steps, records.length - 1],
    [0, 0],
  ]) {
    dragTo(step);
    expect(shown.views[0].view.draw).toHaveBeenLastCalledWith(controller.recording, index);
  }
  dragTo(records[3].step);
  expect(scrubber.getAttribute('aria-valuetext')).toBe(
    `step ${records[3].step} of ${spec.training.steps}, recorded up to ${records.at(-1)!.step}`,
  );
});

test('the tour has six stops, each points at a view, and it brings back what was there', async () => {
  close = openLab(document.body, controller, screen());
  type('#field-data-d', '45');
  vi.advanceTimersByTime(500);
  await startTour();
  for (const [k, { title, view }] of tourStops.entries()) {
    expect($('.tour h2').textContent).toBe(title);
    expect($('.pointed').querySelector(`#panel-${view}`)).not.toBeNull();
    if (k < tourStops.length - 1) $<HTMLElement>('.tour .primary').click();
  }
  expect(tourStops).toHaveLength(6);
  press('Escape');
  expect($<HTMLElement>('.tour').hidden).toBe(true);
  expect(document.querySelector('.pointed')).toBeNull();
  expect(controller.recording.spec.data).toMatchObject({ d: 45 });
});

test('where nothing can be computed, a recording plays, its controls rest, and the way out is named', () => {
  controller = new FakeController({ recorded: true, phase: 'ended', failure: 'no GPU' });
  close = openLab(document.body, controller, screen());
  expect($<HTMLFieldSetElement>('.group').disabled).toBe(true);
  expect($('.message.status').textContent).toMatch(/Chrome.*Edge|Edge.*Chrome/s);
  expect($<HTMLInputElement>('.scrubber').value).toBe('0');
  vi.advanceTimersByTime(10_000);
  expect($<HTMLInputElement>('.scrubber').value).toBe(String(controller.recording.records.at(-1)!.step));
});
