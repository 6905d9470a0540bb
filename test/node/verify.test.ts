import { cpSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  type Verification,
  type VerifiedProgram,
  VerificationLog,
  verificationText,
} from '../../src/experiment/verification.ts';
import { driversFor } from '../../src/node/own-runtime.ts';
import { codeOf } from '../../src/node/verify-command.ts';
import { firstLight } from './first-light.ts';
import { temporaryFolder } from './temporary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Chrome's own software driver, so that browser and Node compute on the same. */
const swiftShader = async () =>
  (await driversFor('software')).find(({ what }) => what.startsWith('SwiftShader'))!.env;

const small = ['verify', '--only', 'row-norms', '--adapter', 'software'];

test('verifies in Chromium and in Node: the same table, as text and as JSON', async () => {
  const folder = temporaryFolder();
  const env = await swiftShader();
  const inBrowser = await firstLight(folder, [...small, '--runtime', 'browser']);
  const inNode = await firstLight(folder, [...small, '--runtime', 'node', '--out', 'node.json'], env);
  expect([inBrowser.code, inNode.code]).toEqual([0, 0]);
  expect(inNode.stdout).toBe('');
  const verification = JSON.parse(readFileSync(join(folder, 'node.json'), 'utf8')) as Verification;
  const [{ program, checks, held, share }] = verification.programs;
  expect([program, held, verification.held]).toEqual(['programs/row-norms', checks, true]);
  expect(checks).toBeGreaterThan(1);
  expect(share!.used).toBeGreaterThan(0.01);
  expect(share!.used).toBeLessThan(1);
  expect(verification.agent).toContain('Node/');
  const table = (text: string) => text.slice(0, text.indexOf('Adapter:'));
  expect(table(inBrowser.stdout)).toBe(table(verificationText(verification)));
  expect(inBrowser.stdout).toMatch(/All \d checks held\.\nAdapter: .*swiftshader.*\(software\)$/m);
  expect(inBrowser.stdout).toMatch(/^Computed in: .*Chrome\/\d+/m);
});

test('a program that computes something else fails its bound, in words, and ends with 5', async () => {
  const folder = temporaryFolder();
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const name of ['package.json', 'node_modules']) symlinkSync(join(root, name), join(folder, name));
  const right = 'row_square(i, params.inputs4) * params.inverse_d;';
  const built = join(folder, 'dist/process/assets');
  const changed = readdirSync(built).filter((name) => {
    const code = readFileSync(join(built, name), 'utf8');
    writeFileSync(join(built, name), code.replaceAll(right, right.replace(';', ' * 1.00001;')));
    return code.includes(right);
  });
  expect(changed).not.toEqual([]);
  const { code: ended, stdout } = await new Promise<{ code: unknown; stdout: string }>((resolve) => {
    const args = [join(folder, 'dist/node/main.js'), ...small, '--runtime', 'node'];
    execFile(process.execPath, args, { cwd: folder }, (error, text) =>
      resolve({ code: error?.code ?? 0, stdout: text }),
    );
  });
  expect(ended).toBe(5);
  expect(stdout).toMatch(
    /^FAILED programs\/row-norms, .*\n {2}a, entry \d+ of \d+: .* differs from .*bound is/m,
  );
  expect(stdout).toMatch(/^\d of \d checks did not hold\.$/m);
});

/** Where Mesa's lavapipe describes itself: test/eight-lanes/lavapipe fetches one. */
const lavapipe = process.env['FIRST_LIGHT_LAVAPIPE'];

test.skipIf(lavapipe === undefined)(
  'products hold their bounds where subgroups have eight lanes (left out without FIRST_LIGHT_LAVAPIPE)',
  async () => {
    const folder = temporaryFolder();
    const args = ['verify', '--only', 'matrix-product', '--runtime', 'node', '--out', 'lavapipe.json'];
    const env = {
      VK_DRIVER_FILES: lavapipe!,
      // Eight lanes of 32 bits, whatever the processor has.
      LP_NATIVE_VECTOR_WIDTH: '256',
      // Without LLVM's optimizations, which take longer than the products.
      GALLIVM_PERF: 'nopt',
    };
    const { code } = await firstLight(folder, args, env);
    const { programs, adapter } = JSON.parse(
      readFileSync(join(folder, 'lavapipe.json'), 'utf8'),
    ) as Verification;
    expect(adapter.device).toMatch(/llvmpipe.*256-bits/);
    expect(programs).toMatchObject([{ program: 'programs/matrix-product', failure: null }]);
    expect(code).toBe(0);
  },
);

test('a name that no program has is refused, with those that there are', async () => {
  const { code, stdout, stderr } = await firstLight(temporaryFolder(), [
    ...small.slice(0, 2),
    'fourier',
    '--runtime',
    'node',
  ]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/--only fourier: no program has this in\s+its\s+name\..*programs\/ntk/s);
});

const adapter = {
  vendor: 'apple',
  architecture: 'metal-3',
  device: '',
  description: '',
  software: false,
  features: ['shader-f16'],
  limits: {},
};
const place = {
  firstLight: '0.1.0',
  agent: 'Safari/26.0',
  adapter,
  startedAt: '2026-01-02T03:04:05.678Z',
  only: '',
  complete: true,
};
const good: VerifiedProgram = {
  program: 'programs/ntk',
  checks: 26,
  held: 26,
  share: { label: 'kernel', used: 0.1234 },
  failure: null,
  milliseconds: 61_000,
};
const exact = { ...good, program: 'shaders/gallery', share: null };
const bad = { ...good, held: 25, failure: { check: 'Θ₁, direct-4x4', message: 'kernel, entry 3\nand more' } };

function verificationOf(programs: readonly VerifiedProgram[], missing: readonly string[] = []): Verification {
  const log = new VerificationLog();
  expect(log.document).toBeUndefined();
  const names = [...programs.map(({ program }) => program), ...missing];
  log.add({ kind: 'opened', place, programs: names, known: names });
  for (const result of programs) log.add({ kind: 'verified', result });
  return log.document!;
}

test('the table says what held, what did not, what was not reached, and where', () => {
  expect(verificationText(verificationOf([good, exact])))
    .toBe(`program          checks    held used, %  of the bound of
programs/ntk         26      26    12.3  kernel
shaders/gallery      26      26       –
all                  52      52

All 52 checks held.
Adapter:     apple, metal-3
Features:    shader-f16
Computed in: Safari/26.0
First Light: 0.1.0
Date:        2026-01-02T03:04:05.678Z, in 2.0 min`);
  expect(verificationText(verificationOf([bad]))).toContain(
    '\nFAILED programs/ntk, Θ₁, direct-4x4\n  kernel, entry 3\n  and more\n\n1 of 26 checks did not hold.\n',
  );
  expect(verificationText(verificationOf([good], ['programs/pool']))).toMatch(
    /Stopped: the 26 checks until then held\.[^]*\nNot reached: programs\/pool$/,
  );
});

test('only a verification that went to its end and held ends with 0', () => {
  expect(codeOf(verificationOf([good, exact]))).toBe(0);
  expect(codeOf(verificationOf([bad, exact]))).toBe(5);
  expect(codeOf(verificationOf([good], ['programs/pool']))).toBe(130);
  expect(codeOf(verificationOf([bad], ['programs/pool']))).toBe(5);
});
