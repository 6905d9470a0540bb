import { writeFileSync } from 'node:fs';
import { type Verification, VerificationLog, verificationText } from '../experiment/verification.ts';
import { jsonText } from '../experiment/json-text.ts';
import { clause } from '../gpu/errors.ts';
import { CommandError, exitCode } from './command-error.ts';
import { interruptible } from './interrupt.ts';
import { createProgress } from './progress.ts';
import { type ComputeFlags, runSession } from './session.ts';
import { adapterName } from './summary.ts';
import { emit, tell } from './voice.ts';

export interface VerifyFlags extends ComputeFlags {
  /** Part of the names of programs; all where it is empty. */
  only: string;
  /** Also what a software adapter leaves out. */
  all: boolean;
  /** Where to write, as JSON if it ends in .json; the screen where it is undefined. */
  out?: string | undefined;
}

/** `first-light verify` */
export async function verifyCommand(flags: VerifyFlags): Promise<void> {
  // What is to be pasted or read by a program goes to the screen alone: progress goes beside it.
  const progress = createProgress(process.stderr);
  const say = progress.say.bind(progress);
  const log = new VerificationLog();
  let programs = 0;
  await interruptible(say, (stop) =>
    runSession({
      ...flags,
      job: { kind: 'verification', only: flags.only, all: flags.all },
      inputFile: () => undefined,
      receive: (message) => {
        if (message.kind !== 'verifying') return;
        const { event } = message;
        log.add(event);
        if (event.kind === 'opened') {
          if (event.programs.length === 0) throw unknownProgram(flags.only, event.known);
          programs = event.programs.length;
          say(`Verifying ${adapterName(event.place.adapter)}.`);
        } else if (event.kind === 'checking') {
          const { program, index, done, checks } = event;
          progress.update(
            { id: program, label: program },
            (index + (checks > 0 ? done / checks : 1)) / programs,
            done,
            checks,
            `${done} of ${checks} checks`,
          );
        }
      },
      receiveFile: () => Promise.reject(new Error('A verification has no files.')),
      stop,
      say,
    }),
  ).finally(() => progress.stop());
  const verification = log.document;
  if (!verification) throw new CommandError(exitCode.stopped, 'Stopped before anything was verified.');
  write(verification, flags.out);
  process.exitCode = codeOf(verification);
}

const unknownProgram = (only: string, known: readonly string[]): CommandError =>
  new CommandError(
    exitCode.usage,
    `--only ${only}: no program has this in its name. There are ${known.join(', ')}.`,
  );

function write(verification: Verification, out: string | undefined): void {
  const table = verificationText(verification);
  emit({ event: 'verification', ...verification });
  if (out === undefined) {
    tell(table);
    return;
  }
  try {
    writeFileSync(out, out.endsWith('.json') ? jsonText(verification) : `${table}\n`);
  } catch (error) {
    // What took minutes is not lost for a wrong name.
    tell(table);
    throw new CommandError(exitCode.output, `${out} cannot be written: ${clause(error)}.`);
  }
}

/** Whatever did not hold is a fault of the adapter, its driver or its compiler, or of ours: of the numbers on a GPU. */
export function codeOf({ held, missing, programs }: Verification): number {
  if (held) return exitCode.ok;
  const wrong = programs.some((program) => program.held < program.checks);
  return wrong || missing.length === 0 ? exitCode.gpu : exitCode.stopped;
}
