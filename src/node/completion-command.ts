import type { Command, Option } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;

type Shell = (typeof shells)[number];

/** What a command is completed with. */
interface Completions {
  command: string;
  summary: string;
  /** Words that may stand for its argument. */
  words: readonly string[];
  options: readonly Option[];
}

/**
 * The script that completes commands, options, their choices and names of presets in a shell, made of the commands as
 * they are.
 * @param wordsOf names that may be given to a command, beside files
 */
export function completionScript(
  shell: Shell,
  program: Command,
  wordsOf: (command: string) => readonly string[],
): string {
  const commands = program.commands.map((command): Completions => ({
    command: command.name(),
    summary: command.summary(),
    words: [
      ...wordsOf(command.name()),
      ...command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
    ],
    options: command.options.filter(({ hidden }) => !hidden),
  }));
  if (shell === 'fish') return fish(commands);
  // zsh understands bash's completions.
  return `${shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}${bash(commands)}`;
}

const takesValue = (option: Option): boolean => option.required || option.optional;

function bash(commands: readonly Completions[]): string {
  const values = commands.flatMap(({ command, options }) =>
    options
      .filter(takesValue)
      .map(({ long, argChoices = [] }) => `    ${command}:${long}) words='${argChoices.join(' ')}' ;;`),
  );
  const words = commands.map(
    ({ command, words: named, options }) =>
      `    ${command}:*) words='${[...named, ...options.map(({ long }) => long), '--help'].join(' ')}' ;;`,
  );
  return `# Completion of first-light; for one session: source <(first-light completion bash)
_first_light() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words
  local command=\${COMP_WORDS[1]}
  if [ "$COMP_CWORD" -eq 1 ]; then command= previous=; fi
  case "$command:$previous" in
    :) words='${[...commands.map(({ command }) => command), '--help', '--version'].join(' ')}' ;;
${[...values, ...words].join('\n')}
  esac
  # Where nothing fits, files are completed.
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _first_light first-light
`;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fish(commands: readonly Completions[]): string {
  const lines = commands.flatMap(({ command, summary, words, options }) => {
    const here = `complete -c first-light -n '__fish_seen_subcommand_from ${command}'`;
    return [
      `complete -c first-light -n __fish_use_subcommand -f -a ${command} -d ${quoted(summary)}`,
      ...(words.length > 0 ? [`${here} -a ${quoted(words.join(' '))}`] : []),
      ...options.map((option) => {
        const value = option.argChoices ? ` -x -a ${quoted(option.argChoices.join(' '))}` : ' -r';
        const name = option.long!.replace(/^--/, '');
        return `${here} -l ${name}${takesValue(option) ? value : ''} -d ${quoted(option.description)}`;
      }),
    ];
  });
  return `# Completion of first-light: first-light completion fish > ~/.config/fish/completions/first-light.fish\n${lines.join('\n')}\n`;
}
