/** Whether this version of Node runs First Light and can build it: what "engines" in package.json says. */
export function supports(version) {
  const [major, minor] = version.split('.').map(Number);
  return major === 20 ? minor >= 19 : major === 22 ? minor >= 12 : major > 22;
}
