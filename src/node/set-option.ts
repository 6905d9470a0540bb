import { JsonError } from '../experiment/unclear-json.ts';
import { showValue } from '../experiment/show-value.ts';
import { valueOfText } from '../experiment/value-text.ts';
import { CommandError, exitCode } from './command-error.ts';

/** One `--set data.n=500`: a path into the spec and its new value. */
export interface Setting {
  path: string[];
  value: unknown;
}

/** Keys of a path; no field of a spec or sweep lies deeper. */
const longestPath = 16;

/**
 * Reads PATH=VALUE; the value is JSON where it is JSON, else text.
 * @throws CommandError where it has no path or no "=", or the value is JSON that says one thing twice.
 */
export function parseSetting(text: string): Setting {
  const at = text.indexOf('=');
  const path = text.slice(0, Math.max(at, 0)).trim().split('.');
  if (at < 0 || path.some((key) => key === '')) {
    throw new CommandError(
      exitCode.usage,
      `--set ${abridged(text)} is not of the form FIELD=VALUE; for example --set data.n=500 or --set network.activation=relu.`,
    );
  }
  if (path.length > longestPath) {
    throw new CommandError(
      exitCode.usage,
      `--set ${abridged(text)} names a field ${path.length.toLocaleString('en-US')} levels deep; no field of a spec lies deeper than ${longestPath}.`,
    );
  }
  try {
    return { path, value: valueOfText(text.slice(at + 1)) };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new CommandError(
      exitCode.usage,
      `--set ${abridged(path.join('.'))} is given what is ${error.message}.`,
    );
  }
}

/**
 * The spec with the settings made, in order; what lies on the way to a field is created. A field that no spec has is
 * left for validation to name.
 * @throws CommandError where a path leads through something that holds no fields, or past the entries of a list.
 */
export function applySettings(spec: unknown, settings: readonly Setting[]): unknown {
  return settings.reduce((current, setting) => set(current, setting.path, setting), spec);
}

function set(target: unknown, path: readonly string[], setting: Setting): unknown {
  if (path.length === 0) return setting.value;
  const [key, ...rest] = path;
  const refuse = (why: string): CommandError => {
    const field = setting.path.slice(0, setting.path.length - path.length).join('.');
    return new CommandError(
      exitCode.usage,
      `--set ${abridged(setting.path.join('.'))} cannot be set: ${abridged(field) || 'the spec'} ${why}`,
    );
  };
  if (target !== undefined && (typeof target !== 'object' || target === null)) {
    throw refuse(`is ${showValue(target)}, which has no fields.`);
  }
  if (Array.isArray(target)) {
    const entries = target as unknown[];
    const index = /^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : NaN;
    if (!(index <= entries.length)) {
      const count = entries.length;
      throw refuse(
        `is a list of ${count}, numbered from 0; ${showValue(key)} is none, and the next is ${count}.`,
      );
    }
    const copy = [...entries];
    copy[index] = set(copy[index], rest, setting);
    return copy;
  }
  const fields = (target ?? {}) as Record<string, unknown>;
  const own = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return Object.fromEntries([...Object.entries(fields), [key, set(own, rest, setting)]]);
}

const abridged = (text: string): string => (text.length <= 100 ? text : `${text.slice(0, 100)}…`);
