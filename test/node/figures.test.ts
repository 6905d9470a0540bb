import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documentOf } from '../../src/experiment/result-document.ts';
import { parseFigureSize } from '../../src/node/figures-command.ts';
import { sealedJsonPieces } from '../../src/node/sealed-json.ts';
import { firstLight } from './first-light.ts';
import { savedRun } from './saved-run.ts';
import { temporaryFolder } from './temporary.ts';

/** A font with serifs that this machine has; which one depends on what its browser was installed with. */
function serif(): { font: string; installed: boolean } {
  // null where there is no such program.
  const { stdout } = spawnSync('fc-list', [':', 'family'], { encoding: 'utf8' }) as { stdout: string | null };
  const installed = ['Liberation Serif', 'DejaVu Serif'].find((name) => stdout?.includes(name));
  return { font: installed ?? 'Liberation Serif', installed: installed !== undefined };
}

test('figures are drawn again from result.json, in the size and font of a paper, and printed', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'result.json'), [...sealedJsonPieces(documentOf(savedRun))].join(''));
  const { font, installed } = serif();
  const args = ['figures', '.', '--figure-size', '3.25in x 2.5in', '--font', font, '--pdf'];
  const { code, stderr, stdout } = await firstLight(folder, args);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('SVG, PNG, PDF');
  const names = readdirSync(join(folder, 'figures')).sort();
  expect(names).toEqual(
    ['discrepancy', 'loss', 'movement', 'outputs'].flatMap((slug) => [
      `${slug}.pdf`,
      `${slug}.png`,
      `${slug}.svg`,
    ]),
  );
  const read = (name: string) => readFileSync(join(folder, 'figures', name));
  const svg = read('loss.svg').toString();
  expect(svg).toMatch(new RegExp(`<svg [^>]*font-family="'${font}', [^>]*width="312"`));
  expect(read('loss.png').readUInt32BE(16)).toBe(2 * 312);
  const pdf = read('loss.pdf').toString('latin1');
  // Points: 72 to an inch.
  expect(pdf).toMatch(/^%PDF-/);
  const [, ...box] = /\/MediaBox ?\[([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)\]/.exec(pdf)!.map(Number);
  expect(box[2]).toBeCloseTo(3.25 * 72, 0);
  expect(box[3]).toBeCloseTo(2.5 * 72, 0);
  expect(pdf.match(/\/Type ?\/Page\b/g)).toHaveLength(1);
  if (installed) expect(pdf).toContain(font.replace(' ', ''));
});

test('sizes and folders that cannot be drawn are refused in words', async () => {
  expect(parseFigureSize('3.25in')).toEqual({ width: 312, height: 215 });
  expect(parseFigureSize('8cmx60mm')).toEqual({ width: 302, height: 227 });
  for (const wrong of ['', 'wide', '1in', '3in x', '3inx2inx1in', '-3in', '1e9px']) {
    expect(() => parseFigureSize(wrong), wrong).toThrow('3.25in');
  }
  const folder = temporaryFolder();
  const none = await firstLight(folder, ['figures', '.']);
  expect(none.code).toBe(3);
  expect(none.stderr).toContain('no result.json');
  writeFileSync(join(folder, 'result.json'), '{"format": "first-light/result", "version": 99}');
  const newer = await firstLight(folder, ['figures', '.']);
  expect(newer.code).toBe(3);
  expect(newer.stderr).toContain('version 99');
});
