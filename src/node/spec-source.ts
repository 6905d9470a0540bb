import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { presets } from '../experiment/presets.ts';
import { shippedSweeps } from '../experiment/shipped-sweeps.ts';
import { showName, showSome, showValue } from '../experiment/show-value.ts';
import { SpecError } from '../experiment/spec-error.ts';
import { parseSpec } from '../experiment/parse-spec.ts';
import { type Spec, filesOf } from '../experiment/spec.ts';
import { type Sweep, parseSweep } from '../experiment/sweep.ts';
import { CommandError, exitCode, messageOf } from './command-error.ts';
import { readJsonFile, standardInput } from './json-file.ts';
import { type Setting, applySettings } from './set-option.ts';

/** A validated spec and the files it names. */
export interface LoadedSpec {
  spec: Spec;
  /** Absolute paths of the user's arrays, by the field of spec.data that names them. */
  inputs: ReadonlyMap<string, string>;
}

/** A spec from a file or standard input, a preset or a shipped sweep, with the settings made, before it is validated. */
export interface SpecSource {
  input: unknown;
  /** Where the paths inside it start. */
  folder: string;
}

/**
 * Reads a spec file, or a preset by its name, makes the settings and validates the whole.
 * @throws CommandError or SpecError before anything is started.
 */
export function loadSpec(source: string, settings: readonly Setting[]): LoadedSpec {
  if (!existsSync(source) && shippedSweeps.some(({ name }) => name === source)) throw isSweep(source);
  const { input, folder } = readSource(source, settings, presets);
  try {
    const spec = parseSpec(input);
    return { spec, inputs: inputsOf(spec, folder) };
  } catch (error) {
    const sweep = error instanceof SpecError && asSweep(input);
    if (!sweep) throw error;
    if (sweep.axes.length > 0) throw isSweep(source, `, of ${showSome(sweep.axes)}`);
    const text = `${error.message}\nA formula is worked out in sweeps only: first-light sweep ${source} runs it as a sweep of one point.`;
    throw new CommandError(exitCode.usage, text);
  }
}

const isSweep = (source: string, what = ''): CommandError =>
  new CommandError(
    exitCode.usage,
    `${source === standardInput ? 'What comes from standard input' : source} is a sweep${what}: first-light sweep ${source} runs its points.`,
  );

function asSweep(input: unknown): Sweep | undefined {
  try {
    return parseSweep(input);
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
}

/**
 * Reads a sweep: a file, a shipped sweep, or a preset or other spec, which is a sweep of one point.
 * @throws CommandError
 */
export const readSweep = (source: string, settings: readonly Setting[]): SpecSource =>
  readSource(source, settings, [
    ...shippedSweeps.map(({ name, sweep }) => ({ name, spec: sweep })),
    ...presets,
  ]);

/**
 * Expands a sweep and finds the files that its points name.
 * @throws CommandError or SpecError before anything is started.
 */
export function expandSweep({ input, folder }: SpecSource): {
  sweep: Sweep;
  /** The user's arrays, by the id of the point and the field of its data. */
  inputFile: (point: string, field: string) => string | undefined;
} {
  const sweep = parseSweep(input);
  const files = new Map(sweep.points.map(({ id, spec }) => [id, inputsOf(spec, folder)]));
  return { sweep, inputFile: (point, field) => files.get(point)?.get(field) };
}

function readSource(
  source: string,
  settings: readonly Setting[],
  named: readonly { name: string; spec: unknown }[],
): SpecSource {
  const isFile = source === standardInput || existsSync(source);
  const found = isFile ? undefined : named.find(({ name }) => name === source);
  if (!found && !isFile && !/[./\\]/.test(source)) {
    const what = named.length > presets.length ? 'sweep or preset; there are' : 'preset; the presets are';
    const names = named.map(({ name }) => name).join(', ');
    throw new CommandError(exitCode.input, `${showName(source)} is neither a file nor a ${what} ${names}.`);
  }
  return {
    input: applySettings(found ? found.spec : readJsonFile(source), settings),
    folder: found || source === standardInput ? process.cwd() : dirname(resolve(source)),
  };
}

/** Paths inside a spec are relative to the folder of its file. */
function inputsOf({ data }: Spec, folder: string): Map<string, string> {
  const inputs = new Map<string, string>();
  for (const { field, file: path } of filesOf(data)) {
    const file = resolve(folder, path);
    const wrong = whyNoFile(file);
    if (wrong) {
      throw new CommandError(
        exitCode.input,
        `data.${field} is ${showValue(path)}, but ${wrong}. Paths in a spec start from the folder that the spec is in.`,
      );
    }
    inputs.set(field, file);
  }
  return inputs;
}

/** Why there is nothing to read under a path, as the end of a sentence; undefined where a file is there. */
function whyNoFile(path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isFile()) return undefined;
    return found ? `${path} is not a file` : `there is no file ${path}`;
  } catch (error) {
    // The system names the path once more, which may be what is too long.
    return `it cannot be read: ${messageOf(error).replace(/(, stat|\. Received) '.*/s, '')}`;
  }
}
