import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { accuracyWarning } from '../experiment/accuracy.ts';
import { type Earlier, whyNotContinued } from '../experiment/continuation.ts';
import { stateFile } from '../experiment/stopped-state.ts';
import type { ClaimsDocument } from '../experiment/claims-document.ts';
import type { RunResult } from '../experiment/result.ts';
import type { Spec } from '../experiment/spec.ts';
import { summarizeClaims } from '../experiment/claims-summary.ts';
import { tellClaims } from './claims-table.ts';
import { CommandError, exitCode } from './command-error.ts';
import { compute, machineFacts } from './compute.ts';
import { OutputFolder, folderName, npzName, shown } from './output-folder.ts';
import { savedResult, whyStateUnusable } from './saved-result.ts';
import type { ComputeFlags } from './session.ts';
import type { Setting } from './set-option.ts';
import { type LoadedSpec, loadSpec } from './spec-source.ts';
import { greatestMultiple } from '../experiment/spec-facts.ts';
import { rateWords, summarizeRun } from './summary.ts';
import { grouped, plain, short } from './text.ts';
import { emit, note, tell, tellFiles, warn } from './voice.ts';

export interface RunFlags extends ComputeFlags {
  set: Setting[];
  seed?: number;
  out?: string;
  resume: boolean;
  arrays: boolean;
  npz: boolean;
}

/** `first-light run SPEC` */
export async function runCommand(source: string, flags: RunFlags): Promise<void> {
  const settings =
    flags.seed === undefined ? flags.set : [...flags.set, { path: ['seed'], value: flags.seed }];
  const { spec, inputs } = loadSpec(source, settings);
  const arrays = flags.arrays || flags.npz;
  if (flags.resume && flags.out === undefined) {
    throw new CommandError(exitCode.usage, '--resume goes on in a folder: name it with --out.');
  }
  if (spec.kernel !== 'none' && !arrays) {
    warn(`kernel is "${spec.kernel}" in the spec, but it is written with --arrays only.`);
  }
  const output = await OutputFolder.reserve(flags.out ?? join('results', folderName(spec.name)), {
    explicit: flags.out !== undefined,
    say: note,
  });
  emit({ event: 'folder', path: output.path, runs: 1 });
  const earlier = flags.resume ? earlierPart(output, spec, arrays, inputs) : undefined;
  if (earlier === 'complete') return;
  const { runs, stopped } = await compute({
    job: {
      kind: 'run',
      ...machineFacts(flags),
      run: { id: 'run', label: spec.name, spec, arrays, ...(earlier && { from: earlier }) },
    },
    flags,
    output,
    folderOf: () => '',
    keep: (result) => result,
    inputFile: (_run, field) =>
      field === 'state' && earlier ? join(output.path, stateFile(earlier.step)) : inputs.get(field),
  });
  const result = runs.at(0)?.kept;
  if (!result) {
    throw new CommandError(exitCode.stopped, 'Stopped before anything was recorded; nothing was written.');
  }
  const { status } = result;
  const state = status.kind === 'stopped' ? status.step : undefined;
  output.dropStates(state);
  const packed = flags.npz && output.packArrays();
  tell(`\n${summarizeRun(result)}\n`);
  const warning = accuracyWarning(result.accuracy);
  if (warning) emit({ event: 'warning', message: warning });
  if (result.claims.length > 0) tellClaims(claimsOfRun(result));
  tellFiles(output.path, [
    ['report.html', 'figures and numbers on one page'],
    ['result.json', 'spec, adapter, timings, records'],
    ['records.csv', 'one row a recorded step'],
    ['figures/', 'every figure as SVG and PNG'],
    ...arrayFiles(arrays, packed),
  ]);
  if (state !== undefined && existsSync(join(output.path, stateFile(state)))) {
    tell(
      `It goes on at step ${grouped(state)} with the same command, --out ${shown(output.path)} and --resume.\n`,
    );
  }
  if (stopped) process.exitCode = exitCode.stopped;
  if (result.status.kind === 'diverged') throw divergence(result);
}

/**
 * What a stopped run of this spec left in the folder; nothing where there is none, or it has to begin anew, which is said.
 * @throws CommandError where the folder holds another run
 */
function earlierPart(
  output: OutputFolder,
  spec: Spec,
  arrays: boolean,
  inputs: LoadedSpec['inputs'],
): Earlier | 'complete' | undefined {
  const saved = savedResult(output.path, spec, arrays, (field) => inputs.get(field));
  if (saved.kind === 'none') return undefined;
  if (saved.kind === 'result') {
    tell(`\n${summarizeRun(saved.result)}\n`);
    note(`This run is complete in ${shown(output.path)}.`);
    return 'complete';
  }
  if (saved.another) {
    throw new CommandError(
      exitCode.input,
      `${shown(output.path)} holds the run ${saved.why}, which cannot go on with this one. Give --out another folder, or leave --resume out to run anew in its place.`,
    );
  }
  const { result, state } = saved.stopped ?? {};
  const why =
    whyNotContinued(spec) ??
    (result?.status.kind !== 'stopped' || result.records.length === 0
      ? saved.why
      : whyStateUnusable(join(output.path, stateFile(result.status.step)), state));
  if (why !== null || result?.status.kind !== 'stopped') {
    note(`The run in ${shown(output.path)} begins anew: ${why}.`);
    return undefined;
  }
  const { records, timings } = result;
  const { step } = result.status;
  output.keepEarlier('');
  note(`Going on at step ${grouped(step)} of ${grouped(spec.training.steps)}.`);
  return { step, records, timings };
}

/** The claims of one run, as of a group of one point. */
const claimsOfRun = ({ spec, claims, provenance, adapter }: RunResult): ClaimsDocument =>
  summarizeClaims({
    title: `The claims, measured on ${spec.name}`,
    provenance,
    adapter,
    groups: [
      {
        slug: 'this run',
        title: spec.name,
        purpose: 'The experiment that was given.',
        variable: null,
        outside: false,
        points: [{ id: 'run', label: spec.name, values: { seed: spec.seed }, claims, failure: null }],
      },
    ],
  });

/** What to change where a run diverged. */
function divergence({ spec, status, preparation }: RunResult): CommandError {
  if (status.kind !== 'diverged') throw new Error('This run did not diverge.');
  const { eta, largestStableRate, deep } = preparation;
  const bounds = [
    ...(deep && deep.stableRate !== null
      ? [`the network is stable up to ${rateWords(deep.stableRate, spec)}`]
      : []),
    ...(largestStableRate === null
      ? []
      : [`the linear model is stable up to ${rateWords(largestStableRate, spec)}`]),
  ];
  const bound = bounds.length > 0 ? ` (${bounds.join(', ')})` : '';
  const stable = Math.min(largestStableRate ?? Infinity, deep?.stableRate ?? Infinity);
  const rate = suggestedRate(eta, stable) / greatestMultiple(spec);
  return new CommandError(
    exitCode.diverged,
    `The ${status.model} diverged at step ${status.step}: its training loss reached ${short(status.loss)} with ${rateWords(eta, spec)}${bound}. Records and report up to there are kept. Choose a smaller rate, for example --set training.eta=${plain(Number(rate.toPrecision(1)))}.`,
  );
}

const suggestedRate = (eta: number, stable: number): number => (stable < eta ? stable / 2 : eta / 4);

const arrayFiles = (asked: boolean, npz: boolean): [name: string, what: string][] => [
  ...(asked ? [['arrays/', 'data, parameters, outputs as NumPy arrays'] as [string, string]] : []),
  ...(npz ? [[npzName, 'the same in one file'] as [string, string]] : []),
];
