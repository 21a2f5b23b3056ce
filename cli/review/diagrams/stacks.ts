import type { Reach } from '../reach/reach';
import type { ReviewedPath, ReviewedStack } from '../read/reviewed-path';

/** A stack in the picture. */
export interface StackBox {
  readonly id: string;
  readonly stack: ReviewedStack;
  /** What it has, for example `14 functions`. */
  readonly content: readonly string[];
}

/** Who calls, or acts on, whom. */
export interface StackArrow {
  readonly from: string;
  readonly to: string;
  readonly words: string;
  readonly traffic: boolean;
}

export interface StackPicture {
  readonly boxes: readonly StackBox[];
  readonly arrows: readonly StackArrow[];
}

/** Resource types an architect asks about, in this order, one and several. */
const SHOWN: readonly (readonly [type: string, one: string, several: string])[] = [
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'load balancer', 'load balancers'],
  ['Custom::LiveRule', 'live rule', 'live rules'],
  ['AWS::ElasticLoadBalancingV2::ListenerRule', 'rule of its own', 'rules of its own'],
  ['AWS::ElasticLoadBalancingV2::TargetGroup', 'target group', 'target groups'],
  ['AWS::ApiGatewayV2::Api', 'HTTP API', 'HTTP APIs'],
  ['AWS::StepFunctions::StateMachine', 'state machine', 'state machines'],
  ['AWS::Lambda::Function', 'function', 'functions'],
  ['AWS::ECS::Service', 'service', 'services'],
  ['AWS::AutoScaling::AutoScalingGroup', 'group of machines', 'groups of machines'],
  ['AWS::DynamoDB::Table', 'table', 'tables'],
  ['AWS::RDS::DBCluster', 'database cluster', 'database clusters'],
  ['AWS::RDS::DBInstance', 'database', 'databases'],
  ['AWS::S3::Bucket', 'bucket', 'buckets'],
  ['AWS::SQS::Queue', 'queue', 'queues'],
  ['AWS::Events::EventBus', 'event bus', 'event buses'],
  ['AWS::SNS::Topic', 'topic', 'topics'],
  ['AWS::SecretsManager::Secret', 'secret', 'secrets'],
  ['AWS::CloudWatch::Alarm', 'alarm', 'alarms'],
  ['AWS::EC2::VPC', 'VPC', 'VPCs'],
  ['AWS::IAM::Role', 'role', 'roles'],
];

/** What is in a stack, most telling first. */
export function contentOf({ template }: ReviewedStack): string[] {
  const types = Object.values(template.Resources ?? {}).map(({ Type }) => Type);
  return SHOWN.flatMap(([type, one, several]) => {
    const count = types.filter((each) => each === type).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`];
  });
}

/** The stacks, and who calls whom: people and users, the hub with the roles it takes on, the rules that forward, the alarms that call back. */
export function stackPicture({ path, stacks }: ReviewedPath, reach: readonly Reach[]): StackPicture {
  const ids = new Map(stacks.map((stack, index) => [stack, `k${index}`]));
  const id = (stack: ReviewedStack) => ids.get(stack) as string;
  const hub = stacks.find(({ kind }) => kind === 'hub') as ReviewedStack;
  const arrows = stacks.flatMap((stack): StackArrow[] => {
    const { kind, environment } = stack;
    const slots = stacks.filter((other) => other.kind === 'slot' && other.environment === environment);
    if (kind === 'frontDoor') {
      const roles = rolesTaken(reach, path, stack);
      return [
        { from: 'users', to: id(stack), words: '', traffic: true },
        ...(roles.length > 0 ? [{ from: id(hub), to: id(stack), words: `acts as ${roles.join(', ')}`, traffic: false }] : []),
        ...slots.map((slot) => ({ from: id(stack), to: id(slot), words: 'forwards', traffic: true })),
        { from: id(stack), to: id(hub), words: 'alarms', traffic: false },
      ];
    }
    if (kind === 'shared') return slots.map((slot) => ({ from: id(slot), to: id(stack), words: 'uses', traffic: false }));
    return [];
  });
  return {
    boxes: stacks.map((stack) => ({ id: id(stack), stack, content: contentOf(stack) })),
    arrows: [{ from: 'people', to: id(hub), words: 'signed requests', traffic: false }, ...arrows],
  };
}

/** Roles of a front door's stack that something of the hub takes on, without the names all of them begin with. */
function rolesTaken(reach: readonly Reach[], path: string, { stackName, environment }: ReviewedStack): string[] {
  const here = reach.filter(({ actor }) => actor.role?.stackName === stackName).map(({ actor }) => actor.name);
  const taken = reach.filter(({ actor }) => actor.stackKind === 'hub').flatMap(({ abilities }) => abilities.flatMap(({ steps }) => steps));
  const named = (name: string) =>
    taken.some((step) => step === `assumes ${name}` || step === `assumes ${name.replace(`${path}-${environment}`, `${path}-<environment>`)}`);
  return here
    .filter(named)
    .map((name) => name.replace(`${path}-${environment}-`, ''))
    .sort();
}
