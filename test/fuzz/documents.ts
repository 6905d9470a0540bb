import type { Random } from './random.ts';

/** Texts that have made trouble elsewhere: names of an object's own machinery, markup, other scripts, half characters. */
const texts = [
  '',
  ' ',
  '0',
  '-',
  '.5',
  '1e400',
  'NaN',
  'null',
  'true',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'erf',
  'd/10',
  'ceil(d^1.25)',
  '<img src=x onerror=alert(1)>',
  '\u001b[2J',
  '\u0000',
  '漢字 ü 🙂',
  '\ud83d',
  '\u202eabc',
  'a/../b',
  '%E0%A4%A',
  'x'.repeat(5000),
] as const;

const numbers = [
  0,
  -0,
  1,
  -1,
  2,
  3,
  0.5,
  1e-7,
  5e-324,
  1e-170,
  1e15,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e21,
  1e308,
  -1e308,
  NaN,
  Infinity,
  -Infinity,
] as const;

export const oddText = (random: Random): string => random.pick(texts);
export const oddNumber = (random: Random): number => random.pick(numbers);

/** What a document may hold where something else is meant. */
export function oddValue(random: Random): unknown {
  switch (random.below(9)) {
    case 0:
      return random.pick([null, true, false, undefined]);
    case 1:
    case 2:
      return oddText(random);
    case 3:
      return [];
    case 4:
      return {};
    case 5:
      return Array.from({ length: random.pick([1, 3, 100, 3000]) }, () => oddNumber(random));
    case 6:
      return nested(random.pick([3, 20, 200, 20_000]), random.chance(0.5));
    default:
      return oddNumber(random);
  }
}

function nested(levels: number, lists: boolean): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = lists ? [value] : { a: value };
  return value;
}

type Holder = Record<string, unknown> | unknown[];

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null;

/** Where a value of a document is: in `holder`, under `key`. */
interface Place {
  holder: Record<string, unknown>;
  key: string;
}

/** Every place of a document, those below the first levels of deep nesting left out. */
function places(document: Holder, levels = 6): Place[] {
  return Object.keys(document)
    .slice(0, 50)
    .flatMap((key) => {
      const holder = document as Record<string, unknown>;
      const value = holder[key];
      return [{ holder, key }, ...(levels > 0 && isHolder(value) ? places(value, levels - 1) : [])];
    });
}

/** A copy of a document with one to three changes at random places. */
export function mutated(random: Random, document: Holder, others: readonly Holder[] = [document]): unknown {
  const copy = structuredClone(document);
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const all = places(copy);
    if (all.length === 0) break;
    const { holder, key } = random.pick(all);
    const value = holder[key];
    switch (random.below(9)) {
      case 0:
        Reflect.deleteProperty(holder, key);
        break;
      case 1:
        holder[key] = [value, ...(random.chance(0.5) ? [value] : [])];
        break;
      case 2:
        holder[key] = { [random.pick([key, 'kind', 'from', 'values'])]: value };
        break;
      case 3: // another field's value
        holder[key] = structuredClone(random.pick(all.map((place) => place.holder[place.key])));
        break;
      case 4: {
        // what the same field is elsewhere, or another field
        const found = places(structuredClone(random.pick(others)));
        const alike = found.filter((place) => place.key === key);
        const { holder: from, key: name } = random.pick(alike.length > 0 ? alike : found);
        holder[key] = from[name];
        break;
      }
      case 5:
        define(holder, random.pick([oddText(random), key.toUpperCase(), `${key} `]), value);
        break;
      case 6:
        holder[key] =
          typeof value === 'number' ? value * random.pick([-1, 0.1, 10, 1e6, 1e12]) : oddValue(random);
        break;
      default:
        holder[key] = oddValue(random);
    }
  }
  return random.chance(0.01) ? oddValue(random) : copy;
}

/** Sets a field of its own, whatever its name. */
function define(holder: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
}

/** JSON, or what was JSON until characters of it were lost, doubled, moved or added. */
export function mutatedText(random: Random, text: string): string {
  let changed = text;
  for (let changes = random.below(3); changes > 0; changes--) {
    const from = random.below(changed.length + 1);
    const to = Math.min(changed.length, from + random.below(random.pick([2, 30, changed.length + 1])));
    const piece = changed.slice(from, to);
    const insertion = random.pick([
      '',
      piece + piece,
      random.pick([
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        '\n',
        '//',
        '/*',
        '\u00a0',
        '\ufeff',
        "'",
        '&',
        '=',
      ]),
      oddText(random),
      '['.repeat(random.pick([10, 150, 30_000])),
      String(oddNumber(random)),
    ]);
    changed = changed.slice(0, from) + insertion + changed.slice(to);
  }
  return changed;
}
