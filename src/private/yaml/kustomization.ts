/** A kustomization → the files that it does not take as objects: patches, configurations, contents of ConfigMaps. */
import { decodeText } from './decode-text';
import { toPlain } from './yaml-plain';
import { YamlSource } from './yaml-source';
import { isObject, objectsIn, Json } from '../kubernetes/json';

/** As written there; none for a file that cannot be read. */
export function filesBesideObjects(content: Buffer): string[] {
  const decoded = decodeText(content, '');
  if ('problem' in decoded) return [];
  const value = firstIn(decoded.text);
  if (!isObject(value)) return [];
  const { patches, patchesJson6902, replacements, configMapGenerator, secretGenerator, openapi } = value;
  const paths = [patches, patchesJson6902, replacements].flatMap((list) => objectsIn(list).map(([{ path }]) => path));
  const generators = [configMapGenerator, secretGenerator].flatMap((list) => objectsIn(list).map(([each]) => each));
  const contents = generators.flatMap(({ files, envs, env }) => [...texts(files), ...texts(envs), env]);
  const lists = ['patchesStrategicMerge', 'configurations', 'transformers', 'generators', 'validators'];
  return [
    ...texts(paths),
    ...texts(contents).map((file) => file.replace(/^[^=]*=/, '')),
    ...lists.flatMap((field) => texts(value[field])),
    ...texts([isObject(openapi) ? openapi.path : undefined]),
  ];
}

function texts(list: Json | undefined | (Json | undefined)[]): string[] {
  const items: unknown[] = Array.isArray(list) ? list : [];
  return items.filter((item) => typeof item === 'string');
}

function firstIn(text: string): Json | undefined {
  try {
    for (const [document] of new YamlSource(text, '').documents()) return toPlain(document.contents) as Json;
  } catch {
    // It is skipped in any case.
  }
  return undefined;
}
