/** AWS around a world's hub: what each service does, and who is told. */
import type { EnvironmentPlan, RequeueBody } from '../../../lambda/contract';
import { FakeFrontDoors } from '../../../test/lambda/fake-platform';
import { targetGroupOf } from '../../../test/lambda/fake-slots';
import { FakeMetrics } from '../../../test/lambda/fake-traffic';
import { Engine } from '../engine/engine';
import { Faults } from '../hub/faults';
import { type Around, FunctionHub } from '../hub/function-hub';
import type { Weather } from '../hub/weather';
import type { Judge } from './judge';
import { SharedState } from './shared-state';
import { Stacks } from './stacks';
import { Traffic } from './traffic';
import type { World } from './world';

const SAFETY_NET_MS = [200, 20_000] as const;
const NOTICE_MS = [200, 5_000] as const;
const SUBMITS_MS = [500, 5_000] as const;
const ACCOUNT = { account: '222222222222', region: 'eu-west-2' };

/** Lambda, with the hub's functions. */
export function hubOf(world: World, weather: Weather): FunctionHub {
  const { timeline, chance, ledger, stacks } = world;
  return new FunctionHub({
    timeline,
    chance,
    faults: new Faults(chance, weather),
    ledger,
    around: aroundOf(world),
    stacks,
    engine: () => world.engine,
    pathMachine: 'Payments-path',
    onSurprise: (name, error) => world.broken('handlers fail by errors of the domain only', `${name}: ${(error as Error).stack}`),
    ...(world.isTold && { onLine: (run, message, fields) => world.tell(run.name, fields ? `${message} ${JSON.stringify(fields)}` : message) }),
  });
}

function aroundOf(world: World): Around {
  const { path, rules, alarms, targets, capacity, migrations, bundles, templates, behaviour } = world;
  const plans = [...path.plans];
  const frontDoors = new FakeFrontDoors();
  frontDoors.original = path.original;
  return {
    plans: { environments: async () => plans },
    liveRule: rules,
    alarms,
    targets,
    tests: behaviour.tests(),
    frontDoors,
    health: { requests: async (plan, arn) => behaviour.requests(plan, arn) },
    metrics: new FakeMetrics(),
    capacity,
    migrations,
    bundles,
    templates,
    bus: { publish: async () => undefined, submitAnew: async (requeue) => submitAnew(world, requeue) },
  };
}

/** By the rule that takes submissions, and its machine. */
function submitAnew({ hub, chance }: World, requeue: RequeueBody['requeue']): void {
  const execution = `arn:aws:states:eu-west-2:111111111111:execution:Payments-submit:${requeue.release}-after-${requeue.after}`;
  hub.send('submit', { execution, body: { requeue } }, chance.between(...SUBMITS_MS));
}

/** Step Functions; of an execution that ends without an outcome, EventBridge tells the safety net. */
export function engineOf(world: World): Engine {
  const { path, timeline, chance, hub } = world;
  return new Engine(path.definitions, timeline, chance, {
    invoke: (name, payload, ended, timeoutSeconds) => hub.invoke(name, payload, ended, timeoutSeconds),
    machineOf: (arn) => `Payments-${/Environments(\w+?)Workflow/.exec(arn)?.[1]}`,
    busy: () => (hub.faults.ofStart()?.kind === 'not started' ? 'StepFunctions.ExecutionLimitExceeded' : undefined),
    ...(world.isTold && { onState: (execution, state) => world.tell(execution.name, state) }),
    onEnd: ({ arn, status, input, name }, ended) => {
      world.tell(name, () => `ends: ${status} ${JSON.stringify(ended)}`);
      if (status === 'SUCCEEDED') return;
      const { error, cause } = { error: undefined, cause: undefined, ...ended };
      hub.send('reconcile', { detail: { executionArn: arn, status, input: JSON.stringify(input), error, cause } }, chance.between(...SAFETY_NET_MS));
    },
  });
}

/** CloudFormation. */
export function stacksOf(world: World, judge: Judge): Stacks {
  const { timeline, chance, attempts, targets, capacity, behaviour } = world;
  return new Stacks({
    timeline,
    chance,
    plotOf: (version) => attempts.plotOf(version),
    migrationsOf: (version) => world.brought.by(version),
    alarmsOf: (stackName) => world.alarmsOf(stackName),
    onOverwritten: (plan, stackName, version) => {
      judge.overwritten(plan, stackName, version);
      const arn = targetGroupOf(stackName);
      if (behaviour.kindOf(version, plan) === 'has no healthy target') targets.unhealthy.add(arn);
      else targets.unhealthy.delete(arn);
    },
    onDeployed: (plan, stackName, target) => {
      if (target) capacity.has(target, target.least);
      world.incident.deployed(plan, stackName);
    },
  });
}

/** What runs migrations. */
export function sharedStateOf(world: World, judge: Judge): SharedState {
  const { timeline, chance, brought, behaviour } = world;
  return new SharedState({
    timeline,
    chance,
    breaks: (migration) => migration === brought.breaking,
    kindOf: (version, plan) => behaviour.kindOf(version, plan),
    onBegun: (plan, request) => judge.migrates(plan, request),
  });
}

/** The load balancer, and the users that come by it. */
export function trafficOf(world: World): Traffic {
  const { timeline, chance, alarms, rules, stacks, attempts } = world;
  return new Traffic({
    timeline,
    chance,
    alarms,
    serves: (environment, arn) => rules.serves(environment, arn),
    holds: (stackName) => stacks.holds.get(stackName),
    plotOf: (version) => attempts.plotOf(version),
    notify: (plan, alarm) => notify(world, alarm, plan),
  });
}

/** CloudWatch notifies the topic of an alarm. */
export function notify(world: World, alarm: string, { account, region }: Pick<EnvironmentPlan, 'account' | 'region'> = ACCOUNT): void {
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
  const StateChangeTime = world.timeline.text().replace('Z', '+0000');
  const fields = { AlarmName: alarm, NewStateValue: 'ALARM', NewStateReason: 'too many errors', StateChangeTime, AWSAccountId: account };
  const Message = JSON.stringify({ ...fields, AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${alarm}` });
  world.tell('CloudWatch', `${alarm} is in ALARM`);
  const Records = [{ Sns: { Message, TopicArn: 'arn:aws:sns:eu-west-2:222222222222:alarms' } }];
  world.hub.send('alarm-raised', { Records }, world.chance.between(...NOTICE_MS));
}
