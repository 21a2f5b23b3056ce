import { listed } from '../../../lambda/contract';
import { type Block, heading, type Section, table, text } from '../document/document';
import { several } from '../document/words';
import type { UserEntrance } from '../facts/entrances';
import type { Facts } from '../facts/facts';

/** Everything requests can come in by, and what closes it. */
export function endpointsSection({ endpoints: { entrances, loadBalancers, listeners, rules, routes, throttles, others } }: Facts): Section {
  return {
    id: 'endpoints',
    title: 'Public endpoints',
    blocks: [
      ...usersComeIn(entrances),
      heading('Load balancers that are made'),
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
        [],
        'None: all of it stands on what was there before.',
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
        'No listener is made either.',
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

/** What users reach, what takes their requests, and what becomes of those before any release. */
function usersComeIn(entrances: readonly UserEntrance[]): Block[] {
  const adopted = entrances.filter((one) => one.adopted !== undefined);
  return [
    heading('Where users come in'),
    table(
      'Where the users of each environment come in',
      ['environment', 'URL', 'listener', 'its live rule', 'before any release'],
      entrances.map(({ environment, further, url, adopted: there, takes, priority, currentlyServing }) => [
        further === undefined ? environment : [environment, `further rule ${further}, moved with the first one`],
        url ?? 'the load balancer’s own name',
        there === undefined ? 'made for it' : ['NOT OURS, it was there before', there.listenerArn, ...(there.vpcId === undefined ? [] : [`in ${there.vpcId}`])],
        [`priority ${priority}`, takes],
        currentlyServing === undefined
          ? further === undefined
            ? 'answers 503: no release is live yet'
            : 'does what the first one does'
          : ['goes on to what serves users now', currentlyServing],
      ]),
    ),
    ...adopted.map(({ environment, further, adopted: there, currentlyServing }) =>
      text(
        `The load balancer ${there?.loadBalancer} is somebody’s own, and so are its certificates, security groups, web ACL, DNS and the other rules of its listener: no template here says who reaches it. ` +
          `${environment}${further === undefined ? '' : `, by ${further},`} makes ${several(there?.priorities.length ?? 0, 'rule', 'rules')} on it, with the ${there?.priorities.length === 1 ? 'priority' : 'priorities'} ${listed((there?.priorities ?? []).map(String))}, and changes no other. ` +
          (currentlyServing === undefined
            ? 'Rules behind them that took these requests take them no more.'
            : `Rolling back the first release gives users back to ${currentlyServing}; retiring does, too, and removing the front door leaves the rule that serves them now.`),
      ),
    ),
  ];
}
