import type { Figure } from '../figures/frame.ts';
import { svgToPng, svgToString } from '../figures/export.ts';
import { commandLine } from './command.ts';
import type { Controller } from './controller.ts';
import { type NamedFile, arrayFiles, recordsFile, resultFile, save, saveAll, specFile } from './export.ts';
import { fileName } from './file-name.ts';
import { encodeLink, type ViewState } from './link.ts';
import type { Messages } from './messages.ts';
import type { Playback } from './playback.ts';

export interface TakingParts {
  controller: Controller;
  playback: Playback;
  messages: Messages;
  /** What is on the screen beside the experiment. */
  view: () => ViewState;
  /** Copies a text, and says that it has. */
  copy: (text: string, done: string) => Promise<void>;
}

/** What the entries of the menu do, each of which may throw what it says. */
export type Takings = ReturnType<typeof takingsOf>;

/** What can be taken along of the experiment on the screen: files, pictures, texts to paste. */
export function takingsOf({ controller, playback, messages, view, copy }: TakingParts) {
  const saved = (file: NamedFile): void => {
    save(file);
    messages.say(`Saved ${file.name} where your browser keeps downloads.`);
  };
  /** What there is to draw; it brings a library of charts. */
  const figures = async (): Promise<Figure[]> => {
    const { figuresOf } = await import('./views/figures.ts');
    const drawn = figuresOf(controller.recording, playback.cursor);
    if (drawn.length === 0) throw new Error('There is nothing to draw yet; wait for the first step.');
    return drawn;
  };
  const saveFigures = async (kind: 'svg' | 'png'): Promise<void> => {
    const all = await figures();
    const drawn: NamedFile[] = [];
    for (const [k, { slug, svg }] of all.entries()) {
      messages.say(`Drawing figure ${k + 1} of ${all.length} …`, true);
      const blob =
        kind === 'png' ? await svgToPng(svg) : new Blob([svgToString(svg)], { type: 'image/svg+xml' });
      drawn.push({ name: `${slug}.${kind}`, blob });
    }
    await saveAll(drawn);
    messages.say(`Saved ${drawn.length} figures.`);
  };
  return {
    command: async () => {
      const { command, file } = commandLine(controller.recording.spec);
      if (file) save({ name: file.name, blob: new Blob([file.text], { type: 'application/json' }) });
      const beside = file ? ` It reads ${file.name}, just saved: give it where that lies.` : '';
      await copy(command, `Copied: ${command}.${beside}`);
    },
    spec: () => saved(specFile(controller.recording.spec)),
    records: () => {
      const file = recordsFile(controller.recording.spec, controller.recording.records);
      if (!file) throw new Error('Nothing is recorded yet; wait for the first step.');
      saved(file);
    },
    result: () => {
      const { result, recorded } = controller.recording;
      if (recorded)
        throw new Error(
          'A recording has no result. Its records are here, and the command computes both: copy it, under Files.',
        );
      if (!result)
        throw new Error('There is a result once the experiment has ended. Until then, save its records.');
      saved(resultFile(result));
    },
    arrays: async () => {
      messages.say('Computing the arrays up to the present step …', true);
      const arrays = await arrayFiles(controller);
      await saveAll(arrays);
      messages.say(`Saved ${arrays.length} arrays; np.load reads them.`);
    },
    svg: () => saveFigures('svg'),
    png: () => saveFigures('png'),
    pdf: async () => {
      const { printFigures } = await import('./print/print-figures.ts');
      printFigures(await figures());
    },
    film: async () => {
      const { filmOf } = await import('./film/film.ts');
      const { recording } = controller;
      const blob = await filmOf(recording, (share) =>
        messages.say(`Drawing the film: ${Math.round(100 * share)} % …`, true),
      );
      saved({ name: `${fileName(recording.spec.name)}.webm`, blob });
    },
    frame: async () => {
      const { frameMarkup } = await import('./solo/solo.ts');
      const hash = encodeLink({ spec: controller.recording.spec, view: view() });
      const address = new URL(hash ?? '#', location.href).href;
      await copy(frameMarkup(address, view().tab ?? 'loss'), 'Frame copied.');
    },
  };
}
