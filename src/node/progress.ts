import { SingleBar } from 'cli-progress';
import { duration, fitted, grouped, paint, printable } from './text.ts';
import { emit, manner, note } from './voice.ts';

/** The run under way, as it is shown. */
export interface Underway {
  id: string;
  label: string;
}

/** Shows how far a job is: a bar with the time left on a terminal, a line every 10 % otherwise; to programs, events. */
export interface Progress {
  /**
   * @param fraction of the whole job, 0 to 1.
   * @param doing What takes longer than a step does, in a few words.
   */
  update: (run: Underway, fraction: number, step: number, steps: number, doing?: string) => void;
  /** Writes a line without breaking the bar. */
  say: (line: string) => void;
  /** Takes the bar away and gives the terminal back as it was. */
  stop: () => void;
}

export function createProgress(stream: NodeJS.WriteStream = process.stdout): Progress {
  if (manner !== 'words') return new Events();
  return stream.isTTY ? new Bar(stream) : new Lines(stream);
}

/** One event a percent, and where something else begins; nothing at all where nobody is to be told. */
class Events implements Progress {
  #last = '';

  update({ id: run, label }: Underway, fraction: number, step: number, steps: number, doing?: string): void {
    // Products with a kernel are counted one by one.
    const now = `${run} ${Math.floor(100 * fraction)} ${doing?.split(',')[0] ?? ''}`;
    if (now === this.#last) return;
    this.#last = now;
    emit({ event: 'progress', run, label, fraction, step, steps, doing });
  }

  say(line: string): void {
    note(line);
  }

  stop(): void {}
}

class Bar implements Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #bar: SingleBar;
  readonly #left = new TimeLeft();
  #running = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#bar = new SingleBar({
      stream,
      format: `{label} ${paint('cyan', '{bar}', stream)} {percentage} %  {detail}  ${paint('dim', '{left}', stream)}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: Math.max(8, Math.min(30, (stream.columns || 80) - 66)),
      hideCursor: true,
      clearOnComplete: true,
      fps: 8,
      gracefulExit: false,
    });
  }

  update({ label }: Underway, fraction: number, step: number, steps: number, doing?: string): void {
    const remaining = this.#left.after(fraction);
    const left = remaining === undefined ? '' : `${duration(remaining)} left`;
    const payload = {
      label: fitted(printable(label), 18),
      detail: doing ?? `${grouped(step)}/${grouped(steps)}`,
      left,
    };
    if (!this.#running) this.#bar.start(100, 0, payload);
    this.#running = true;
    this.#bar.update(Math.floor(100 * fraction), payload);
  }

  say(line: string): void {
    if (this.#running) this.#stream.write('\r\u001b[K');
    this.#stream.write(`${line}\n`);
  }

  stop(): void {
    if (this.#running) this.#bar.stop();
    this.#running = false;
  }
}

/** What takes longer than this many milliseconds says in between what it is at. */
const longSilence = 10_000;

class Lines implements Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #start = performance.now();
  #label = '';
  #tenth = -1;
  #doing: string | undefined;
  #saidAt = -Infinity;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  update({ label }: Underway, fraction: number, step: number, steps: number, doing?: string): void {
    const tenth = Math.floor(10 * fraction);
    const now = performance.now();
    const silent = doing !== undefined && doing !== this.#doing && now - this.#saidAt > longSilence;
    if (tenth === this.#tenth && label === this.#label && !silent) return;
    this.#tenth = tenth;
    this.#label = label;
    this.#doing = doing;
    this.#saidAt = now;
    this.say(
      `${printable(label)}: ${doing === undefined ? '' : `${doing}, `}step ${grouped(step)} of ${grouped(steps)} (${Math.floor(100 * fraction)} %, ${duration(now - this.#start)})`,
    );
  }

  say(line: string): void {
    this.#stream.write(`${line}\n`);
  }

  stop(): void {}
}

/** Time left, from the pace since the first step. */
class TimeLeft {
  #start: { time: number; fraction: number } | undefined;

  /** In milliseconds; undefined before the pace is known. */
  after(fraction: number): number | undefined {
    const time = performance.now();
    this.#start ??= { time, fraction };
    const done = fraction - this.#start.fraction;
    const elapsed = time - this.#start.time;
    return done > 0.005 && elapsed > 500 ? (elapsed * (1 - fraction)) / done : undefined;
  }
}
