import { fileURLToPath } from 'node:url';

/** Builds what is not built, once for all files, so that no test is charged for it. */
export async function setup(): Promise<void> {
  const builder = new URL('../../bin/build.js', import.meta.url);
  const { buildIfStale } = (await import(builder.href)) as { buildIfStale: (root: string) => Promise<void> };
  await buildIfStale(fileURLToPath(new URL('../..', import.meta.url)));
}
