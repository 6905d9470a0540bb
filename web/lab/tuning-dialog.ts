import { greatestOf, leastOf } from '../../src/math/statistics.ts';
import type { ProductUse } from '../../src/programs/product-shape.ts';
import { shaderHash } from '../../src/tuning/shader-hash.ts';
import { type TileCacheEntry, choicesFor } from '../../src/tuning/tile-cache.ts';
import type { Tuning } from './tuning.ts';

const names: Record<ProductUse, string> = {
  forward: 'Units’ outputs',
  tangent: 'Changes of outputs',
  'first-gradient': 'Gradient of W',
  ntk: 'Kernel Θ',
  'matrix-product': 'Matrix product',
};

const budgets = [
  ['10', 'ten seconds'],
  ['30', 'half a minute'],
  ['120', 'two minutes'],
] as const;

/** To tune, and to see what is kept and forget it. */
export class TuningDialog {
  readonly #tuning: Tuning;
  readonly #dialog = document.createElement('dialog');
  readonly #toggle: HTMLButtonElement;
  readonly #budget: HTMLSelectElement;
  readonly #progress: HTMLProgressElement;
  readonly #state: HTMLElement;
  readonly #kept: HTMLElement;
  readonly #forget: HTMLButtonElement;
  readonly #lasts: HTMLElement;
  readonly #used: HTMLInputElement;
  /** What the table was made of. */
  #tabled = '';

  /** `place` is where it lies. */
  constructor(tuning: Tuning, place: HTMLElement) {
    this.#tuning = tuning;
    const dialog = this.#dialog;
    dialog.setAttribute('aria-labelledby', 'tuning-title');
    dialog.innerHTML = `
      <div tabindex="-1">
        <h2 id="tuning-title">Tune for this GPU</h2>
        <p>Matrix products are most of the work of an experiment, and each comes in several variants: tiles. Which one is
          fastest differs from GPU to GPU. Tuning times them all on yours, for the experiment on the screen and for
          usual sizes. The experiment waits meanwhile and goes on afterwards; nothing recorded is lost.</p>
        <p class="act">
          <label>For about <select>${budgets
            .map(
              ([seconds, words]) =>
                `<option value="${seconds}"${seconds === '30' ? ' selected' : ''}>${words}</option>`,
            )
            .join('')}</select></label>
          <button type="button" class="primary" autofocus></button>
        </p>
        <progress aria-label="Products timed" max="1" hidden></progress>
        <p class="state" role="status"></p>
        <section class="kept">
          <div class="scroll" tabindex="0" role="region" aria-label="Kept tiles"></div>
          <label class="used"><input type="checkbox" /> Use them, from the next experiment on</label>
          <p class="note">The usual tile stays unless another is clearly faster. Every tile keeps the same error bounds; the last digit of a number may differ. A saved result
            names the tiles that its experiment preferred. <span class="lasts"></span></p>
        </section>
        <p class="ways"><button type="button" data-do="forget">Forget them</button>
          <button type="button" data-do="close">Close</button></p>
      </div>`;
    place.append(dialog);
    this.#toggle = dialog.querySelector('.primary')!;
    this.#budget = dialog.querySelector('select')!;
    this.#progress = dialog.querySelector('progress')!;
    this.#state = dialog.querySelector('.state')!;
    this.#kept = dialog.querySelector('.kept')!;
    this.#forget = dialog.querySelector('[data-do=forget]')!;
    this.#lasts = dialog.querySelector('.lasts')!;
    this.#used = dialog.querySelector('input')!;

    this.#toggle.addEventListener('click', () => {
      if (tuning.state.kind === 'rest') tuning.start(1000 * Number(this.#budget.value));
      else tuning.stop();
    });
    this.#used.addEventListener('change', () => tuning.use(this.#used.checked));
    this.#forget.addEventListener('click', () => {
      tuning.forget();
      this.#toggle.focus();
    });
    dialog.querySelector('[data-do=close]')!.addEventListener('click', () => dialog.close());
    // Escape stops before it closes.
    this.#dialog.addEventListener('cancel', (event) => {
      if (tuning.state.kind === 'rest') return;
      event.preventDefault();
      tuning.stop();
    });
    this.#dialog.addEventListener('close', () => tuning.stop());
    // The page's keys are not the dialog's; and the focus stays in it where somebody presses beside it.
    this.#dialog.addEventListener('keydown', (event) => event.stopPropagation());
    this.#dialog.addEventListener('mousedown', (event) => {
      if (event.target === this.#dialog) event.preventDefault();
    });
  }

  show(): void {
    this.#dialog.showModal();
    this.draw();
  }

  draw(): void {
    const { kept, store, state } = this.#tuning;
    if (!this.#dialog.open) return;
    const busy = state.kind !== 'rest';
    say(this.#toggle, busy ? 'Stop' : kept.length === 0 ? 'Tune' : 'Tune again');
    this.#budget.disabled = busy;
    this.#progress.hidden = !busy;
    if (state.kind === 'measuring' && state.trial) {
      this.#progress.value = state.trial.index / state.trial.count;
    } else this.#progress.removeAttribute('value');
    say(this.#state, this.#words());
    this.#kept.hidden = kept.length === 0;
    this.#forget.hidden = kept.length === 0 || busy;
    this.#used.checked = store.used;
    say(
      this.#lasts,
      store.lasting ? '' : 'This browser keeps nothing for this page: they are forgotten when it is closed.',
    );
    this.#drawTable();
  }

  #words(): string {
    const { state, outcome, adapter, kept } = this.#tuning;
    if (state.kind === 'waiting') return 'Waiting until the experiment stands still.';
    if (state.kind === 'measuring') {
      if (state.stopping) return 'Stopping after the timing at hand.';
      const { trial } = state;
      return trial
        ? `Timing ${trial.index + 1} of ${trial.count}: ${names[trial.use]}, ${trial.shapes}.`
        : 'Asking for the GPU.';
    }
    if (outcome) return outcomeWords(outcome);
    if (kept.length > 0) return '';
    return `Nothing is kept for ${adapter?.name ?? 'this GPU'}: the usual tiles are used.`;
  }

  #drawTable(): void {
    const { kept, adapter } = this.#tuning;
    const made = JSON.stringify(kept);
    if (made === this.#tabled) return;
    this.#tabled = made;
    const table = document.createElement('table');
    table.createCaption().textContent = `Kept for ${adapter?.name ?? ''}`;
    table.createTHead().innerHTML =
      '<tr><th scope="col">Product</th><th scope="col">Tile</th><th scope="col">Time</th><th scope="col">Others’</th></tr>';
    const body = table.createTBody();
    for (const entry of kept) {
      const row = body.insertRow();
      row.innerHTML = `<th scope="row">${names[entry.use]}<small>${entry.shapes}</small></th>`;
      row.insertCell().textContent = entry.tile;
      if (holds(entry)) {
        const [time, others] = times(entry);
        row.insertCell().textContent = time;
        row.insertCell().textContent = others;
      } else {
        const cell = row.insertCell();
        cell.colSpan = 2;
        cell.textContent = 'of earlier shaders: not used';
      }
    }
    this.#kept.querySelector('.scroll')!.replaceChildren(table);
  }
}

function outcomeWords({ measured, planned, stopped, failure }: NonNullable<Tuning['outcome']>): string {
  const products = `${measured} ${measured === 1 ? 'product' : 'products'}`;
  const keeps = measured > 0 ? ` ${products} measured before ${measured === 1 ? 'is' : 'are'} kept.` : '';
  if (failure !== null) return `Tuning failed: ${failure}${keeps}`;
  if (stopped) return `Stopped.${keeps || ' Nothing was measured yet.'}`;
  if (measured < planned)
    return `Time was up after ${measured} of ${planned} products; a longer one measures the rest.`;
  return `${products} measured. The next experiment uses what is fastest.`;
}

const milliseconds = (time: number): string => `${Number(time.toPrecision(2))} ms`;

/** Whether a kept choice was made with the present shaders. */
const holds = (entry: TileCacheEntry): boolean =>
  choicesFor({ entries: [entry] }, entry.adapter, shaderHash).length > 0;

/** The chosen tile's time, and the span of the other tiles'. */
function times({ tile, milliseconds: measured = {} }: TileCacheEntry): [string, string] {
  const own = measured[tile];
  const others = Object.entries(measured)
    .filter(([name]) => name !== tile)
    .map(([, time]) => time);
  if (own === undefined) return ['', ''];
  if (others.length === 0) return [milliseconds(own), ''];
  const [least, most] = [leastOf(others), greatestOf(others)].map((time) => Number(time.toPrecision(2)));
  return [milliseconds(own), `${least} to ${most} ms`];
}

/** Only what changes is written: a status that is written again is read out again. */
function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
