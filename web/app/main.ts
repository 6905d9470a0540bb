import '../../src/gpu/symbol-dispose.ts';
import { config } from 'zod';
import { createController } from '../lab/controller.ts';
import { openLab, openingSpeed } from '../lab/lab.ts';
import { labPresets } from '../lab/presets.ts';
import { createViews } from '../lab/views/views.ts';
import { drive } from './drive.ts';
import { Mailbox } from './mailbox.ts';

// The page's security policy forbids code made at run time, which Zod would try.
config({ jitless: true });

const token = new URLSearchParams(location.search).get('mailbox');
if (token === null) {
  const controller = await createController(labPresets[0].spec);
  controller.setSpeed(openingSpeed);
  openLab(document.body, controller, createViews());
} else await drive(new Mailbox(token));
