import type { Spec } from '../../src/experiment/spec.ts';
import { type Decoded, type LinkState, decodeLink, encodeLink } from './link.ts';

/** What an entry of the browser's history holds: the state, also where that is too long for a link, and its place. */
interface Entry {
  state: LinkState | null;
  /** How many experiments were seen before it. */
  depth: number;
}

/** The page's address: it holds what is on the screen, and with Back and Forward what was. */
export class Address {
  /** `travelled` is called when a person has gone to another address: with Back, Forward, or by writing it. */
  constructor(travelled: (to: Decoded) => void, signal: AbortSignal) {
    window.addEventListener(
      'popstate',
      () => {
        const state = entry()?.state;
        travelled(state ? { kind: 'state', ...state } : decodeLink(location.hash));
      },
      { signal },
    );
  }

  /** Whether an experiment was seen before the one on the screen. */
  get hasBefore(): boolean {
    return (entry()?.depth ?? 0) > 0;
  }

  /** To the experiment before. */
  back(): void {
    if (this.hasBefore) history.back();
  }

  /** What is on the screen; a new experiment is an entry of its own, unless it is the one that the address holds already. */
  keep(spec: Spec, view: LinkState['view'], isNew: boolean): void {
    const hash = encodeLink({ spec, view });
    const depth = entry()?.depth ?? 0;
    const url = hash ?? '#';
    const state = { spec, view };
    if (isNew && !this.#holds(spec)) history.pushState({ state, depth: depth + 1 } satisfies Entry, '', url);
    else history.replaceState({ state, depth } satisfies Entry, '', url);
  }

  #holds(spec: Spec): boolean {
    const kept = entry()?.state?.spec;
    return kept !== undefined && JSON.stringify(kept) === JSON.stringify(spec);
  }
}

/** Whoever embeds the page may keep states of their own. */
function entry(): Entry | null {
  const state = history.state as Partial<Entry> | null;
  return state !== null && typeof state.depth === 'number' ? (state as Entry) : null;
}
