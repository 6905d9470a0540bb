import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** An environment in which the command line can write nothing into files whose path has `part` in it. */
export function fullDisk(folder: string, part: string): Record<string, string> {
  const module = join(folder, 'full-disk.mjs');
  writeFileSync(
    module,
    `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const { openSync, writeSync } = fs;
  const full = new Set();
  fs.openSync = (path, ...rest) => {
    const file = openSync(path, ...rest);
    if (String(path).includes(${JSON.stringify(part)})) full.add(file);
    return file;
  };
  fs.writeSync = (file, ...rest) => {
    if (!full.has(file)) return writeSync(file, ...rest);
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  syncBuiltinESMExports();
`,
  );
  return { NODE_OPTIONS: `--import ${pathToFileURL(module).href}` };
}
