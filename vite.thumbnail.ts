import type { HtmlTagDescriptor, Plugin } from 'vite';
import { parseSpec } from './src/experiment/parse-spec.ts';
import { drawn, experiment } from './src/reference/experiment.ts';
import { palette } from './web/figures/palette.ts';

/** What a link to the page shows elsewhere, in the pixels that such pictures have, and the icon of its tab. */
const size = { width: 1200, height: 630 } as const;
const icon = 64;

/** So small that float64 on one core has it in a second. */
const spec = parseSpec({
  name: 'thumbnail',
  data: { distribution: 'gaussian', d: 20, n: 200, nTest: 0 },
  network: { width: 64, activation: 'erf' },
  training: { eta: 3, steps: 120, records: 'linear' },
});

const title = 'First Light';
const description =
  'Early in training, a neural network behaves like a linear model. Then it leaves it. See it on your GPU.';

/**
 * Draws the losses of an experiment, computed when the page is built, as the page's icon and as what a link to it shows; of
 * the latter only where this machine can make PNG files.
 */
export const thumbnail = (): Plugin => {
  let hasPicture = false;
  return {
    name: 'thumbnail',
    apply: 'build',
    async buildStart() {
      const losses = lossesOf();
      this.emitFile({ type: 'asset', fileName: 'icon.svg', source: iconOf(losses) });
      const library = await import('@resvg/resvg-js').catch(() => undefined);
      if (!library) return;
      const picture = new library.Resvg(pictureOf(losses), { font: { loadSystemFonts: true } })
        .render()
        .asPng();
      this.emitFile({ type: 'asset', fileName: 'thumbnail.png', source: picture });
      hasPicture = true;
    },
    transformIndexHtml: (html) => ({
      html: html.replace(
        /<link rel="icon"[^>]*>/,
        '<link rel="icon" href="./icon.svg" type="image/svg+xml" />',
      ),
      tags: openGraph(hasPicture),
    }),
  };
};

const openGraph = (hasPicture: boolean): HtmlTagDescriptor[] =>
  [
    ['og:type', 'website'],
    ['og:title', title],
    ['og:description', description],
    ...(hasPicture
      ? [
          ['og:image', './thumbnail.png'],
          ['og:image:width', String(size.width)],
          ['og:image:height', String(size.height)],
          ['twitter:card', 'summary_large_image'],
        ]
      : []),
  ].map(([property, content]) => ({ tag: 'meta', attrs: { property, content }, injectTo: 'head' }));

interface Losses {
  network: number[];
  linear: number[];
}

function lossesOf(): Losses {
  const { records } = experiment(spec, drawn(spec));
  const of = (model: 'network' | 'linear') => records.map(({ train }) => train.losses[model]);
  return { network: of('network'), linear: of('linear') };
}

/** A curve within a box, over the root of t, on which both the early and the late part have room. */
function path(
  losses: readonly number[],
  box: { x: number; y: number; width: number; height: number },
): string {
  const last = Math.sqrt(losses.length - 1);
  const points = losses.map((loss, t) => {
    const x = box.x + (box.width * Math.sqrt(t)) / last;
    return `${x.toFixed(1)},${(box.y + box.height * (1 - loss / losses[0])).toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}

function curves({ network, linear }: Losses, box: Parameters<typeof path>[1], stroke: number): string {
  const line = (losses: readonly number[], colour: string, width: number, opacity: number): string =>
    `<path d="${path(losses, box)}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-opacity="${opacity}" stroke-linecap="round" stroke-linejoin="round"/>`;
  return (
    line(linear, palette.linear.light, 2.6 * stroke, 0.65) + line(network, palette.network.light, stroke, 1)
  );
}

const iconOf = (losses: Losses): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${icon} ${icon}"><rect width="${icon}" height="${icon}" rx="12" fill="#fff"/>${curves(losses, { x: 8, y: 8, width: icon - 16, height: icon - 14 }, 5)}</svg>`;

const pictureOf = (losses: Losses): string => {
  const text = (y: number, size: number, colour: string, words: string): string =>
    `<text x="72" y="${y}" font-family="Liberation Serif, serif" font-size="${size}" fill="${colour}">${words}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}"><rect width="100%" height="100%" fill="#fff"/>${curves(losses, { x: 76, y: 210, width: size.width - 152, height: 360 }, 7)}${text(110, 76, palette.ink.light, title)}${text(168, 36, palette.muted.light, 'Early on, a neural network behaves like a linear model. Then it leaves it.')}</svg>`;
};
