// The examples and every TypeScript block, as it is, compile under the strict options of the package.
import * as path from 'node:path';
import * as ts from 'typescript';
import { blocksOf, PAGES, ROOT } from './markdown';

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  esModuleInterop: true,
  noUnusedLocals: false,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: ['jest', 'node'],
  paths: { 'cdk8s-openfunction': [path.join(ROOT, 'src', 'index.ts')] },
};

/** Blocks by a file name in the folder of the examples, so that modules are found. */
const SNIPPETS = new Map(PAGES.flatMap((page) => blocksOf(page).filter(({ language, from }) => language === 'ts' && from === undefined).map((block): [string, string] => [
  path.join(ROOT, 'examples', `${page.replaceAll('/', '.')}.${block.line}.ts`), block.text,
])));

test('examples and snippets compile', () => {
  const host = ts.createCompilerHost(OPTIONS, true);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => SNIPPETS.has(path.normalize(file)) || fileExists(file);
  host.readFile = (file) => SNIPPETS.get(path.normalize(file)) ?? readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const text = SNIPPETS.get(path.normalize(file));
    return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  };
  const examples = ts.sys.readDirectory(path.join(ROOT, 'examples'), ['.ts']);
  const program = ts.createProgram([...SNIPPETS.keys(), ...examples], OPTIONS, host);
  const diagnostics = program.getSourceFiles()
    .filter(({ fileName }) => path.normalize(fileName).startsWith(path.join(ROOT, 'examples')))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, start, messageText }) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
      return `${path.basename(file?.fileName ?? '')}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  expect(diagnostics).toEqual([]);
}, 120_000);
