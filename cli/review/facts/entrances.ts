import { resourcesOf } from '../../../permissions';
import { nameIn } from '../read/functions';
import type { ReviewedPath, ReviewedStack } from '../read/reviewed-path';

/** Where the users of an environment come in: a listener that is made with it, or one that was there before. */
export interface UserEntrance {
  readonly stack: string;
  readonly environment: string;
  /** Name of a further rule, which is moved with the environment's first one; undefined: it is the first. */
  readonly further?: string;
  /** Undefined: the load balancer's own name, which is made up when it is made. */
  readonly url?: string;
  /** What was there before, and belongs to somebody else; undefined where the listener is made. */
  readonly adopted?: {
    readonly listenerArn: string;
    /** As in the ARN: `app/<name>/<id>`. */
    readonly loadBalancer: string;
    readonly vpcId?: string;
    /** Priorities that it has there, those of the slots with the first rule. */
    readonly priorities: readonly number[];
  };
  /** Paths and hosts that its live rule takes. */
  readonly takes: string;
  readonly priority: number;
  /** ARN of the target group that has the users before any release; undefined: they are answered 503, or as by the environment's first rule. */
  readonly currentlyServing?: string;
}

interface LiveRule {
  readonly ListenerArn?: string;
  readonly Priority?: string;
  readonly PathPatterns?: readonly string[];
  readonly Hosts?: readonly string[];
  readonly CurrentlyServing?: string;
  /** Name of a further rule. */
  readonly Rule?: string;
}

/** One for each live rule, in the order of the path. */
export function entrancesOf(reviewed: ReviewedPath): UserEntrance[] {
  const { stacks, values } = reviewed;
  const made = new Set(resourcesOf(stacks, 'AWS::ElasticLoadBalancingV2::Listener').map(({ stack, logicalId }) => values.arn(stack, logicalId)));
  return stacks.flatMap((stack) =>
    resourcesOf([stack], 'Custom::LiveRule').map(({ logicalId }): UserEntrance => {
      const rule = values.properties(stack, logicalId) as LiveRule;
      const listenerArn = String(rule.ListenerArn);
      const url = stack.template.Outputs?.Url?.Value;
      return {
        stack: stack.stackName,
        environment: stack.environment ?? '',
        ...(rule.Rule !== undefined && { further: rule.Rule }),
        ...(typeof url === 'string' && { url }),
        ...(!made.has(listenerArn) && { adopted: adopted(listenerArn, rule, stack, reviewed) }),
        takes: taken(rule),
        priority: Number(rule.Priority),
        ...(rule.CurrentlyServing !== undefined && { currentlyServing: rule.CurrentlyServing }),
      };
    }),
  );
}

/** What the live rule of an environment takes, in words. */
export function taken({ PathPatterns, Hosts }: Pick<LiveRule, 'PathPatterns' | 'Hosts'>): string {
  const wanted = [...(PathPatterns === undefined ? [] : [`paths ${PathPatterns.join(', ')}`]), ...(Hosts === undefined ? [] : [`hosts ${Hosts.join(', ')}`])];
  return wanted.length === 0 ? 'every request that no rule before it takes' : wanted.join(' and ');
}

function adopted(listenerArn: string, { Priority, Rule }: LiveRule, stack: ReviewedStack, { stacks, values }: ReviewedPath): UserEntrance['adopted'] {
  const vpc = resourcesOf([stack], 'AWS::SSM::Parameter').find(({ logicalId }) => nameIn(stack, logicalId) === 'Parameters/VpcId');
  const slots = Rule === undefined ? stacks.filter(({ kind, environment }) => kind === 'slot' && environment === stack.environment) : [];
  const rules = resourcesOf(slots, 'AWS::ElasticLoadBalancingV2::ListenerRule').map(({ stack: slot, logicalId }) =>
    Number(values.properties(slot, logicalId).Priority),
  );
  return {
    listenerArn,
    loadBalancer: listenerArn.split(':listener/').at(-1)?.split('/').slice(0, 3).join('/') ?? '',
    ...(vpc !== undefined && { vpcId: String(values.properties(stack, vpc.logicalId).Value) }),
    priorities: [...rules, Number(Priority)].sort((one, other) => one - other),
  };
}
