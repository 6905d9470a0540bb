import { greatestOf } from '../math/statistics.ts';
import { presets } from '../experiment/presets.ts';
import { shippedSweeps } from '../experiment/shipped-sweeps.ts';
import { CommandError, exitCode } from './command-error.ts';
import { paint, wrap } from './text.ts';

/** `first-light presets [NAME]` */
export function presetsCommand(name?: string): void {
  const all = [
    ...presets.map((preset) => ({ name: preset.name, content: preset.spec })),
    ...shippedSweeps.map((shipped) => ({ name: shipped.name, content: shipped.sweep })),
  ];
  if (name === undefined) {
    list('run NAME', presets);
    console.log();
    list('sweep NAME', shippedSweeps);
    return;
  }
  const found = all.find((candidate) => candidate.name === name);
  if (!found) {
    throw new CommandError(
      exitCode.usage,
      `There is no preset ${name}; there are ${all.map((candidate) => candidate.name).join(', ')}.`,
    );
  }
  console.log(JSON.stringify(found.content, null, 2));
}

function list(command: string, items: readonly { name: string; description: string }[]): void {
  const width = greatestOf([...presets, ...shippedSweeps].map(({ name }) => name.length)) + 2;
  console.log(paint('dim', `  first-light ${command}`));
  for (const { name, description } of items) {
    const [first, ...rest] = wrap(description, 78 - width).split('\n');
    console.log(`${paint('bold', name.padEnd(width))}${first}`);
    for (const line of rest) console.log(`${' '.repeat(width)}${line}`);
  }
}
