/** What an adapter can do at best: multiply-adds count two, of copies both the bytes read and those written. */
export interface Ceilings {
  peakGflops: number;
  copyGigabytes: number;
}

/** What a program has to do in a unit of a case, and how long it took. */
export interface ProgramWork {
  program: string;
  /** In a unit; not a whole number where a run of several units has one for all of them. */
  dispatches: number;
  /** By formula; see program-costs.ts. */
  operations: number;
  /** To be moved: what it reads, once, and what it writes, once. */
  bytes: number;
  /** ms a unit, as measured. */
  time: number;
}

export interface ProgramRow extends ProgramWork {
  /** Operations a byte. */
  intensity: number;
  /** Which ceiling is the lower one at this intensity; of several programs together there is none. */
  bound?: 'compute' | 'memory';
  /** ms a unit that this ceiling allows. */
  least: number;
  /** Of the measured time. Past 1 where caches, which copies do not fit, hold what is moved. */
  fraction: number;
}

/** How near programs come to what bounds them (Williams, Waterman, Patterson 2009). */
export interface Roofline extends Ceilings {
  rows: ProgramRow[];
}

/** Bounds a program's time from below by its operations at the peak and by its bytes at the bandwidth of copies. */
export function rooflineRow(work: ProgramWork, { peakGflops, copyGigabytes }: Ceilings): ProgramRow {
  const { operations, bytes, time } = work;
  const computing = operations / 1e6 / peakGflops;
  const moving = bytes / 1e6 / copyGigabytes;
  const least = Math.max(computing, moving);
  const bound = computing >= moving ? 'compute' : 'memory';
  return { ...work, intensity: operations / bytes, bound, least, fraction: least / time };
}

/** All programs of a unit, one after the other: each bounded by itself. */
export function together(rows: readonly ProgramRow[]): ProgramRow {
  const sum = (of: (row: ProgramRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const [operations, bytes] = [sum((row) => row.operations), sum((row) => row.bytes)];
  const [least, time] = [sum((row) => row.least), sum((row) => row.time)];
  return {
    program: 'together',
    dispatches: sum((row) => row.dispatches),
    operations,
    bytes,
    time,
    intensity: operations / bytes,
    least,
    fraction: least / time,
  };
}
