export type Weight = 'status' | 'alert';

/** What is said at once: words, and buttons for what to do about it. */
export interface Message {
  text: string;
  /** Longer help, as HTML of ours. */
  details?: string;
  actions?: readonly { label: string; act: () => void }[];
}

/**
 * One calm place for all that the page has to say. The latest message takes the place of the one before it, but nothing
 * less than another alert that of an alert.
 */
export class Messages {
  readonly element = document.createElement('div');
  readonly #status = region('status');
  readonly #alert = region('alert');
  #timer = 0;

  constructor() {
    this.element.className = 'messages';
    this.element.append(this.#status, this.#alert);
  }

  /** Something was done; goes away by itself. */
  say(text: string, stay = false): void {
    this.#clearStatus();
    fill(this.#status, { text }, () => this.#clearStatus());
    if (!stay) this.#timer = window.setTimeout(() => this.#clearStatus(), 5000);
  }

  /** Something to know or to be done about; stays until it is dismissed. */
  show(message: Message, weight: Weight = 'alert'): void {
    this.#clearStatus();
    if (weight === 'alert') fill(this.#alert, message, () => this.#alert.replaceChildren());
    else fill(this.#status, message, () => this.#clearStatus());
  }

  clear(): void {
    this.#clearStatus();
    this.#alert.replaceChildren();
  }

  #clearStatus(): void {
    window.clearTimeout(this.#timer);
    this.#status.replaceChildren();
  }
}

function region(role: Weight): HTMLElement {
  const element = document.createElement('div');
  element.setAttribute('role', role);
  element.className = `message ${role}`;
  return element;
}

function fill(place: HTMLElement, { text, details, actions = [] }: Message, dismiss: () => void): void {
  const words = document.createElement('p');
  words.textContent = text;
  place.replaceChildren(words);
  if (details) {
    const more = document.createElement('details');
    more.innerHTML = `<summary>What to do</summary>${details}`;
    place.append(more);
  }
  for (const { label, act } of actions) place.append(button(label, act));
  const close = button('×', dismiss);
  close.className = 'close';
  close.setAttribute('aria-label', 'Dismiss this message');
  place.append(close);
}

function button(label: string, act: () => void): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = label;
  element.addEventListener('click', act);
  return element;
}
