/** A YAML file, or its text, that holds one Function and nothing else. */
import type { Problem } from '../problem/problem';
import { ProblemsError } from '../problem/problems-error';
import { readPaths } from '../yaml/read-paths';
import { readYaml, YamlDocument } from '../yaml/read-yaml';

/** A text has line breaks, which no path of a manifest has. */
export function onlyFunction(pathOrText: string): YamlDocument {
  const isText = pathOrText.includes('\n');
  const path = isText ? 'yaml' : pathOrText;
  const documents = isText
    ? readYaml(pathOrText, path)
    : readPaths([path]).flatMap(({ content, file }) => readYaml(content, file));
  const problems = documents.flatMap((document) => document.problems);
  if (problems.length === 0 && documents.length !== 1) problems.push(notOne(documents.length));
  if (problems.length > 0) throw new ProblemsError([{ where: path, problems }]);
  return documents[0];
}

function notOne(count: number): Problem {
  const message = `holds ${count} objects; one Function is expected, OpenFunctionManifests takes several`;
  return { severity: 'error', path: [], message };
}
