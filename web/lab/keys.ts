import type { Playback } from './playback.ts';

/** Space, →, ← and R, wherever the focus is, except where they mean something else. */
export function listenToKeys(playback: Playback, signal: AbortSignal): void {
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const focus = event.target instanceof HTMLElement ? event.target : null;
    if (focus?.closest('input, select, textarea, [role=slider], [role=menu], [role=tablist]')) return;
    // Space presses the button that has the focus.
    if (event.key === ' ' && focus?.closest('button, summary, a')) return;
    const act = {
      ' ': () => playback.toggle(),
      ArrowRight: () => playback.step(),
      ArrowLeft: () => playback.back(),
      r: () => playback.restart(),
      R: () => playback.restart(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  document.addEventListener('keydown', listen, { signal });
}
