import { CommandError, exitCode } from './command-error.ts';

/** One `--set data.n=500`: a path into the spec and its new value. */
export interface Setting {
  path: string[];
  value: unknown;
}

/**
 * Reads PATH=VALUE; the value is JSON where it is JSON, else text.
 * @throws CommandError where it has no path or no "=".
 */
export function parseSetting(text: string): Setting {
  const at = text.indexOf('=');
  const path = text.slice(0, Math.max(at, 0)).trim().split('.');
  if (at < 0 || path.some((key) => key === '')) {
    throw new CommandError(
      exitCode.usage,
      `--set ${text} is not of the form FIELD=VALUE; for example --set data.n=500 or --set network.activation=relu.`,
    );
  }
  const raw = text.slice(at + 1);
  try {
    return { path, value: JSON.parse(raw) as unknown };
  } catch {
    return { path, value: raw };
  }
}

/**
 * The spec with the settings made, in order; what lies on the way to a field is created. A field that no spec has is
 * left for validation to name.
 * @throws CommandError where a path leads through something that holds no fields.
 */
export function applySettings(spec: unknown, settings: readonly Setting[]): unknown {
  return settings.reduce((current, setting) => set(current, setting.path, setting), spec);
}

function set(target: unknown, path: readonly string[], setting: Setting): unknown {
  if (path.length === 0) return setting.value;
  const [key, ...rest] = path;
  if (target !== undefined && (typeof target !== 'object' || target === null)) {
    const field = setting.path.slice(0, setting.path.length - path.length).join('.');
    throw new CommandError(
      exitCode.usage,
      `--set ${setting.path.join('.')} cannot be set: ${field || 'the spec'} is ${JSON.stringify(target)}, which has no fields.`,
    );
  }
  if (Array.isArray(target)) {
    const copy = [...(target as unknown[])];
    copy[Number(key)] = set(copy[Number(key)], rest, setting);
    return copy;
  }
  const fields = (target ?? {}) as Record<string, unknown>;
  const own = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return Object.fromEntries([...Object.entries(fields), [key, set(own, rest, setting)]]);
}
