// The site in dist/site: the lab, and in docs/ these pages. FIRST_LIGHT_SITE is the address that it is put at, where that is known.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { atAddress } from './address.js';

const dist = (path) => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

rmSync(dist('site'), { recursive: true, force: true });
cpSync(dist('app'), dist('site'), { recursive: true });
cpSync(dist('docs'), dist('site/docs'), { recursive: true });
const address = process.env['FIRST_LIGHT_SITE'];
if (address) {
  const page = dist('site/index.html');
  writeFileSync(page, atAddress(readFileSync(page, 'utf8'), address));
}
