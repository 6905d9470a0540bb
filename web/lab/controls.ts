import { greatestMultiple } from '../../src/experiment/spec-facts.ts';
import { formatGiven, formatNumber } from '../figures/format.ts';
import { notationToHtml } from '../figures/notation.ts';
import { type Spec, type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { CheckControl, ChoiceControl } from './choice-control.ts';
import type { Draft } from './edit.ts';
import { type Field, fieldGroups } from './fields.ts';
import { lookFor } from './look-for.ts';
import { NumberControl } from './number-control.ts';
import { TextControl } from './text-control.ts';
import type { LabPreset } from './presets.ts';
import type { Recording } from './recording.ts';

/** A pause this long after the last change starts the experiment. */
const pauseMilliseconds = 350;

type Control = NumberControl | ChoiceControl | CheckControl | TextControl;

export interface ControlsParts {
  presets: readonly LabPreset[];
  open: (spec: SpecInput) => void;
  /** Back to the experiment before. */
  undo: () => void;
  tell: (problem: string) => void;
}

/**
 * The form of the experiment. A change is tried after a pause; a spec that is right is opened, one that is not, or that a
 * page does not take, leaves the experiment on the screen alone, and says at each field why.
 */
export class Controls {
  readonly element = document.createElement('form');
  /** The choice of a preset, for a place of its own. */
  readonly preset = document.createElement('div');
  readonly #open: (spec: SpecInput) => void;
  readonly #tell: (problem: string) => void;
  readonly #controls: Control[] = [];
  readonly #preset: HTMLSelectElement;
  readonly #undo: HTMLButtonElement;
  readonly #lookFor: HTMLElement;
  readonly #stable: HTMLElement;
  readonly #presets: readonly LabPreset[];
  #draft: Draft;
  /** Of the change that waits to be tried; 0 for none. */
  #timer = 0;
  #stableRate: number | null = null;
  /** The one offered. */
  #goodRate = 0;
  /** The spec that this form opened last, as JSON. */
  #opened = '';

  /** `open` starts an experiment, or throws a SpecError; `tell` takes the problems that belong to no field. */
  constructor({ presets, open, undo, tell }: ControlsParts) {
    this.#presets = presets;
    this.#draft = parseSpec(presets[0].spec);
    this.#open = open;
    this.#tell = tell;
    this.element.className = 'controls';
    this.element.setAttribute('aria-label', 'Experiment');
    this.element.noValidate = true;
    this.preset.className = 'preset';
    this.preset.innerHTML = `
      <label for="preset">Experiment</label>
      <button type="button" class="undo" title="Back to the experiment before this change (Ctrl+Z)">Undo</button>
      <select id="preset" aria-describedby="look-for">
        ${presets.map(({ id, title }) => `<option value="${id}">${title}</option>`).join('')}
        <option value="" hidden>Your own</option>
      </select>
      <p id="look-for"></p>`;
    this.#preset = this.preset.querySelector('select')!;
    this.#undo = this.preset.querySelector('button')!;
    this.#undo.addEventListener('click', undo);
    this.#lookFor = this.preset.querySelector('#look-for')!;
    this.#stable = document.createElement('p');
    this.#stable.className = 'stable';
    for (const { legend, fields } of fieldGroups) {
      const group = document.createElement('fieldset');
      group.className = 'group';
      group.innerHTML = `<legend>${legend}</legend>`;
      for (const field of fields) {
        const control = this.#controlOf(field);
        this.#controls.push(control);
        group.append(control.element);
        if (field.path === 'training.eta2') group.append(this.#stable);
      }
      this.element.append(group);
    }
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#try();
    });
    this.#preset.addEventListener('change', () => {
      const preset = this.#presets.find(({ id }) => id === this.#preset.value);
      if (!preset) return;
      this.#forgetTyped();
      this.#attempt(preset.spec);
    });
    this.#stable.addEventListener('click', (event) => {
      if (event.target instanceof HTMLButtonElement) this.#takeGoodRate();
    });
  }

  /** The form of the experiment on the screen. */
  show(spec: Spec): void {
    // While somebody types on, what the form itself opened a moment ago comes too late.
    if (this.#timer === 0 || JSON.stringify(spec) !== this.#opened) this.#fill(spec);
    const wanted = JSON.stringify(spec);
    const preset = this.#presets.find((candidate) => JSON.stringify(parseSpec(candidate.spec)) === wanted);
    this.#preset.value = preset?.id ?? '';
    this.#lookFor.innerHTML = notationToHtml(lookFor(spec));
  }

  #fill(spec: Spec): void {
    this.#await(null);
    this.#draft = structuredClone(spec);
    this.#forgetTyped();
    this.#complain([]);
    this.#refresh();
  }

  #forgetTyped(): void {
    for (const control of this.#controls) if (control instanceof NumberControl) control.clear();
  }

  /** What becomes known once an experiment is prepared, and whether there was one before it. */
  follow({ preparation, recorded }: Recording, hasBefore: boolean): void {
    this.#undo.hidden = !hasBefore;
    const deep = preparation?.deep;
    const rate = deep?.stableRate ?? preparation?.largestStableRate ?? null;
    const good = goodRate(preparation?.d ?? 0, rate ?? 0, greatestMultiple(this.#draft));
    if (rate !== this.#stableRate || good !== this.#goodRate) {
      this.#stableRate = rate;
      this.#goodRate = good;
      this.#stable.innerHTML =
        rate === null
          ? ''
          : `<span>${notationToHtml(`stable up to 2*n*/‖${deep ? '*Θ*(0)' : '*K*'}‖`)} = ${formatNumber(rate)}</span> <button type="button" title="A tenth of d or, where that is not stable, just below what is">Take ${formatGiven(this.#goodRate)}</button>`;
    }
    for (const group of this.element.querySelectorAll<HTMLFieldSetElement>('.group'))
      group.disabled = recorded;
  }

  #controlOf(field: Field): Control {
    const changed = (): void => this.#changed();
    switch (field.kind) {
      case 'number':
        return new NumberControl(field, {
          write: (value) => {
            field.write(this.#draft, value);
            return field.read(this.#draft) === value;
          },
          changed,
        });
      case 'choice':
        return new ChoiceControl(field, (value) => {
          field.write(this.#draft, value);
          changed();
        });
      case 'text':
        return new TextControl(field, (value) => {
          field.write(this.#draft, value);
          changed();
        });
      case 'check':
        return new CheckControl(field, (value) => {
          field.write(this.#draft, value);
          changed();
        });
    }
  }

  #changed(): void {
    this.#refresh();
    this.#await(() => this.#try());
  }

  /** Does this after a pause, and what was to be done before no more. */
  #await(act: (() => void) | null): void {
    window.clearTimeout(this.#timer);
    this.#timer = act ? window.setTimeout(act, pauseMilliseconds) : 0;
  }

  #refresh(): void {
    for (const control of this.#controls) {
      // What is being written stays, though half of it may be the name of something else.
      const written = control.element.contains(document.activeElement) && control.field.kind === 'text';
      control.element.hidden = !written && !(control.field.shown?.(this.#draft) ?? true);
      if (!control.element.hidden) control.show(this.#draft);
    }
  }

  #try(): void {
    this.#await(null);
    this.#attempt(this.#draft);
  }

  /** Opens an experiment, unless something is wrong with it or with what is typed. */
  #attempt(input: SpecInput): void {
    try {
      const opened = JSON.stringify(parseSpec(input));
      this.#complain([]);
      if (this.#controls.some((control) => problemOf(control) !== null)) return;
      this.#opened = opened;
      this.#open(input);
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      this.#complain(error.problems);
    }
  }

  /** Each problem beside its field; the rest to the page. */
  #complain(problems: readonly string[]): void {
    const left = new Set(problems);
    // Of two with one path the later one is the closer: it shows only where it is meant.
    for (const control of [...this.#controls].reverse()) {
      const { path, label } = control.field;
      const typed = problemOf(control);
      const own = control.element.hidden ? undefined : [...left].find((problem) => isAbout(problem, path));
      if (own !== undefined) left.delete(own);
      control.complain(typed ?? own?.replace(/^[\w.]+/, label) ?? null);
    }
    for (const problem of left) this.#tell(problem);
  }

  #takeGoodRate(): void {
    this.#forgetTyped();
    const rate = this.#goodRate;
    const { training } = this.#draft;
    for (const name of ['eta', 'eta1', 'eta2'] as const) {
      if (training[name] !== undefined) training[name] = rate;
    }
    this.#changed();
  }
}

/** Well below d, as the theorems ask for, and below the edge of stability, on which the largest component would never settle. */
const goodRate = (d: number, stable: number, multiple: number): number =>
  Number((Math.min(d / 10, 0.9 * stable) / multiple).toPrecision(2));

function isAbout(problem: string, path: string): boolean {
  const field = /^[\w.]+/.exec(problem)?.[0].replace(/\.$/, '') ?? '';
  return field === path || field.startsWith(`${path}.`) || path.startsWith(`${field}.`);
}

/** What is wrong with what is typed into a field that shows. */
const problemOf = (control: Control): string | null =>
  control instanceof NumberControl && !control.element.hidden ? control.problem : null;
