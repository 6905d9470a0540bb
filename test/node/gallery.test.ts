import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { galleryPrograms } from '../../shaders/gallery.ts';
import { galleryFiles } from '../../vite.gallery.ts';

const folder = (name: string) =>
  readdirSync(fileURLToPath(new URL(`../../shaders/${name}`, import.meta.url)));
const programs = (name: string) =>
  folder(name)
    .filter((file) => file.endsWith('.wgsl.ts'))
    .map((file) => file.replace('.wgsl.ts', ''));

test('the gallery has every program of shaders/, and every rung of the ladder', () => {
  const shown = galleryPrograms();
  expect(shown.map(({ name }) => name).sort()).toEqual([...programs('.'), 'ladder'].sort());
  const rungs = shown.find(({ name }) => name === 'ladder')!;
  expect(Object.keys(rungs.variants).sort()).toEqual(programs('ladder').sort());
});

test('its pages lead to every file and to no other', () => {
  const files = galleryFiles();
  const linked = [...files].flatMap(([name, text]) =>
    name.endsWith('.html') ? [...text.matchAll(/href="([^".][^":]*)"/g)].map(([, target]) => target) : [],
  );
  expect([...new Set(linked)].sort()).toEqual([...files.keys()].sort());
});
