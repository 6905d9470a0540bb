/**
 * What the page is in a browser, as a process without one. `main.js ADDRESS [ADAPTER]` does the job of the command line that
 * waits at this address; `main.js --diagnosis [ADAPTER]` writes as JSON what it would compute on, and ends; `main.js --figures`
 * draws what its input says, and writes it as JSON. Each loads what it needs: a command asks for diagnoses before every job.
 */
import '../../src/gpu/symbol-dispose.ts';

const [task, adapter] = process.argv.slice(2);
if (task === '--diagnosis') {
  const { diagnosis } = await import('./diagnosis.ts');
  process.stdout.write(JSON.stringify(await diagnosis(adapter)));
} else {
  const { doJob, drawInput } = await import('./tasks.ts');
  if (task === '--figures') await written(JSON.stringify(await drawInput()));
  else await doJob(task, adapter);
}
// Dawn and a waiting input keep a process from ending by itself.
process.exit(0);

/** Settled once all of a text has gone out: a pipe takes a part at a time. */
function written(all: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(all, (error) => (error ? reject(error) : resolve()));
  });
}
