import { z } from 'zod';
import { isFields, minimalSpec } from '../../src/experiment/minimal-spec.ts';
import { SpecError, explainIssues } from '../../src/experiment/spec-error.ts';
import { type Spec, type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { axisNames } from './views/axes.ts';

const viewSchema = z.strictObject({
  /** The step that the cursor stands at; without it, the newest. */
  step: z.int().min(0).optional(),
  /** The tab in front. */
  tab: z
    .string()
    .regex(/^[a-z][a-z-]{0,30}$/)
    .optional(),
  /** Axes that were switched. */
  axes: z.partialRecord(z.enum(axisNames), z.enum(['linear', 'log'])).optional(),
  /** Steps a second; null for as fast as the device goes. */
  speed: z.number().positive().max(1e6).nullable().optional(),
});

/** What is on the screen beside the experiment. */
export type ViewState = z.output<typeof viewSchema>;

export interface LinkState {
  spec: SpecInput;
  view: ViewState;
}

export type Decoded =
  { kind: 'nothing' } | ({ kind: 'state' } & LinkState) | { kind: 'problem'; text: string };

/** Longer links do not survive chats and mail; and nobody's link is so long by accident. */
const mostCharacters = 16_384;
const mostFields = 200;
const key = /^[A-Za-z][A-Za-z0-9]{0,40}$/;
const deepest = 5;
const damaged = 'The link is damaged';

/**
 * The state as a location.hash: the fields of the spec that are not as by default, and those of the view under "view",
 * as FIELD=VALUE with dots between the keys, as --set takes them.
 * @returns null where it would be too long, for example with a long list in it
 */
export function encodeLink({ spec, view }: { spec: Spec; view: ViewState }): string | null {
  const fields = [...settings({ ...minimalSpec(spec), view: viewSchema.parse(view) })];
  const hash = `#${fields.map(([path, value]) => `${path}=${escape(text(value))}`).join('&')}`;
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
    (text) => text.replace(/([\s.,;:!?)\]}>"'*_]|%(20|22|29|2[ce]|3[abef]|5d|7d))+$/i, ''),
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
    const { view = {}, ...spec } = read(body);
    const parsed = viewSchema.safeParse(view, { reportInput: true });
    if (!parsed.success) throw new SpecError(explainIssues(parsed.error.issues, view));
    parseSpec(spec);
    return { kind: 'state', spec: spec as SpecInput, view: parsed.data };
  } catch (error) {
    if (!(error instanceof SpecError)) return { kind: 'problem', text: `${damaged}.` };
    const [first, ...more] = error.problems;
    const rest = more.length > 0 ? ` (And ${more.length} more.)` : '';
    return { kind: 'problem', text: `The link does not hold an experiment: ${first.slice(0, 300)}${rest}` };
  }
}

/** Every field that has no fields of its own, by its path. */
function* settings(fields: object, before = ''): Generator<[path: string, value: unknown]> {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (isFields(value)) yield* settings(value, `${before}${name}.`);
    else yield [before + name, value];
  }
}

/** Text as it is, unless it could be taken for JSON. */
const text = (value: unknown): string =>
  typeof value === 'string' && !isJson(value) ? value : JSON.stringify(value);

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

/** What a fragment may hold unescaped is left readable. */
const escape = (value: string): string =>
  encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');

type Fields = Record<string, unknown>;

/** @throws SpecError, URIError */
function read(body: string): Fields {
  const parts = body.length <= mostCharacters ? body.split('&') : [];
  if (parts.length === 0 || parts.length > mostFields) {
    throw new SpecError([`it is too long (${body.length} characters); it was not made here.`]);
  }
  const root: Fields = {};
  for (const part of parts) {
    const at = part.indexOf('=');
    const path = part.slice(0, Math.max(0, at)).split('.');
    if (path.length > deepest || !path.every((name) => key.test(name))) {
      throw new SpecError([`${JSON.stringify(part.slice(0, 60))} is not of the form FIELD=VALUE.`]);
    }
    put(root, path, valueOf(decodeURIComponent(part.slice(at + 1))), part);
  }
  return root;
}

function put(root: Fields, path: readonly string[], value: unknown, part: string): void {
  let holder = root;
  for (const name of path.slice(0, -1)) {
    if (!Object.hasOwn(holder, name)) holder[name] = {};
    const next = holder[name];
    if (!isFields(next))
      throw new SpecError([`${JSON.stringify(part.slice(0, 60))} is in a field that has none.`]);
    holder = next;
  }
  holder[path.at(-1)!] = value;
}

function valueOf(written: string): unknown {
  return isJson(written) ? (JSON.parse(written) as unknown) : written;
}
