// Builds dist/ from the sources of a checkout. Plain JavaScript, because it runs before anything is built.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const sources = [
  'src',
  'shaders',
  'web',
  'test', // but for test/node: some of it verifies a user's adapter
  'bin',
  'vite.config.ts',
  'vite.contents.ts',
  'vite.licenses.ts',
  'vite.webgpu-types.ts',
  'vite.recorded.ts',
  'vite.thumbnail.ts',
  'vite.gallery.ts',
  'vite.verification.ts',
  'package.json',
  'package-lock.json',
];

/**
 * Builds unless dist/ was built from exactly these sources. It builds aside and moves the result into place whole, so
 * of several that start at once none meets a half-built dist/.
 */
export async function buildIfStale(root, { force = false } = {}) {
  const wanted = fingerprint(root);
  if (!force && fingerprintOf(join(root, 'dist')) === wanted) return;

  const strange = /[#?]/.exec(root)?.[0] ?? (sep === '/' && root.includes('\\') ? '\\' : undefined);
  if (strange !== undefined) {
    throw new Error(
      `the path has the character ${strange}, which Vite, the builder, takes for part of an address. Move or rename the folder`,
    );
  }
  const aside = join(root, 'node_modules', `.first-light-${process.pid}`);
  const built = join(aside, 'dist');
  try {
    makeAside(root, aside);
    const { build } = await import('vite');
    const configFile = join(root, 'vite.config.ts');
    // How long plugins take is nothing to whoever waits for a command.
    const rolldownOptions = { checks: { bundlerTimings: false } };
    const into = (folder, options) => ({ rolldownOptions, outDir: join(built, folder), ...options });
    const common = { configFile, logLevel: 'error' };
    await build({ ...common, build: into('app') });
    await build({ ...common, build: into('node', { ssr: join(root, 'src/node/main.ts') }) });
    await build({ ...common, mode: 'process', build: into('process') });
    writeFileSync(join(built, 'fingerprint'), wanted);
    moveIntoPlace(root, aside, wanted, force);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Before anything else, since the builder says less plainly that it cannot write. */
function makeAside(root, aside) {
  if (!existsSync(join(root, 'node_modules'))) return;
  try {
    mkdirSync(aside);
  } catch (error) {
    throw new Error(
      `this folder cannot be written to (${error.message}), and dist/ is not built from these sources. Run "npm run build" once where it can be`,
      { cause: error },
    );
  }
}

function moveIntoPlace(root, aside, wanted, force) {
  const dist = join(root, 'dist');
  for (let attempt = 0; ; attempt++) {
    // Another start may have been faster.
    if ((!force || attempt > 0) && fingerprintOf(dist) === wanted) return;
    try {
      if (existsSync(dist)) renameSync(dist, join(aside, `old-${attempt}`));
      renameSync(join(aside, 'dist'), dist);
      return;
    } catch (error) {
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code) || attempt > 20) throw error;
    }
  }
}

/** What dist/ was built from; undefined where it is missing or was not built here. */
function fingerprintOf(dist) {
  try {
    return readFileSync(join(dist, 'fingerprint'), 'utf8');
  } catch {
    return undefined;
  }
}

/** A hash of every source, names and contents. */
function fingerprint(root) {
  const hash = createHash('sha256');
  for (const source of sources) {
    const path = join(root, source);
    if (existsSync(path))
      for (const file of filesIn(path, source).filter((name) => !name.startsWith('test/node/')))
        hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function filesIn(path, name) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return [name];
    throw error;
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory()
        ? filesIn(join(path, entry.name), `${name}/${entry.name}`)
        : [`${name}/${entry.name}`],
    );
}
