import { DataError } from './data-error.ts';

/** Longer fields and records are none of a table of numbers: a quote was not closed, or it is another file. */
const most = { characters: 2 ** 20, fields: 100_000 } as const;

const [lineFeed, carriageReturn, quote] = [0x0a, 0x0d, 0x22];

/**
 * Cuts text that comes in pieces into records as RFC 4180 has them: fields between separators, in quotes where they hold
 * separators, line breaks or (doubled) quotes; lines end on LF, CRLF or CR. A blank line is a record of no fields. Memory: one record.
 */
export class CsvRecords {
  readonly #separator: number;
  readonly #name: string;
  readonly #take: (fields: string[], line: number) => void;
  #state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  #field = '';
  #fields: string[] = [];
  #line = 1;
  /** Where the record and the quote that are open began. */
  #from = 1;
  #quotedFrom = 1;
  #anyQuoted = false;
  #afterReturn = false;

  /**
   * @param name what messages call the file
   * @param take is given every record with the line on which it begins, from 1
   */
  constructor(separator: string, name: string, take: (fields: string[], line: number) => void) {
    this.#separator = separator.charCodeAt(0);
    this.#name = name;
    this.#take = take;
  }

  /** @throws DataError for quotes where none may stand, and for fields and records without end */
  write(text: string): void {
    let from = 0;
    for (let k = 0; k < text.length; k++) {
      const sign = text.charCodeAt(k);
      if (this.#state === 'quoted') {
        if (sign === lineFeed) this.#line++;
        if (sign !== quote) continue;
        this.#field += text.slice(from, k);
        this.#state = 'closed';
      } else if (sign === quote) {
        from = k + 1;
        this.#openQuote();
      } else if (sign === this.#separator || sign === lineFeed || sign === carriageReturn) {
        if (this.#state !== 'closed') this.#field += text.slice(from, k);
        from = k + 1;
        if (sign === this.#separator) this.#endField();
        else if (sign === lineFeed && this.#afterReturn) this.#field = '';
        else this.#endLine();
        this.#afterReturn = sign === carriageReturn;
        continue;
      } else if (this.#state === 'closed') {
        throw this.#wrong('text after the quote that ends a field; double quotes that belong to it');
      } else this.#state = 'plain';
      this.#afterReturn = false;
    }
    if (this.#state !== 'closed') this.#field += text.slice(from);
    this.#requireLength();
  }

  /** The text is at its end. @throws DataError inside of quotes */
  end(): void {
    if (this.#state === 'quoted') throw this.#neverClosed();
    if (this.#state !== 'start' || this.#fields.length > 0) this.#endLine();
  }

  #openQuote(): void {
    if (this.#state === 'plain') throw this.#wrong('a quote within a field that does not begin with one');
    if (this.#state === 'closed') this.#field += '"';
    else this.#quotedFrom = this.#line;
    this.#state = 'quoted';
    this.#anyQuoted = true;
  }

  #endField(): void {
    this.#requireLength();
    this.#fields.push(this.#field);
    this.#field = '';
    this.#state = 'start';
    if (this.#fields.length > most.fields) {
      throw this.#wrong(`more than ${most.fields.toLocaleString('en-US')} fields; is it a table at all?`);
    }
  }

  #endLine(): void {
    this.#endField();
    const fields = this.#fields;
    const blank = fields.length === 1 && fields[0].trim() === '' && !this.#anyQuoted;
    this.#take(blank ? [] : fields, this.#from);
    this.#fields = [];
    this.#anyQuoted = false;
    this.#from = ++this.#line;
  }

  #requireLength(): void {
    if (this.#field.length <= most.characters) return;
    throw this.#state === 'quoted'
      ? this.#neverClosed()
      : this.#wrong('a field of more than a million characters; is it a table at all?');
  }

  #neverClosed(): DataError {
    return new DataError(
      `${this.#name}, line ${this.#quotedFrom}, column ${this.#fields.length + 1}: the quote that begins this field is not closed.`,
    );
  }

  #wrong(what: string): DataError {
    return new DataError(`${this.#name}, line ${this.#line}, column ${this.#fields.length + 1}: ${what}.`);
  }
}
