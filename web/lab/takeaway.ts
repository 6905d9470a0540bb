import { isRead } from '../../src/experiment/spec-facts.ts';
import type { Figure } from '../figures/frame.ts';
import type { NamedFile } from './export.ts';
import { encodeLink, type ViewState } from './link.ts';
import { createMenu } from './menu.ts';
import type { Messages } from './messages.ts';
import type { Playback } from './playback.ts';
import type { Controller } from './controller.ts';

export interface TakeawayParts {
  controller: Controller;
  playback: Playback;
  messages: Messages;
  /** What is on the screen beside the experiment. */
  view: () => ViewState;
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
  const attempt = (what: () => void | Promise<void>) => async (): Promise<void> => {
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
  /** What makes files, loaded by the first who wants one. */
  const files = () => import('./export.ts');
  const saved = async (file: NamedFile): Promise<void> => {
    (await files()).save(file);
    messages.say(`Saved ${file.name} where your browser keeps downloads.`);
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
  const copyCommand = async (): Promise<void> => {
    const { commandLine } = await import('./command.ts');
    const { command, file } = commandLine(controller.recording.spec);
    if (file)
      (await files()).save({ name: file.name, blob: new Blob([file.text], { type: 'application/json' }) });
    const beside = file ? ` It reads ${file.name}, just saved: give it where that lies.` : '';
    await copy(command, `Copied: ${command}.${beside}`);
  };
  const drawnFrom = (figures: Figure[]): Figure[] => {
    if (figures.length === 0) throw new Error('There is nothing to draw yet; wait for the first step.');
    return figures;
  };
  const saveFigures = async (kind: 'svg' | 'png'): Promise<void> => {
    const [{ figuresOf }, { svgToPng, svgToString }, { saveAll }] = await Promise.all([
      import('./views/figures.ts'),
      import('../figures/export.ts'),
      files(),
    ]);
    const figures = drawnFrom(figuresOf(controller.recording, playback.cursor));
    const drawn: NamedFile[] = [];
    for (const [k, { slug, svg }] of figures.entries()) {
      messages.say(`Drawing figure ${k + 1} of ${figures.length} …`, true);
      const blob =
        kind === 'png' ? await svgToPng(svg) : new Blob([svgToString(svg)], { type: 'image/svg+xml' });
      drawn.push({ name: `${slug}.${kind}`, blob });
    }
    await saveAll(drawn);
    messages.say(`Saved ${drawn.length} figures.`);
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
  const menu = createMenu('Files', [
    { label: 'Open …', hint: 'a spec, a result or .npy arrays; or drop them', act: () => chooser.click() },
    {
      label: 'Copy the command',
      hint: 'the same experiment, computed by the command line',
      act: attempt(copyCommand),
    },
    {
      label: 'Spec',
      hint: 'the experiment as JSON',
      act: attempt(async () => saved((await files()).specFile(controller.recording.spec))),
    },
    {
      label: 'Records',
      hint: 'every recorded step as CSV',
      act: attempt(async () => {
        const { recordsFile } = await files();
        const file = recordsFile(controller.recording.spec, controller.recording.records);
        if (!file) throw new Error('Nothing is recorded yet; wait for the first step.');
        await saved(file);
      }),
    },
    {
      label: 'Result',
      hint: 'everything that the command line writes to result.json',
      act: attempt(async () => {
        const { result, recorded } = controller.recording;
        if (recorded)
          throw new Error(
            'A recording has no result. Its records are here, and the command computes both: copy it, under Files.',
          );
        if (!result)
          throw new Error('There is a result once the experiment has ended. Until then, save its records.');
        await saved((await files()).resultFile(result));
      }),
    },
    {
      label: 'Arrays',
      hint: 'data, parameters and outputs as .npy',
      act: attempt(async () => {
        messages.say('Computing the arrays up to the present step …', true);
        const { arrayFiles, saveAll } = await files();
        const arrays = await arrayFiles(controller);
        await saveAll(arrays);
        messages.say(`Saved ${arrays.length} arrays; np.load reads them.`);
      }),
    },
    { label: 'Figures as SVG', hint: 'for papers and slides', act: attempt(() => saveFigures('svg')) },
    { label: 'Figures as PNG', hint: 'for everything else', act: attempt(() => saveFigures('png')) },
    {
      label: 'Figures as PDF',
      hint: 'your browser prints them: save as PDF',
      act: attempt(async () => {
        const [{ figuresOf }, { printFigures }] = await Promise.all([
          import('./views/figures.ts'),
          import('./print/print-figures.ts'),
        ]);
        printFigures(drawnFrom(figuresOf(controller.recording, playback.cursor)));
      }),
    },
    {
      label: 'Film',
      hint: 'the run so far as WebM',
      act: attempt(async () => {
        const [{ filmOf }, { fileName }] = await Promise.all([
          import('./film/film.ts'),
          import('./file-name.ts'),
        ]);
        const { recording } = controller;
        const blob = await filmOf(recording, (share) =>
          messages.say(`Drawing the film: ${Math.round(100 * share)} % …`, true),
        );
        await saved({ name: `${fileName(recording.spec.name)}.webm`, blob });
      }),
    },
    {
      label: 'Present',
      hint: 'one view, large; page keys go to the next',
      act: () => {
        const url = new URL(location.href);
        url.search = `?present=${view().tab ?? 'loss'}`;
        location.href = url.href;
      },
    },
    {
      label: 'Copy a frame',
      hint: 'this view in a page of yours',
      act: attempt(async () => {
        const { frameMarkup } = await import('./solo/solo.ts');
        const hash = encodeLink({ spec: controller.recording.spec, view: view() });
        await copy(
          frameMarkup(new URL(hash ?? '#', location.href).href, view().tab ?? 'loss'),
          'Frame copied.',
        );
      }),
    },
  ]);
  return [link, menu];
}
