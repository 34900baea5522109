/** `completion`: prints a script with which a shell completes commands, options and their words. */
import { Argument, Command } from 'commander';
import { AddCommand, examples, EXIT } from './command';

const SHELLS = { bash, zsh, fish };

export const addCompletion: AddCommand = (program, { out }, done) => {
  const command = program.command('completion')
    .description('print a script that completes this command in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS) => {
      out(SHELLS[shell](entriesOf(program)));
      done(EXIT.ok);
    });
  examples(command, [
    ['completion bash >> ~/.bashrc', 'for bash'],
    ['completion zsh >> ~/.zshrc', 'for zsh'],
    ['completion fish > ~/.config/fish/completions/cdk8s-openfunction.fish', 'for fish'],
  ]);
};

interface Flag {
  readonly names: readonly string[];
  readonly text: string;
  /** That may follow it. */
  readonly words: readonly string[];
}

/** A command, by the words that lead to it, and what may follow. */
interface Entry {
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly text: string }[];
  readonly flags: readonly Flag[];
  readonly words: readonly string[];
}

function entriesOf(command: Command, path = ''): Entry[] {
  const entry: Entry = {
    path,
    commands: command.commands.map((sub) => ({ name: sub.name(), text: sub.description() })),
    flags: command.options.map((option) => ({
      names: [option.short, option.long].filter((name) => name !== undefined && name !== null),
      text: option.description,
      words: option.argChoices ?? [],
    })),
    words: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  };
  return [entry, ...command.commands.flatMap((sub) => entriesOf(sub, `${path} ${sub.name()}`.trim()))];
}

const NAME = 'cdk8s-openfunction';

/** Words of the line so far lead to a command; after an option with words, these follow. */
function bash(entries: readonly Entry[]): string {
  const cases = entries.map(({ path, commands, flags, words }) => {
    const follow = [...commands.map(({ name }) => name), ...words, ...flags.flatMap(({ names }) => names), '--help'];
    return `    '${path}') words='${follow.join(' ')}' ;;`;
  });
  const values = entries.flatMap(({ path, flags }) => flags.flatMap(({ names, words }) => (
    words.length === 0 ? []
      : [`    ${names.map((name) => `'${path} ${name}'`).join('|')}) words='${words.join(' ')}' ;;`]
  )));
  return [
    '_cdk8s_openfunction() {',
    '  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path= words= word',
    // Of --format=json, bash makes three words.
    '  if [ "$current" = = ]; then current=; elif [ "$previous" = = ]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi',
    // Without the inner $((…)), zsh would read :C as a modifier.
    '  for word in "${COMP_WORDS[@]:1:$((COMP_CWORD-1))}"; do',
    '    case "${path:+$path }$word" in',
    `      ${entries.slice(1).map(({ path }) => `'${path}'`).join('|')}) path="\${path:+$path }$word" ;;`,
    '    esac',
    '  done',
    '  case "$path $previous" in',
    ...values,
    '    *) case "$path" in',
    ...cases,
    '    esac ;;',
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    `complete -o default -F _cdk8s_openfunction ${NAME}`,
    '',
  ].join('\n');
}

function zsh(entries: readonly Entry[]): string {
  const start = 'type compdef > /dev/null || { autoload -U compinit && compinit; }';
  return `${start}\nautoload -U +X bashcompinit && bashcompinit\n${bash(entries)}`;
}

function fish(entries: readonly Entry[]): string {
  const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const lines = entries.flatMap(({ path, commands, flags, words }) => {
    const names = path.split(' ').filter((name) => name !== '');
    const seen = names.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
    const none = commands.map(({ name }) => name).join(' ');
    const conditions = [seen, none === '' ? '' : `not __fish_seen_subcommand_from ${none}`];
    const atStart = conditions.filter((part) => part !== '').join('; and ');
    const start = `complete -c ${NAME}${atStart === '' ? '' : ` -n ${quoted(atStart)}`}`;
    const optionsStart = `complete -c ${NAME}${seen === '' ? '' : ` -n ${quoted(seen)}`}`;
    return [
      ...commands.map(({ name, text }) => `${start} -f -a ${name} -d ${quoted(text)}`),
      ...words.map((word) => `${start} -f -a ${word}`),
      ...flags.map(({ names: forms, text, words: values }) => [
        optionsStart,
        ...forms.map((form) => (form.startsWith('--') ? `-l ${form.slice(2)}` : `-s ${form.slice(1)}`)),
        ...(values.length > 0 ? [`-x -a ${quoted(values.join(' '))}`] : []),
        `-d ${quoted(text)}`,
      ].join(' ')),
    ];
  });
  return `${[...lines, `complete -c ${NAME} -s h -l help -d 'display help'`].join('\n')}\n`;
}
