import type { Command } from 'commander';

/**
 * The options of a command as the user typed them, in order, without those named in `without`; no option has to be known
 * here to be passed on.
 * @param args What follows the command's name.
 */
export function typedOptions(
  { options }: Pick<Command, 'options'>,
  args: readonly string[],
  without: readonly string[],
): string[] {
  const typed: string[] = [];
  for (let k = 0; k < args.length && args[k] !== '--'; k++) {
    const [name] = args[k].split('=', 1);
    const option = options.find(({ long, short }) => name === long || args[k] === short);
    if (!option) continue; // an argument
    const words = option.required && name === args[k] ? 2 : 1;
    if (!without.includes(name)) for (const word of args.slice(k, k + words)) typed.push(word);
    k += words - 1;
  }
  return typed;
}
