import { type Answer, LocalServer, type Received } from './local-server';

/** A rule of a listener: what it forwards to by weight, or `503`. */
export interface ElbRule {
  readonly listener: string;
  tags: Readonly<Record<string, string>>;
  holds: Readonly<Record<string, number>> | '503';
  /** What it says with that. */
  readonly says?: string;
}

/** As much of Elastic Load Balancing as breaking the glass asks: rules, their tags, the health of targets, and one write. */
export class FakeElb {
  readonly server: LocalServer;
  /** By ARN, in the order they are told in. */
  readonly rules = new Map<string, ElbRule>();
  readonly unhealthy = new Set<string>();
  /** Actions that are refused. */
  readonly denied = new Set<string>();
  /** A write is acknowledged, and does nothing. */
  losesWrites = false;
  readonly writes: Readonly<Record<string, string>>[] = [];

  constructor() {
    this.server = new LocalServer((received) => this.answer(received));
  }

  forget(): void {
    for (const each of [this.rules, this.unhealthy, this.denied]) each.clear();
    this.losesWrites = false;
    this.writes.length = 0;
    this.server.received.length = 0;
  }

  /** What was asked for, in order. */
  get asked(): string[] {
    return this.server.received.map(({ body }) => new URLSearchParams(body).get('Action') ?? '');
  }

  private answer({ body }: Received): Answer {
    const asked = Object.fromEntries(new URLSearchParams(body));
    const action = asked.Action ?? '';
    if (this.denied.has(action)) return failure(403, 'AccessDenied', `not authorized to perform: elasticloadbalancing:${action}`);
    switch (action) {
      case 'DescribeLoadBalancers':
        return result(action, '<LoadBalancers>', member('<LoadBalancerArn>arn:lb</LoadBalancerArn><Type>application</Type>'));
      case 'DescribeListeners':
        return result(
          action,
          '<Listeners>',
          [...new Set([...this.rules.values()].map(({ listener }) => listener))].map((arn) => member(`<ListenerArn>${arn}</ListenerArn>`)).join(''),
        );
      case 'DescribeRules':
        return this.describe(action, asked);
      case 'DescribeTags':
        return this.tags(action, asked);
      case 'DescribeTargetHealth':
        return result(
          action,
          '<TargetHealthDescriptions>',
          member(`<TargetHealth><State>${this.unhealthy.has(asked.TargetGroupArn ?? '') ? 'unhealthy' : 'healthy'}</State></TargetHealth>`),
        );
      case 'ModifyRule':
        return this.modify(action, asked);
      default:
        return failure(400, 'InvalidAction', action);
    }
  }

  private describe(action: string, asked: Readonly<Record<string, string>>): Answer {
    const wanted = asked['RuleArns.member.1'];
    if (wanted !== undefined && !this.rules.has(wanted)) return failure(400, 'RuleNotFound', `One or more rules not found: ${wanted}`);
    const all = [...this.rules].filter(([arn, { listener }]) => (wanted === undefined ? listener === asked.ListenerArn : arn === wanted));
    const told = all.map(([arn, { holds, says }]) =>
      member(`<RuleArn>${arn}</RuleArn><IsDefault>false</IsDefault><Actions>${member(actionOf(holds, says))}</Actions>`),
    );
    return result(action, '<Rules>', told.join(''));
  }

  private tags(action: string, asked: Readonly<Record<string, string>>): Answer {
    const arns = Object.entries(asked).flatMap(([key, arn]) => (key.startsWith('ResourceArns.') ? [arn] : []));
    if (arns.length > 20) return failure(400, 'ValidationError', 'at most 20');
    const told = arns.map((arn) => {
      const tags = Object.entries(this.rules.get(arn)?.tags ?? {}).map(([key, value]) => member(`<Key>${key}</Key><Value>${value}</Value>`));
      return member(`<ResourceArn>${arn}</ResourceArn><Tags>${tags.join('')}</Tags>`);
    });
    return result(action, '<TagDescriptions>', told.join(''));
  }

  private modify(action: string, asked: Readonly<Record<string, string>>): Answer {
    this.writes.push(asked);
    const rule = this.rules.get(asked.RuleArn ?? '');
    const target = asked['Actions.member.1.TargetGroupArn'];
    if (rule && !this.losesWrites) rule.holds = target === undefined ? '503' : { [target]: 100 };
    return result(action, '<Rules>', '');
  }
}

function actionOf(holds: ElbRule['holds'], says: string | undefined): string {
  const text = says === undefined ? '' : `<MessageBody>${says}</MessageBody>`;
  if (holds === '503') return `<Type>fixed-response</Type><FixedResponseConfig><StatusCode>503</StatusCode>${text}</FixedResponseConfig>`;
  const [only, ...others] = Object.keys(holds);
  if (others.length === 0) return `<Type>forward</Type><TargetGroupArn>${only}</TargetGroupArn>`;
  const groups = Object.entries(holds).map(([arn, weight]) => member(`<TargetGroupArn>${arn}</TargetGroupArn><Weight>${weight}</Weight>`));
  return `<Type>forward</Type><ForwardConfig><TargetGroups>${groups.join('')}</TargetGroups></ForwardConfig>`;
}

const member = (text: string) => `<member>${text}</member>`;

function result(action: string, list: string, members: string): Answer {
  const body = `<${action}Response xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><${action}Result>${list}${members}${list.replace('<', '</')}</${action}Result></${action}Response>`;
  return { headers: { 'content-type': 'text/xml' }, body };
}

function failure(status: number, code: string, message: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  };
}
