import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/**
 * Notes what the app's JavaScript consists of, in contents.txt beside it: each file with its size as it travels, and in
 * it each package and folder with its size before it is compressed. Workers are bundled on their own, by `ofWorkers`.
 */
export function appContents(): { ofPage: Plugin; ofWorkers: Plugin } {
  const files: { name: string; gzipped: number; parts: Map<string, number> }[] = [];
  const note = (bundle: Rolldown.OutputBundle): void => {
    for (const output of Object.values(bundle)) {
      if (output.type !== 'chunk') continue;
      const parts = new Map<string, number>();
      for (const [id, { renderedLength }] of Object.entries(output.modules)) {
        const part = partOf(id);
        parts.set(part, (parts.get(part) ?? 0) + renderedLength);
      }
      files.push({ name: output.fileName, gzipped: gzipSync(output.code, { level: 9 }).length, parts });
    }
  };
  return {
    ofWorkers: { name: 'contents-of-workers', generateBundle: (_, bundle) => note(bundle) },
    ofPage: {
      name: 'contents-of-page',
      apply: 'build',
      generateBundle(_, bundle) {
        note(bundle);
        const largestFirst = files.sort((a, b) => b.gzipped - a.gzipped);
        this.emitFile({ type: 'asset', fileName: 'contents.txt', source: textOf(largestFirst) });
      },
    },
  };
}

/** The package of a module, or the scope of one of many, or its folder among the sources. */
function partOf(id: string): string {
  const inPackage = /.*node_modules\/([^/]+)/.exec(id)?.[1];
  if (inPackage !== undefined) return inPackage;
  return /\/((?:web|src)\/[^/]+|shaders)\//.exec(id)?.[1] ?? 'made by the build';
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1).padStart(7)} kB`;

const textOf = (files: readonly { name: string; gzipped: number; parts: Map<string, number> }[]): string =>
  files
    .map(({ name, gzipped, parts }) =>
      [
        `${kilobytes(gzipped)} gzipped  ${name}`,
        ...[...parts]
          .filter(([, size]) => size > 0)
          .sort((a, b) => b[1] - a[1])
          .map(([part, size]) => `${kilobytes(size)} as written    ${part}`),
        '',
      ].join('\n'),
    )
    .join('\n');
