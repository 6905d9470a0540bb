import type { Playback } from './playback.ts';

/** Space, →, ← and R, and Ctrl+Z or ⌘Z, wherever the focus is, except where they mean something else. */
export function listenToKeys(playback: Playback, undo: () => void, signal: AbortSignal): void {
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey) return;
    const focus = event.target instanceof HTMLElement ? event.target : null;
    if (event.ctrlKey || event.metaKey) {
      // In a field it takes back what is typed.
      if (event.key !== 'z' || event.shiftKey || focus?.closest('input[type=text]')) return;
      event.preventDefault();
      undo();
      return;
    }
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
