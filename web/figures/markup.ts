const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};
/** To a thousandth of a pixel: the last digits of a logarithm differ from one version of V8 to the next. */
const rounded = (value: string): string =>
  value.replaceAll(/\d+\.\d{4,}(?![\de])/g, (number) => String(Number(Number(number).toFixed(3))));

const escaped = (text: string, what: RegExp): string => text.replaceAll(what, (sign) => escapes[sign]);

/**
 * A drawing as XML, attributes in alphabetical order. Ours, because a run's figures shall be the same bytes wherever they are
 * drawn, and libraries for the DOM write HTML and keep attributes in an order of theirs.
 */
export function svgMarkup(svg: SVGSVGElement): string {
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return markupOf(svg);
}

function markupOf({ localName, attributes, childNodes }: Element): string {
  const written = [...attributes]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => ` ${name}="${escaped(rounded(value), /[&<>"\t\n\r]/g)}"`)
    .join('');
  const inside = [...childNodes]
    .map((node) =>
      node.nodeType === 1 /* an element */
        ? markupOf(node as Element)
        : escaped(node.textContent ?? '', /[&<>]/g),
    )
    .join('');
  return inside === '' ? `<${localName}${written}/>` : `<${localName}${written}>${inside}</${localName}>`;
}
