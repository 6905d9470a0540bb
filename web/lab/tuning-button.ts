import type { Tuning } from './tuning.ts';
import type { TuningDialog } from './tuning-dialog.ts';

/** A button beneath the controls, beside which stands whether tuning is used; its dialog is loaded when it is pressed. */
export class TuningButton {
  readonly element = document.createElement('div');
  readonly #tuning: Tuning;
  readonly #hint: HTMLElement;
  #dialog: TuningDialog | undefined;

  constructor(tuning: Tuning) {
    this.#tuning = tuning;
    this.element.className = 'tuning';
    this.element.innerHTML =
      '<button type="button" aria-haspopup="dialog">Tune for this GPU …</button> <span class="hint"></span>';
    this.#hint = this.element.querySelector('.hint')!;
    this.element.querySelector('button')!.addEventListener('click', () => void this.#show());
    this.draw();
  }

  draw(): void {
    const { kept, store } = this.#tuning;
    const words = kept.length === 0 ? '' : store.used ? 'tuned' : 'tuned, not used';
    if (this.#hint.textContent !== words) this.#hint.textContent = words;
    this.#dialog?.draw();
  }

  async #show(): Promise<void> {
    if (!this.#dialog) {
      const { TuningDialog } = await import('./tuning-dialog.ts');
      this.#dialog ??= new TuningDialog(this.#tuning, this.element);
    }
    this.#dialog.show();
  }
}
