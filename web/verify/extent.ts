// What test/extent.ts is to the tests where they verify an adapter.

let every = true;

/** Whether every tile is tried, of which an adapter takes some, for each use alike. */
export const everyTile = (): boolean => every;
export const everyRun = true;

/** Before any test is loaded. */
export function tryEveryTile(complete: boolean): void {
  every = complete;
}
