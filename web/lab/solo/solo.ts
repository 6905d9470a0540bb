import './solo.css';

/** How a page shows one view alone, as its address asks: ?embed=kernels in a frame, ?present=loss before a room. */
export type SoloKind = 'embed' | 'present';

/** What the address asks for; null: the whole lab. */
export function soloIn(search: string): { kind: SoloKind; view: string } | null {
  const asked = new URLSearchParams(search);
  for (const kind of ['embed', 'present'] as const) {
    const view = asked.get(kind);
    if (view !== null) return { kind, view };
  }
  return null;
}

/**
 * Leaves one view of the lab in sight. Before a room, PageDown and PageUp, which are the keys of a presenter's remote, go
 * to the next and the one before. A view that there is not is the first.
 */
export function showAlone(body: HTMLElement, { kind, view }: { kind: SoloKind; view: string }): void {
  const panels = [...body.querySelectorAll<HTMLElement>('[id^="panel-"]')];
  const show = (wanted: HTMLElement): void => {
    body.querySelector<HTMLElement>(`#tab-${wanted.id.slice('panel-'.length)}`)?.click();
    for (const panel of body.querySelectorAll('.panel'))
      panel.classList.toggle('apart', !panel.contains(wanted));
  };
  let at = Math.max(
    0,
    panels.findIndex(({ id }) => id === `panel-${view}`),
  );
  body.classList.add('solo', kind);
  show(panels[at]);
  if (kind === 'embed') return;
  document.addEventListener('keydown', ({ key }) => {
    const by = { PageDown: 1, PageUp: -1 }[key];
    if (by === undefined) return;
    at = (at + by + panels.length) % panels.length;
    show(panels[at]);
  });
}

/** What shows this address in a frame of another page. */
export function frameMarkup(href: string, view: string): string {
  const url = new URL(href);
  url.search = `?embed=${encodeURIComponent(view)}`;
  const source = url.href.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<iframe src="${source}" width="640" height="480" allow="webgpu" title="First Light: ${view}"></iframe>`;
}
