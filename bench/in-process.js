// The bench without a browser, in Node (Dawn) or Deno (wgpu).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build, runnerImport } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outDir = here('../dist/bench-process');

/** As runInBrowser, with the driver and the adapter that commands take with `--runtime` and `--adapter`. */
export async function runInProcess({ runtime: name, adapter, ...asked }, { say, soFar, stop }) {
  await build({
    configFile: false,
    logLevel: 'error',
    root: here('..'),
    // What is native or finds files of its own beside it stays where it is installed.
    ssr: { noExternal: true, external: ['webgpu', '@tensorflow/tfjs-backend-wasm'] },
    build: { outDir, emptyOutDir: true, target: 'node20', minify: false, ssr: here('process.ts') },
  });
  const { module } = await runnerImport(here('../src/node/own-runtime.ts'));
  const { program, args, adapterArgs, env, drivers } = await module.requireRuntime(
    name,
    adapter,
    stop,
    `${outDir}/process.js`,
  );
  say(`${name}, drivers ${drivers}`);
  const child = spawn(program, [...args, JSON.stringify(asked), ...adapterArgs], {
    env,
    // In a group of its own: a Ctrl-C is ours to handle.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  stop.addEventListener('abort', () => child.kill());
  let done;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = line.startsWith('{"') ? JSON.parse(line) : { say: line };
    if (told.say !== undefined) say(told.say);
    if (told.soFar) soFar(...told.soFar);
    done = told.done ?? done;
  });
  const [code, signal] = await once(child, 'close');
  if (!done) throw new Error(`the process has ended (${signal ?? code})`);
  return done;
}
