import '../../src/gpu/symbol-dispose.ts';
import { config } from 'zod';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { createController } from '../lab/controller.ts';
import { openLab } from '../lab/lab.ts';
import { decodeLink } from '../lab/link.ts';
import { labPresets } from '../lab/presets.ts';
import { createViews } from '../lab/views/views.ts';
import { drive } from './drive.ts';
import { Mailbox } from './mailbox.ts';

// The page's security policy forbids code made at run time, which Zod would try.
config({ jitless: true });

const token = new URLSearchParams(location.search).get('mailbox');
if (token === null) await showLab();
else await drive(new Mailbox(token));

/** The lab with the experiment of the link; with the default one where that has none, or none that can be run. */
async function showLab(): Promise<void> {
  const link = decodeLink(location.hash);
  const [first] = labPresets;
  let problem = link.kind === 'problem' ? link.text : null;
  const controller = await createController(link.kind === 'state' ? link.spec : first.spec).catch(
    (error: unknown) => {
      if (!(error instanceof SpecError)) throw error;
      problem = error.message;
      return createController(first.spec);
    },
  );
  const view = link.kind === 'state' ? link.view : {};
  openLab(document.body, controller, createViews(), { view, problem });
}
