import { ShaderError } from './errors.ts';

/** A word of WGSL (an identifier, a number or one sign of punctuation) and the index in the text where it begins. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

// The line breaks, the blank space and the identifiers of the WGSL specification, section 3.
const lineBreak = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;
const blank = /[\t\n\v\f\r \u0085\u200e\u200f\u2028\u2029]+|\/\/[^\n\v\f\r\u0085\u2028\u2029]*/y;
const word = /[\p{XID_Start}_]\p{XID_Continue}*|[0-9][\p{XID_Continue}.]*|./suy;
const integer = /^(0[xX][0-9a-fA-F]+|[0-9]+)[iu]?$/;

/** The words of a text of WGSL that compiles, without its comments and without what functions do: their braces are empty. */
export function wordsOf(code: string): Word[] {
  const words: Word[] = [];
  let isFunction = false;
  for (let at = 0; at < code.length;) {
    blank.lastIndex = word.lastIndex = at;
    if (code.startsWith('/*', at)) at = endOfBlock(code, at, '/*', '*/');
    else if (blank.test(code)) at = blank.lastIndex;
    else {
      const text = word.exec(code)![0];
      words.push({ text, at });
      at = isFunction && text === '{' ? endOfBlock(code, at, '{', '}') - 1 : word.lastIndex;
      isFunction = text === 'fn' || (isFunction && text !== '{');
    }
  }
  return words;
}

/** Where a block ends that begins here with `opening`. Blocks nest, comments too. */
function endOfBlock(code: string, begin: number, opening: string, closing: string): number {
  const edge = opening === '{' ? /[{}]|\/\*|\/\/[^\n\v\f\r\u0085\u2028\u2029]*/g : /\/\*|\*\//g;
  edge.lastIndex = begin;
  let depth = 0;
  for (let found = edge.exec(code); found; found = edge.exec(code)) {
    if (found[0] === opening) depth++;
    else if (found[0] === closing) depth--;
    else if (found[0] === '/*') edge.lastIndex = endOfBlock(code, found.index, '/*', '*/');
    if (depth === 0) return edge.lastIndex;
  }
  return code.length;
}

/** The whole number that a literal is; undefined of any other word. */
export function wholeNumber({ text }: Word): number | undefined {
  const digits = integer.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A shader as the compiler takes it and Program does not: where, by line and column from 1, which words, and why. */
export function notUnderstood(label: string, code: string, words: readonly Word[], why: string): ShaderError {
  const { at } = words[0];
  const breaks = [...code.slice(0, at).matchAll(lineBreak)];
  const last = breaks.at(-1);
  const begin = last ? last.index + last[0].length : 0;
  const line = code.slice(begin).split(lineBreak, 1)[0];
  const { at: lastAt, text: lastText } = words[words.length - 1];
  const quoted = code.slice(at, lastAt + lastText.length).replace(/\s+/g, ' ');
  return new ShaderError(
    `The shader ${label} compiles, but Program does not understand it.\n  line ${breaks.length + 1}:${at - begin + 1}: ${quoted}: ${why}\n    ${line}`,
  );
}

/** Reads words one after the other. */
export class WordReader {
  readonly #words: readonly Word[];
  #next = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  get done(): boolean {
    return this.#next >= this.#words.length;
  }

  /** The next word. What compiles never ends within a declaration. */
  take(): Word {
    return this.#words[this.#next++];
  }

  /** Takes the next word where it is this one. */
  takes(text: string): Word | undefined {
    return this.#words[this.#next]?.text === text ? this.take() : undefined;
  }

  /**
   * The words up to the first of these signs that stands in no brackets, which is taken too, or up to the end. In types, <
   * and > are brackets but within parentheses, where they compare.
   */
  upTo(ends: string, where: 'type' | 'expression'): Word[] {
    const begin = this.#next;
    const open: string[] = [];
    for (; !this.done; this.#next++) {
      const { text } = this.#words[this.#next];
      const within = open.at(-1);
      if (within === undefined && ends.includes(text)) return this.#words.slice(begin, this.#next++);
      const opens = text === '<' ? where === 'type' && (within ?? '>') === '>' : closings.has(text);
      if (opens) open.push(closings.get(text)!);
      else if (text === within) open.pop();
    }
    return this.#words.slice(begin);
  }
}

const closings = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['<', '>'],
]);
