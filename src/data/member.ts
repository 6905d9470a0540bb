/** A path, and the array of a .npz file that is meant where the path ends on "#NAME". */
export function splitMember(path: string): { file: string; member: string | undefined } {
  const found = /^(.*\.npz)#([^#]+)$/is.exec(path);
  return { file: found ? found[1] : path, member: found?.[2] };
}
