import { expect, test } from 'vitest';
import { Random } from './random.ts';

/** Something that reads what others wrote. */
export interface Reader<Input> {
  /** What it reads. */
  name: string;
  seed: number;
  /** How many inputs it is given. */
  inputs: number;
  make: (random: Random) => Input;
  /** Reads one; where it is accepted, checks what must hold of what came of it. */
  read: (input: Input) => unknown;
  /** The classes of error with which it may refuse an input; anything else is a fault. */
  refusals: readonly (abstract new (...args: never[]) => Error)[];
}

/** A refusal says what is wrong, however long the input. */
const longestMessage = 6000;
const mostShown = 4000;

/**
 * A test that gives a reader its inputs. It fails where one is met with another error than a refusal, or with a refusal
 * that floods the screen; that input is printed. It fails, too, where all inputs were accepted, or all refused: then they
 * are not what finds faults.
 */
export function fuzz<Input>({ name, seed, inputs, make, read, refusals }: Reader<Input>): void {
  test(`${name}: ${inputs} inputs`, { timeout: 240_000 }, async () => {
    const ends = { accepted: 0, refused: 0 };
    for (let k = 0; k < inputs; k++) {
      const input = make(new Random(seed * 1_000_003 + k));
      try {
        await read(input);
        ends.accepted++;
      } catch (error) {
        const refused = refusals.some((refusal) => error instanceof refusal);
        if (!refused || (error as Error).message.length > longestMessage) {
          throw new Error(`${name}, input ${k} of seed ${seed}: ${written(input)}`, { cause: error });
        }
        ends.refused++;
      }
    }
    console.log(`${name}: ${ends.accepted} accepted, ${ends.refused} refused`);
    expect(Math.min(ends.accepted, ends.refused)).toBeGreaterThan(0);
  });
}

/** An input as it can be given again. */
function written(input: unknown): string {
  const text =
    input instanceof ArrayBuffer
      ? [...new Uint8Array(input)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
      : (safely(() => JSON.stringify(input)) ?? String(input));
  return text.length <= mostShown ? text : `${text.slice(0, mostShown)}… (${text.length} characters)`;
}

function safely<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
