import { type File, type Task, type Test, type VitestRunner, startTests } from '@vitest/runner';
import type { VerifiedProgram } from '../../src/experiment/verification.ts';
import { takeLargestShare } from './shares.ts';

/** Where a processor compiles the largest programs, one check may take a minute. */
const checkMilliseconds = 300_000;

const config: VitestRunner['config'] = {
  root: '/',
  setupFiles: [],
  name: undefined,
  passWithNoTests: true,
  testNamePattern: undefined,
  allowOnly: true,
  sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
  chaiConfig: undefined,
  maxConcurrency: 1,
  testTimeout: checkMilliseconds,
  hookTimeout: checkMilliseconds,
  retry: 0,
  includeTaskLocation: false,
  tags: [],
  tagsFilter: undefined,
  strictTags: false,
};

/** Runs the tests of a file, each as a check; what cannot even be loaded is a check that failed. */
export async function runFile(
  path: string,
  load: () => Promise<unknown>,
  signal: AbortSignal,
  progress: (done: number, checks: number) => void,
): Promise<Omit<VerifiedProgram, 'program'>> {
  const start = performance.now();
  let done = 0;
  let checks = 0;
  takeLargestShare();
  const [file] = await startTests([path], {
    config,
    importFile: load,
    onCollected: ([collected]) => {
      checks = testsOf(collected).length;
      progress(0, checks);
    },
    onBeforeRunTask: (test) => {
      if (signal.aborted) test.mode = 'skip';
    },
    onAfterRunTask: () => progress(++done, checks),
  });
  return { ...summaryOf(file), share: takeLargestShare(), milliseconds: performance.now() - start };
}

function summaryOf(file: File): Pick<VerifiedProgram, 'checks' | 'held' | 'failure'> {
  const tests = testsOf(file).filter(({ mode }) => mode === 'run');
  const broken = file.result?.errors?.[0];
  if (tests.length === 0 && broken) {
    return { checks: 1, held: 0, failure: { check: 'loading it', message: broken.message } };
  }
  const failed = tests.filter(({ result }) => result?.state !== 'pass');
  const first = failed.at(0);
  return {
    checks: tests.length,
    held: tests.length - failed.length,
    failure: first
      ? { check: titleOf(first), message: first.result?.errors?.[0]?.message ?? 'It did not run.' }
      : null,
  };
}

const testsOf = (task: Task): Test[] => (task.type === 'test' ? [task] : task.tasks.flatMap(testsOf));

/** The names of the groups that a test is in, and its own. */
const titleOf = ({ name, suite }: Test): string =>
  [...(suite && suite.name !== '' && suite !== suite.file ? [suite.name] : []), name].join(', ');
