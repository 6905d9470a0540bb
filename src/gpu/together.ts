/**
 * Readbacks made at once, since each may wait for a slow poll. As Promise.all, but where one rejects, it waits until all are
 * through: none goes on behind, with buffers of its own.
 */
export async function together<const T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
