/** A YAML file that holds one Function and nothing else. */
import { readYaml, YamlDocument } from './read-yaml';
import { ProblemsError } from '../problems-error';

export function onlyFunction(content: Buffer, file: string): YamlDocument {
  const documents = readYaml(content, file);
  const problems = documents.flatMap((document) => document.problems);
  if (problems.length > 0) throw new ProblemsError([{ where: file, problems }]);
  if (documents.length !== 1) {
    throw new ProblemsError([{
      where: file,
      problems: [{
        severity: 'error',
        path: [],
        message: `holds ${documents.length} objects; one Function is expected, `
      + 'OpenFunctionManifests takes several',
      }],
    }]);
  }
  return documents[0];
}
