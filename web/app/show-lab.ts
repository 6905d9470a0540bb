import { SpecError } from '../../src/experiment/spec-error.ts';
import { createController } from '../lab/create-controller.ts';
import { openLab } from '../lab/lab.ts';
import { decodeLink } from '../lab/link.ts';
import { labPresets } from '../lab/presets.ts';
import { Axes } from '../lab/views/axes.ts';
import { createViews } from '../lab/views/views.ts';

/** The lab with the experiment of the link; with the default one where that has none, or none that can be run. */
export async function showLab(body: HTMLElement, hash: string): Promise<void> {
  const link = decodeLink(hash);
  const [first] = labPresets;
  let problem = link.kind === 'problem' ? link.text : null;
  const opening = (
    link.kind === 'state' ? createController(link.spec, link.view.step) : createController(first.spec)
  ).catch((error: unknown) => {
    if (!(error instanceof SpecError)) throw error;
    problem = error.message;
    return createController(first.spec);
  });
  // While the worker starts, this thread has nothing else to do.
  const axes = new Axes();
  const views = createViews(
    axes,
    opening.then(({ growing }) => growing),
  );
  const view = link.kind === 'state' ? link.view : {};
  const controller = await opening;
  if (link.kind === 'state' && controller.recording.recorded) {
    try {
      controller.open(link.spec);
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      problem = error.message;
    }
  }
  openLab(body, controller, { views, axes }, { view, problem });
  if (!/[?&](embed|present)=/.test(location.search)) return;
  const { showAlone, soloIn } = await import('../lab/solo/solo.ts');
  const solo = soloIn(location.search);
  if (solo) showAlone(body, solo);
}
