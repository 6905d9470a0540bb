/** A call with something that does not fit: the error that refuses it, and words of it. */
export type Refusal = [
  name: string,
  entry: () => unknown,
  kind: typeof TypeError | typeof RangeError,
  words: string,
];

/** Arguments that TypeScript would not let pass. */
export const wrong = (value: unknown): never => value as never;
