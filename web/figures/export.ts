import { svgMarkup } from './markup.ts';

/** An SVG file: the element with an XML declaration. */
export function svgToString(svg: SVGSVGElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svgMarkup(svg)}\n`;
}

/**
 * A PNG of a figure on white, `scale` pixels per CSS pixel (2: print and high-density screens).
 * @throws Error where the browser cannot draw the SVG or encode the picture.
 */
export async function svgToPng(svg: SVGSVGElement, scale = 2): Promise<Blob> {
  const width = Number(svg.getAttribute('width'));
  const height = Number(svg.getAttribute('height'));
  const url = URL.createObjectURL(new Blob([svgToString(svg)], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This page has no 2-D canvas to draw a figure on.');
    context.fillStyle = 'white';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob) resolve(blob);
        else reject(new Error(`The browser could not encode a ${canvas.width} × ${canvas.height} PNG.`));
      }, 'image/png');
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
