#!/usr/bin/env node
// Starts the command line. In a checkout it first brings dist/ up to date with the sources.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { supports } from './node-version.js';

const root = fileURLToPath(new URL('..', import.meta.url));

if (!supports(process.versions.node)) {
  console.error(
    `first-light needs Node 20.19 or newer of version 20, or 22.12 or newer; this is ${process.version}. Install a current Node from https://nodejs.org.`,
  );
  process.exit(1);
}

if (existsSync(new URL('../src/', import.meta.url))) {
  const { buildIfStale } = await import('./build.js');
  try {
    const [command, ...args] = process.argv.slice(2);
    await buildIfStale(root, { force: command === 'build' && args.length === 0 });
  } catch (error) {
    const missing = error.code === 'ERR_MODULE_NOT_FOUND';
    console.error(
      missing
        ? `Some packages are not installed (${error.message}). Run "npm ci" in ${root} first.`
        : `Building first-light in ${root} failed: ${error.message.trim().replace(/\.$/, '')}.`,
    );
    process.exit(1);
  }
}
await import('../dist/node/main.js');
