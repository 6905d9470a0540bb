import { isRead } from '../../src/experiment/spec-facts.ts';
import { encodeLink } from './link.ts';
import { createMenu, type MenuItem } from './menu.ts';
import type { TakingParts, Takings } from './takings.ts';

export interface TakeawayParts extends Omit<TakingParts, 'copy'> {
  openFiles: (files: File[]) => void;
}

/** Buttons that copy the link and save files: everything that can be taken along. */
export function createTakeaway({
  controller,
  playback,
  messages,
  view,
  openFiles,
}: TakeawayParts): HTMLElement[] {
  const attempt = (what: () => Promise<void>) => async (): Promise<void> => {
    try {
      await what();
    } catch (error) {
      messages.show({ text: error instanceof Error ? error.message : String(error) });
    }
  };
  const copy = async (text: string, done: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      messages.say(done);
    } catch {
      messages.show({ text: `This browser does not let the page copy. Here it is:\n${text}` });
    }
  };

  const copyLink = async (): Promise<void> => {
    const { spec } = controller.recording;
    const hash = encodeLink({ spec, view: view() });
    if (hash === null) {
      messages.show({
        text: 'This experiment is too long for a link. Save its spec instead, under Files; it can be dropped onto this page.',
      });
      return;
    }
    const beside = isRead(spec.data)
      ? ' Your arrays are not in it: whoever opens it drops the same files.'
      : '';
    await copy(new URL(hash, location.href).href, `Link copied: it opens exactly this.${beside}`);
  };

  const chooser = document.createElement('input');
  chooser.type = 'file';
  chooser.multiple = true;
  chooser.addEventListener('change', () => {
    openFiles([...(chooser.files ?? [])]);
    chooser.value = '';
  });

  const link = document.createElement('button');
  link.type = 'button';
  link.textContent = 'Copy link';
  link.addEventListener('click', () => void attempt(copyLink)());
  /** An entry whose doing is loaded by the first who chooses one. */
  const entry = (label: string, hint: string, what: keyof Takings): MenuItem => ({
    label,
    hint,
    act: attempt(async () => {
      const { takingsOf } = await import('./takings.ts');
      await takingsOf({ controller, playback, messages, view, copy })[what]();
    }),
  });
  const menu = createMenu('Files', [
    { label: 'Open …', hint: 'a spec, a result or .npy arrays; or drop them', act: () => chooser.click() },
    entry('Copy the command', 'the same experiment, computed by the command line', 'command'),
    entry('Spec', 'the experiment as JSON', 'spec'),
    entry('Records', 'every recorded step as CSV', 'records'),
    entry('Result', 'everything that the command line writes to result.json', 'result'),
    entry('Arrays', 'data, parameters and outputs as .npy', 'arrays'),
    entry('Figures as SVG', 'for papers and slides', 'svg'),
    entry('Figures as PNG', 'for everything else', 'png'),
    entry('Figures as PDF', 'your browser prints them: save as PDF', 'pdf'),
    entry('Film', 'the run so far as WebM', 'film'),
    {
      label: 'Present',
      hint: 'one view, large; page keys go to the next',
      act: () => {
        const url = new URL(location.href);
        url.search = `?present=${view().tab ?? 'loss'}`;
        location.href = url.href;
      },
    },
    entry('Copy a frame', 'this view in a page of yours', 'frame'),
  ]);
  return [link, menu];
}
