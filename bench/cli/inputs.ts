/** Folders of functions, and a Helm chart that gives their objects. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { functionManifest } from '../synth/functions';

const KINDS = 8;
/** Every tenth function of the two folders has another image. */
const CHANGED = 10;

export function writeFunctions(folder: string, size: number, tag: string): void {
  mkdirSync(folder, { recursive: true });
  for (let index = 0; index < size; index++) {
    const text = stringify(functionManifest(index));
    writeFileSync(join(folder, `fn-${index}.yaml`), index % CHANGED === 0 ? text.replace(':1.2.3', `:${tag}`) : text);
  }
}

/** Documents in a stable order, without what Helm says about where they are from. */
export function documentsOf(stream: string): string[] {
  return stream.split(/^---\n/m).map((text) => text.replace(/^# Source: .*\n/, '')).filter((text) => text.trim() !== '').sort();
}

/** A template for each kind of function over the names of its functions; what functions share is a file. */
export function writeChart(folder: string, rendered: string, size: number): void {
  mkdirSync(join(folder, 'templates'), { recursive: true });
  mkdirSync(join(folder, 'files'));
  writeFileSync(join(folder, 'Chart.yaml'), stringify({ apiVersion: 'v2', name: 'bench', version: '1.0.0' }));
  const names = (kind: number) => Array.from({ length: size }, (_, index) => index).filter((index) => index % KINDS === kind).map((index) => `fn-${index}`);
  writeFileSync(join(folder, 'values.yaml'), stringify(Object.fromEntries(Array.from({ length: KINDS }, (_, kind) => [`kind${kind}`, names(kind)]))));
  const documents = documentsOf(rendered);
  const ownerOf = (text: string) => /\bfn-(\d+)\b/.exec(text)?.[1];
  for (let kind = 0; kind < Math.min(KINDS, size); kind++) {
    const own = documents.filter((text) => ownerOf(text) === String(kind));
    const body = own.map((text) => `---\n${text.replaceAll(new RegExp(`\\bfn-${kind}\\b`, 'g'), '{{ . }}')}`).join('');
    writeFileSync(join(folder, 'templates', `kind${kind}.yaml`), `{{- range .Values.kind${kind} }}\n${body}{{- end }}\n`);
  }
  const shared = documents.filter((text) => ownerOf(text) === undefined);
  writeFileSync(join(folder, 'files', 'shared.yaml'), shared.join('---\n'));
  writeFileSync(join(folder, 'templates', 'shared.yaml'), '{{ .Files.Get "files/shared.yaml" }}');
}
