import { presets } from '../experiment/presets.ts';
import { CommandError, exitCode } from './command-error.ts';
import { paint, wrap } from './text.ts';

/** `first-light presets [NAME]` */
export function presetsCommand(name?: string): void {
  const width = Math.max(...presets.map((preset) => preset.name.length)) + 2;
  if (name === undefined) {
    for (const preset of presets) {
      const [first, ...rest] = wrap(preset.description, 78 - width).split('\n');
      console.log(`${paint('bold', preset.name.padEnd(width))}${first}`);
      for (const line of rest) console.log(`${' '.repeat(width)}${line}`);
    }
    return;
  }
  const preset = presets.find((candidate) => candidate.name === name);
  if (!preset) {
    throw new CommandError(
      exitCode.usage,
      `There is no preset ${name}; there are ${presets.map((candidate) => candidate.name).join(', ')}.`,
    );
  }
  console.log(JSON.stringify(preset.spec, null, 2));
}
