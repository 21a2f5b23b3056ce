import type { IConstruct } from 'constructs';

/** App -> what only one construct of it can have -> path of the construct that has it. */
const claims = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Takes what only one construct of an app can have. What is not made by this app is not known here.
 *
 * @param what the same text from everybody who wants the same
 * @returns path of the construct that has it already; undefined when it was free, and is the scope's from now on
 */
export function claim(scope: IConstruct, what: string): string | undefined {
  const ofApp = claims.get(scope.node.root) ?? new Map<string, string>();
  claims.set(scope.node.root, ofApp);
  const taken = ofApp.get(what);
  if (taken === undefined) ofApp.set(what, scope.node.path);
  return taken;
}
