/** A value in the words of an error: of what is no number or text, what it is. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'number' || value === null || value === undefined) return `${value as number}`;
  const made = typeof value === 'object' ? (value as { constructor?: { name: string } }).constructor : null;
  const kind = made?.name ?? typeof value;
  if (kind === 'Promise') return 'a Promise, which is to be awaited';
  return `${/^[aeio]/i.test(kind) ? 'an' : 'a'} ${kind}`;
}

/** @throws RangeError where the value is a number, and not what is needed; else TypeError. */
export function refuse(what: string, needed: string, value: unknown): never {
  const message = `${what} must be ${needed}; it is ${shown(value)}.`;
  throw typeof value === 'number' ? new RangeError(message) : new TypeError(message);
}

/** @throws TypeError where the value is no number; RangeError where it is no whole number from `least` to `most`. */
export function requireWhole(
  what: string,
  value: number,
  least = 0,
  most: number = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `at least ${least}` : `from ${least} to ${most}`;
  refuse(what, `a whole number, ${range}`, value);
}

/** @throws TypeError where the value is no number; RangeError where it is not finite, or less than `least`. */
export function requireFinite(what: string, value: number, least = -Infinity): void {
  if (Number.isFinite(value) && value >= least) return;
  const range = least === -Infinity ? '' : `, at least ${least}`;
  refuse(what, `a finite number${range}`, value);
}

/** @throws TypeError where the value is no instance of the class; `remedy`: how to get one. */
export function requireInstance<T>(
  kind: abstract new (...parts: never[]) => T,
  what: string,
  value: T,
  remedy = '',
): void {
  if (value instanceof kind) return;
  throw new TypeError(`${what} must be a ${kind.name}; it is ${shown(value)}.${remedy && ` ${remedy}`}`);
}

/** @throws RangeError where two sizes that belong together differ. */
export function requireSame(what: string, size: number, of: string, expected: number): void {
  if (size !== expected) throw new RangeError(`${what} is ${size}; it must be that of ${of}, ${expected}.`);
}

/** @throws TypeError where entries for a device are anything else but float32. */
export function requireFloats(what: string, entries: Float32Array): void {
  requireInstance(
    Float32Array,
    `What is written to ${what}`,
    entries,
    'Convert it with Float32Array.from(…).',
  );
}
