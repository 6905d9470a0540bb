import { explainBox } from './explain/explain-box.ts';
import type { Recording, View } from './recording.ts';

export interface NamedView {
  id: string;
  title: string;
  view: View;
}

/** Views that are always on the screen; all others share the tabs, in which the first of these stands first. */
const inSight = ['loss', 'scatter'];
const firstTab = 'fields';
/** Names short enough to stand side by side. */
const short: Readonly<Record<string, string>> = {
  fields: 'On a plane',
  shell: 'Off the shell',
  discrepancy: 'Discrepancy',
  outputs: 'Outputs',
  kernels: 'Kernels',
  spectrum: 'Spectra',
  modes: 'Modes',
  learned: 'Frequencies',
  grow: 'Grow d',
  compare: 'Compare',
  movement: 'Movement',
  weights: 'Weights',
  claims: 'Claims',
};

/** The views: the main ones side by side, the others behind tabs. */
export class Panels {
  readonly element = document.createElement('div');
  readonly #views: readonly NamedView[];
  readonly #tabbed: readonly NamedView[];
  readonly #tabs = document.createElement('div');
  readonly #turned: () => void;
  #chosen: string;

  /** `turned` is called when a person has put another tab in front. */
  constructor(views: readonly NamedView[], turned: () => void) {
    this.#views = views;
    this.#turned = turned;
    const main = views.filter(({ id }) => inSight.includes(id));
    this.#tabbed = [
      ...views.filter(({ id }) => id === firstTab),
      ...views.filter((entry) => entry.id !== firstTab && !main.includes(entry)),
    ];
    this.#chosen = this.#tabbed[0].id;
    this.element.className = 'panels';
    this.#tabs.className = 'tabs';
    this.#tabs.setAttribute('role', 'tablist');
    this.#tabs.setAttribute('aria-label', 'More views');
    // What scrolls would be a stop of its own in Firefox.
    this.#tabs.tabIndex = -1;
    this.#tabs.addEventListener('keydown', (event) => this.#move(event));
    const shelf = document.createElement('section');
    shelf.className = 'panel shelf';
    shelf.append(this.#tabs, ...this.#tabbed.map((entry) => this.#tab(entry)));
    const [first, ...others] = main.map(panelOf);
    this.element.append(first, shelf, ...others);
    this.#choose(this.#chosen);
  }

  draw(recording: Recording, cursor: number): void {
    for (const { view } of this.#views) view.draw(recording, cursor);
  }

  /** Brings a view in sight and marks it; null marks none. */
  pointAt(id: string | null): void {
    this.element.querySelector('.pointed')?.classList.remove('pointed');
    if (id === null) return;
    this.choose(id);
    const place = this.element.querySelector(`#panel-${id}`)?.closest('.panel');
    place?.classList.add('pointed');
    // On a narrow screen the tour covers the lower half; on a wide one the views that are always in sight stand beneath the
    // caption, which is spoken of with them.
    const narrow = matchMedia('(max-width: 60rem)').matches;
    if (!narrow && inSight.includes(id)) place?.closest('main')?.scrollTo({ top: 0 });
    else place?.scrollIntoView({ block: narrow ? 'start' : 'nearest' });
  }

  get chosen(): string {
    return this.#chosen;
  }

  /** Puts a tab in front; one that there is not, leaves all as it is. */
  choose(id: string): void {
    if (this.#tabbed.some((entry) => entry.id === id)) this.#choose(id);
  }

  #tab({ id, title, view }: NamedView): HTMLElement {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.id = `tab-${id}`;
    tab.textContent = short[id] ?? title;
    tab.title = title;
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', `panel-${id}`);
    tab.addEventListener('click', () => this.#turn(id));
    this.#tabs.append(tab);
    const panel = document.createElement('div');
    panel.id = `panel-${id}`;
    panel.className = 'tabpanel';
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', tab.id);
    panel.append(view.element, explainBox(id));
    return panel;
  }

  #turn(id: string): void {
    this.#choose(id);
    this.#turned();
  }

  #choose(id: string): void {
    this.#chosen = id;
    this.element.dataset['tab'] = id;
    for (const entry of this.#tabbed) {
      const chosen = entry.id === id;
      const tab = this.#tabs.querySelector<HTMLElement>(`#tab-${entry.id}`)!;
      tab.setAttribute('aria-selected', String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      entry.view.element.closest<HTMLElement>('.tabpanel')!.hidden = !chosen;
    }
  }

  #move(event: KeyboardEvent): void {
    const ids = this.#tabbed.map(({ id }) => id);
    const at = ids.indexOf(this.#chosen);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: ids.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#turn(ids[(to + ids.length) % ids.length]);
    this.#tabs.querySelector<HTMLElement>(`#tab-${this.#chosen}`)!.focus();
  }
}

function panelOf({ id, title, view }: NamedView): HTMLElement {
  // The view in it is a landmark of the same name.
  const panel = document.createElement('div');
  panel.className = `panel ${id}`;
  panel.innerHTML = `<h2 id="title-${id}">${title}</h2><div id="panel-${id}"></div>`;
  panel.lastElementChild!.append(view.element, explainBox(id));
  return panel;
}
