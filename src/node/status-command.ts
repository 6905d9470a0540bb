import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobRun } from '../experiment/job.ts';
import { runHolder } from './folder-lease.ts';
import { type Holder, holderText, leasePace } from './lease.ts';
import { shown } from './output-folder.ts';
import { type PointsCommand, plannedPoints } from './planned-points.ts';
import { savedFailure, savedResult } from './saved-result.ts';
import { duration, grouped, oneLine, printable } from './text.ts';
import { emit, tell } from './voice.ts';

/** How a point stands; `why` in a few words, where there is something to say. */
export interface PointState {
  id: string;
  state: 'done' | 'running' | 'failed' | 'left';
  why?: string;
}

/** `--status DIR`: how many points are done, running, failed and left, and with whom; ends well whatever it finds. */
export async function statusCommand(command: PointsCommand, folder: string): Promise<void> {
  const { path, runs } = plannedPoints(folder, command);
  const states = await pointStates(path, runs);
  tell(describeStatus(shown(path), states));
  for (const { id, state, why = null } of states) emit({ event: 'state', run: id, state, why });
}

/** How each point of a folder stands. Takes seconds where an owner on another machine may be dead. */
export async function pointStates(folder: string, runs: readonly JobRun[]): Promise<PointState[]> {
  const holders = new Map(runs.map(({ id }) => [id, runHolder(join(folder, id))]));
  const silent = [...holders].filter(([, holder]) => holder && isSilent(holder)).map(([id]) => id);
  if (silent.length > 0) {
    // By the clocks they are dead; but those may differ, and a heart that beats does so by now.
    await sleep(1.2 * leasePace.beat);
    for (const id of silent) {
      const again = runHolder(join(folder, id));
      if (again?.sign === 'alive') holders.set(id, again);
    }
  }
  return runs.map((run) => {
    const holder = holders.get(run.id);
    if (holder && !isSilent(holder)) return { id: run.id, state: 'running', why: holderText(holder.owner) };
    return stateWithout(folder, run, holder);
  });
}

/** Whether an owner of another machine has given no sign of life for as long as the dead do. */
const isSilent = ({ sign, beat }: Holder): boolean =>
  sign === 'unknown' && Math.abs(Date.now() - beat) > leasePace.quiet;

/** How a point stands that nobody runs. */
function stateWithout(folder: string, { id, spec, arrays }: JobRun, lost: Holder | undefined): PointState {
  const saved = savedResult(join(folder, id), spec, arrays);
  if (saved.kind === 'result') {
    const { status } = saved.result;
    return { id, state: 'done', ...(status.kind === 'diverged' && { why: 'diverged' }) };
  }
  const failure = savedFailure(join(folder, id), spec);
  if (failure) return { id, state: 'failed', why: oneLine(failure.message) };
  if (lost) {
    const quiet = duration(Math.abs(Date.now() - lost.beat));
    return {
      id,
      state: 'left',
      why: `${holderText(lost.owner)} gives no sign of life, for ${quiet} by its clock`,
    };
  }
  return { id, state: 'left', ...(saved.kind === 'unusable' && { why: saved.why }) };
}

/** Points of one kind that are named one by one. */
const mostNamed = 20;

/** One line for each state, its name and its number, for programs too; then what there is to say of single points. */
export function describeStatus(name: string, states: readonly PointState[]): string {
  const order = ['done', 'running', 'failed', 'left'] as const;
  const groups = order.map((state) => ({ state, points: states.filter((point) => point.state === state) }));
  const details = groups.flatMap(({ state, points }) => {
    const told = points.filter(({ why }) => why !== undefined);
    const rest = told.length - mostNamed;
    return [
      ...told.slice(0, mostNamed).map(({ id, why }) => printable(`${id}: ${state} (${why!})`)),
      ...(rest > 0 ? [`and ${grouped(rest)} more ${state}`] : []),
    ];
  });
  return [
    `${printable(name)}: ${grouped(states.length)} points`,
    ...groups.map(({ state, points }) => `${state.padEnd(8)}${points.length}`),
    ...(details.length > 0 ? ['', ...details] : []),
  ].join('\n');
}
