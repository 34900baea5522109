// The scripts for shells; that for bash runs in bash.
import { spawnSync } from 'node:child_process';
import { command } from '../support/command-line';

const scriptFor = async (shell: string) => (await command('completion', shell)).out;

/** What bash offers for a line; the last word is being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const line = ['cdk8s-openfunction', ...words];
  const quoted = line.map((word) => `'${word}'`).join(' ');
  const call = `COMP_WORDS=(${quoted}); COMP_CWORD=${line.length - 1}; _cdk8s_openfunction; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', `${await scriptFor('bash')}\n${call}`], { encoding: 'utf8' });
  expect([stderr, status]).toEqual(['', 0]);
  return stdout.split('\n').filter((word) => word !== '');
}

test('bash completes commands, options and their words', async () => {
  expect(await offered('re')).toEqual(['render', 'report']);
  expect(await offered('render', '--p')).toEqual(['--platform', '--proxy-image', '--prune']);
  expect(await offered('validate', 'functions/', '--format', '')).toEqual(['text', 'json', 'sarif', 'github', 'junit']);
  expect(await offered('diff', '--format', 'm')).toEqual(['markdown']);
  expect(await offered('proxy-image', '')).toEqual(['tag', 'context', 'build', 'push', '--help']);
  expect(await offered('proxy-image', 'build', '--tool', 'p')).toEqual(['podman']);
  expect(await offered('schema', 'pl')).toEqual(['platform']);
  expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish', '--help']);
  // No words of ours: bash completes files.
  expect(await offered('render', '--platform', 'x')).toEqual([]);
});

test('bash completes after =, which it takes for a word', async () => {
  expect(await offered('validate', '--format', '=')).toEqual(['text', 'json', 'sarif', 'github', 'junit']);
  expect(await offered('validate', '--format', '=', 's')).toEqual(['sarif']);
});

test('zsh runs the same script in its mode for bash, whether it has loaded its own completion or not', async () => {
  expect(await scriptFor('zsh')).toBe([
    'type compdef > /dev/null || { autoload -U compinit && compinit; }', 'autoload -U +X bashcompinit && bashcompinit', await scriptFor('bash'),
  ].join('\n'));
});

test('fish has a line for each command and option', async () => {
  const lines = (await scriptFor('fish')).split('\n');
  const start = 'complete -c cdk8s-openfunction';
  expect(lines.filter((line) => line.includes('explain') && line.includes('-a explain'))).toEqual([
    expect.stringMatching(/^complete -c cdk8s-openfunction -n 'not __fish_seen_subcommand_from init render .*' -f -a explain -d '/) as string,
  ]);
  expect(lines).toContain(`${start} -n '__fish_seen_subcommand_from render' -s o -l output -d 'write one file per object instead'`);
  expect(lines).toContain(`${start} -n '__fish_seen_subcommand_from report' -l format -x -a 'text markdown json mermaid' -d 'format of the report'`);
  expect(lines).toContain(`${start} -n '__fish_seen_subcommand_from schema' -f -a platform`);
});
