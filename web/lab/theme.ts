import { colours } from '../figures/palette.ts';

export type Theme = 'system' | 'light' | 'dark';

const themes: readonly Theme[] = ['system', 'light', 'dark'];
const key = 'first-light-theme';

/** Light or dark: as the system has it, or as chosen here; the choice is kept. */
export class ThemeSwitch {
  readonly element = document.createElement('button');
  readonly #system = matchMedia('(prefers-color-scheme: dark)');
  #theme: Theme;

  /** `changed` is called once the page has its new colours. */
  constructor(changed: () => void) {
    this.#theme = kept();
    this.element.type = 'button';
    this.element.className = 'theme icon';
    this.element.addEventListener('click', () => {
      this.#theme = themes[(themes.indexOf(this.#theme) + 1) % themes.length];
      keep(this.#theme);
      this.#apply();
      changed();
    });
    this.#system.addEventListener('change', () => {
      this.#apply();
      changed();
    });
    this.#apply();
  }

  #apply(): void {
    const dark = this.#theme === 'system' ? this.#system.matches : this.#theme === 'dark';
    const { style, dataset } = document.documentElement;
    for (const [name, { light, dark: night }] of Object.entries(colours)) {
      style.setProperty(`--${name}`, dark ? night : light);
    }
    dataset['theme'] = dark ? 'dark' : 'light';
    const words = {
      system: 'Colours as the system has them',
      light: 'Light colours',
      dark: 'Dark colours',
    }[this.#theme];
    this.element.title = `${words}; press to change`;
    this.element.setAttribute('aria-label', this.element.title);
    this.element.innerHTML = `<svg viewBox="0 0 20 20" aria-hidden="true">${icons[this.#theme]}</svg>`;
  }
}

const icons: Record<Theme, string> = {
  system: '<circle cx="10" cy="10" r="6.5"/><path d="M10 3.5a6.5 6.5 0 0 1 0 13z" class="solid"/>',
  light:
    '<circle cx="10" cy="10" r="3.5"/><path d="M10 1.8v2.4M10 15.8v2.4M1.8 10h2.4M15.8 10h2.4M4.2 4.2l1.7 1.7M14.1 14.1l1.7 1.7M4.2 15.8l1.7-1.7M14.1 5.9l1.7-1.7"/>',
  dark: '<path d="M16.5 12.4A7 7 0 0 1 7.6 3.5a7 7 0 1 0 8.9 8.9z"/>',
};

/** Where storage is forbidden, the choice lasts as long as the page. */
function kept(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(key)) ?? 'system';
  } catch {
    return 'system';
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Nothing to be done, and nothing lost that matters.
  }
}
