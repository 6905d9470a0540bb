import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the tests import where they run as tests, and what stands for it where they verify a user's adapter. */
const standIns = new Map([
  [here('test/shares.ts'), here('web/verify/shares.ts')],
  [here('test/extent.ts'), here('web/verify/extent.ts')],
]);

/** Has the program tests run in the app: there is no Vitest around them, and they are held to their bounds alone. */
export const verification = (): Plugin => ({
  name: 'first-light:verification',
  enforce: 'pre',
  async resolveId(id, importer, options) {
    if (id === 'vitest') return here('web/verify/vitest.ts');
    if (!id.endsWith('/shares.ts') && !id.endsWith('/extent.ts')) return undefined;
    const found = await this.resolve(id, importer, { ...options, skipSelf: true });
    return found && standIns.get(found.id);
  },
});
