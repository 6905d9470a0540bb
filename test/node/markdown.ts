import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

/** A block of code in a page: ```LANGUAGE NAME, or ```LANGUAGE not-run: REASON. */
export interface CodeBlock {
  language: string;
  /** The file that it is, where a page's commands use it. */
  name: string;
  /** Why it is not run; undefined where it is. */
  notRun: string | undefined;
  code: string;
}

export interface Page {
  /** From the project's folder on. */
  path: string;
  text: string;
  blocks: CodeBlock[];
}

const fence = /^```([^\s`]*)[ ]?(.*)\n([\s\S]*?)^```$/gm;

/** What a reader of the project reads, page by page. */
export const pages: Page[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'bench/README.md',
  ...readdirSync(fileURLToPath(new URL('docs', root)))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map((path) => {
  const text = readFileSync(new URL(path, root), 'utf8');
  return { path, text, blocks: [...text.matchAll(fence)].map(([, ...parts]) => blockOf(parts)) };
});

function blockOf([language, info, code]: string[]): CodeBlock {
  const notRun = /^not-run: (.+)$/.exec(info)?.[1];
  return { language, name: notRun === undefined ? info : '', notRun, code };
}

/** The rest of a page, without its blocks of code. */
export const proseOf = ({ text }: Page): string => text.replaceAll(fence, '');
