import { heading, type Section, table, text } from '../document/document';
import type { Facts } from '../facts/facts';

/** Everything requests can come in by, and what closes it. */
export function endpointsSection({ endpoints: { loadBalancers, listeners, rules, routes, throttles, others } }: Facts): Section {
  return {
    id: 'endpoints',
    title: 'Public endpoints',
    blocks: [
      heading('Load balancers'),
      table(
        'Load balancers',
        ['load balancer', 'faces', 'lets in', 'deletion protection', 'access log'],
        loadBalancers.map((one) => [
          `${one.stack}/${one.name}`,
          one.internetFacing ? 'the internet' : 'inside',
          one.letsIn,
          one.deletionProtection ? 'on' : 'off',
          one.accessLogs ? 'on' : 'off',
        ]),
      ),
      table(
        'Listeners',
        ['listener', 'port', 'protocol', 'a request that no rule takes'],
        listeners.map((one) => [
          `${one.stack}/${one.name}`,
          String(one.port),
          one.tlsPolicy === undefined ? one.protocol : `${one.protocol}, ${one.tlsPolicy}`,
          one.otherwise,
        ]),
        [1],
      ),
      heading('Rules: who reaches which slot'),
      text('In the order in which a listener looks at them: the lowest number that fits takes the request. Only the live rule moves.'),
      table(
        'Rules of the listeners',
        ['environment', 'priority', 'what', 'slot', 'takes', 'closed'],
        rules.map(({ environment = '', priority, what, colour = 'whichever is live', takes, closed }) => [
          environment,
          String(priority),
          what,
          colour,
          takes,
          what === 'live rule' ? 'open: users' : closed ? 'closed' : 'OPEN',
        ]),
        [1],
      ),
      heading('APIs'),
      table(
        'Routes of the HTTP APIs',
        ['route', 'stack', 'who is asked who they are'],
        routes.map(({ stack, route, authorization }) => [
          route,
          stack,
          authorization === 'NONE' ? 'nobody' : authorization === 'AWS_IAM' ? 'signed requests (IAM)' : authorization,
        ]),
      ),
      ...throttles.map(({ stack, rate, burst }) =>
        text(
          rate === undefined
            ? `The API of ${stack} has the account’s own limits.`
            : `The API of ${stack} lets ${rate} requests a second through, ${burst} at once.`,
        ),
      ),
      heading('Other entrances'),
      table(
        'Other entrances',
        ['what', 'type', 'note'],
        others.map(({ stack, name, type, note }) => [`${stack}/${name}`, type, note]),
      ),
    ],
  };
}
