import { basename } from 'node:path';
import type { Command } from 'commander';
import { version } from '../../package.json';
import type { ClaimsDocument, ClaimsGroup } from '../experiment/claims-document.ts';
import type { ClaimsGroupPlan, ClaimsSize } from '../experiment/claims-group.ts';
import { claimsSuite } from '../experiment/claims-suite.ts';
import { summarizeClaims } from '../experiment/claims-summary.ts';
import type { RunResult } from '../experiment/result.ts';
import { CommandError, exitCode } from './command-error.ts';
import { tellClaims } from './claims-table.ts';
import { type Outcome, compute, machineFacts } from './compute.ts';
import { endOfPoints } from './end-of-points.ts';
import { jsonText } from '../experiment/json-text.ts';
import { type Sweep, type SweepPoint, UniqueNames, pointsAlike, sharedLabel } from '../experiment/sweep.ts';
import { OutputFolder, folderName } from './output-folder.ts';
import { planOf, writePlan } from './plan.ts';
import { type GroupPoints, claimsRuns } from './planned-points.ts';
import { findPoints } from './points.ts';
import type { PointsFlags } from './points-options.ts';
import { shownFile } from './json-file.ts';
import { installedFashionMnist } from './known-sets.ts';
import type { ClaimNumber } from '../theory/claim.ts';
import type { Setting } from './set-option.ts';
import { shareCommand } from './share-command.ts';
import { slurmCommand } from './slurm-command.ts';
import { expandSweep, readSweep } from './spec-source.ts';
import { emit, note, say, tell, tellFiles } from './voice.ts';

export interface ClaimsFlags extends PointsFlags {
  set: Setting[];
  size?: ClaimsSize;
  only?: ClaimNumber[];
  out?: string;
  arrays: boolean;
}

/** What the document needs of a run. */
type RunClaims = Pick<RunResult, 'status' | 'claims' | 'provenance' | 'adapter'>;

export const claimsOf = ({ status, claims, provenance, adapter }: RunResult): RunClaims => ({
  status,
  claims,
  provenance,
  adapter,
});

/** What is to be measured, and where it goes unless the user says otherwise. */
interface ClaimsPlan {
  title: string;
  groups: ClaimsGroupPlan[];
  /** Where the paths in its specs start. */
  folder: string;
  out: string;
}

/** `first-light claims [SPEC]` */
export async function claimsCommand(
  source: string | undefined,
  flags: ClaimsFlags,
  command: Command,
): Promise<void> {
  const { title, groups, folder: inputs, out } = planClaims(source, flags);
  const expanded = groups.map((group) => ({
    group,
    ...expandSweep({ input: group.sweep, folder: inputs }),
  }));
  // What is measured only where its files are does not make it another plan.
  const plan = planOf(
    { title, groups: groups.filter(({ optional }) => !optional) },
    groups.filter(({ optional }) => optional),
  );
  const output = await OutputFolder.reserve(flags.out ?? out, {
    explicit: flags.out !== undefined,
    plan,
    say: note,
  });
  const runs = claimsRuns(expanded, flags.arrays);
  const inputFile = (run: string, field: string) => {
    const [slug, point] = run.split('/');
    return expanded.find(({ group }) => group.slug === slug)?.inputFile(point, field);
  };
  const onStart = () => {
    output.removeEarlier(['claims.json', 'report.html']);
    writePlan(output, plan);
  };
  if (flags.slurm) {
    writePlan(output, plan);
    slurmCommand({ name: basename(out), points: runs.length, source, output }, flags, command);
    return;
  }
  emit({ event: 'folder', path: output.path, runs: runs.length });
  if (flags.points) {
    await shareCommand({ command: 'claims', share: flags.points, runs, flags, output, inputFile, onStart });
    return;
  }
  const { done, left } = findPoints(output.path, runs, claimsOf, inputFile, say);

  /** The document of all that was measured, on disk before and now. */
  const documentOf = ({ runs: ended, failures }: Outcome<RunClaims>): ClaimsDocument => {
    const results = new Map(done);
    for (const { id, kept } of ended) if (kept.status.kind !== 'stopped') results.set(id, kept);
    const reasons = new Map(failures.map(({ id, error }) => [id, error.message]));
    return claimsDocumentOf({ title, groups: expanded, results, reasons });
  };

  const outcome = await compute({
    job: { kind: 'claims', ...machineFacts(flags), runs: left },
    flags,
    output,
    folderOf: (run) => run,
    keep: claimsOf,
    inputFile,
    onStart,
    claims: documentOf,
  });
  const document = documentOf(outcome);
  output.write('claims.json', jsonText(document));

  showClaims(document, output);
  const points = document.groups.flatMap((group) => group.points);
  endOfPoints({
    failures: outcome.failures.map(({ label, error }) => ({ label, reason: error.message })),
    notRun: runs.length - points.length,
    points: runs.length,
    stopped: outcome.stopped,
  });
}

/** The claims of all points that were measured or failed, in groups along their variables. */
export function claimsDocumentOf({
  title,
  groups,
  results,
  reasons,
}: {
  title: string;
  groups: readonly GroupPoints[];
  /** Of the points that were measured, by their ids. */
  results: ReadonlyMap<string, RunClaims>;
  /** Why others failed. */
  reasons: ReadonlyMap<string, string>;
}): ClaimsDocument {
  const measured = groups.flatMap(({ group, sweep }): ClaimsGroup[] => {
    const { slug, title: name, purpose, outside } = group;
    // Of two formulas, a folder's name may be the same.
    const slugs = new UniqueNames();
    return alongVariable(sweep).map(({ suffix, points }) => ({
      slug: slugs.of(suffix === '' ? slug : `${slug}-${folderName(suffix)}`),
      title: suffix === '' ? name : `${name}, ${suffix}`,
      purpose,
      variable: sweep.variable?.name ?? null,
      outside,
      points: points.flatMap(({ id: point, label, values }) => {
        const id = `${slug}/${point}`;
        const failure = reasons.get(id) ?? null;
        const claims = results.get(id)?.claims ?? null;
        return claims === null && failure === null ? [] : [{ id, label, values, claims, failure }];
      }),
    }));
  });
  return summarizeClaims({ title, ...origin([...results.values()]), groups: measured });
}

/** Shows what was measured of every claim, and names the files. */
export function showClaims(document: ClaimsDocument, output: OutputFolder): void {
  tell();
  tellClaims(document);
  tellFiles(output.path, [
    ['report.html', 'every claim: what was measured beside what the paper says'],
    ['claims.json', 'the same in numbers'],
    ['figures/', 'every figure as SVG and PNG'],
    ['GROUP/POINT/', 'result.json and records.csv of each point'],
  ]);
}

/** A sweep's points in groups that differ in its variable and the seed alone: powers are of one variable at a time. */
function alongVariable({ axes, variable, points }: Sweep): { suffix: string; points: SweepPoint[] }[] {
  const others = axes.filter((axis) => axis !== 'seed' && axis !== variable?.axis);
  return pointsAlike(points, others).map((members) => ({
    suffix: sharedLabel(members, others),
    points: members,
  }));
}

/**
 * The suite of all claims, or one group of the user's own.
 * @throws CommandError
 */
function planClaims(source: string | undefined, { set, size, only }: ClaimsFlags): ClaimsPlan {
  if (source === undefined) {
    if (set.length > 0) {
      throw new CommandError(
        exitCode.usage,
        '--set changes a spec, and none is given: first-light claims SPEC --set FIELD=VALUE measures the claims on one.',
      );
    }
    const images = installedFashionMnist();
    const suite = claimsSuite(size ?? 'small', { only, images });
    if (!images && (only?.includes(17) ?? true)) {
      say(
        'Fashion-MNIST is not installed here, so claim 17 is not measured on real images; "first-light data" says where to get it.',
      );
    }
    return { ...suite, folder: process.cwd(), out: only ? `claims-${only.join('-')}` : 'claims' };
  }
  if (size !== undefined) {
    throw new CommandError(
      exitCode.usage,
      `--size ${size} is for the suite of all claims; the sizes of ${shownFile(source)} are its own. Change them with --set, for example --set data.n=500.`,
    );
  }
  if (only && set.some(({ path }) => path.join('.') === 'claims')) {
    throw new CommandError(
      exitCode.usage,
      `--only ${only.join(',')} and --set claims=… both say which claims to measure; give one of them.`,
    );
  }
  const { input, folder } = readSweep(source, set);
  const given = input as { claims?: unknown; name?: unknown } | null;
  if (given?.claims === 'none' && !only) {
    throw new CommandError(
      exitCode.usage,
      `claims is "none" in ${shownFile(source)}: there is nothing to measure. Leave it out to measure all that apply, or list their numbers, for example --set claims=[4,5].`,
    );
  }
  // What is no spec at all goes on as it is, for validation to name.
  const sweep =
    typeof input === 'object' && input !== null && !Array.isArray(input)
      ? { claims: 'all', ...input, ...(only && { claims: only }) }
      : (input as ClaimsGroupPlan['sweep']);
  const name = typeof given?.name === 'string' ? given.name : 'experiment';
  return {
    title: `The claims of the theory, measured on ${name}`,
    groups: [
      { slug: slugOf(name), title: name, purpose: 'The experiment that was given.', outside: false, sweep },
    ],
    folder,
    out: `claims-${folderName(name)}${only ? `-${only.join('-')}` : ''}`,
  };
}

/** Fit for the part of a path that the page writes to. */
const slugOf = (name: string): string => folderName(name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'));

/** Where the results come from: the first of them speaks for all, since points are computed in order. */
function origin(results: readonly RunClaims[]): Pick<ClaimsDocument, 'provenance' | 'adapter'> {
  const first = results.at(0);
  return {
    provenance: first?.provenance ?? {
      firstLight: version,
      environment: null,
      startedAt: new Date().toISOString(),
    },
    adapter: first?.adapter ?? null,
  };
}
