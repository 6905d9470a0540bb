import type { Diagnosis } from '../experiment/job.ts';
import { clause } from '../gpu/errors.ts';
import type { AdapterChoice } from './adapter-choice.ts';
import { type BrowserName, type FoundBrowser, findBrowser } from './browser-find.ts';
import { findOrInstallBrowser } from './browser-install.ts';
import { CommandError, exitCode } from './command-error.ts';
import { interruptible } from './interrupt.ts';
import { type OwnRuntime, type RuntimeName, runtimeNames, suits, tryRuntime, whyNot } from './own-runtime.ts';
import { type ComputeFlags, runSession } from './session.ts';
import { adapterName } from './summary.ts';
import { grouped, paint, wrap } from './text.ts';
import { emit, note, tell } from './voice.ts';

/** `first-light doctor` */
export async function doctorCommand(flags: ComputeFlags): Promise<void> {
  const own = await Promise.all(runtimeNames.map((name) => tryRuntime(name, flags.adapter)));
  const runtimes = runtimeNames.map((name, k) => describeRuntime(name, flags.adapter, own[k]));
  // As runs do: no browser chooses an adapter by its name.
  const asked = flags.runtime === 'auto' && typeof flags.adapter === 'object' ? 'node' : flags.runtime;
  const chosen = runtimeNames.indexOf(asked as RuntimeName);
  const fits = own.map((runtime) => runtime !== undefined && suits(runtime, flags.adapter));
  let works: boolean;
  if (chosen >= 0) {
    works = fits[chosen];
  } else if (flags.runtime === 'auto' && !(await findBrowser(flags.browser))) {
    works = fits[runtimeNames.indexOf('node')];
    tell(
      `Browser   none; ${works ? 'runs will use Node, and' : 'runs will install one, or'} --runtime browser installs one\n`,
    );
  } else {
    const found = await findOrInstallBrowser(flags.browser, note);
    const diagnosis = await diagnoseBrowser(flags);
    works = diagnosis.adapter !== null;
    tell(`${describeDiagnosis(flags.browser, found, diagnosis)}\n`);
    emit({ event: 'diagnosis', browser: found, diagnosis, advice: advice(flags.browser, diagnosis) });
  }
  tell(['Without a browser (--runtime)', ...runtimes].join('\n'));
  for (const [k, runtime] of runtimeNames.entries()) {
    const { diagnosis = null, drivers = null } = own[k] ?? {};
    emit({
      event: 'runtime',
      runtime,
      works: fits[k],
      drivers,
      diagnosis,
      words: runtimes[k],
    });
  }
  if (!works) process.exitCode = exitCode.gpu;
}

async function diagnoseBrowser(flags: ComputeFlags): Promise<Diagnosis> {
  let diagnosis: Diagnosis | undefined;
  await interruptible(note, (stop) =>
    runSession({
      ...flags,
      runtime: 'browser',
      job: { kind: 'diagnosis' },
      inputFile: () => undefined,
      receive: (message) => {
        if (message.kind === 'diagnosis') diagnosis = message.diagnosis;
      },
      receiveFile: () => Promise.reject(new Error('A diagnosis has no files.')),
      stop,
      say: note,
    }),
  );
  if (!diagnosis) throw new CommandError(exitCode.gpu, 'The page ended without an answer.');
  return diagnosis;
}

/** What a runtime without a browser computes on, or what it lacks. */
export function describeRuntime(
  name: RuntimeName,
  adapter: AdapterChoice,
  runtime: OwnRuntime | undefined,
): string {
  const text =
    runtime && suits(runtime, adapter)
      ? `${runtime.diagnosis.userAgent}: ${adapterName(runtime.diagnosis.adapter!)}, drivers ${runtime.drivers}`
      : whyNot(name, adapter, runtime);
  return name.padEnd(10) + wrap(text, 70).replaceAll('\n', `\n${' '.repeat(10)}`);
}

/** What a browser's page found, for people: the facts, and in plain words what to change. */
export function describeDiagnosis(
  name: BrowserName,
  { path, how }: FoundBrowser,
  diagnosis: Diagnosis,
): string {
  const { adapter } = diagnosis;
  const facts: [string, string][] = [
    ['Browser', `${versionIn(diagnosis.userAgent)}, ${how}`],
    ['', path],
    ['WebGPU', diagnosis.webGpu ? 'yes' : paint('red', 'no')],
  ];
  if (adapter) {
    facts.push(
      ['Adapter', adapterName(adapter)],
      [
        'Runs on',
        adapter.software ? paint('yellow', 'the CPU (software)') : paint('green', 'the GPU (hardware)'),
      ],
      [
        'Features',
        adapter.features.filter((feature) => useful.has(feature)).join(', ') || 'none of those that help',
      ],
    );
    for (const limit of limits(adapter.limits)) facts.push(limit);
  } else {
    facts.push(['Adapter', paint('red', 'none')]);
  }
  return [
    ...facts.map(([label, value]) => `${label.padEnd(10)}${value}`),
    '',
    wrap(advice(name, diagnosis), 80),
  ].join('\n');
}

/** "Chrome 156.0.0.0" */
const versionIn = (userAgent: string): string =>
  (/(?:HeadlessChrome|Edg|Chrome|Firefox)\/[\d.]+/.exec(userAgent)?.[0] ?? userAgent)
    .replace('HeadlessChrome', 'Chrome')
    .replace('/', ' ');

/** Features that First Light is faster or more precise in its timing with. */
const useful = new Set(['timestamp-query', 'subgroups', 'shader-f16']);

const limitNames: Record<string, string> = {
  maxBufferSize: 'largest buffer',
  maxStorageBufferBindingSize: 'largest binding',
  maxComputeWorkgroupStorageSize: 'workgroup memory',
  maxComputeInvocationsPerWorkgroup: 'workgroup size',
};

function limits(of: Partial<Record<string, number>>): [string, string][] {
  return Object.entries(limitNames).flatMap(([limit, name], i) => {
    const value = of[limit];
    if (value === undefined) return [];
    return [
      [i === 0 ? 'Limits' : '', `${name} ${limit.endsWith('Workgroup') ? grouped(value) : bytes(value)}`],
    ];
  });
}

function bytes(count: number): string {
  if (count >= 2 ** 30) return `${+(count / 2 ** 30).toFixed(2)} GiB`;
  return count >= 2 ** 20 ? `${+(count / 2 ** 20).toFixed(1)} MiB` : `${count / 2 ** 10} KiB`;
}

function advice(name: BrowserName, { webGpu, adapter, error }: Diagnosis): string {
  if (!webGpu) {
    return `This browser is too old for WebGPU, or was built without it. Update it (Chrome 121 or newer, Firefox 145 or newer), name a newer one with ${name === 'chrome' ? 'CHROME_PATH' : 'FIREFOX_PATH'}, or try --browser ${name === 'chrome' ? 'firefox' : 'chrome'}.`;
  }
  if (!adapter) {
    const driver =
      process.platform === 'linux'
        ? "Install the GPU's Vulkan driver (on Debian mesa-vulkan-drivers, which also computes on the CPU; for NVIDIA its own driver)"
        : 'Update the GPU driver';
    return `The browser has WebGPU but opens no adapter${error ? ` (${clause(error.message)})` : ''}. ${driver}, or compute on the CPU with --adapter software${name === 'firefox' ? ' or --browser chrome, which brings its own software adapter' : ''}.`;
  }
  if (adapter.software) {
    const linux =
      process.platform === 'linux'
        ? ` If this machine has a GPU, its Vulkan driver is missing or this user may not open /dev/dri/renderD128 or /dev/nvidia0 (in a container, pass the device in).`
        : " If this machine has a GPU, update its driver and switch on the browser's hardware acceleration.";
    return `Runs will work, but on the CPU: right, and slower by a factor of hundreds.${linux}`;
  }
  return 'Everything is there: runs will use the GPU.';
}
