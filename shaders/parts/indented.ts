/**
 * WGSL as it is read: every line as far in as braces and parentheses are open, and no empty line beside another or at the
 * beginning of a block. Lines stay what they are, and the program with them.
 */
export function indented(code: string): string {
  const lines: string[] = [];
  let depth = 0;
  for (const given of code.trim().split('\n')) {
    const line = given.trim();
    const words = line.replace(/\/\/.*$|\/\*.*?\*\//g, '');
    const closesFirst = /^[)}]+/.exec(words)?.[0].length ?? 0;
    if (line === '' && (lines.at(-1) === '' || /[{(]$/.test(lines.at(-1) ?? '{'))) continue;
    if (/^[)}]/.test(words) && lines.at(-1) === '') lines.pop();
    lines.push(line === '' ? '' : '  '.repeat(Math.max(0, depth - closesFirst)) + line);
    depth += count(words, /[{(]/g) - count(words, /[)}]/g);
  }
  return `${lines.join('\n')}\n`;
}

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;
