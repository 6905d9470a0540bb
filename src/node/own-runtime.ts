import { execFile } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Diagnosis } from '../experiment/job.ts';
import type { AdapterChoice } from './adapter-choice.ts';
import { findBrowser, isProgram } from './browser-find.ts';
import { CommandError, exitCode, messageOf, stoppedEarly } from './command-error.ts';
import { hasGpuDevice } from './gpu-device.ts';

/** A runtime with WebGPU of its own: Node by the package `webgpu` (Dawn), Deno by itself (wgpu). */
export const runtimeNames = ['node', 'deno'] as const;
export type RuntimeName = (typeof runtimeNames)[number];

/** How a process with WebGPU is started, and what it computes on. */
export interface OwnRuntime {
  name: RuntimeName;
  program: string;
  /** Before the address of the job. */
  args: string[];
  /** After it. */
  adapterArgs: string[];
  env: NodeJS.ProcessEnv;
  /** Which drivers it was given, to be read after "drivers": "of this system". */
  drivers: string;
  diagnosis: Diagnosis;
  /** Names of the adapters that there are, where one was asked for by a name that none of them has. */
  offered: string[];
}

/** The built program, beside the built command line. */
const processFile = fileURLToPath(new URL('../process/main.js', import.meta.url));
/** A driver that does not work may never answer. */
const probeMilliseconds = 30_000;

/** Where Vulkan drivers describe themselves on Linux. */
const driverFolders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];

/** What a process is started with, so that it finds these drivers. */
interface Drivers {
  what: string;
  env: Record<string, string>;
}

/**
 * The drivers to try, in this order. Of those that compute on the CPU Mesa's lavapipe comes first where the runtime takes it: it
 * computes twice as fast as SwiftShader, which comes with Chrome, and keeps what it has compiled (docs/runtimes.md).
 */
export async function driversFor(adapter: AdapterChoice): Promise<Drivers[]> {
  const system = { what: 'of this system', env: {} };
  if (process.platform !== 'linux' || process.env['VK_DRIVER_FILES'] || process.env['VK_ICD_FILENAMES']) {
    return [system];
  }
  const lavapipe = driverFolders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
    .filter((path) => /lvp_icd[^/]*\.json$/.test(path));
  const software = [
    ...(lavapipe.length > 0
      ? [{ what: 'Mesa lavapipe', env: { VK_DRIVER_FILES: lavapipe.join(delimiter) } }]
      : []),
    ...(await swiftShaders()).map((path) => ({
      what: `SwiftShader of ${dirname(path)}`,
      env: { VK_DRIVER_FILES: path, ...loaderIn(dirname(path)) },
    })),
  ];
  if (adapter === 'hardware') return [system];
  const noGpu = adapter === 'software' || (adapter === 'auto' && !hasGpuDevice());
  return noGpu && software.length > 0 ? software : [system, ...software];
}

/** Chrome brings the library by which drivers are found, too, which a system without other drivers lacks. */
function loaderIn(folder: string): Record<string, string> {
  if (!existsSync(join(folder, 'libvulkan.so.1'))) return {};
  const others = process.env['LD_LIBRARY_PATH'];
  return { LD_LIBRARY_PATH: [...(others ? [others] : []), folder].join(delimiter) };
}

/** The software driver that comes with Chrome and Chromium, wherever one is. */
async function swiftShaders(): Promise<string[]> {
  const chrome = await findBrowser('chrome').catch(() => undefined);
  const folders = [
    ...(chrome ? [dirname(realpathSync(chrome.path))] : []),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/usr/lib64/chromium-browser',
    '/opt/google/chrome',
  ];
  return [...new Set(folders)]
    .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
    .filter((path) => existsSync(path));
}

/** The program of a runtime: Node is this one, Deno that of DENO_PATH or of the PATH. */
function programOf(name: RuntimeName): string | undefined {
  if (name === 'node') return process.execPath;
  const chosen = process.env['DENO_PATH'];
  if (chosen) return isProgram(chosen) ? chosen : undefined;
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, process.platform === 'win32' ? 'deno.exe' : 'deno'))
    .find(isProgram);
}

/**
 * Tries a runtime with each of the drivers; the first that gives an adapter as asked for, else what the last one said.
 * @param file the program that it is to run, which writes its diagnosis where it is asked for "--diagnosis [ADAPTER]"
 * @throws CommandError where the signal is aborted.
 */
export async function tryRuntime(
  name: RuntimeName,
  adapter: AdapterChoice,
  signal?: AbortSignal,
  file = processFile,
): Promise<OwnRuntime | undefined> {
  const program = programOf(name);
  if (program === undefined) return undefined;
  const args = [...(name === 'deno' ? ['run', '--allow-all', '--no-prompt'] : []), file];
  const offered: string[] = [];
  let last: OwnRuntime | undefined;
  for (const { what, env } of await driversFor(adapter)) {
    const start = { name, program, args, env: { ...process.env, ...env }, drivers: what, offered };
    last = await probe({ ...start, adapterArgs: typeof adapter === 'object' ? [adapter.named] : [] }, signal);
    if (!last.diagnosis.webGpu || suits(last, adapter)) break;
    if (typeof adapter !== 'object') continue;
    const names = namesIn(last.diagnosis);
    for (const one of names) offered.push(one);
    // Dawn minds capitals, people need not.
    const meant = names.find((one) => one.toLowerCase().includes(adapter.named.toLowerCase()));
    if (meant === undefined) continue;
    last = await probe({ ...start, adapterArgs: [meant] }, signal);
    break;
  }
  return last;
}

/** Whether a runtime has an adapter as asked for. By a name Dawn chooses; Deno cannot. */
export function suits({ name, diagnosis }: OwnRuntime, adapter: AdapterChoice): boolean {
  if (!diagnosis.adapter) return false;
  if (typeof adapter === 'object') return name === 'node';
  return adapter === 'auto' || diagnosis.adapter.software === (adapter === 'software');
}

/** What Dawn names as available where no adapter has the name that was asked for. */
const namesIn = ({ error }: Diagnosis): string[] =>
  Array.from((error?.message ?? '').matchAll(/\* backend: '[^']*', name: '([^']*)'/g), ([, name]) => name);

async function probe(
  runtime: Omit<OwnRuntime, 'diagnosis'>,
  signal: AbortSignal | undefined,
): Promise<OwnRuntime> {
  const { program, args, adapterArgs, env } = runtime;
  try {
    const { stdout } = await promisify(execFile)(program, [...args, '--diagnosis', ...adapterArgs], {
      env,
      timeout: probeMilliseconds,
      ...(signal ? { signal } : {}),
    });
    return { ...runtime, diagnosis: JSON.parse(stdout) as Diagnosis };
  } catch (error) {
    if (signal?.aborted) throw stoppedEarly();
    const failure = { name: 'Error', message: messageOf(error) };
    return {
      ...runtime,
      diagnosis: { userAgent: program, webGpu: true, adapter: null, error: failure },
    };
  }
}

/**
 * A runtime that computes on an adapter as asked for.
 * @throws CommandError where there is none; it says what to install. Or where the signal is aborted.
 */
export async function requireRuntime(
  name: RuntimeName,
  adapter: AdapterChoice,
  signal?: AbortSignal,
  file = processFile,
): Promise<OwnRuntime> {
  const runtime = await tryRuntime(name, adapter, signal, file);
  if (runtime && suits(runtime, adapter)) return runtime;
  throw new CommandError(exitCode.gpu, `--runtime ${name}: ${whyNot(name, adapter, runtime)}`);
}

/** Why a runtime cannot be used as asked for, and what to do about it. */
export function whyNot(name: RuntimeName, adapter: AdapterChoice, runtime: OwnRuntime | undefined): string {
  if (!runtime) {
    return process.env['DENO_PATH']
      ? `DENO_PATH is set to ${process.env['DENO_PATH']}, but no program is there. Correct it, or unset it.`
      : 'deno is not on the PATH. Install it (npm install --global deno, or https://deno.com), or name it with DENO_PATH.';
  }
  const { webGpu, adapter: found } = runtime.diagnosis;
  if (!webGpu) {
    return name === 'node'
      ? 'the package webgpu, which brings WebGPU to Node, is not installed. Install it where First Light is: npm install webgpu'
      : 'this Deno has no WebGPU. Install a newer one (2.9 works).';
  }
  if (typeof adapter === 'object' && name === 'deno') {
    return 'Deno chooses no adapter by its name; take auto, hardware or software, or --runtime node.';
  }
  if (typeof adapter === 'object' && runtime.offered.length > 0) {
    return `no adapter has "${adapter.named}" in its name; there is ${runtime.offered.join(', ')}.`;
  }
  if (found && adapter === 'software') {
    return 'the only adapter is the GPU here. Compute on it with --adapter auto, or on the CPU with --runtime browser.';
  }
  if (adapter === 'hardware') {
    return `${found ? 'there is only a software adapter' : 'no Vulkan driver gives it the GPU'}. Install the GPU's Vulkan driver, or compute on the CPU with --adapter software.`;
  }
  return `no Vulkan driver gives it an adapter. ${driverAdvice(name)}`;
}

/** Which package brings a driver that computes where there is none. */
const driverAdvice = (name: RuntimeName): string =>
  process.platform === 'linux'
    ? `Install the GPU's driver, or one for the CPU: on Debian 12 and Ubuntu 22.04 "apt-get install chromium" (its SwiftShader is used; no browser is started) ${
        name === 'node'
          ? 'or mesa-vulkan-drivers 23 or newer, which Debian has in bookworm-backports; with mesa-vulkan-drivers 22 use --runtime deno'
          : 'or "apt-get install mesa-vulkan-drivers"'
      }.`
    : 'Update the graphics driver.';
