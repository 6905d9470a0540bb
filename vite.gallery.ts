import type { Plugin } from 'vite';
import { galleryPrograms } from './shaders/gallery.ts';
import { indented } from './shaders/parts/indented.ts';
import { type Html, html } from './web/report/html.ts';

/** One file of WGSL, and the page that shows it beside it under the name of the file and .html. */
interface GalleryFile {
  readonly name: string;
  readonly title: string;
  readonly code: string;
  readonly lines: number;
}

const file = (name: string, title: string, code: string): GalleryFile => {
  const text = indented(code);
  return { name, title, code: text, lines: text.trimEnd().split('\n').length };
};

/** What the programs emit, by program: each variant as it is written, and where that differs as adapters are given it. */
const gallery = () =>
  galleryPrograms().map(({ name, about, variants }) => ({
    name,
    about,
    variants: Object.entries(variants).map(([variant, { code, unrolled }]) => {
      const stem = variant === '' ? name : `${name}-${variant}`;
      return {
        variant,
        written: file(`${stem}.wgsl`, stem, code),
        unrolled:
          unrolled === undefined
            ? undefined
            : file(`${stem}-unrolled.wgsl`, `${stem}, its loops over registers unrolled`, unrolled),
      };
    }),
  }));

/** Every file of the gallery by its name: the WGSL, a page for each, and index.html. They ask for nothing from outside. */
export function galleryFiles(): Map<string, string> {
  const programs = gallery();
  const files = new Map([['index.html', indexPage(programs)]]);
  for (const { about, variants } of programs) {
    for (const { written, unrolled } of variants) {
      for (const each of unrolled ? [written, unrolled] : [written]) {
        files.set(each.name, each.code);
        files.set(`${each.name}.html`, codePage(each, about));
      }
    }
  }
  return files;
}

/** The gallery in the folder shaders/ of the app: in its build, and as it is served while one works on it. */
export const shaderGallery = (): Plugin => ({
  name: 'first-light:shader-gallery',
  configureServer({ middlewares }) {
    middlewares.use('/shaders', (request, response, next) => {
      const text = galleryFiles().get(request.url?.slice(1).split('?')[0] ?? '');
      if (text === undefined) {
        next();
        return;
      }
      response.setHeader('Content-Type', request.url?.includes('.html') ? 'text/html' : 'text/plain');
      response.end(text);
    });
  },
  generateBundle() {
    for (const [name, source] of galleryFiles())
      this.emitFile({ type: 'asset', fileName: `shaders/${name}`, source });
  },
});

function indexPage(programs: ReturnType<typeof gallery>): string {
  const link = ({ name, lines }: GalleryFile) => html`<a href="${name}.html">${lines} lines</a>`;
  return page(
    'The shaders of First Light',
    html`<h1>The shaders of First Light</h1>
      <p>
        Everything that First Light computes on a GPU, as the WGSL that its programs emit. Sizes of tiles and
        workgroups are constants at the head of each. Begin with the ladder: five plain matrix products, each
        one idea further than the one before.
      </p>
      <p>
        Adapters are given the loops over a tile’s registers unrolled, since some would put them into memory.
        Both forms compute the same; the one with loops is the one to read.
        <a href="../index.html">To the lab</a>
      </p>
      ${programs.map(
        ({ name, about, variants }) =>
          html`<h2 id="${name}">${name}</h2>
            <p>${about}</p>
            <table>
              <thead>
                <tr>
                  <th scope="col">variant</th>
                  <th scope="col">as written</th>
                  <th scope="col">unrolled</th>
                </tr>
              </thead>
              <tbody>
                ${variants.map(
                  ({ variant, written, unrolled }) =>
                    html`<tr>
                      <th scope="row">${variant === '' ? name : variant}</th>
                      <td>${link(written)}</td>
                      <td>${unrolled ? link(unrolled) : '–'}</td>
                    </tr>`,
                )}
              </tbody>
            </table>`,
      )}`,
  );
}

const codePage = ({ name, title, code }: GalleryFile, about: string): string =>
  page(
    title,
    html`<h1>${title}</h1>
      <p>${about} <a href="${name}" download>The file</a>, <a href="index.html">all shaders</a></p>
      <pre tabindex="0">${code}</pre>`,
  );

const page = (title: string, body: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          body {
            max-width: 60rem;
            margin: 2rem auto;
            padding: 0 1rem;
            font:
              1rem/1.5 Georgia,
              serif;
          }
          table {
            border-collapse: collapse;
          }
          th,
          td {
            padding: 0.1rem 1.5rem 0.1rem 0;
            text-align: left;
            font-weight: normal;
          }
          thead th {
            font-style: italic;
          }
          pre {
            overflow-x: auto;
            font:
              0.85rem/1.45 ui-monospace,
              monospace;
          }
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html>`.markup;
