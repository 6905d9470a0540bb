import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { presets } from '../experiment/presets.ts';
import { type Spec, parseSpec } from '../experiment/spec.ts';
import { CommandError, exitCode } from './command-error.ts';
import { readJsonFile } from './json-file.ts';
import { type Setting, applySettings } from './set-option.ts';

/** A validated spec and the files it names. */
export interface LoadedSpec {
  spec: Spec;
  /** Absolute paths of the user's arrays, by the field of spec.data that names them. */
  inputs: ReadonlyMap<string, string>;
}

/**
 * Reads a spec file, or a preset by its name, makes the settings and validates the whole.
 * @throws CommandError or SpecError before anything is started.
 */
export function loadSpec(source: string, settings: readonly Setting[]): LoadedSpec {
  const preset = existsSync(source) ? undefined : presets.find(({ name }) => name === source);
  if (!preset && !existsSync(source) && !/[./\\]/.test(source)) {
    const names = presets.map(({ name }) => name).join(', ');
    throw new CommandError(
      exitCode.input,
      `${source} is neither a file nor a preset; the presets are ${names}.`,
    );
  }
  const spec = parseSpec(applySettings(preset ? preset.spec : readJsonFile(source), settings));
  const folder = preset ? process.cwd() : dirname(resolve(source));
  return { spec, inputs: inputsOf(spec, folder) };
}

/** Paths inside a spec are relative to the folder of its file. */
function inputsOf({ data }: Spec, folder: string): Map<string, string> {
  const inputs = new Map<string, string>();
  if (data.distribution !== 'npy') return inputs;
  for (const field of ['x', 'y', 'xTest', 'yTest'] as const) {
    const path = data[field];
    if (path === undefined) continue;
    const file = resolve(folder, path);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
      throw new CommandError(
        exitCode.input,
        `data.${field} is ${JSON.stringify(path)}, but there is no file ${file}. Paths in a spec start from the folder that the spec is in.`,
      );
    }
    inputs.set(field, file);
  }
  return inputs;
}
