import { sheet } from './sheet.ts';

/**
 * Formulas as short marked-up strings, written once and set three ways: `*x*` is italic, `_{…}` a subscript, `^{…}` a
 * superscript. Only text of ours is marked up; a user's text never goes through here.
 */
interface Piece {
  text: string;
  italic: boolean;
  shift: 'sub' | 'sup' | null;
}

function parse(markup: string): Piece[] {
  const pieces: Piece[] = [];
  let italic = false;
  let shift: Piece['shift'] = null;
  for (const [token] of markup.matchAll(/\*|_\{|\^\{|\}|[^*_^}]+|[_^]/g)) {
    if (token === '*') italic = !italic;
    else if (token === '_{') shift = 'sub';
    else if (token === '^{') shift = 'sup';
    else if (token === '}' && shift) shift = null;
    else pieces.push({ text: token, italic, shift });
  }
  return pieces;
}

/** Plain Unicode text, for captions in files and for screen readers. */
export function notationToText(markup: string): string {
  const shifted = (sign: string, text: string): string =>
    /^[−\w]+$/.test(text) ? sign + text : `${sign}(${text})`;
  return groups(markup)
    .map(({ text, shift }) => (shift ? shifted(shift === 'sub' ? '_' : '^', text) : text))
    .join('');
}

/** Neighbours of the same shift joined, italics forgotten. */
function groups(markup: string): Pick<Piece, 'text' | 'shift'>[] {
  const joined: Pick<Piece, 'text' | 'shift'>[] = [];
  for (const { text, shift } of parse(markup)) {
    const last = joined.at(-1);
    if (last && last.shift === shift) last.text += text;
    else joined.push({ text, shift });
  }
  return joined;
}

/** HTML with <i>, <sub> and <sup>; everything else escaped. */
export function notationToHtml(markup: string): string {
  return parse(markup)
    .map(({ text, italic, shift }) => {
      const escaped = escapeHtml(text);
      const set = italic ? `<i>${escaped}</i>` : escaped;
      return shift ? `<${shift}>${set}</${shift}>` : set;
    })
    .join('');
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Sets a markup inside an SVG <text> of the given font size (px) as <tspan>s, replacing what it holds. */
export function setNotation(element: SVGTextElement, markup: string, fontSize: number): void {
  element.replaceChildren();
  let raised = 0;
  for (const { text, italic, shift } of parse(markup)) {
    const span = sheet().createElementNS('http://www.w3.org/2000/svg', 'tspan');
    span.textContent = text;
    if (italic) span.setAttribute('font-style', 'italic');
    if (shift) span.setAttribute('font-size', (0.74 * fontSize).toFixed(1));
    const raise = shift === 'sub' ? -0.22 * fontSize : shift === 'sup' ? 0.36 * fontSize : 0;
    // dy moves everything that follows, so each piece takes back what the one before it did.
    if (raise !== raised) span.setAttribute('dy', (raised - raise).toFixed(2));
    raised = raise;
    element.append(span);
  }
}
