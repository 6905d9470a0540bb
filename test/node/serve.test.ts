import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type JobMessage, fromWire, toWire } from '../../src/experiment/job.ts';
import { type Mailbox, serve } from '../../src/node/serve.ts';
import { temporaryFolder } from './temporary.ts';

async function open(changes: Partial<Mailbox> = {}) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'index.html'), '<title>app</title>');
  writeFileSync(join(folder, 'X.npy'), 'array');
  const received: JobMessage[] = [];
  const failures: unknown[] = [];
  const mailbox: Mailbox = {
    job: { kind: 'diagnosis' },
    inputFile: (run, field) => (run === 'r' && field === 'x' ? join(folder, 'X.npy') : undefined),
    receive: (messages) => received.push(...messages),
    receiveFile: () => Promise.reject(new Error('disk full')),
    stopping: () => false,
    failed: (error) => failures.push(error),
    ...changes,
  };
  const served = await serve(folder, mailbox);
  onTestFinished(() => served.close());
  const { origin, searchParams } = new URL(served.url);
  return { origin, box: `${origin}/${searchParams.get('mailbox')!}`, received, failures };
}

test('serves the app to anybody here, the mailbox to who knows its path', async () => {
  const { origin, box } = await open();
  const page = await fetch(origin);
  expect(await page.text()).toContain('app');
  expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(fromWire(await (await fetch(`${box}/job`)).text())).toEqual({ kind: 'diagnosis' });
  const wrong = `${box.slice(0, -1)}${box.endsWith('A') ? 'B' : 'A'}`;
  expect((await fetch(`${wrong}/job`)).status).toBe(404);
  expect((await fetch(`${origin}/job`)).status).toBe(404);
});

test('a request by another host name is refused', async () => {
  const { box } = await open();
  const { port, pathname } = new URL(`${box}/job`);
  const status = await new Promise((resolve, reject) => {
    request(
      { host: '127.0.0.1', port, path: pathname, headers: { host: `evil.example:${port}` } },
      (response) => resolve(response.statusCode),
    )
      .on('error', reject)
      .end();
  });
  expect(status).toBe(403);
});

test('offers the files that the spec names and no others', async () => {
  const read: string[][] = [];
  const { box } = await open({ inputRead: (...of) => read.push(of) });
  const answer = await fetch(`${box}/input/r/x`);
  expect(answer.headers.get('content-length')).toBe('5');
  expect(await answer.text()).toBe('array');
  expect(read).toEqual([['r', 'x', createHash('sha256').update('array').digest('hex')]]);
  for (const path of ['input/r/y', 'input/q/x', 'input/r/..%2F..%2FX.npy', 'X.npy']) {
    expect((await fetch(`${box}/${path}`)).status).toBe(404);
  }
});

test('a connection is kept for one who is busy for longer than servers usually wait', async () => {
  const { box } = await open();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const socketOf = () =>
    new Promise<unknown>((resolve, reject) => {
      const asked = request(`${box}/job`, { agent }, (response) => {
        const { socket } = response;
        response.resume().once('end', () => resolve(socket));
      });
      asked.once('error', reject).end();
    });
  const first = await socketOf();
  await sleep(6500);
  expect(await socketOf()).toBe(first);
});

test('messages arrive in order, numbers that are not finite too; the answer says whether to stop', async () => {
  let stopping = false;
  const { box, received } = await open({ stopping: () => stopping });
  const post = async (...messages: unknown[]) =>
    (await fetch(`${box}/messages`, { method: 'POST', body: toWire(messages) })).json() as Promise<unknown>;
  expect(await post({ kind: 'busy', with: 'a' }, { kind: 'busy', with: NaN })).toEqual({ abort: false });
  stopping = true;
  expect(await post({ kind: 'done' })).toEqual({ abort: true });
  expect(received).toEqual([{ kind: 'busy', with: 'a' }, { kind: 'busy', with: NaN }, { kind: 'done' }]);
});

test('files arrive in pieces; a failure to write is told to both sides', async () => {
  const pieces: unknown[] = [];
  const { box } = await open({
    receiveFile: async (path, { offset, last, bytes }) => {
      pieces.push([path, offset, last, await text(bytes)]);
    },
  });
  await fetch(`${box}/file/figures/loss.svg?offset=0&last=0`, { method: 'POST', body: 'ab' });
  await fetch(`${box}/file/figures/loss.svg?offset=2&last=1`, { method: 'POST', body: '' });
  expect(pieces).toEqual([
    ['figures/loss.svg', 0, false, 'ab'],
    ['figures/loss.svg', 2, true, ''],
  ]);

  const broken = await open();
  expect((await fetch(`${broken.box}/file/a?offset=0&last=1`, { method: 'POST', body: 'x' })).status).toBe(
    500,
  );
  expect(broken.failures).toEqual([new Error('disk full')]);
});

test('offers what was measured of the claims, where the job is of claims', async () => {
  const document = { format: 'first-light/claims', title: 'measured', claims: [NaN] };
  const { box } = await open({ claims: () => document as never });
  expect(fromWire(await (await fetch(`${box}/claims`)).text())).toEqual(document);
  const without = await open();
  expect((await fetch(`${without.box}/claims`)).status).toBe(404);
});

test('who waits for a point hears something while others are at work on what is left', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    let give: (point: undefined) => void = () => undefined;
    const { box } = await open({ next: () => new Promise((resolve) => (give = resolve)) });
    const response = await fetch(`${box}/next`);
    vi.advanceTimersByTime(95_000);
    give(undefined);
    expect(await response.text()).toBe('   null');
  } finally {
    vi.useRealTimers();
  }
});

/** The status that a request for exactly this target is answered with, as no fetch would send it. */
const statusOf = (origin: string, target: string, method = 'GET', body = ''): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { host, hostname, port } = new URL(origin);
    request({ hostname, port, path: target, method, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end(body);
  });

test.each([
  '//',
  '///',
  '/\\',
  '/\\/',
  '//[',
  '//a:b@c',
  '//example.com/',
  'http://[/',
  '*',
  '/%',
  '/%zz',
  '/%ff',
])('a request for %s is refused, and ends nothing', async (target) => {
  const { origin, box, failures } = await open();
  const { pathname } = new URL(box);
  expect(await statusOf(origin, target)).toBe(400);
  expect(await statusOf(origin, `/${target}`)).toBeGreaterThanOrEqual(400);
  // Nor does it below the secret path.
  for (const method of ['GET', 'POST', 'OPTIONS', 'PUT'])
    expect(await statusOf(origin, `${pathname}${target}`, method)).toBeGreaterThanOrEqual(400);
  expect(failures).toEqual([]);
  expect((await fetch(`${box}/job`)).status).toBe(200);
});

test('a page that hangs up half-way is no fault of what it sent', async () => {
  let begun: () => void = () => undefined;
  const taking = new Promise<void>((resolve) => (begun = resolve));
  let ended: (error: unknown) => void = () => undefined;
  const broken = new Promise((resolve) => (ended = resolve));
  const { box, failures } = await open({
    receiveFile: async (_path, { bytes }) => {
      begun();
      await text(bytes).catch((error: unknown) => {
        ended(error);
        throw error;
      });
    },
  });
  const { hostname, port, pathname } = new URL(`${box}/file/a`);
  const upload = request({ hostname, port, path: `${pathname}?offset=0&last=1`, method: 'POST' });
  upload.on('error', () => undefined);
  upload.write('half');
  await taking;
  upload.destroy();
  expect(await broken).toBeInstanceOf(Error);
  expect((await fetch(`${box}/job`)).status).toBe(200);
  expect(failures).toEqual([]);
});
