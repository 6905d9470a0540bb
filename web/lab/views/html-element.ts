/** An element with its class and what it holds. */
export function htmlElement<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = '',
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** The same with markup of figures/notation.ts, already turned to HTML, inside. */
export function htmlMarked<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  html: string,
): HTMLElementTagNameMap[Name] {
  const element = htmlElement(name, className);
  element.innerHTML = html;
  return element;
}
