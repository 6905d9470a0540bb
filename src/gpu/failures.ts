/** An error that the device reported, and whom it still concerns. */
interface Failure {
  readonly error: Error;
  /** Whose work was not done (a stream's; a buffer's own, of what is written to it); undefined for a thing not made. */
  readonly by: object | undefined;
  /** The last call made before it was told; Infinity until then. */
  toldAt: number;
}

/** Work on the device, in terms of the things (buffers, bind groups) that it has to do with. */
export interface Work {
  /** Whose it is: work of one does not end well where earlier work did not. */
  by: object;
  /** What it rests on. */
  from: () => Iterable<object>;
  /** Where its results go. */
  to: () => Iterable<object>;
}

/**
 * Which things on a device are not what they should be, and for which first cause. A device reports errors late, and a
 * failed call spoils what is computed from its results: so an error follows them, and is told to who reads one of them or
 * waits for a stream that had to do with them. Nobody else hears of it.
 *
 * A thing that could not be made stays bad. Of work that was not done, an error is told to all who asked before it was
 * first told; who asks later knows that the work has to be done again, and finds its results as they then are.
 *
 * Calls have numbers, and what became of them is entered in their order, so that errors spread as results do.
 */
export class Failures {
  readonly #of = new WeakMap<object, Failure>();
  #calls = 0;
  #any = false;

  /** The number of the next call. */
  number(): number {
    return ++this.#calls;
  }

  /** A thing was made from others, or was not. */
  enterMade(thing: object, from: Iterable<object>, error: Error | null): void {
    if (!error && !this.#any) return;
    const cause = [...from].find((part) => this.has(part));
    const first = cause ? this.#of.get(cause)!.error : error;
    if (first) this.#mark([thing], { error: first, by: undefined, toldAt: Infinity });
  }

  /** Work was done, or was not. */
  enterWork(number: number, { by, from, to }: Work, error: Error | null): void {
    if (!error && !this.#any) return;
    const own = this.#standing(by, number);
    const cause = own ?? [...from()].flatMap((thing) => this.#standing(thing, number) ?? []).at(0);
    const first = cause?.error ?? error;
    if (first) this.#mark([by, ...to()], own?.by ? own : { error: first, by, toldAt: Infinity });
    // What is written again is as good as new.
    else if (this.#of.get(by)?.by === by) this.#of.delete(by);
  }

  #mark(things: Iterable<object>, failure: Failure): void {
    this.#any = true;
    for (const thing of things) if (!this.has(thing)) this.#of.set(thing, failure);
  }

  /** The error that who asked after a thing at this number has to be told. */
  tell(thing: object, number: number): Error | undefined {
    const failure = this.#standing(thing, number);
    if (failure) failure.toldAt = Math.min(failure.toldAt, this.#calls);
    return failure?.error;
  }

  /** Whether a thing could not be made, as far as is known by now. */
  has(thing: object): boolean {
    const failure = this.#of.get(thing);
    return failure !== undefined && !failure.by;
  }

  #standing(thing: object, number: number): Failure | undefined {
    const failure = this.#of.get(thing);
    return failure && (!failure.by || number <= failure.toldAt) ? failure : undefined;
  }
}
