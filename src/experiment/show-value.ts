/** Entries of a list or fields of an object that are shown; levels below the value; characters of a text, and of all. */
const most = { entries: 8, levels: 3, text: 80, all: 240 };

/** A value as messages quote it: JSON, abridged where it is long or deep, whatever it is and however large. */
export function showValue(value: unknown): string {
  return cut(written(value, most.levels), most.all);
}

/** The name of a field, in a message: as it is where it is plain, else quoted and abridged. */
export const showName = (name: PropertyKey): string =>
  typeof name !== 'string' || /^[\w$.-]{1,60}$/.test(name) ? String(name) : quoted(name);

/** A few of many, with commas: 'a, b, c and 97 more'. */
export function showSome(items: readonly string[], few = most.entries): string {
  const rest = items.length - few;
  return rest > 1
    ? `${items.slice(0, few).join(', ')} and ${rest.toLocaleString('en-US')} more`
    : items.join(', ');
}

function written(value: unknown, levels: number): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'object':
      break;
    case 'bigint':
      return `${value}n`;
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
    default:
      return String(value);
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    const entries = value as unknown[];
    if (levels === 0 && entries.length > 0) return '[…]';
    return `[${listed(entries.slice(0, most.entries), entries.length, (entry) => written(entry, levels - 1))}]`;
  }
  const keys = Object.keys(value);
  if (levels === 0 && keys.length > 0) return '{…}';
  const fields = value as Record<string, unknown>;
  const field = (key: string) => `${quoted(key)}:${written(fields[key], levels - 1)}`;
  return `{${listed(keys.slice(0, most.entries), keys.length, field)}}`;
}

function listed<Item>(shown: readonly Item[], count: number, write: (item: Item) => string): string {
  const rest = count - shown.length;
  const items = shown.map(write);
  return (rest > 0 ? [...items, `… ${rest.toLocaleString('en-US')} more`] : items).join(',');
}

const quoted = (text: string): string => harmless(JSON.stringify(cut(text, most.text)));

/** What a terminal would obey or not show, in JSON's own notation; JSON.stringify leaves these as they are. */
const harmless = (text: string): string =>
  text.replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
