import type { ClaimsDocument } from '../../src/experiment/claims-document.ts';
import { type Job, type JobMessage, type JobRun, fromWire, toWire } from '../../src/experiment/job.ts';

/** Messages leave this often, and an empty letter goes where there are none: its answer says whether to stop. */
const postMilliseconds = 250;
/** Files travel in pieces of about this size. */
const pieceBytes = 16 * 2 ** 20;

/** The end of the command line's mailbox where the job is done: in a page, or in a process without one. */
export class Mailbox {
  readonly #base: string;
  readonly #stop = new AbortController();
  #queue: JobMessage[] = [];
  #posting: Promise<void> = Promise.resolve();
  #waiting = 0;
  readonly #timer: ReturnType<typeof setInterval>;

  /** `address`: where the command line had the app opened. */
  constructor(address: string) {
    const token = new URL(address).searchParams.get('mailbox') ?? '';
    this.#base = new URL(`/${encodeURIComponent(token)}/`, address).href;
    this.#timer = setInterval(() => {
      if (this.#waiting === 0) void this.#post().catch(() => this.#hangUp());
    }, postMilliseconds);
  }

  /** Aborted when the user asked to stop, or when nobody listens any more. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** What is to be done. */
  async job(): Promise<Job> {
    return fromWire(await (await this.#fetch('job')).text()) as Job;
  }

  /** The array that this field of the run's data names, as it lies on disk. */
  async input(run: string, field: string): Promise<Response> {
    return this.#fetch(`input/${encodeURIComponent(run)}/${encodeURIComponent(field)}`);
  }

  /** The next point to run, once what was sent before has arrived; null where there is none for us. */
  async next(): Promise<JobRun | null> {
    await this.#post();
    return fromWire(await (await this.#fetch('next')).text()) as JobRun | null;
  }

  /** What a job of claims has measured, for its report; counts what was sent before. */
  async claims(): Promise<ClaimsDocument> {
    await this.#post();
    return fromWire(await (await this.#fetch('claims')).text()) as ClaimsDocument;
  }

  /** Queues a message; of several reports of progress only the latest travels. */
  send(message: JobMessage): void {
    const last = this.#queue.at(-1);
    if (isProgress(message) && last && isProgress(last)) this.#queue.pop();
    this.#queue.push(message);
  }

  /** Delivers what is queued. */
  async deliver(): Promise<void> {
    await this.#post();
  }

  /** Sends a file, after the messages before it; `chunks` may be far larger than memory. */
  async sendFile(path: string, chunks: Iterable<BlobPart> | AsyncIterable<BlobPart>): Promise<void> {
    await this.#post();
    let offset = 0;
    let piece = new Blob();
    for await (const chunk of chunks) {
      piece = new Blob([piece, chunk]);
      if (piece.size < pieceBytes) continue;
      await this.#fetch(`file/${path}?offset=${offset}&last=0`, piece);
      offset += piece.size;
      piece = new Blob();
    }
    await this.#fetch(`file/${path}?offset=${offset}&last=1`, piece);
  }

  /** Delivers what is queued and sends no more. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#post();
  }

  /** One letter at a time, so that they arrive in order. */
  #post(): Promise<void> {
    this.#waiting++;
    this.#posting = this.#posting
      .then(async () => {
        const letter = this.#queue;
        this.#queue = [];
        await this.#fetch('messages', toWire(letter));
      })
      .finally(() => this.#waiting--);
    return this.#posting;
  }

  async #fetch(path: string, body?: string | Blob): Promise<Response> {
    const response = await fetch(this.#base + path, body === undefined ? {} : { method: 'POST', body });
    if (!response.ok) throw new Error(`The command line refused ${path} (${response.status}).`);
    if (body !== undefined) {
      const { abort } = (await response.json()) as { abort: boolean };
      if (abort) this.#stop.abort();
    }
    return response;
  }

  #hangUp(): void {
    clearInterval(this.#timer);
    this.#stop.abort();
  }
}

const isProgress = (message: JobMessage): boolean =>
  (message.kind === 'event' && message.event.kind === 'progress') ||
  (message.kind === 'verifying' && message.event.kind === 'checking');
