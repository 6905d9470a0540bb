let chosen: Document | undefined;

/** Has figures drawn in this document from now on: where there is no page, one of a library for the DOM. */
export function drawIn(document: Document): void {
  chosen = document;
}

/** The document that figures are drawn in: the page's, unless drawIn has named another. */
export const sheet = (): Document => chosen ?? document;
