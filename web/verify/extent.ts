/** What test/extent.ts is to the tests where they verify an adapter: whether every tile is tried for every product … */
export let everyTile = true;
/** … and every kind of whole run. */
export const everyRun = true;

/** Before any test is loaded. */
export function tryEveryTile(every: boolean): void {
  everyTile = every;
}
