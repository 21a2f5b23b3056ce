/** `node type-check.ts <folder>`: type-checks a consumer's project and the declarations of the package in it, and prints what is wrong. */
import { join } from 'node:path';
import ts from 'typescript';

/** As `cdk init` sets a project up, but that declarations are checked too: `skipLibCheck` would hide what is wrong with ours. */
function optionsFor(folder: string): ts.CompilerOptions {
  return {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    lib: ['lib.es2022.d.ts'],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
    // Its root also exports every service, 1,300 files that nothing here needs by that name.
    paths: { 'aws-cdk-lib': [join(folder, 'node_modules/aws-cdk-lib/core/index.d.ts')] },
  };
}

/** What is wrong in the package's and the project's own files; the CDK's are the CDK's matter. */
function problemsOf(folder: string): string[] {
  const program = ts.createProgram([join(folder, 'app.ts'), join(folder, 'refused.ts')], optionsFor(folder));
  const files = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(`${folder}/`));
  const packaged = files.filter(({ fileName }) => fileName.includes('/node_modules/path-to-live/dist/'));
  if (packaged.length === 0) return ['no declarations of path-to-live were found'];
  const found = [
    ...program.getOptionsDiagnostics(),
    ...files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  return found.map(({ file, start = 0, messageText }) => {
    const line = file ? `${file.fileName.slice(folder.length + 1)}:${file.getLineAndCharacterOfPosition(start).line + 1}: ` : '';
    return line + ts.flattenDiagnosticMessageText(messageText, ' ');
  });
}

const problems = problemsOf(process.argv[2] ?? '.');
for (const problem of problems) console.log(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
