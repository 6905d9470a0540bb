/** A formula as it was read; `at` is where each part begins, from 1. */
export type Expression =
  | { kind: 'number'; value: number; at: number }
  | { kind: 'name'; name: string; at: number }
  | { kind: 'call'; name: string; args: Expression[]; at: number }
  | { kind: 'sign'; sign: '+' | '-'; of: Expression; at: number }
  | { kind: 'binary'; sign: Sign; left: Expression; right: Expression; at: number };

export type Sign = '+' | '-' | '*' | '/' | '^';

/** A text that is no formula; the message goes on after the text: 'is "x*", …'. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';
}

/** A formula is read by functions that call themselves: what is longer, or deeper in brackets, is none. */
export const mostOfFormula = { characters: 1000, brackets: 64 } as const;

const token =
  /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_][A-Za-z_0-9]*)|(\*\*|[-+*/^(),]))/y;

interface Token {
  text: string;
  kind: 'number' | 'name' | 'sign' | 'end';
  at: number;
}

/**
 * Reads + − * / ^, brackets, numbers, names and calls as mathematics does: −x^2 is −(x²), 2^3^2 is 2^(3²).
 * @throws FormulaError that says at which character it is none.
 */
export function parseExpression(text: string): Expression {
  if (text.length > mostOfFormula.characters) {
    throw new FormulaError(
      `which is too long for a formula (${text.length.toLocaleString('en-US')} characters, of ${mostOfFormula.characters.toLocaleString('en-US')} at most)`,
    );
  }
  const reader = new Reader(tokensOf(text));
  const expression = reader.sum();
  const rest = reader.next;
  if (rest.kind !== 'end') {
    const missing = rest.kind === 'sign' && rest.text !== '(' ? '' : `; a product is written with *`;
    throw new FormulaError(`where "${rest.text}", ${place(rest)}, follows a whole formula${missing}`);
  }
  return expression;
}

const place = ({ at }: { at: number }): string => `at character ${at}`;

function tokensOf(written: string): Token[] {
  const tokens: Token[] = [];
  // The minus sign of print is as good as the hyphen.
  const text = written.replaceAll('−', '-');
  token.lastIndex = 0;
  let end = 0;
  let match: RegExpExecArray | null;
  while ((match = token.exec(text))) {
    end = token.lastIndex;
    const [whole, number, name, sign] = match as (string | undefined)[];
    const read = (number ?? name ?? sign)!;
    const at = end - read.length + 1;
    if (sign === '**')
      throw new FormulaError(`where "**", at character ${at}, is no sign; a power is written with ^`);
    tokens.push({ text: read, kind: number ? 'number' : name ? 'name' : 'sign', at });
    if (whole === '') break;
  }
  const rest = text.slice(end).trimStart();
  const at = text.length - rest.length + 1;
  if (rest !== '') {
    const [odd] = rest;
    throw new FormulaError(`where "${odd}", at character ${at}, has no meaning; the signs are + - * / ^ ( )`);
  }
  tokens.push({ text: '', kind: 'end', at: text.length + 1 });
  return tokens;
}

class Reader {
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token {
    return this.#tokens[this.#at];
  }

  #take(...signs: string[]): Token | null {
    const { kind, text } = this.next;
    return kind === 'sign' && signs.includes(text) ? this.#tokens[this.#at++] : null;
  }

  sum(): Expression {
    let left = this.#product();
    for (let sign; (sign = this.#take('+', '-'));) left = binary(sign, left, this.#product());
    return left;
  }

  #product(): Expression {
    let left = this.#signed();
    for (let sign; (sign = this.#take('*', '/'));) left = binary(sign, left, this.#signed());
    return left;
  }

  #signed(): Expression {
    const sign = this.#take('+', '-');
    return sign
      ? { kind: 'sign', sign: sign.text as '+' | '-', of: this.#signed(), at: sign.at }
      : this.#power();
  }

  #power(): Expression {
    const base = this.#atom();
    const sign = this.#take('^');
    return sign ? binary(sign, base, this.#signed()) : base;
  }

  #atom(): Expression {
    const { kind, text, at } = this.next;
    if (kind === 'number') {
      this.#at++;
      return { kind, value: Number(text), at };
    }
    if (kind === 'name') {
      this.#at++;
      return this.#take('(')
        ? { kind: 'call', name: text, args: this.#arguments(at), at }
        : { kind, name: text, at };
    }
    const open = this.#take('(');
    if (!open) {
      throw new FormulaError(
        kind === 'end'
          ? `which ends, at character ${at}, where a number, x or a bracket is missing`
          : `where "${text}", ${place({ at })}, stands in place of a number, a name or a bracket`,
      );
    }
    const inner = this.#inside(() => this.sum());
    this.#close(open.at);
    return inner;
  }

  #arguments(at: number): Expression[] {
    if (this.#take(')')) return [];
    const args = [this.#inside(() => this.sum())];
    while (this.#take(',')) args.push(this.#inside(() => this.sum()));
    this.#close(at);
    return args;
  }

  #close(opened: number): void {
    if (this.#take(')')) return;
    const { kind, text, at } = this.next;
    const found = kind === 'end' ? 'the end' : `"${text}"`;
    throw new FormulaError(
      `where ${found}, ${place({ at })}, stands before the bracket of character ${opened} is closed`,
    );
  }

  #inside(read: () => Expression): Expression {
    if (++this.#depth > mostOfFormula.brackets) {
      throw new FormulaError(`which has more than ${mostOfFormula.brackets} brackets within brackets`);
    }
    const expression = read();
    this.#depth--;
    return expression;
  }
}

const binary = ({ text, at }: Token, left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  sign: text as Sign,
  left,
  right,
  at,
});
