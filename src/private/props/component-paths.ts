/** The function's own components: places in a manifest → the words of `addComponent`. */
import { kindOf } from './component-kinds';
import type { ComponentOptions } from '../../component-options';
import type { Move } from '../function/readers';
import type { Path } from '../problem/problem';

export function componentMoves(components: { readonly [name: string]: ComponentOptions } = {}): Move[] {
  return Object.entries(components).flatMap(([name, options]) => movesOf(name, options));
}

/** Metadata is a list in a component, and two maps in its options. */
function movesOf(name: string, options: ComponentOptions): Move[] {
  const { metadata = {}, secrets = {} } = options;
  const kind = kindOf(options);
  if (kind === undefined) return [];
  const to: Path = [`addComponent(${JSON.stringify(name)})`];
  const entry: Path = ['serving', kind === 'state' ? 'states' : kind, name];
  const spec = kind === 'state' ? [...entry, 'spec'] : entry;
  const plain = Object.keys(metadata);
  const settings = [
    ...plain.map((key): Path => [...to, 'metadata', key]),
    ...Object.keys(secrets).map((key): Path => [...to, 'secrets', key]),
  ];
  return [
    [entry, to],
    [spec, to],
    [[...spec, 'type'], [...to, 'componentType']],
    [[...spec, 'auth'], to],
    ...settings.flatMap((place, index): Move[] => {
      const from = [...spec, 'metadata', index];
      return [
        [from, place],
        [[...from, 'name'], place],
        [[...from, 'value'], place],
        [[...from, 'secretKeyRef'], place],
        [[...from, 'secretKeyRef', 'name'], [...place, 'secret']],
      ];
    }),
  ];
}
