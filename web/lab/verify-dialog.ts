import {
  type VerificationEvent,
  VerificationLog,
  type VerifiedProgram,
  percentOf,
  verificationText,
} from '../../src/experiment/verification.ts';
import { verifyInWorker } from '../verify/in-worker.ts';
import { save } from './export.ts';

const dialogs = new WeakMap<HTMLElement, VerifyDialog>();

/** Shows the dialog that stands beside its button; made the first time, it keeps what was verified. */
export function showVerifyDialog(button: HTMLElement): void {
  const dialog = dialogs.get(button) ?? new VerifyDialog(button);
  dialogs.set(button, dialog);
  dialog.show();
}

/** Verifies this browser's adapter in a worker, and shows what held, to be copied and saved. */
class VerifyDialog {
  readonly #dialog = document.createElement('dialog');
  readonly #toggle: HTMLButtonElement;
  readonly #progress: HTMLProgressElement;
  readonly #state: HTMLElement;
  readonly #result: HTMLElement;
  readonly #body: HTMLTableSectionElement;
  #log = new VerificationLog();
  #programs = 0;
  #running: AbortController | undefined;

  constructor(button: HTMLElement) {
    this.#dialog.className = 'verification';
    this.#dialog.setAttribute('aria-labelledby', 'verification-title');
    this.#dialog.innerHTML = `
      <div tabindex="-1">
        <h2 id="verification-title">Verify this GPU</h2>
        <p>Every program has an error bound that is derived, not chosen, and tests that hold it to that beside float64. They run
          here on your GPU: a minute or so, many minutes where a processor stands in. The experiment goes on, more slowly.</p>
        <p class="act"><button type="button" class="primary" autofocus></button></p>
        <progress aria-label="Programs verified" max="1" hidden></progress>
        <p class="state" role="status"></p>
        <section class="kept" hidden>
          <div class="scroll" tabindex="0" role="region" aria-label="Verified programs">
            <table>
              <thead><tr><th scope="col">Program</th><th scope="col">Checks</th><th scope="col">Held</th><th scope="col">Most of a bound used</th></tr></thead>
              <tbody></tbody>
            </table>
          </div>
          <p class="note">Something does not hold? Please copy the table into an issue: it names the browser and the GPU, nothing else.</p>
        </section>
        <p class="ways"><button type="button" data-do="copy">Copy as text</button>
          <button type="button" data-do="save">Save as JSON</button>
          <button type="button" data-do="close">Close</button></p>
      </div>`;
    this.#toggle = this.#dialog.querySelector('.primary')!;
    this.#progress = this.#dialog.querySelector('progress')!;
    this.#state = this.#dialog.querySelector('.state')!;
    this.#result = this.#dialog.querySelector('.kept')!;
    this.#body = this.#dialog.querySelector('tbody')!;
    this.#toggle.addEventListener('click', () => {
      if (this.#running) this.#running.abort();
      else void this.#verify();
    });
    this.#on('copy', () => void this.#copy());
    this.#on('save', () => this.#save());
    this.#on('close', () => this.#dialog.close());
    // Escape stops before it closes.
    this.#dialog.addEventListener('cancel', (event) => {
      if (!this.#running) return;
      event.preventDefault();
      this.#running.abort();
    });
    this.#dialog.addEventListener('close', () => this.#running?.abort());
    // The page's keys are not the dialog's; and the focus stays in it where somebody presses beside it.
    this.#dialog.addEventListener('keydown', (event) => event.stopPropagation());
    this.#dialog.addEventListener('mousedown', (event) => {
      if (event.target === this.#dialog) event.preventDefault();
    });
    button.after(this.#dialog);
    this.#draw();
  }

  show(): void {
    this.#dialog.showModal();
  }

  #on(what: string, action: () => void): void {
    this.#dialog.querySelector(`[data-do=${what}]`)!.addEventListener('click', action);
  }

  async #verify(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.#log = new VerificationLog();
    this.#body.replaceChildren();
    this.#progress.removeAttribute('value');
    this.#state.textContent = 'Asking for the GPU.';
    this.#draw();
    let problem: string | undefined;
    try {
      await verifyInWorker({ only: '', all: false }, running.signal, (event) => this.#follow(event));
    } catch (error) {
      problem = `Verifying failed: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#running = undefined;
    this.#state.textContent = problem ?? this.#outcome();
    this.#draw();
  }

  #follow(event: VerificationEvent): void {
    this.#log.add(event);
    if (event.kind === 'opened') this.#programs = event.programs.length;
    else if (event.kind === 'checking') {
      const { program, index, done, checks } = event;
      this.#progress.value = (index + (checks > 0 ? done / checks : 1)) / this.#programs;
      // Read out once a program, not once a check.
      const words = `Verifying ${program}, ${index + 1} of ${this.#programs} programs.`;
      if (this.#state.textContent !== words) this.#state.textContent = words;
    } else {
      this.#body.append(rowOf(event.result));
      this.#draw();
    }
  }

  #outcome(): string {
    const { programs, missing, held } = this.#log.document ?? { programs: [], missing: [], held: false };
    const failed = programs.filter((program) => program.held < program.checks).length;
    if (held) return 'Every check held.';
    if (failed > 0)
      return `${failed === 1 ? 'A program does' : `${failed} programs do`} not keep all bounds.`;
    return `Stopped; ${missing.length} programs were not reached.`;
  }

  #draw(): void {
    const verified = this.#body.rows.length > 0;
    this.#toggle.textContent = this.#running ? 'Stop' : verified ? 'Verify again' : 'Verify';
    this.#progress.hidden = !this.#running;
    this.#result.hidden = !verified;
    for (const what of ['copy', 'save']) {
      this.#dialog.querySelector<HTMLElement>(`[data-do=${what}]`)!.hidden = !verified;
    }
  }

  async #copy(): Promise<void> {
    const text = verificationText(this.#log.document!);
    try {
      await navigator.clipboard.writeText(text);
      this.#state.textContent = 'Copied.';
    } catch {
      save({ name: 'verification.txt', blob: new Blob([`${text}\n`], { type: 'text/plain' }) });
      this.#state.textContent =
        'The browser does not let the page copy: the text is saved as a file instead.';
    }
  }

  #save(): void {
    const text = `${JSON.stringify(this.#log.document, null, 2)}\n`;
    save({ name: 'verification.json', blob: new Blob([text], { type: 'application/json' }) });
  }
}

function rowOf({ program, checks, held, share, failure }: VerifiedProgram): HTMLTableRowElement {
  const row = document.createElement('tr');
  const name = document.createElement('th');
  name.scope = 'row';
  name.textContent = program;
  if (failure) {
    const message = document.createElement('small');
    message.textContent = `${failure.check}: ${failure.message}`;
    name.append(message);
  }
  row.append(name);
  for (const text of [String(checks), String(held), share ? `${percentOf(share.used)} %` : '–']) {
    row.insertCell().textContent = text;
  }
  row.classList.toggle('failed', failure !== null);
  return row;
}
