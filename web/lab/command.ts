import { gives, isFields, minimalSpec } from '../../src/experiment/minimal-spec.ts';
import { presets } from '../../src/experiment/presets.ts';
import type { Spec } from '../../src/experiment/spec.ts';
import { textOfValue } from '../../src/experiment/value-text.ts';
import { fileName } from './file-name.ts';

/** What to type to have the experiment on the screen computed by the command line. */
export interface CommandLine {
  command: string;
  /** The spec that the command reads, to be saved beside; null where it starts from a preset. */
  file: { name: string; text: string } | null;
}

/** With more settings than this a file is easier to read. */
const mostSettings = 6;

/** A preset with the settings that make it this experiment, where there is one; else a spec file. */
export function commandLine(spec: Spec): CommandLine {
  const candidates = presets
    .map(({ name, spec: start }) => ({ name, settings: settingsTo(start, spec) }))
    .filter(({ settings }) => settings !== null && settings.length <= mostSettings)
    .sort((a, b) => a.settings!.length - b.settings!.length);
  if (candidates.length > 0) {
    const [{ name, settings }] = candidates;
    const options = settings!.map((setting) => ` --set ${quote(setting)}`).join('');
    return { command: `npx first-light run ${name}${options}`, file: null };
  }
  const name = `${fileName(spec.name)}.json`;
  return { command: `npx first-light run ${name}`, file: { name, text: specText(spec) } };
}

/** The spec as a file, without what the defaults say anyway. */
export const specText = (spec: Spec): string => `${JSON.stringify(minimalSpec(spec), null, 2)}\n`;

/** What is to be set of a preset's spec; null where no setting can do it. */
function settingsTo(start: object, spec: Spec): string[] | null {
  const found = differences(start, spec, minimalSpec(spec));
  if (found === null) return null;
  const made = structuredClone(start) as Record<string, unknown>;
  for (const [path, value] of found) {
    let holder = made;
    for (const key of path.slice(0, -1)) holder = (holder[key] ??= {}) as Record<string, unknown>;
    holder[path.at(-1)!] = value;
  }
  if (!gives(made, spec)) return null;
  return found.map(([path, value]) => `${path.join('.')}=${textOfValue(value)}`);
}

type Difference = [path: string[], value: unknown];

/**
 * What to set where `from` and `to` differ; `needed` are the fields of `to` that the defaults do not give. null where a
 * field of `from` would have to go, which no setting does.
 */
function differences(from: object, to: object, needed: object): Difference[] | null {
  const found: Difference[] = [];
  for (const key of new Set([...Object.keys(from), ...Object.keys(needed)])) {
    const [before, after, least] = [from, to, needed].map(
      (fields) => (fields as Record<string, unknown>)[key],
    );
    if (after === undefined) return null;
    if (JSON.stringify(before) === JSON.stringify(after)) continue;
    const inner =
      isFields(before) && isFields(after) ? differences(before, after, isFields(least) ? least : {}) : null;
    if (inner) for (const [path, value] of inner) found.push([[key, ...path], value]);
    else found.push([[key], least ?? after]);
  }
  return found;
}

/** As shells take it. */
const quote = (word: string): string =>
  /^[\w.,:=/+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
