import type { Plugin } from 'vite';

/** What Vite notes of a package that a build holds. */
interface License {
  name: string;
  version: string;
  identifier?: string;
  text?: string;
}

/** Where a build has the licenses of the packages that it holds, as Vite's `build.license` takes it. */
export const noted = { fileName: 'licenses.json' } as const;

/** Writes what Vite notes under `noted` as licenses.md, each text once: there are packages of one license by the dozen. A build that holds none has no such file. */
export const licenses = (): Plugin => ({
  name: 'licenses',
  apply: 'build',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const asset = Object.values(bundle).find(({ fileName }) => fileName === noted.fileName);
      if (asset?.type !== 'asset') return;
      Reflect.deleteProperty(bundle, noted.fileName);
      const packages = new Map<string, string[]>();
      for (const { name, version, identifier, text } of JSON.parse(String(asset.source)) as License[]) {
        const words = text ?? `(${identifier ?? 'no license'}; its package has no text)`;
        packages.set(words, [...(packages.get(words) ?? []), `- ${name} ${version}`]);
      }
      if (packages.size === 0) return;
      const parts = [...packages].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
      this.emitFile({
        type: 'asset',
        fileName: 'licenses.md',
        source: `# Packages in this build, and their licenses\n\n${parts.join('\n---\n\n')}`,
      });
    },
  },
});
