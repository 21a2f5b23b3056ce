import { ArnFormat, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { EnvironmentPlan, FrontDoor } from '../../lambda/contract';
import { Colour } from '../blue-green/colour';
import { TrafficSwitch } from '../blue-green/traffic-switch';
import { HubFunctionMaker, hubRole } from '../hub/hub-function-maker';
import { Ledger } from '../hub/ledger';
import { SafetyNet } from '../hub/safety-net';
import { listOf, object, optional } from '../kinds/kind';
import { made, REMOVAL_POLICY, requireConstructed, STRING } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import type { HandlerFunction } from '../private/handler-function';
import { claimEnvironmentNames, claimHubNames } from '../private/name-claims';
import { PathNames } from '../private/names';
import { firstRepeated } from '../private/validate';
import { TRAFFIC_FUNCTIONS } from './functions-table';
import { LiveRollBack } from './live-roll-back';
import { requireMachineName } from './machine-name';
import { NONE, ownPlan } from './own-plan';
import { TrafficRoles } from './traffic-roles';

/** A place for one version behind a load balancer of a team's own. */
export interface TrafficSlot {
  readonly colour: Colour;
  /** Of the versions that are deployed there. A target group that no rule forwards to yet has no health checks: give it a rule to test it by. */
  readonly targetGroupArn: string;
  /**
   * Names of alarms that watch what the slot serves: no traffic is shifted to it while one of them fires.
   *
   * @default - none
   */
  readonly alarms?: string[];
}

export interface TrafficHubProps {
  /** Id of the path to live; part of the names of roles. */
  readonly path: string;
  /** Name of the environment. */
  readonly environment: string;
  /** Owns the live rule. */
  readonly trafficSwitch: TrafficSwitch;
  /** Two or more. */
  readonly slots: TrafficSlot[];
  /** Name of the state machine that the steps are chained in: what watches it must know it before it is made. */
  readonly machineName: string;
  /**
   * What happens to the ledger when it leaves the template. With anything but `RETAIN` it is not protected against deletion either.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

const SLOT = object<TrafficSlot>({ colour: made(Colour, 'Colour.blue()'), targetGroupArn: STRING, alarms: optional(listOf(STRING)) });
const PROPS = object<TrafficHubProps>({
  path: STRING,
  environment: STRING,
  trafficSwitch: made(TrafficSwitch, 'new TrafficSwitch(…)'),
  slots: listOf(SLOT),
  machineName: STRING,
  removalPolicy: optional(REMOVAL_POLICY),
});

/**
 * What a `TrafficSwitch` needs for a state machine of a team's own to shift traffic safely: a ledger of what the live rule must hold, the one writer of it, and a
 * net under the machine. No path to live, no console, no command line.
 *
 * Chain its steps: `EnterStep` says which slot to deploy to, `ShiftStep` moves traffic, `AcceptStep` ends it, `RollBackStep` goes back. Start the machine with
 * `{ "release": "<version>", "digest": "<what tells its content from any other>" }`. An execution that is stopped or dies, or that ends
 * without accepting or going back, has its traffic taken back.
 *
 * @example
 * new TrafficHub(this, 'Traffic', {
 *   path: 'Shop',
 *   environment: 'Production',
 *   trafficSwitch,
 *   slots: [
 *     { colour: Colour.blue(), targetGroupArn: blue.targetGroupArn },
 *     { colour: Colour.green(), targetGroupArn: green.targetGroupArn },
 *   ],
 *   machineName: 'ShopRelease',
 * });
 */
export class TrafficHub extends Construct {
  readonly environment: string;
  /** Name of the machine that its steps are for. */
  readonly machineName: string;
  /** Rolls back what is live: start it with `{ "reason": "…" }`. */
  readonly rollBackMachine: IStateMachine;
  /** Where everything that happens is an event. */
  readonly bus: events.IEventBus;

  /** @internal */
  readonly _plan: EnvironmentPlan;
  /** @internal */
  readonly _slots: readonly TrafficSlot[];
  /** @internal */
  readonly _functions: { readonly takeSlot: HandlerFunction; readonly moveTraffic: HandlerFunction; readonly accept: HandlerFunction };

  constructor(scope: Construct, id: string, props: TrafficHubProps) {
    requireConstructed('TrafficHub', scope, id, props, PROPS);
    super(scope, id);
    const { path, environment, trafficSwitch, slots, machineName } = props;
    this.validate(props);
    const names = new PathNames(path);
    claimHubNames(this, names, Stack.of(this).account);
    claimEnvironmentNames(this, names.environment(environment), Stack.of(this).account);
    this.environment = environment;
    this.machineName = machineName;
    this._slots = slots;

    const ledger = new Ledger(this, 'Ledger', { removalPolicy: props.removalPolicy });
    const bus = new events.EventBus(this, 'Bus', { eventBusName: `${path}-path-to-live` });
    this.bus = bus;
    const liveRuleArns = [trafficSwitch.liveRuleArn, ...trafficSwitch.furtherRuleArns];
    const frontDoorParameterArn = this.frontDoor(names.environment(environment).frontDoorParameter, trafficSwitch);
    const hasAlarms = slots.some(({ alarms = [] }) => alarms.length > 0);
    const roles = new TrafficRoles(this, 'Roles', { path, environment, liveRuleArns, frontDoorParameterArn, hasAlarms });
    this._plan = ownPlan(this, path, environment, { roles: roles.arns, slots: slots.map(({ colour }) => ({ colour: colour.name, stackName: NONE })) });

    const functions = new Construct(this, 'Functions');
    const hubRoles = { traffic: hubRole(functions, 'Traffic', names.hubTrafficRole), observer: hubRole(functions, 'Observer', names.hubObserverRole) };
    const made: { moveTraffic?: HandlerFunction } = {};
    const known = { path, plans: [this._plan], ledger, bus, machine: machineName };
    const maker = new HubFunctionMaker(functions, known, hubRoles, {
      writer: () => made.moveTraffic?.function,
      keeper: () => undefined,
      remover: () => undefined,
    });
    const make = (functionId: string, handler: keyof typeof TRAFFIC_FUNCTIONS) => maker.make(functionId, handler, TRAFFIC_FUNCTIONS[handler]);
    const moveTraffic = make('MoveTraffic', 'move-traffic');
    made.moveTraffic = moveTraffic;
    this._functions = { takeSlot: make('TakeSlot', 'take-slot'), moveTraffic, accept: make('Accept', 'accept') };
    const machineArns = [this.machineArn(machineName)];
    const net = { reconcile: make('MachineEnded', 'machine-ended'), sweep: make('Sweep', 'sweep') };
    new SafetyNet(this, 'SafetyNet', { machineArns, functions: net, hearsOfSuccess: true });
    this.rollBackMachine = new LiveRollBack(this, 'RollBack', { stateMachineName: `${path}-roll-back`, environment, calls: moveTraffic }).stateMachine;
  }

  /** Lets somebody roll back what is live. */
  grantRollBack(grantee: iam.IGrantable): iam.Grant {
    return this.rollBackMachine.grantStartExecution(grantee);
  }

  private validate({ slots, machineName }: TrafficHubProps): void {
    const where = this.node.path;
    requireMachineName(this, machineName);
    const colours = slots.map(({ colour }) => colour.name);
    const repeated = firstRepeated(colours);
    if (repeated !== undefined)
      throw new PathToLiveError('SlotColour', where, `two slots are named ${JSON.stringify(repeated)}; give each a colour of its own`);
    if (slots.length < 2) {
      const problem = `slots has ${slots.length}, got: ${JSON.stringify(colours)}; give at least two, or there is no slot that serves nobody`;
      throw new PathToLiveError('SlotsMissing', where, problem);
    }
  }

  private frontDoor(parameterName: string, { listenerArn, liveRuleArn, original, _furtherRules: furtherRules }: TrafficSwitch): string {
    const further = furtherRules.length > 0 && { furtherRules };
    const known: Pick<FrontDoor, 'listenerArn' | 'liveRuleArn' | 'original' | 'furtherRules'> = { listenerArn, liveRuleArn, original, ...further };
    return new ssm.StringParameter(this, 'FrontDoor', { parameterName, stringValue: Stack.of(this).toJsonString(known) }).parameterArn;
  }

  /** By name: the machine calls functions, so a reference to it from one of their roles would be a circle. */
  private machineArn(resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'states', resource: 'stateMachine', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }
}
