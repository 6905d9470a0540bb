import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import sirv from 'sirv';
import type { ClaimsDocument } from '../experiment/claims-document.ts';
import { type Job, type JobMessage, type JobRun, fromWire, toWire } from '../experiment/job.ts';

/** What the page finds at the secret path: its job, the job's input files, and where its answers go. */
export interface Mailbox {
  job: Job;
  /** The file that a run's spec names in this field of its data; undefined where it names none. */
  inputFile: (run: string, field: string) => string | undefined;
  /** Told the SHA-256 of what the page was given of such a file, once that is all of it. */
  inputRead?: ((run: string, field: string, sha256: string) => void) | undefined;
  /** The next point of a job of points; undefined where there is none. */
  next?: (() => Promise<JobRun | undefined>) | undefined;
  /** What a job of claims has measured so far, for its report. */
  claims?: (() => ClaimsDocument) | undefined;
  /** Called with the messages in the order they were posted. */
  receive: (messages: JobMessage[]) => void;
  /** Takes a piece of a file, from byte `offset` on; pieces come in order. */
  receiveFile: (path: string, piece: FilePiece) => Promise<void>;
  /** Whether the page shall stop; the answer to everything it posts. */
  stopping: () => boolean;
  /** Told what went wrong while taking what the page posted. */
  failed: (error: unknown) => void;
}

/** JSON may begin with spaces: one goes out this often while an answer is waited for. */
const stillHereMilliseconds = 30_000;

export interface FilePiece {
  offset: number;
  last: boolean;
  bytes: AsyncIterable<Uint8Array>;
}

export interface Served {
  /** Where the page is to be opened. */
  url: string;
  close: () => Promise<void>;
}

/**
 * Serves the app on 127.0.0.1, on a port of the system's choice, and the mailbox under a path that only the page
 * opened at `url` knows. Requests that name another host are refused, so no web page can reach in by DNS.
 */
export async function serve(appFolder: string, mailbox: Mailbox): Promise<Served> {
  const token = randomBytes(24).toString('base64url');
  const app = sirv(appFolder, {
    setHeaders: (response) => {
      response.setHeader('cache-control', 'no-store');
      // Isolated pages have finer clocks.
      response.setHeader('cross-origin-opener-policy', 'same-origin');
      response.setHeader('cross-origin-embedder-policy', 'require-corp');
    },
  });
  let host = '';
  const server = createServer((request, response) => {
    if (request.headers.host !== host) {
      end(response, 403, 'wrong host');
      return;
    }
    const target = parseTarget(request.url ?? '', host);
    if (!target) {
      end(response, 400, 'no path of this server');
      return;
    }
    const [first, ...rest] = target.path;
    if (!same(first, token)) {
      app(request, response, () => end(response, 404, 'nothing here'));
      return;
    }
    handle(mailbox, request, response, rest, target.query).catch((error: unknown) => {
      // Who hung up ends nothing: where it was the page, that is noticed by other means.
      if (!hungUp(request, error)) mailbox.failed(error);
      if (!response.headersSent) end(response, 500, 'failed');
      else response.destroy();
    });
  });
  // A process that computes may not look at its connections for longer than they would be kept, and would then write to one
  // that is closed.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/?mailbox=${token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Target {
  /** The names between the slashes of its path, decoded. */
  path: string[];
  query: URLSearchParams;
}

/** undefined where a request asks for no path here: `//`, `/\`, `*`, another scheme, a percent sign that encodes nothing. */
function parseTarget(url: string, host: string): Target | undefined {
  if (!/^\/(?![/\\])/.test(url)) return undefined;
  try {
    const { pathname, searchParams } = new URL(url, `http://${host}`);
    return { path: pathname.split('/').slice(1).map(decodeURIComponent), query: searchParams };
  } catch {
    return undefined;
  }
}

/** Whether an error comes of the other side closing its connection. */
const hungUp = (request: IncomingMessage, error: unknown): boolean =>
  request.errored !== null || (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';

async function handle(
  mailbox: Mailbox,
  request: IncomingMessage,
  response: ServerResponse,
  path: string[],
  query: URLSearchParams,
): Promise<void> {
  const [what, ...names] = path;
  const answer = () => end(response, 200, JSON.stringify({ abort: mailbox.stopping() }), 'application/json');
  switch (`${request.method ?? ''} ${what}`) {
    case 'GET job':
      end(response, 200, toWire(mailbox.job), 'application/json');
      break;
    case 'GET input': {
      const [run = '', field = ''] = names;
      const file = mailbox.inputFile(run, field);
      if (file === undefined) {
        end(response, 404, 'not an input of this job');
        break;
      }
      response.writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-length': (await stat(file)).size,
        'cache-control': 'no-store',
      });
      await pipeline(
        createReadStream(file),
        hashing((sha256) => mailbox.inputRead?.(run, field, sha256)),
        response,
      );
      break;
    }
    case 'GET next': {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.flushHeaders();
      // Other commands may be at work on what is left for hours, and who asks gives up where nothing comes for minutes.
      const waiting = setInterval(() => response.write(' '), stillHereMilliseconds);
      const point = await (mailbox.next?.() ?? Promise.resolve(undefined)).finally(() =>
        clearInterval(waiting),
      );
      response.end(toWire(point ?? null));
      break;
    }
    case 'GET claims':
      if (mailbox.claims) end(response, 200, toWire(mailbox.claims()), 'application/json');
      else end(response, 404, 'this job measures no claims');
      break;
    case 'POST messages':
      mailbox.receive(fromWire(await text(request)) as JobMessage[]);
      answer();
      break;
    case 'POST file':
      await mailbox.receiveFile(names.join('/'), {
        offset: Number(query.get('offset')),
        last: query.get('last') === '1',
        bytes: request,
      });
      answer();
      break;
    default:
      end(response, 404, 'nothing here');
  }
}

/** Passes on what it is given, and tells the SHA-256 of all of it before the last piece goes out. */
const hashing = (tell: (sha256: string) => void) =>
  async function* (pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    let held: Uint8Array | undefined;
    for await (const piece of pieces) {
      hash.update(piece);
      if (held) yield held;
      held = piece;
    }
    tell(hash.digest('hex'));
    if (held) yield held;
  };

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function end(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
