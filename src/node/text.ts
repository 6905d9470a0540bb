import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Whether a stream shows colours: a terminal, and the user has not set NO_COLOR (no-color.org). */
const coloured = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';

export const paint = (style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string =>
  coloured(stream) ? styleText(style, text) : text;

/** Text of a user's with what would steer the terminal shown instead of sent: ESC as \\x1b; line breaks stay. */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (sign) => {
    if (sign === '\n' || sign === '\t') return sign;
    const code = sign.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });

/** A duration as people say it: "0.8 s", "12 s", "3 min 05 s", "2 h 10 min". */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Four significant digits, in at most 8 characters: 0.2571, 12.30, 1.2e-5. */
export function short(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value === 0 || !Number.isFinite(value)) return String(value).replace('Infinity', '∞');
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e4) return value.toExponential(1).replace('e+', 'e');
  return size < 1 ? value.toFixed(4) : value.toPrecision(4);
}

/** A parameter, to four digits and without trailing zeros: 5, 0.5, 39.12. */
export const plain = (value: number): string => String(Number(value.toPrecision(4)));

/** An integer with its thousands apart: 20,000. */
export const grouped = (value: number): string => value.toLocaleString('en-US');

/** Text without its line breaks. */
export const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

/** Breaks text at spaces into lines of at most `width` characters, later ones indented. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

/** Text in at most `width` columns: "…" stands for its end, from whole words on, so that no number is shown as another. */
export function fitted(text: string, width: number): string {
  if (text.length <= width) return text;
  const start = text.slice(0, width - 1);
  const words = start.replace(/\s+\S*$/, '');
  return words === start ? `${start.replace(/[\ud800-\udbff]$/, '')}…` : `${words} …`;
}

/** A row of a table: its label, and its cells beside it, or below where the label is wider than its column. */
export function tableRow(label: string, width: number, cells: string): string {
  const text = printable(label);
  if (text.length <= width) return (text.padEnd(width) + cells).trimEnd();
  const [indent] = /^ */.exec(text)!;
  const above = wrap(text.trimStart(), 80 - indent.length, `${indent}  `);
  return `${indent}${above}\n${(''.padEnd(width) + cells).trimEnd()}`;
}
