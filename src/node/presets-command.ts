import { greatestOf } from '../math/statistics.ts';
import { presets } from '../experiment/presets.ts';
import { shippedSweeps } from '../experiment/shipped-sweeps.ts';
import { CommandError, exitCode } from './command-error.ts';
import { paint, wrap } from './text.ts';
import { emit, tell } from './voice.ts';

/** `first-light presets [NAME]` */
export function presetsCommand(name?: string): void {
  const all = [
    ...presets.map(({ name, description, spec }) => ({
      name,
      kind: 'spec' as const,
      description,
      content: spec,
    })),
    ...shippedSweeps.map(({ name, description, sweep }) => ({
      name,
      kind: 'sweep' as const,
      description,
      content: sweep,
    })),
  ];
  if (name === undefined) {
    list('run NAME', presets);
    tell();
    list('sweep NAME', shippedSweeps);
    for (const preset of all) emit({ event: 'preset', ...preset });
    return;
  }
  const found = all.find((candidate) => candidate.name === name);
  if (!found) {
    throw new CommandError(
      exitCode.usage,
      `There is no preset ${name}; there are ${all.map((candidate) => candidate.name).join(', ')}.`,
    );
  }
  tell(JSON.stringify(found.content, null, 2));
  emit({ event: 'preset', ...found });
}

function list(command: string, items: readonly { name: string; description: string }[]): void {
  const width = greatestOf([...presets, ...shippedSweeps].map(({ name }) => name.length)) + 2;
  tell(paint('dim', `  first-light ${command}`));
  for (const { name, description } of items) {
    const [first, ...rest] = wrap(description, 78 - width).split('\n');
    tell(`${paint('bold', name.padEnd(width))}${first}`);
    for (const line of rest) tell(`${' '.repeat(width)}${line}`);
  }
}

/** The names that a command takes in place of a file. */
export function namesFor(command: string): string[] {
  const specs = presets.map(({ name }) => name);
  if (command === 'run') return specs;
  const all = [...specs, ...shippedSweeps.map(({ name }) => name)];
  return ['sweep', 'claims', 'presets'].includes(command) ? all : [];
}
