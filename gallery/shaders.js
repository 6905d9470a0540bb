// npm run gallery:shaders: writes to shaders/gallery/ what every program emits, with pages to read it. Plain JavaScript,
// because Node runs it before anything is built.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const folder = fileURLToPath(new URL('../shaders/gallery/', import.meta.url));
const { module } = await runnerImport(fileURLToPath(new URL('../vite.gallery.ts', import.meta.url)));
const files = module.galleryFiles();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of files) writeFileSync(`${folder}${name}`, text);
console.log(`Written ${files.size} files to ${folder}; open index.html there.`);
