import type { AdapterDescription } from '../gpu/device.ts';

/** Which checks to make. */
export interface VerificationChoice {
  /** Only programs with this in their names; all where it is empty. */
  only: string;
  /** Also what a software adapter leaves out for the time that it takes. */
  all: boolean;
}

/** What of one program's checks held. */
export interface VerifiedProgram {
  /** Its test file, as "programs/ntk". */
  program: string;
  checks: number;
  held: number;
  /** The largest share of a bound that any number used, 0 to 1, and the bound's label; null where nothing has a bound. */
  share: { label: string; used: number } | null;
  /** The first check that did not hold. */
  failure: { check: string; message: string } | null;
  milliseconds: number;
}

/** Where and of what a verification is. */
export interface VerificationPlace {
  /** Version of First Light. */
  firstLight: string;
  /** The browser or runtime with its version. */
  agent: string;
  adapter: AdapterDescription;
  /** ISO 8601. */
  startedAt: string;
  only: string;
  /** Whether nothing was left out for the time that it takes: whole runs, and every tile of every product. */
  complete: boolean;
}

/** What a verification says while it goes. */
export type VerificationEvent =
  | { kind: 'opened'; place: VerificationPlace; /** In their order. */ programs: string[]; known: string[] }
  | { kind: 'checking'; program: string; index: number; done: number; checks: number }
  | { kind: 'verified'; result: VerifiedProgram };

/** A verification as it is kept. */
export interface Verification extends VerificationPlace {
  /** Whether every check was made and held. */
  held: boolean;
  /** Programs that were to be verified and were not, since somebody stopped it. */
  missing: string[];
  programs: VerifiedProgram[];
}

/** Puts together what a verification has said. */
export class VerificationLog {
  #opened: Extract<VerificationEvent, { kind: 'opened' }> | undefined;
  readonly #results: VerifiedProgram[] = [];

  add(event: VerificationEvent): void {
    if (event.kind === 'opened') this.#opened = event;
    if (event.kind === 'verified') this.#results.push(event.result);
  }

  /** As far as it went; undefined before it has begun. */
  get document(): Verification | undefined {
    if (!this.#opened) return undefined;
    const { place, programs } = this.#opened;
    const done = new Set(this.#results.map(({ program }) => program));
    const missing = programs.filter((program) => !done.has(program));
    const held = missing.length === 0 && this.#results.every(({ held, checks }) => held === checks);
    return { ...place, held, missing, programs: this.#results };
  }
}

/** A share of a bound in percent, to a tenth. */
export const percentOf = (share: number): string =>
  share > 0 && share < 0.001 ? '< 0.1' : (100 * share).toFixed(1);
const times = (count: number): string => count.toLocaleString('en-US');
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The table of a verification, and where it was made, as text to paste: a line a program, failures beneath. */
export function verificationText(verification: Verification): string {
  const { programs, missing, adapter, agent, firstLight, startedAt, complete } = verification;
  const width = programs.reduce((most, { program }) => Math.max(most, program.length), 'program'.length);
  const row = (name: string, checks: string, held: string, share: string, label: string): string =>
    `${name.padEnd(width)}${checks.padStart(8)}${held.padStart(8)}${share.padStart(8)}  ${label}`.trimEnd();
  const failures = programs.flatMap(({ program, failure }) =>
    failure ? [`FAILED ${program}, ${failure.check}`, indented(failure.message)] : [],
  );
  const checks = sumOf(programs.map((program) => program.checks));
  const held = sumOf(programs.map((program) => program.held));
  const seconds = sumOf(programs.map(({ milliseconds }) => milliseconds)) / 1000;
  const names = [adapter.vendor, adapter.architecture, adapter.device, adapter.description];
  const facts = [
    ['Adapter', `${names.filter(Boolean).join(', ') || 'not named'}${adapter.software ? ' (software)' : ''}`],
    ['Features', adapter.features.join(', ') || 'none'],
    ['Computed in', agent],
    ['First Light', firstLight],
    [
      'Date',
      `${startedAt}, in ${seconds < 100 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`}`,
    ],
    ...(complete
      ? []
      : [
          [
            'Left out',
            'whole runs, and tiles that this adapter does not choose but for one of each kind (--all)',
          ],
        ]),
    ...(missing.length > 0 ? [['Not reached', missing.join(', ')]] : []),
  ];
  return [
    row('program', 'checks', 'held', 'used, %', 'of the bound of'),
    ...programs.map(({ program, share, ...counts }) =>
      row(
        program,
        times(counts.checks),
        times(counts.held),
        share ? percentOf(share.used) : '–',
        share ? share.label : '',
      ),
    ),
    row('all', times(checks), times(held), '', ''),
    '',
    ...failures,
    ...(failures.length > 0 ? [''] : []),
    held < checks
      ? `${times(checks - held)} of ${times(checks)} checks did not hold.`
      : missing.length > 0
        ? `Stopped: the ${times(checks)} checks until then held.`
        : `All ${times(checks)} checks held.`,
    ...facts.map(([name, value]) => `${`${name}:`.padEnd(13)}${value}`),
  ].join('\n');
}

/** The first lines of a message, as a part of a longer text. */
function indented(message: string): string {
  const lines = message.split('\n');
  const shown = lines.slice(0, 6).map((line) => `  ${line}`);
  return [...shown, ...(lines.length > 6 ? ['  …'] : [])].join('\n');
}
