import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import ts from 'typescript';
import { ROOT, sources } from './examples';

const files = sources('lib', 'constructs').map((name) => ts.createSourceFile(name, readFileSync(name, 'utf8'), ts.ScriptTarget.ES2022, true));

/** `<file>:<line> <name>` of everything of a kind that lacks what it should have. */
function lacking(visit: (node: ts.Node, report: (name: string) => void) => void): string[] {
  return files.flatMap((file) => {
    const found: string[] = [];
    const walk = (node: ts.Node): void => {
      visit(node, (name) => found.push(`${relative(ROOT, file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${name}`));
      ts.forEachChild(node, walk);
    };
    walk(file);
    return found;
  });
}

const isDocumented = (node: ts.Node) => ts.getJSDocCommentsAndTags(node).length > 0;
const hasTag = (node: ts.Node, tag: string) => ts.getJSDocTags(node).some(({ tagName }) => tagName.text === tag);
const isExported = (node: ts.Node) => ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
const isOurs = (node: ts.Node) =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) =>
    [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword, ts.SyntaxKind.OverrideKeyword].includes(kind),
  );

/** Whether its methods are those of something else: an interface, or an abstract class of the library's. */
function fillsIn({ heritageClauses }: ts.ClassDeclaration): boolean {
  return (heritageClauses ?? []).some(({ types }) => types.some(({ expression }) => !/^(Construct|Stack|sfn\.\w+)$/.test(expression.getText())));
}

test('every optional prop says what happens without it', () => {
  const silent = lacking((node, report) => {
    if (ts.isPropertySignature(node) && node.questionToken && ts.isInterfaceDeclaration(node.parent) && isExported(node.parent) && !hasTag(node, 'default')) {
      report(node.name.getText());
    }
  });
  expect(silent).toEqual([]);
});

test('everything exported says what it is; props belong to what they are the props of', () => {
  const silent = lacking((node, report) => {
    const declared = ts.isClassDeclaration(node) || ts.isFunctionDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
    if (!(declared || ts.isEnumDeclaration(node) || ts.isVariableStatement(node)) || !isExported(node) || isDocumented(node)) return;
    const name = ts.isVariableStatement(node) ? node.declarationList.getText() : (node.name?.text ?? '');
    if (!/(Props|Options)$/.test(name)) report(name);
  });
  expect(silent).toEqual([]);
});

test('every method a team can call says what it does; what implements an interface is documented there', () => {
  const silent = lacking((node, report) => {
    if (!ts.isMethodDeclaration(node) || isOurs(node) || isDocumented(node)) return;
    const owner = node.parent;
    const name = node.name.getText();
    if (!ts.isClassDeclaration(owner) || !isExported(owner) || name.startsWith('_') || fillsIn(owner)) return;
    report(`${owner.name?.text}.${name}`);
  });
  expect(silent).toEqual([]);
});

test('every class with factories, and every construct a team makes itself, has an example', () => {
  const made = [
    'PathToLive',
    'TrafficSwitch',
    'LambdaWorkload',
    'FargateWorkload',
    'AutoScalingGroupWorkload',
    'Environment',
    'Ledger',
    'TrafficHub',
    'EnterStep',
    'ShiftStep',
    'AcceptStep',
    'RollBackStep',
    'DecisionHub',
    'FirebreakStep',
  ];
  const silent = lacking((node, report) => {
    if (!ts.isClassDeclaration(node) || !isExported(node) || hasTag(node, 'example')) return;
    const factories = node.members.filter(
      (member) => ts.isMethodDeclaration(member) && !isOurs(member) && ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static,
    );
    const name = node.name?.text ?? '';
    if (made.includes(name) || factories.some((factory) => !factory.name?.getText().startsWith('_'))) report(name);
  });
  expect(silent).toEqual([]);
});
