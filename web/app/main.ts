import '../../src/gpu/symbol-dispose.ts';
import '../lab/no-eval.ts';

// Either the lab, or what the command line has to be done: a visitor loads nothing of the other.
const token = new URLSearchParams(location.search).get('mailbox');
if (token === null) {
  const { showLab } = await import('./show-lab.ts');
  await showLab(document.body, location.hash);
} else {
  const { driveMailbox } = await import('./drive.ts');
  await driveMailbox(token);
}
