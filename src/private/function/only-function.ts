/** A YAML file, or a YAML text, that holds one Function and nothing else. */
import type { Problem } from '../problem/problem';
import { ProblemsError } from '../problem/problems-error';
import { readPaths } from '../yaml/read-paths';
import { readYaml, YamlDocument } from '../yaml/read-yaml';

export function yamlFileWithFunction(path: string): YamlDocument {
  return only(path, readPaths([path]).flatMap(({ content, file }) => readYaml(content, file)));
}

export function yamlTextWithFunction(text: string): YamlDocument {
  return only('yaml', readYaml(text, 'yaml'));
}

function only(where: string, documents: readonly YamlDocument[]): YamlDocument {
  const problems = documents.flatMap((document) => document.problems);
  if (problems.length === 0 && documents.length !== 1) problems.push(notOne(documents.length));
  if (problems.length > 0) throw new ProblemsError([{ where, problems }]);
  return documents[0];
}

function notOne(count: number): Problem {
  const message = `holds ${count} objects; one Function is expected, OpenFunctionManifests takes several`;
  return { severity: 'error', path: [], message };
}
