export type Weight = 'status' | 'alert';

/** What is said at once: words, and buttons for what to do about it. */
export interface Message {
  text: string;
  /** Longer help, as HTML of ours. */
  details?: string;
  actions?: readonly { label: string; act: () => void }[];
}

/** One calm place for all that the page has to say. The latest message takes the place of the one before it. */
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
    this.clear();
    fill(this.#status, { text }, () => this.clear());
    if (!stay) this.#timer = window.setTimeout(() => this.clear(), 5000);
  }

  /** Something to know or to be done about; stays until it is dismissed. */
  show(message: Message, weight: Weight = 'alert'): void {
    this.clear();
    fill(weight === 'alert' ? this.#alert : this.#status, message, () => this.clear());
  }

  clear(): void {
    window.clearTimeout(this.#timer);
    for (const place of [this.#status, this.#alert]) place.replaceChildren();
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
  place.append(words);
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
