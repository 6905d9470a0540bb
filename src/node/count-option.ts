import { InvalidArgumentError } from 'commander';

/** Reads the integer of an option. @throws InvalidArgumentError for anything else, and for what is beyond exact integers. */
export const count = (least: number) => (text: string) => {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new InvalidArgumentError(
    value > Number.MAX_SAFE_INTEGER
      ? `It must be at most ${Number.MAX_SAFE_INTEGER}.`
      : `It must be an integer, at least ${least}.`,
  );
};
