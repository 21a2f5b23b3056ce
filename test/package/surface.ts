import { dirname } from 'node:path';
import ts from 'typescript';

/** Only our own files: what the CDK exports is the CDK's matter, and loading it takes longer than everything else here. */
function ownFilesOnly(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, containingFile) =>
    literals.map(({ text }) => (text.startsWith('.') ? ts.resolveModuleName(text, containingFile, options, host) : { resolvedModule: undefined }));
  return host;
}

/** Kinds of types that other languages have no word for, and that jsii all the same takes for one of their parts, or for anything. */
const REFUSED: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.UnionType, 'a union'],
  [ts.SyntaxKind.LiteralType, 'a literal'],
  [ts.SyntaxKind.AnyKeyword, 'any'],
  [ts.SyntaxKind.UnknownKeyword, 'unknown'],
]);

/**
 * What of a package's public surface keeps it from being offered in other languages, or from being changed later, and is no error to jsii: values
 * and names for types among the exports, properties that can be set, unions and literals by whatever name.
 *
 * @param index the declarations a team imports, as they are published
 * @returns `<name>: <what is wrong with it>` each
 */
export function surfaceProblems(index: string): string[] {
  const options = { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, types: [], noLib: true };
  const program = ts.createProgram([index], options, ownFilesOnly(options));
  const checker = program.getTypeChecker();
  const root = program.getSourceFile(index);
  const module = root && checker.getSymbolAtLocation(root);
  if (module === undefined) return [`${index} exports nothing, in ${dirname(index)}`];
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    return (symbol.declarations ?? []).flatMap((declaration) => problemsOf(declaration, checker).map((problem) => `${exported.name}${problem}`));
  });
}

function problemsOf(declaration: ts.Declaration, checker: ts.TypeChecker): string[] {
  if (ts.isEnumDeclaration(declaration)) return [];
  if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration)) return [': is neither a class, an interface nor an enum'];
  return [...declaration.members].filter(isPublic).flatMap((member) => {
    const name = member.name?.getText() ?? 'constructor';
    return [...settable(member), ...refusedTypes(member, checker)].map((problem) => `.${name}: ${problem}`);
  });
}

function isPublic(member: ts.ClassElement | ts.TypeElement): boolean {
  const hidden = ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private;
  return !hidden && !(member.name && ts.isPrivateIdentifier(member.name)) && !ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal');
}

function settable(member: ts.ClassElement | ts.TypeElement): string[] {
  const property = ts.isPropertyDeclaration(member) || ts.isPropertySignature(member);
  const set = ts.isSetAccessor(member) || (property && !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Readonly));
  return set ? ['can be set; make it readonly'] : [];
}

function refusedTypes(member: ts.Node, checker: ts.TypeChecker): string[] {
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    const kind = isOptional(node) ? undefined : REFUSED.get(node.kind);
    if (kind !== undefined) found.push(`has the type ${node.getText()}, ${kind}; use an enum, a class with factories or an interface`);
    else if (ts.isTypeReferenceNode(node) && isAlias(node, checker)) found.push(`has the type ${node.getText()}, another name for a type; use the type itself`);
    else ts.forEachChild(node, look);
  };
  ts.forEachChild(member, look);
  return found;
}

/** `T | undefined` is `T`, when there is one. */
function isOptional(node: ts.Node): boolean {
  return ts.isUnionTypeNode(node) && node.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword).length === 1;
}

function isAlias({ typeName }: ts.TypeReferenceNode, checker: ts.TypeChecker): boolean {
  const symbol = checker.getSymbolAtLocation(typeName);
  const named = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return named?.declarations?.some(ts.isTypeAliasDeclaration) ?? false;
}
