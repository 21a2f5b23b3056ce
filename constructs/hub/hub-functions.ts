import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentPlan } from '../../lambda/contract';
import type { HandlerFunction } from '../private/handler-function';
import { PathNames } from '../private/names';
import { HubFunctionMaker, hubRole } from './hub-function-maker';
import type { HubFunctionsProps } from './hub-functions-rights';
import { HUB_FUNCTIONS, type HubFunctionName } from './hub-functions-table';
import { OWN_PATH_FUNCTIONS, type OwnPathFunctions } from './own-path-functions';

/** What records how releases end, and takes submissions. */
export interface PathFunctions {
  readonly finish: HandlerFunction;
  readonly submit: HandlerFunction;
}

/**
 * The functions of a hub, with the rights its handler needs and no others, see {@link HUB_FUNCTIONS}.
 *
 * All but one role have fixed names: the roles in an environment's account trust them by name, so that they can be made before the hub is.
 */
export class HubFunctions extends Construct {
  readonly moveTraffic: HandlerFunction;
  readonly enter: HandlerFunction;
  readonly deploy: HandlerFunction;
  readonly runTest: HandlerFunction;
  readonly openGate: HandlerFunction;
  readonly startBake: HandlerFunction;
  readonly readGates: HandlerFunction;
  readonly accept: HandlerFunction;
  readonly stop: HandlerFunction;
  readonly retire: HandlerFunction;
  readonly alarmRaised: HandlerFunction;
  readonly reconcile: HandlerFunction;
  readonly doctor: HandlerFunction;
  readonly sweep: HandlerFunction;
  readonly api: HandlerFunction;
  /** What gives slots their capacity; only where an environment has slots with one. */
  readonly matchCapacity?: HandlerFunction;
  readonly keepCapacity?: HandlerFunction;
  /** What runs migrations; only where an environment has shared state. */
  readonly migrate?: HandlerFunction;

  private readonly names: PathNames;
  private readonly maker: HubFunctionMaker;

  constructor(scope: Construct, id: string, props: HubFunctionsProps) {
    super(scope, id);
    this.names = new PathNames(props.path);
    const hasCapacity = props.plans.some(({ roles }) => roles.capacity !== undefined);
    const hasSharedState = props.plans.some(({ roles }) => roles.migrate !== undefined);
    const roles = {
      deployer: hubRole(this, 'Deployer', this.names.hubDeployerRole),
      traffic: hubRole(this, 'Traffic', this.names.hubTrafficRole),
      observer: hubRole(this, 'Observer', this.names.hubObserverRole),
      ...(hasCapacity && { capacity: hubRole(this, 'Capacity', this.names.hubCapacityRole) }),
      ...(hasSharedState && { migrator: hubRole(this, 'Migrator', this.names.hubMigratorRole) }),
    };
    this.maker = new HubFunctionMaker(this, props, roles, {
      writer: () => this.moveTraffic.function,
      keeper: () => this.keepCapacity?.function,
      remover: () => this.retire.function,
    });
    this.moveTraffic = this.make('MoveTraffic', 'move-traffic');
    if (hasCapacity) {
      this.keepCapacity = this.make('KeepCapacity', 'keep-capacity');
      this.matchCapacity = this.make('MatchCapacity', 'match-capacity');
    }
    this.enter = this.make('Enter', 'enter');
    this.deploy = this.make('Deploy', 'deploy');
    if (hasSharedState) this.migrate = this.make('Migrate', 'migrate');
    this.runTest = this.make('RunTest', 'run-test');
    this.openGate = this.make('OpenGate', 'open-gate');
    this.startBake = this.make('StartBake', 'start-bake');
    this.readGates = this.make('ReadGates', 'read-gates');
    this.accept = this.make('Accept', 'accept');
    this.stop = this.make('Stop', 'stop');
    this.retire = this.make('Retire', 'retire');
    this.alarmRaised = this.make('AlarmRaised', 'alarm-raised', this.names.hubAlarmFunction);
    this.reconcile = this.make('Reconcile', 'reconcile');
    this.doctor = this.make('Doctor', 'doctor');
    this.sweep = this.make('Sweep', 'sweep');
    this.api = this.make('Api', 'api');
    for (const plan of props.plans) this.listenToAlarms(plan);
  }

  /** More of a hub with a path machine. */
  forPath(): PathFunctions {
    return { finish: this.make('Finish', 'finish'), submit: this.make('Submit', 'submit') };
  }

  /** More of one whose releases come by a machine of a team's own. */
  forOwnPath(): OwnPathFunctions {
    const make = (id: string, handler: keyof typeof OWN_PATH_FUNCTIONS) => this.maker.make(id, handler, OWN_PATH_FUNCTIONS[handler]);
    return { register: make('Register', 'register'), pathEnded: make('PathEnded', 'path-ended') };
  }

  private make(id: string, handler: HubFunctionName, functionName?: string): HandlerFunction {
    return this.maker.make(id, handler, HUB_FUNCTIONS[handler], functionName);
  }

  /** The alarms of an environment's slots notify a topic in its account and region, and that topic may call the hub. */
  private listenToAlarms({ environment, account, region }: EnvironmentPlan): void {
    const topic = { service: 'sns', account, region, resource: this.names.environment(environment).alarmTopic };
    this.alarmRaised.function.addPermission(`${environment}Alarms`, {
      principal: new iam.ServicePrincipal('sns.amazonaws.com'),
      sourceArn: this.alarmRaised.function.stack.formatArn(topic),
    });
  }
}
