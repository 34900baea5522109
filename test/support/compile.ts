/** What the compiler says of programs that are texts, none of which is on the disk. */
import * as path from 'node:path';
import * as ts from 'typescript';

/** Errors of each program, in the order of the files. */
export function diagnosticsOf(files: ReadonlyMap<string, string>, options: ts.CompilerOptions): (readonly ts.Diagnostic[])[] {
  const host = ts.createCompilerHost(options, true);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => files.has(path.normalize(file)) || fileExists(file);
  host.readFile = (file) => files.get(path.normalize(file)) ?? readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const text = files.get(path.normalize(file));
    return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].map((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
}
