// The site in dist/site: the lab, and in docs/ these pages.
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = (path) => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

rmSync(dist('site'), { recursive: true, force: true });
cpSync(dist('app'), dist('site'), { recursive: true });
cpSync(dist('docs'), dist('site/docs'), { recursive: true });
