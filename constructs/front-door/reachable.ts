import type { Environment } from '../environments/environment';
import { inWords } from '../environments/environment-rules';
import { PathToLiveError } from '../private/errors';
import { matches } from '../private/wildcards';

/**
 * That the environment's own tests can reach its slots.
 *
 * @internal
 * @throws PathToLiveError
 */
export function requireReachable(environment: Environment): void {
  const where = inWords(environment.name);
  const { entrance, tests, healthGates } = environment;
  const asked = [...tests.map((test) => test._bind()), ...healthGates.map((gate) => gate._bind())].flatMap((plan) =>
    plan?.kind === 'http' ? [plan.path] : [],
  );
  const shutOut = entrance._shutsTestsOut();
  if (asked.length > 0 && shutOut !== undefined) throw new PathToLiveError('TestsShutOut', where, shutOut);
  const { pathPatterns } = entrance._place;
  const elsewhere = asked.find((path) => pathPatterns.length > 0 && !pathPatterns.some((pattern) => matches(pattern, path.replace(/\?.*$/, ''))));
  if (elsewhere !== undefined) {
    throw new PathToLiveError(
      'TestsShutOut',
      where,
      `an HTTP test or gate asks for ${JSON.stringify(elsewhere)}, which is none of its pathPatterns, ${JSON.stringify(pathPatterns)}, so another application would answer; ` +
        'ask for a path of this service, or take that path as well',
    );
  }
}
