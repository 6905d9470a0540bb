import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { firstLight, place, start } from './first-light.ts';
import { temporaryFolder } from './temporary.ts';

/** More than CI has time for: FIRST_LIGHT_KILLS=20. */
const kills = Number(process.env['FIRST_LIGHT_KILLS'] ?? 3);

const sweep = {
  name: 'six',
  data: { distribution: 'gaussian', d: [4, 6], n: 'ceil(4*d^1.25)', nTest: 0 },
  network: { width: '2*d' },
  training: { eta: 'd/10', steps: 200 },
  seed: [0, 1, 2],
};

test(
  `a sweep that is killed ${kills} times at random moments ends as one that is not, byte for byte`,
  async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'sweep.json'), JSON.stringify(sweep));
    const command = (out: string) => ['sweep', 'sweep.json', ...place, '--arrays', '--out', out];
    const begun = performance.now();
    expect((await firstLight(folder, command('whole'))).code).toBe(0);
    const takes = performance.now() - begun;

    for (let killed = 0; killed < kills;) {
      const { process, ended } = start(folder, command('killed'));
      await Promise.race([sleep(takes * Math.random()), ended]);
      if (process.exitCode === null) {
        process.kill('SIGKILL');
        killed++;
      } else rmSync(join(folder, 'killed'), { recursive: true, force: true });
      await ended;
    }
    expect((await firstLight(folder, command('killed'))).code).toBe(0);

    const [whole, killed] = ['whole', 'killed'].map((out) => join(folder, out));
    const files = (path: string) => readdirSync(path, { recursive: true }).map(String).sort();
    expect(files(killed)).toEqual(files(whole));
    const same = files(whole).filter((name) => /\.(csv|npy)$/.test(name));
    expect(same.length).toBeGreaterThan(6);
    for (const name of same)
      expect(readFileSync(join(killed, name)), name).toEqual(readFileSync(join(whole, name)));
  },
  600_000 + 60_000 * kills,
);
