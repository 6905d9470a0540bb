import katex from 'katex';
import type { Plugin } from 'vite';

/**
 * Sets the formulas of .tex files at build time, with MathML beside the HTML for those who listen, so that no code of
 * KaTeX's ships; and of its style sheet's fonts only the woff2 files, which every browser reads.
 */
export const formulas = (): Plugin => ({
  name: 'first-light:formulas',
  enforce: 'pre',
  config: () => ({
    build: { assetsInlineLimit: (file: string) => (file.endsWith('.woff2') ? false : undefined) },
  }),
  transform(text, id) {
    if (id.endsWith('.tex'))
      return { code: `export default ${JSON.stringify(setFormulas(text))};`, map: null };
    if (/katex(\.min)?\.css$/.test(id)) return { code: onlyWoff2(text), map: null };
    return null;
  },
});

/** Lines of a number and a formula; those that begin with % are comments. */
function setFormulas(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('%'));
  return Object.fromEntries(
    lines.map((line) => {
      const [, number, latex] = /^(\d+)\s+(.+)$/.exec(line)!;
      return [number, katex.renderToString(latex, { output: 'htmlAndMathml', throwOnError: true })];
    }),
  );
}

const onlyWoff2 = (css: string): string =>
  css.replaceAll(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\(["'](?:woff|truetype)["']\)/g, '');
