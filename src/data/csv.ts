import { BytePieces } from './byte-pieces.ts';
import { CsvRecords } from './csv-records.ts';
import { DataError } from './data-error.ts';
import { quoted } from './npy-header.ts';
import type { StoredArray } from './stored-array.ts';

/** What is to be made of the columns of a table. */
export interface Columns {
  /** The column of labels, by its name or its number from 1; all others are inputs. */
  label?: number | string | undefined;
  /** Columns that are left out. */
  ignore?: readonly (number | string)[] | undefined;
  /** Whether the first line names the columns; where it is not said, the lines tell. */
  header?: boolean | undefined;
  /** Numbers of the words that are labels, from 0 as they come: files that share them give a word the same number. */
  words?: Map<string, number>;
}

/** A table of numbers. */
export interface CsvTable {
  /** The inputs, n × d. */
  array: StoredArray;
  labels: StoredArray | null;
  /** Where the labels are words: the first of them, as the beginning of a message. null where they are numbers. */
  wordAt: string | null;
  /** Names of the inputs in their order; null where no line has them. */
  names: readonly string[] | null;
}

/** More different words than classes are told apart by. */
const mostWords = 1000;
/** A first line is no longer. */
const longestLine = 2 ** 22;

const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
/** As it is written where a comma separates decimals. */
const commaDecimal = /^\s*[+-]?\d*,\d+(?:[eE][+-]?\d+)?\s*$/;
const noNumber = /^\s*(?:[+-]?(?:nan|inf|infinity)|na|n\/a|null|none|missing|\?)?\s*$/i;

const [tab, space] = [0x09, 0x20];
const [lineEnds, marks] = ['\n\r', '0123456789,;\t\n\r'].map(
  (signs) => new Set(Array.from(signs, (sign) => sign.charCodeAt(0))),
);

/**
 * Whether a file begins as a table does: text, in UTF-8 or not, without signs that text has no use for, and with a digit,
 * the end of a field or that of a line.
 */
export function looksLikeTable(head: Uint8Array): boolean {
  // An image of CIFAR-10's class 9 begins with a tab, too.
  if (head[0] === tab && !head.some((byte) => lineEnds.has(byte))) return false;
  return (
    head.every((byte) => byte >= space || byte === tab || lineEnds.has(byte)) &&
    head.some((byte) => marks.has(byte))
  );
}

/**
 * Reads a table in CSV (RFC 4180; separated by commas, semicolons or tabs; UTF-8, with or without a byte order mark), with or
 * without a line of names: one row a point, every entry a finite number but for labels, which may be words. A line of
 * names is one that has a word where the line below has a number, or words alone. Blank lines are no rows; in a table of
 * one column, one above a row stands for a missing number. Memory: eight bytes a number, and one record.
 * @param name what messages call the file
 * @throws DataError naming line and column of what is wrong
 */
export async function readCsv(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  columns: Columns = {},
): Promise<CsvTable> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const table = new Table(name, columns);
  let records: CsvRecords | undefined;
  /** What comes before the separator is known. */
  let head = '';
  const take = (text: string, last: boolean): void => {
    if (!records) {
      head += text;
      const line = firstLine(head);
      if (line === undefined && !last && head.length < longestLine) return;
      table.separator = separatorOf(line ?? head);
      records = new CsvRecords(table.separator, name, (fields, at) => table.take(fields, at));
      text = head;
    }
    records.write(text);
    if (last) records.end();
  };
  for await (const chunk of chunks)
    take(
      decoded(() => decoder.decode(chunk, { stream: true }), name),
      false,
    );
  take(
    decoded(() => decoder.decode(), name),
    true,
  );
  return table.end();
}

function decoded(decode: () => string, name: string): string {
  try {
    return decode();
  } catch {
    throw new DataError(`${name} is text, but not in UTF-8. Save it in UTF-8.`);
  }
}

/** The first line that is not empty, up to its end outside of quotes; undefined where that has not come. */
function firstLine(text: string): string | undefined {
  const start = /^[\r\n]*/.exec(text)![0].length;
  let inQuotes = false;
  for (let k = start; k < text.length; k++) {
    const sign = text.charAt(k);
    if (sign === '"') inQuotes = !inQuotes;
    else if (!inQuotes && (sign === '\n' || sign === '\r')) return text.slice(start, k);
  }
  return undefined;
}

/** Tabs and semicolons are seldom in names; commas are, and in numbers. */
const separatorNames: Readonly<Record<string, string>> = { '\t': 'tabs', ';': 'semicolons', ',': 'commas' };
const separators = Object.keys(separatorNames);

function separatorOf(line: string): string {
  const bare = line.replaceAll(/"[^"]*"/g, '');
  return separators.find((sign) => bare.includes(sign)) ?? ',';
}

/** A record and where it begins. */
interface Row {
  fields: readonly string[];
  line: number;
  /** The first of the blank lines above it, if there are any. */
  blank: number | undefined;
}

/** Takes the records of a table, one after the other. */
class Table {
  readonly #name: string;
  readonly #columns: Columns;
  /** What the first line separates fields by. */
  separator = ',';
  /** The first record, as long as it is not known whether it has names. */
  #first: Row | undefined;
  /** The first of the blank lines that have come since the last record. */
  #blank: number | undefined;
  #plan: Plan | undefined;
  readonly #inputs = new BytePieces();
  readonly #labels = new BytePieces();
  #row = new Float64Array();
  readonly #label = new Float64Array(1);
  readonly #words: Map<string, number>;
  #rows = 0;
  #wordAt: string | null = null;

  constructor(name: string, columns: Columns) {
    this.#name = name;
    this.#columns = columns;
    this.#words = columns.words ?? new Map<string, number>();
  }

  take(fields: readonly string[], line: number): void {
    if (fields.length === 0) {
      this.#blank ??= line;
      return;
    }
    const row = { fields, line, blank: this.#blank };
    this.#blank = undefined;
    if (!this.#plan && !this.#first) {
      this.#first = row;
      return;
    }
    this.#enter(this.#plan ?? this.#begin(this.#first!, fields), row);
  }

  end(): CsvTable {
    if (!this.#plan && this.#first) this.#begin(this.#first, []);
    const plan = this.#plan;
    if (!plan || this.#rows === 0) {
      throw new DataError(
        `${this.#name} has ${plan ? 'a line of names, but no rows' : 'no lines'}; give a table with at least one row.`,
      );
    }
    const [n, d] = [this.#rows, plan.inputs.length];
    return {
      array: stored([n, d], this.#inputs),
      labels: plan.label === undefined ? null : stored([n], this.#labels),
      wordAt: this.#wordAt,
      names: plan.names && plan.inputs.map((k) => plan.names![k]),
    };
  }

  /** The first record says how many columns there are, and perhaps, by the one below, their names. */
  #begin(first: Row, below: readonly string[]): Plan {
    const header = this.#columns.header ?? hasNames(first.fields, below);
    this.#plan = planOf(first.fields, header, this.#columns, this.#name);
    this.#row = new Float64Array(this.#plan.inputs.length);
    if (!header) this.#enter(this.#plan, first);
    return this.#plan;
  }

  #enter({ inputs, label, width, names }: Plan, { fields, line, blank }: Row): void {
    if (fields.length !== width) {
      throw (
        this.#otherwiseSeparated(fields, line, width) ??
        new DataError(
          `${this.#name}, line ${line}: ${fields.length} fields, but the first line has ${width}; every row needs the same.`,
        )
      );
    }
    const at = (k: number): string => placeOf(this.#name, line, k, names);
    if (width === 1 && blank !== undefined) throw missing('', placeOf(this.#name, blank, 0, names));
    for (let j = 0; j < inputs.length; j++) {
      const value = numberOf(fields[inputs[j]]);
      if (!Number.isFinite(value)) {
        const text = fields[inputs[j]];
        throw this.#otherwiseSeparated(fields, line, width, text) ?? noNumberAt(text, at(inputs[j]), width);
      }
      this.#row[j] = value;
    }
    this.#inputs.append(new Uint8Array(this.#row.buffer));
    if (label !== undefined) {
      this.#label[0] = this.#labelOf(fields[label], () => at(label), width);
      this.#labels.append(new Uint8Array(this.#label.buffer));
    }
    this.#rows++;
  }

  /** What is wrong with a line that is cut rightly by another sign than the first one is, which stands in a field of it. */
  #otherwiseSeparated(
    fields: readonly string[],
    line: number,
    width: number,
    field = fields.join(this.separator),
  ): DataError | undefined {
    // A comma that separates decimals may cut a line rightly, too.
    if (fields.some((text) => commaDecimal.test(text))) return undefined;
    const whole = fields.join(this.separator);
    const other = separators.find(
      (sign) => sign !== this.separator && field.includes(sign) && whole.split(sign).length === width,
    );
    if (other === undefined) return undefined;
    return new DataError(
      `${this.#name}, line ${line}: ${separatorNames[other]} separate its fields, but ${separatorNames[this.separator]} those of the first line; every line needs the same.`,
    );
  }

  /** A number, or that of a word: as the first row has it, so must all. */
  #labelOf(text: string, at: () => string, width: number): number {
    if (this.#rows === 0 && isWord(text)) {
      this.#wordAt = `${at()}: ${quoted(text)} is not a number`;
    }
    if (this.#wordAt === null) {
      const value = numberOf(text);
      if (!Number.isFinite(value)) throw noNumberAt(text, at(), width);
      return value;
    }
    const word = text.trim();
    if (word === '') throw missing(text, at());
    const number = this.#words.get(word) ?? this.#words.size;
    if (number >= mostWords) {
      throw new DataError(
        `${at()}: ${quoted(word)} is one more word than the ${mostWords} that are told apart as classes. Is data.label the right column?`,
      );
    }
    this.#words.set(word, number);
    return number;
  }
}

/** Which columns are read, by their indices. */
interface Plan {
  width: number;
  names: readonly string[] | null;
  inputs: number[];
  label: number | undefined;
}

function planOf(
  fields: readonly string[],
  header: boolean,
  { label, ignore = [] }: Columns,
  name: string,
): Plan {
  const names = header ? fields.map((field) => field.trim()) : null;
  const indexOf = (field: string, column: number | string): number => {
    if (typeof column === 'number') {
      if (column <= fields.length) return column - 1;
      throw new DataError(`${field} is ${column}, but ${name} has ${fields.length} columns.`);
    }
    if (!names) {
      throw new DataError(
        `${field} is ${quoted(column)}, but no line of ${name} names its columns; give the number of one, 1 to ${fields.length}.`,
      );
    }
    const index = names.indexOf(column);
    if (index < 0) {
      const known = names.slice(0, 20).map(quoted).join(', ');
      throw new DataError(
        `${field} is ${quoted(column)}, but ${name} has no such column; there are ${known}${names.length > 20 ? ', …' : ''}.`,
      );
    }
    if (names.lastIndexOf(column) > index) {
      throw new DataError(
        `${field} is ${quoted(column)}, but ${name} has more than one column of this name; give its number, from 1.`,
      );
    }
    return index;
  };
  const labelAt = label === undefined ? undefined : indexOf('data.label', label);
  const without = new Set(ignore.map((column) => indexOf('data.ignore', column)));
  if (labelAt !== undefined && without.has(labelAt)) {
    throw new DataError(
      `data.label is ${quoted(String(label))}, which data.ignore leaves out; remove it there.`,
    );
  }
  const inputs = fields.flatMap((_, k) => (k === labelAt || without.has(k) ? [] : [k]));
  const nameless = names ? inputs.find((k) => names[k] === '') : undefined;
  if (nameless !== undefined) {
    throw new DataError(
      `${name} has no name for column ${nameless + 1}, which is how pandas writes the numbers of rows. Leave it out with "ignore": [${nameless + 1}], or write the table with index=False.`,
    );
  }
  if (inputs.length === 0) {
    throw new DataError(
      `${name} has no column for inputs beside ${label === undefined ? 'those that are left out' : 'that of labels'}.`,
    );
  }
  return { width: fields.length, names, inputs, label: labelAt };
}

const isNumber = (text: string): boolean => decimal.test(text);
const isWord = (text: string): boolean => !isNumber(text) && !commaDecimal.test(text) && !noNumber.test(text);

/** Whether a line names columns, by the line below: a line of words alone is no row, as inputs are numbers. */
const hasNames = (line: readonly string[], below: readonly string[]): boolean =>
  line.every(isWord) ||
  line.some(
    (text, k) =>
      // pandas leaves the name of the rows' numbers out.
      (isWord(text) || text.trim() === '') && (isNumber(below[k] ?? '') || commaDecimal.test(below[k] ?? '')),
  );

/** "data.csv, line 7, column 3 (age)" */
const placeOf = (name: string, line: number, index: number, names: readonly string[] | null): string =>
  `${name}, line ${line}, column ${index + 1}${names ? ` (${quoted(names[index]).slice(1, -1)})` : ''}`;

/** NaN where it is none. */
const numberOf = (text: string): number => (decimal.test(text) ? Number(text) : Number.NaN);

function noNumberAt(text: string, at: string, width: number): DataError {
  if (noNumber.test(text)) return missing(text, at);
  if (decimal.test(text)) {
    return new DataError(`${at}: ${quoted(text)} is beyond the numbers that float64 has.`);
  }
  let remedy =
    'Columns that are none are left out with data.ignore; words are read in the column that data.label names.';
  if (commaDecimal.test(text)) remedy = 'Write decimals with a point.';
  else if (width === 1) {
    remedy =
      'Labels that are words are read in a table of the inputs, from the column that data.label names.';
  }
  return new DataError(`${at}: ${quoted(text)} is not a number. ${remedy}`);
}

const missing = (text: string, at: string): DataError =>
  new DataError(
    `${at}: ${text.trim() === '' ? 'there is nothing' : `${quoted(text)} stands`} where a finite number is needed. Remove such rows, or fill them in.`,
  );

const stored = (shape: readonly number[], bytes: BytePieces): StoredArray => {
  const rowBytes = 8 * (shape[1] ?? 1);
  return {
    shape,
    unit: 1,
    rows: (first, count) => new Float64Array(bytes.copy(first * rowBytes, (first + count) * rowBytes).buffer),
  };
};
