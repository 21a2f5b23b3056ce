import { ArnFormat, Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { EnvironmentPlan } from '../../lambda/contract';
import { claimHubNames } from '../private/name-claims';
import { PathNames } from '../private/names';
import { callRegularly } from '../private/regular-call';
import { EnvironmentWorkflow } from '../release/environment-workflow';
import type { PathStep } from '../release/release-workflow';
import { RetireWorkflow } from '../release/retire-workflow';
import { HubFunctions } from './hub-functions';
import { Ledger } from './ledger';
import type { OwnPathFunctions } from './own-path-functions';
import { PlanParameters } from './plan-parameters';
import { SafetyNet } from './safety-net';

export interface HubPartsProps {
  /** Id of the path to live. */
  readonly path: string;
  /** In the order of the path. */
  readonly plans: readonly EnvironmentPlan[];
  /**
   * Name of the machine of a team's own that takes releases from environment to environment.
   *
   * @default - releases go by a path machine of the hub
   */
  readonly ownPath?: string;
  /**
   * What happens to the ledger when it leaves the template. With anything but `RETAIN` it is not protected against deletion either.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** What every hub with environments has, each in the hub's own scope: the ledger, the bus, the functions, a state machine an environment. */
export class HubParts {
  readonly ledger: Ledger;
  readonly bus: events.EventBus;
  readonly functions: HubFunctions;
  /** In the order of the path. */
  readonly steps: readonly PathStep[];

  /** Only where releases come by a machine of a team's own. */
  private readonly own?: OwnPathFunctions;

  constructor(
    private readonly scope: Construct,
    private readonly props: HubPartsProps,
  ) {
    const { path, plans, ownPath, removalPolicy } = props;
    claimHubNames(Stack.of(scope), new PathNames(path), Stack.of(scope).account);
    this.ledger = new Ledger(scope, 'Ledger', { removalPolicy });
    this.bus = new events.EventBus(scope, 'Bus', { eventBusName: `${path}-path-to-live` });
    new PlanParameters(scope, 'Plan', { plans });
    this.functions = new HubFunctions(scope, 'Functions', { path, plans, ledger: this.ledger, bus: this.bus, ownPath });
    if (ownPath !== undefined) this.own = this.functions.forOwnPath();
    // A scope of their own: teams name environments, and may name one Ledger or Api.
    const environments = new Construct(scope, 'Environments');
    const { functions } = this;
    const register = this.own?.register;
    this.steps = plans.map((plan) => ({ plan, workflow: new EnvironmentWorkflow(environments, plan.environment, { plan, functions, register }) }));
  }

  /**
   * What takes the path out again, and what watches all machines.
   *
   * @param pathMachineArns of the hub's machines between the environments
   */
  net(pathMachineArns: readonly string[]): SafetyNet {
    const { functions, steps } = this;
    const ownPath = this.own && { machineArn: this.machineArn(this.props.ownPath ?? ''), ended: this.own.pathEnded.function };
    const environments = steps.map(({ plan }) => plan.environment);
    const retire = new RetireWorkflow(this.scope, 'Retire', { path: this.props.path, environments, functions });
    const machines = [retire.stateMachine, ...steps.map(({ workflow }) => workflow.stateMachine)].map(({ stateMachineArn }) => stateMachineArn);
    const safetyNet = new SafetyNet(this.scope, 'SafetyNet', { machineArns: [...pathMachineArns, ...machines], functions, ownPath });
    this.callRegularly(functions);
    return safetyNet;
  }

  /** What nobody has noticed, a live rule changed by hand for example, and slots that have been kept warm for long enough. */
  private callRegularly({ doctor, keepCapacity }: HubFunctions): void {
    callRegularly(new Construct(this.scope, 'LookAfter'), 'EveryHour', {
      description: 'Looks for what is not as the ledger says',
      every: Duration.hours(1),
      calls: doctor.function,
      maxEventAge: Duration.minutes(5),
      input: {},
    });
    if (keepCapacity === undefined) return;
    callRegularly(new Construct(this.scope, 'Capacity'), 'EveryMinute', {
      description: 'Lowers slots that have served nobody for as long as they are kept warm',
      every: Duration.minutes(1),
      calls: keepCapacity.function,
      maxEventAge: Duration.minutes(1),
      input: {},
    });
  }

  /** By name: the machine starts those of the environments, so a reference from what watches it would be a circle. */
  private machineArn(resourceName: string): string {
    return Stack.of(this.scope).formatArn({ service: 'states', resource: 'stateMachine', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }
}
