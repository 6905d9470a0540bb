import { version } from '../../package.json';
import type {
  VerificationChoice,
  VerificationEvent,
  VerifiedProgram,
} from '../../src/experiment/verification.ts';
import { describeAdapter, requestDevice } from '../../src/gpu/device.ts';
import { tryEveryTile } from './extent.ts';
import { programOf, programTests, runTests } from './files.ts';
import { runFile } from './run-file.ts';

/** Where to verify, and who is told. */
export interface Verifying extends VerificationChoice {
  gpu: GPU | undefined;
  agent: string;
  /** Aborted: the check at hand is the last. */
  signal: AbortSignal;
  tell: (event: VerificationEvent) => void;
}

/**
 * Holds the programs to their derived bounds on this adapter: runs their tests, one file after another. Once in a worker or
 * process, since modules are loaded once.
 * @throws WebGpuUnavailableError
 */
export async function verify({ only, all, gpu, agent, signal, tell }: Verifying): Promise<void> {
  const device = await requestDevice(gpu);
  const adapter = describeAdapter(device);
  device.destroy();
  // Where a processor compiles and computes, the rest takes many minutes.
  const complete = all || !adapter.software;
  tryEveryTile(complete);
  const tests = { ...programTests, ...(complete || only !== '' ? runTests : {}) };
  const files = Object.keys(tests).filter((file) => programOf(file).includes(only));
  const place = {
    firstLight: version,
    agent,
    adapter,
    startedAt: new Date().toISOString(),
    only,
    complete,
  };
  tell({ kind: 'opened', place, programs: files.map(programOf), known: Object.keys(tests).map(programOf) });
  for (const [index, file] of files.entries()) {
    const program = programOf(file);
    const result = await runFile(file, tests[file], signal, (done, checks) =>
      tell({ kind: 'checking', program, index, done, checks }),
    );
    if (signal.aborted) return;
    tell({ kind: 'verified', result: { program, ...result } satisfies VerifiedProgram });
  }
}
