import '../../src/gpu/symbol-dispose.ts';
import { drive } from './drive.ts';
import { Mailbox } from './mailbox.ts';
import { openPage } from './page.ts';

const token = new URLSearchParams(location.search).get('mailbox');
if (token === null) openPage(document.body);
else await drive(new Mailbox(token));
