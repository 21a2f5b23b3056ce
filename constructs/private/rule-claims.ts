import { Reference, Token, Tokenization } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { PathToLiveError } from './errors';

/** App -> listener -> priority -> path of the construct that took it. */
const claims = new WeakMap<IConstruct, Map<string, Map<number, string>>>();

/**
 * Takes a priority among the rules of a listener, which can have one rule only at each.
 *
 * Rules that are not made by this app are not known here; CloudFormation refuses a clash with them.
 *
 * @param listener its ARN, or whatever else stands for it everywhere in the app
 */
export function claimPriority(scope: Construct, listener: string, priority: number): void {
  if (Token.isUnresolved(priority)) return;
  const ofApp = claims.get(scope.node.root) ?? new Map<string, Map<number, string>>();
  claims.set(scope.node.root, ofApp);
  const key = keyOf(listener);
  const ofListener = ofApp.get(key) ?? new Map<number, string>();
  ofApp.set(key, ofListener);
  const taken = ofListener.get(priority);
  if (taken !== undefined) {
    throw new PathToLiveError(
      'RulePriorityTaken',
      scope.node.path,
      `the rule priority ${priority} is taken on the same listener by ${taken}; give one of them another priority: an environment has rulePriority for that`,
    );
  }
  ofListener.set(priority, scope.node.path);
}

/** Tokens of the same listener differ from use to use; what they point at does not. */
function keyOf(listener: string): string {
  const [token] = Token.isUnresolved(listener) ? Tokenization.reverseString(listener).tokens : [];
  return token !== undefined && Reference.isReference(token) ? token.target.node.path : listener;
}
