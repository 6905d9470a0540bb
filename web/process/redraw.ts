import type { Drawing, Drawn } from '../../src/experiment/drawing.ts';
import { resultOf } from '../../src/experiment/result-document.ts';
import { claims } from '../../src/theory/claims.ts';
import { svgToString } from '../figures/export.ts';
import { type Figure, defaultSize } from '../figures/frame.ts';
import { fontFamily } from '../figures/palette.ts';
import { runFigures } from '../figures/run-figures.ts';
import { claimsFigures } from '../report/claims-report.ts';
import { openPainter } from './pictures.ts';

/** Draws the figures of a run or of claims again; PNG files come as base64, where something here draws them. */
export async function redraw(drawing: Drawing): Promise<Drawn> {
  const painter = await openPainter();
  const paint = typeof painter === 'string' ? undefined : painter;
  const figures: Drawn['figures'] = [];
  for (const { slug, svg } of figuresOf(drawing)) {
    if (drawing.font !== undefined) svg.setAttribute('font-family', familyOf(drawing.font));
    const [width, height] = ['width', 'height'].map((name) => Number(svg.getAttribute(name)));
    const png = paint ? Buffer.from((await paint(svg)) as Uint8Array).toString('base64') : null;
    figures.push({ slug, width, height, svg: svgToString(svg), png });
  }
  return { figures, withoutPng: typeof painter === 'string' ? painter : null };
}

function figuresOf(drawing: Drawing): Figure[] {
  const { size = defaultSize } = drawing;
  return drawing.kind === 'run'
    ? runFigures(resultOf(drawing.document), size, claims)
    : claimsFigures(drawing.document, claims, drawing.size);
}

/** The family asked for; what it lacks comes from the usual ones. */
const familyOf = (font: string): string => `'${font.replaceAll(/['\\]/g, '')}', ${fontFamily}`;
