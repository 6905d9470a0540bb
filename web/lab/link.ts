import * as z from 'zod/mini';
import { isFields, minimalSpec } from '../../src/experiment/minimal-spec.ts';
import { JsonError } from '../../src/experiment/unclear-json.ts';
import { showValue } from '../../src/experiment/show-value.ts';
import { SpecError, explainIssues } from '../../src/experiment/spec-error.ts';
import { type Spec, type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { textOfValue, valueOfText } from '../../src/experiment/value-text.ts';
import { axisNames } from './views/axes.ts';

const viewSchema = z.strictObject({
  /** The step that the cursor stands at; without it, the newest. */
  step: z.optional(z.int().check(z.minimum(0))),
  /** The tab in front. */
  tab: z.optional(z.string().check(z.regex(/^[a-z][a-z-]{0,30}$/, 'it must be the name of a tab'))),
  /** Axes that were switched. */
  axes: z.optional(z.partialRecord(z.enum(axisNames), z.enum(['linear', 'log']))),
  /** Steps a second, not so few that nothing seems to happen; null for as fast as the device goes. */
  speed: z.optional(z.nullable(z.number().check(z.minimum(1), z.maximum(1e6)))),
});

/** What is on the screen beside the experiment. */
export type ViewState = z.output<typeof viewSchema>;

export interface LinkState {
  spec: SpecInput;
  view: ViewState;
}

export type Decoded =
  | { kind: 'nothing' }
  | ({ kind: 'state' } & LinkState)
  | { kind: 'problem'; text: string };

/** Longer links do not survive chats and mail; and nobody's link is so long by accident. */
const mostCharacters = 16_384;
const mostFields = 200;
const key = /^[A-Za-z][A-Za-z0-9]{0,40}$/;
const deepest = 5;

/**
 * The state as a location.hash: the fields of the spec that are not as by default, and those of the view under "view",
 * as FIELD=VALUE with dots between the keys, as --set takes them.
 * @returns null where it would be too long, for example with a long list in it
 */
export function encodeLink({ spec, view }: { spec: Spec; view: ViewState }): string | null {
  const fields = [...settings({ ...minimalSpec(spec), view: viewSchema.parse(view) })];
  const hash = `#${fields.map(([path, value]) => `${path}=${escape(textOfValue(value))}`).join('&')}`;
  return hash.length <= mostCharacters ? hash : null;
}

/** Reads a location.hash. Whatever it holds, this does not throw: what is wrong is said in words. */
export function decodeLink(hash: string): Decoded {
  const body = hash.replace(/^#/, '');
  if (body === '') return { kind: 'nothing' };
  const decoded = decode(body);
  if (decoded.kind === 'state') return decoded;
  for (const repaired of repairs(body)) {
    const again = decode(repaired);
    if (again.kind === 'state') return again;
  }
  return decoded;
}

/**
 * What a link that cannot be read may have been before mailers and chats took it over: escaped once more, as HTML or as
 * quoted-printable text, or with the end of the sentence that it stood in.
 */
function repairs(body: string): Set<string> {
  if (body.length > mostCharacters) return new Set();
  const steps: ((text: string) => string)[] = [
    (text) => text.replaceAll(/&(amp|#38|#x26);/gi, '&'),
    withoutEnd,
    (text) => (/^[^=]*%3d/i.test(text) || /%26[a-z]/i.test(text) ? unescaped(text) : text),
    // Only what stands around the name of a field: a value may have the same signs.
    (text) =>
      text.replaceAll(
        /(^|&|%26)([A-Za-z][A-Za-z0-9.]*)(?:%3d|=)/gi,
        (_, before: string, field: string) => `${before === '' ? '' : '&'}${field}=`,
      ),
    (text) => text.replaceAll(/=3d/gi, '='),
  ];
  const found = new Set<string>();
  for (const step of steps) {
    for (const text of [body, ...found]) {
      const next = step(text);
      if (next !== body && next !== '') found.add(next);
    }
  }
  return found;
}

/** Without the signs with which a sentence goes on or ends; sign by sign, since there may be as many as a link has. */
function withoutEnd(text: string): string {
  let end = text.length;
  for (;;) {
    if (/^%(?:20|22|29|2[ce]|3[abef]|5d|7d)$/i.test(text.slice(Math.max(0, end - 3), end))) end -= 3;
    else if (end > 0 && /[\s.,;:!?)\]}>"'*_]/.test(text.charAt(end - 1))) end -= 1;
    else return text.slice(0, end);
  }
}

/** As it is where it cannot be unescaped. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function decode(body: string): Exclude<Decoded, { kind: 'nothing' }> {
  try {
    const { fields, twice } = read(body);
    const { view = {}, ...spec } = fields;
    const parsed = viewSchema.safeParse(view, { reportInput: true });
    if (!parsed.success) throw new SpecError(explainIssues(parsed.error.issues.map(inView), { view }));
    parseSpec(spec);
    if (twice !== undefined) throw new SpecError([`it gives ${twice} twice.`]);
    return { kind: 'state', spec: spec as SpecInput, view: parsed.data };
  } catch (error) {
    if (error instanceof URIError) return { kind: 'problem', text: 'The link is damaged.' };
    if (!(error instanceof SpecError)) throw error;
    return { kind: 'problem', text: `The link does not hold an experiment: ${error.summary}` };
  }
}

/** What is wrong with the view, as a link names its fields. */
const inView = <Issue extends { path: PropertyKey[] }>(issue: Issue): Issue => ({
  ...issue,
  path: ['view', ...issue.path],
});

/** Every field that has no fields of its own, by its path. */
function* settings(fields: object, before = ''): Generator<[path: string, value: unknown]> {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (isFields(value)) yield* settings(value, `${before}${name}.`);
    else yield [before + name, value];
  }
}

/** What a fragment may hold unescaped is left readable. */
const escape = (value: string): string =>
  encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');

type Fields = Record<string, unknown>;

/**
 * The fields of a link, and one that it gives twice; the later value counts, so that what is wrong with it is said first.
 * @throws SpecError, URIError
 */
function read(body: string): { fields: Fields; twice: string | undefined } {
  const parts = body.length <= mostCharacters ? body.split('&') : [];
  if (parts.length === 0 || parts.length > mostFields) {
    throw new SpecError([`it is too long (${body.length} characters); it was not made here.`]);
  }
  const root: Fields = {};
  let twice: string | undefined;
  for (const part of parts) {
    const at = part.indexOf('=');
    const path = part.slice(0, Math.max(0, at)).split('.');
    if (path.length > deepest || !path.every((name) => key.test(name))) {
      throw new SpecError([`${showValue(part.slice(0, 60))} is not of the form FIELD=VALUE.`]);
    }
    const holder = holderOf(root, path, part);
    const last = path.at(-1)!;
    if (Object.hasOwn(holder, last)) twice = path.join('.');
    holder[last] = valueIn(decodeURIComponent(part.slice(at + 1)));
  }
  return { fields: root, twice };
}

function holderOf(root: Fields, path: readonly string[], part: string): Fields {
  let holder = root;
  for (const name of path.slice(0, -1)) {
    if (!Object.hasOwn(holder, name)) holder[name] = {};
    const next = holder[name];
    if (!isFields(next))
      throw new SpecError([`${showValue(part.slice(0, 60))} is in a field that has none.`]);
    holder = next;
  }
  return holder;
}

/** @throws SpecError for JSON that is not clear */
function valueIn(written: string): unknown {
  try {
    return valueOfText(written);
  } catch (error) {
    throw error instanceof JsonError ? new SpecError([`a value is ${error.message}.`]) : error;
  }
}
