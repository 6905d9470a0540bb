/** What begins a loop that is to be unrolled. */
const head = /@unroll for \(var (\w+) = 0u; (\w+) < (\w+); (\w+)\+\+\) \{/;

/**
 * WGSL in which every loop `@unroll for (var i = 0u; i < COUNT; i++) { … }` is as many copies of its body as it has turns.
 * COUNT is a number like `4u` or a `const` of the text. Without its `@unroll`, which is no WGSL, the same loop computes the
 * same: see `rolled`.
 *
 * It is for loops over sums that have to be in registers. A register has no number that a program could compute, so that
 * an array that is indexed by what is known only when it runs lies in memory, and on a processor a product that is summed
 * there takes ten times as long. Compilers for GPUs unroll short loops by themselves, SwiftShader does not. Other loops
 * stay loops: long text takes long to compile.
 *
 * @throws SyntaxError where a loop marked `@unroll` is not written like that.
 */
export const unrolled = (code: string): string => expand(code, (count) => turns(code, count));

/** The same text as WGSL with all its loops, to be read. */
export const rolled = (code: string): string => code.replaceAll('@unroll for', 'for');

function expand(code: string, turnsOf: (count: string) => number): string {
  const found = head.exec(code);
  if (!found) return requireNone(code);
  const [text, index, compared, count, stepped] = found;
  if (compared !== index || stepped !== index) {
    throw new SyntaxError(`"${text}" cannot be unrolled: it has to compare and step ${index}.`);
  }
  const begin = found.index + text.length;
  const end = closingBrace(code, begin);
  const body = expand(code.slice(begin, end).trim(), turnsOf);
  const copies = Array.from({ length: turnsOf(count) }, (_, turn) => copyOf(body, index, turn));
  return requireNone(code.slice(0, found.index)) + copies.join('\n') + expand(code.slice(end + 1), turnsOf);
}

function requireNone(code: string): string {
  const at = code.indexOf('@unroll');
  if (at < 0) return code;
  const line = code.slice(at).split('\n', 1)[0];
  throw new SyntaxError(
    `"${line}" cannot be unrolled: write "@unroll for (var i = 0u; i < COUNT; i++) {", where COUNT is a number or a const.`,
  );
}

function closingBrace(code: string, from: number): number {
  let depth = 1;
  for (let at = from; at < code.length; at++) {
    if (code[at] === '{') depth++;
    if (code[at] === '}' && --depth === 0) return at;
  }
  throw new SyntaxError(`"${code.slice(from).trim().split('\n', 1)[0]}" is in a loop that does not end.`);
}

function turns(code: string, count: string): number {
  const number = /^\d+u$/.test(count) ? count : new RegExp(`\\bconst ${count} = (\\d+)u;`).exec(code)?.[1];
  if (number === undefined) throw new SyntaxError(`No "const ${count} = …u;" says how often to unroll.`);
  return parseInt(number);
}

/** One turn, in a scope of its own where it declares something; comments stand in the first one only. */
function copyOf(body: string, index: string, turn: number): string {
  const said = turn === 0 ? body : body.replace(/\s*\/\/.*$/gm, '');
  const text = said.replace(new RegExp(`(?<![.\\w])${index}\\b`, 'g'), `${turn}u`);
  return /^\s*(let|var|const) /m.test(text) ? `{\n${text}\n}` : text;
}
