/** The largest share of each bound that was used since the last time somebody took them, by the bound's label. */
let used = new Map<string, number>();

/** What test/shares.ts is to the tests where they verify an adapter: shares are noted, and held to nothing recorded. */
export function expectUsualShare(label: string, share: number): void {
  used.set(label, Math.max(used.get(label) ?? 0, share));
}

/** The largest share of all, and forgets them. */
export function takeLargestShare(): { label: string; used: number } | null {
  const largest = [...used].reduce<[string, number] | null>(
    (best, entry) => (best === null || entry[1] > best[1] ? entry : best),
    null,
  );
  used = new Map();
  return largest && { label: largest[0], used: largest[1] };
}
