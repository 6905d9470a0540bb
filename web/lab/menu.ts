export interface MenuItem {
  label: string;
  /** What the file holds, in a few words. */
  hint: string;
  act: () => void | Promise<void>;
}

/** A button that opens a list of things to do. */
export function createMenu(label: string, items: readonly MenuItem[]): HTMLElement {
  const element = document.createElement('div');
  element.className = 'menu';
  const button = document.createElement('button');
  button.type = 'button';
  button.innerHTML = `${label} <svg viewBox="0 0 10 6" aria-hidden="true"><path d="M1 1l4 4 4-4"/></svg>`;
  button.setAttribute('aria-expanded', 'false');
  button.setAttribute('aria-haspopup', 'true');
  const list = document.createElement('div');
  list.setAttribute('role', 'menu');
  list.setAttribute('aria-label', label);
  list.hidden = true;
  const entries = items.map(({ label: name, hint, act }) => {
    const entry = document.createElement('button');
    entry.type = 'button';
    entry.tabIndex = -1;
    entry.setAttribute('role', 'menuitem');
    entry.innerHTML = `${name}<small>${hint}</small>`;
    entry.addEventListener('click', () => {
      show(false);
      button.focus();
      void act();
    });
    return entry;
  });
  list.append(...entries);
  element.append(button, list);

  const show = (open: boolean): void => {
    list.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    if (open) entries[0].focus();
  };
  button.addEventListener('click', () => show(list.hidden !== false));
  element.addEventListener('focusout', (event) => {
    if (!element.contains(event.relatedTarget as Node | null)) show(false);
  });
  element.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    const at = entries.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (event.key === 'Escape') {
      show(false);
      button.focus();
    } else if (to === undefined) return;
    else entries[(to + entries.length) % entries.length].focus();
    event.preventDefault();
    event.stopPropagation();
  });
  return element;
}
