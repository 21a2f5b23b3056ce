import { Reference, Token, Tokenization } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { claim } from './claims';
import { PathToLiveError } from './errors';

/**
 * Takes a priority among the rules of a listener, which can have one rule only at each.
 *
 * Rules that are not made by this app are not known here; CloudFormation refuses a clash with them.
 *
 * @param listener its ARN, or whatever else stands for it everywhere in the app
 */
export function claimPriority(scope: Construct, listener: string, priority: number): void {
  if (Token.isUnresolved(priority)) return;
  const taken = claim(scope, `rule ${priority} of ${keyOf(listener)}`);
  if (taken !== undefined) {
    throw new PathToLiveError(
      'RulePriorityTaken',
      scope.node.path,
      `the rule priority ${priority} is taken on the same listener by ${taken}; give one of them another priority: rulePriority of its entrance`,
    );
  }
}

/** Tokens of the same listener differ from use to use; what they point at does not. */
function keyOf(listener: string): string {
  const [token] = Token.isUnresolved(listener) ? Tokenization.reverseString(listener).tokens : [];
  return token !== undefined && Reference.isReference(token) ? token.target.node.path : listener;
}
