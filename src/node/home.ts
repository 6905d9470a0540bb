import { homedir, tmpdir } from 'node:os';

/** The user's home; the folder for temporary files where there is none (in a container, a user with a number alone). */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}

/** Where programs of this user keep what they can do without. */
export const cacheFolder = (env: NodeJS.ProcessEnv = process.env, home = homeFolder()): string =>
  env['XDG_CACHE_HOME'] || env['LOCALAPPDATA'] || `${home}/.cache`;
