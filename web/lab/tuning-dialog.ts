import { greatestOf, leastOf } from '../../src/math/statistics.ts';
import type { ProductUse } from '../../src/programs/tile-choice.ts';
import type { TileCacheEntry } from '../../src/tuning/tile-cache.ts';
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

/** A button beneath the controls, and the dialog that it opens: to tune, and to see what is kept and forget it. */
export class TuningDialog {
  readonly element = document.createElement('div');
  readonly #tuning: Tuning;
  readonly #dialog: HTMLDialogElement;
  readonly #hint: HTMLElement;
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

  constructor(tuning: Tuning) {
    this.#tuning = tuning;
    this.element.className = 'tuning';
    this.element.innerHTML = `
      <button type="button" aria-haspopup="dialog">Tune for this GPU …</button> <span class="hint"></span>
      <dialog aria-labelledby="tuning-title">
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
        </div>
      </dialog>`;
    this.#dialog = this.element.querySelector('dialog')!;
    this.#hint = this.element.querySelector('.hint')!;
    this.#toggle = this.element.querySelector('.primary')!;
    this.#budget = this.element.querySelector('select')!;
    this.#progress = this.element.querySelector('progress')!;
    this.#state = this.element.querySelector('.state')!;
    this.#kept = this.element.querySelector('.kept')!;
    this.#forget = this.element.querySelector('[data-do=forget]')!;
    this.#lasts = this.element.querySelector('.lasts')!;
    this.#used = this.element.querySelector('input')!;

    this.element.querySelector('button')!.addEventListener('click', () => {
      this.#dialog.showModal();
      this.draw();
    });
    this.#toggle.addEventListener('click', () => {
      if (tuning.state.kind === 'rest') tuning.start(1000 * Number(this.#budget.value));
      else tuning.stop();
    });
    this.#used.addEventListener('change', () => tuning.use(this.#used.checked));
    this.#forget.addEventListener('click', () => {
      tuning.forget();
      this.#toggle.focus();
    });
    this.element.querySelector('[data-do=close]')!.addEventListener('click', () => this.#dialog.close());
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
    this.draw();
  }

  draw(): void {
    const { kept, store, state } = this.#tuning;
    say(this.#hint, kept.length === 0 ? '' : store.used ? 'tuned' : 'tuned, not used');
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
      if (this.#tuning.holds(entry)) {
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
