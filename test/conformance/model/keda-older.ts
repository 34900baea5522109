// What an older release of KEDA reads of a scaler's parameters. Not all of its scalers have tags yet, so a name that
// nothing in the scaler's code mentions is one that it does not read.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { filesBelow } from './catalogue-sources';

type Mentions = (parameter: string) => boolean;

/** By type of scaler. A value of a closed list is `mode=QueueLength`. */
export function olderScalers(folder: string): ReadonlyMap<string, Mentions> {
  const scalers = join(folder, 'pkg', 'scalers');
  const files = filesBelow(scalers, '.go').filter((name) => !name.endsWith('_test.go')).map((name) => ({ name, text: readFileSync(join(scalers, name), 'utf8') }));
  const builder = readFileSync(join(folder, 'pkg', 'scaling', 'scalers_builder.go'), 'utf8');
  return new Map([...builder.matchAll(/case "([\w-]+)":\s*\n\s*return scalers\.(\w+)\(/g)].map(([, type, constructor]): [string, Mentions] => {
    const main = files.find(({ text }) => text.includes(`func ${constructor}(`));
    if (main === undefined) throw new Error(`no code of the scaler ${type}`);
    const family = /^[a-z0-9]+_/.exec(main.name)?.[0] ?? main.name;
    // Files of other scalers are left out, and packages that this one does not call.
    const isRead = ({ name }: { name: string }): boolean => (name.includes('/')
      ? new RegExp(`\\b(aws|gcp|azure|${basename(dirname(name))})(utils)?\\.`).test(main.text)
      : name.startsWith(family) || name === 'scaler.go');
    const text = files.filter(isRead).map((file) => file.text).join('\n');
    return [type, (parameter) => isMentioned(parameter, text)];
  }));
}

function isMentioned(parameter: string, text: string): boolean {
  const word = parameter.split('=').pop();
  return new RegExp(`"${word}(FromEnv)?"|(name|enum)=[^",\`]*\\b${word}\\b`).test(text);
}
