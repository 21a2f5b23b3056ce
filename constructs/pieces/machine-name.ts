import type { Construct } from 'constructs';
import { requireLiteral, requireMatch } from '../private/validate';

/**
 * That a team's state machine can be known by its name before it is made.
 *
 * @throws PathToLiveError
 */
export function requireMachineName(scope: Construct, machineName: string): void {
  const subject = { code: 'MachineName', where: scope.node.path, what: 'machineName' };
  requireLiteral(subject, machineName);
  requireMatch(subject, machineName, /^[A-Za-z0-9_-]{1,80}$/, '1-80 letters, digits, "_" or "-", and what the state machine has as stateMachineName');
}
