import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENV, type EnvironmentPlan } from '../../lambda/contract';
import { acknowledgeWildcards } from '../private/acknowledge';
import { PathNames } from '../private/names';
import type { HubAsk, HubFunctionEntry, LedgerUse, Port } from './hub-functions-table';
import type { Ledger } from './ledger';

export interface HubFunctionsProps {
  /** Id of the path to live. */
  readonly path: string;
  /** In the order of the path. */
  readonly plans: readonly EnvironmentPlan[];
  readonly ledger: Ledger;
  /** Where everything that happens is an event. */
  readonly bus: IEventBus;
  /**
   * Name of the one machine whose executions take releases, where that is a team's own.
   *
   * @default - the path's machine, and one for each environment
   */
  readonly machine?: string;
  /**
   * Name of the machine of a team's own that takes releases from environment to environment. Nobody starts it for the team, and people are asked in the
   * environments' machines.
   *
   * @default - releases go by the path's machine
   */
  readonly ownPath?: string;
}

/** Functions that others ask, each to be called once it has been made; undefined where there is none. */
export interface AskedFunctions {
  /** The one writer of live rules; none where nobody moves traffic. */
  readonly writer: () => IFunction | undefined;
  /** What raises and lowers slots; none where no environment has slots with a capacity. */
  readonly keeper: () => IFunction | undefined;
  /** What removes slots, as who deploys them; none where that is a team's own. */
  readonly remover: () => IFunction | undefined;
}

/** What each port needs: rights, and the environment variables that say where things are. */
export class HubRights {
  /** State machines that wait for people or bake, by name: they call the functions, so a reference to them from a function's role would be a circle. */
  private readonly machines: string[];
  private readonly pathMachine: string;
  private readonly retireMachine: string;
  /** Those of environments with shared state. */
  private readonly contracted: string[];
  /** Those of environments where releases wait for their turn, or at a firebreak for it: a newer one may take their place there. */
  private readonly waited: string[];
  private readonly names: PathNames;

  constructor(
    private readonly scope: Construct,
    private readonly props: HubFunctionsProps,
    private readonly asked: AskedFunctions,
  ) {
    this.names = new PathNames(props.path);
    this.pathMachine = this.machine(props.ownPath ?? props.machine ?? this.names.pathMachine);
    this.retireMachine = this.machine(this.names.retireMachine);
    const environments = props.machine === undefined ? props.plans : [];
    const machineOf = ({ environment }: EnvironmentPlan) => this.machine(this.names.environment(environment).machine);
    this.machines = [...(props.ownPath === undefined ? [this.pathMachine] : []), ...environments.map(machineOf)];
    this.waited = props.plans.some(({ concurrency }) => concurrency !== undefined) ? this.machines : [];
    this.contracted = environments.filter(({ roles }) => roles.migrate !== undefined).map(machineOf);
  }

  /** Allows a role what the function's row says it reaches and asks for. */
  grant(role: iam.Role, { ports, asks = [], ledger = ['commits'] }: HubFunctionEntry): void {
    for (const statement of ports.flatMap((port) => this.statements(port))) role.addToPolicy(new iam.PolicyStatement(statement));
    if (ports.includes('ledger')) this.grantLedger(role, ledger);
    for (const statement of asks.flatMap((ask) => this.asking(ask))) role.addToPolicy(new iam.PolicyStatement(statement));
    if (asks.includes('looksAtExecutions')) acknowledgeWildcards(role, 'names of executions are made up when they are started', ...this.executions());
  }

  private asking(ask: HubAsk): iam.PolicyStatementProps[] {
    switch (ask) {
      case 'startsReleases':
        return this.props.ownPath === undefined ? [{ actions: ['states:StartExecution'], resources: [this.pathMachine] }] : [];
      case 'retires':
        return [{ actions: ['states:StartExecution'], resources: [this.retireMachine] }];
      case 'contracts':
        return this.contracted.length === 0 ? [] : [{ actions: ['states:StartExecution'], resources: this.contracted }];
      case 'movesTraffic':
        return invoking(this.asked.writer());
      case 'raisesSlots':
        return invoking(this.asked.keeper());
      case 'asksOfSlots':
        return invoking(this.asked.remover());
      case 'looksAtExecutions':
        return [{ actions: ['states:DescribeExecution'], resources: this.executions() }];
      case 'answersGates':
        return [{ actions: ['states:SendTaskSuccess'], resources: this.machines }];
      case 'givesTurns':
        return this.waited.length === 0 ? [] : [{ actions: ['states:SendTaskSuccess'], resources: this.waited }];
      case 'endsBakes':
        // The path itself never bakes.
        return [{ actions: ['states:SendTaskFailure'], resources: this.machines.filter((machine) => machine !== this.pathMachine) }];
    }
  }

  private grantLedger(role: iam.Role, uses: readonly LedgerUse[]): void {
    const { ledger } = this.props;
    if (uses.includes('commits')) ledger.grantCommit(role);
    else ledger.grantDeliver(role);
    if (uses.includes('entries')) ledger.grantEntries(role);
    if (uses.includes('lists')) ledger.grantLists(role);
  }

  /** Environment variables that say where what it reaches is. */
  variables({ ports, asks = [] }: HubFunctionEntry): Record<string, string> {
    const { path, ledger, bus } = this.props;
    const keeper = this.asked.keeper();
    const writer = ports.includes('machines') ? this.asked.writer() : undefined;
    const remover = ports.includes('repairs') ? this.asked.remover() : undefined;
    return {
      [ENV.path]: path,
      ...(ports.includes('ledger') && { [ENV.table]: ledger.table.tableName, [ENV.bus]: bus.eventBusName }),
      ...(ports.includes('plans') && { [ENV.planPrefix]: this.names.planParameterPrefix }),
      ...(ports.includes('machines') && { [ENV.pathMachine]: this.pathMachine }),
      ...(writer !== undefined && { [ENV.trafficFunction]: writer.functionName }),
      ...(remover !== undefined && { [ENV.slotsFunction]: remover.functionName }),
      ...(asks.includes('retires') && { [ENV.retireMachine]: this.retireMachine }),
      ...(asks.includes('contracts') && this.contracted.length > 0 && { [ENV.environmentMachines]: this.machine(this.names.environmentMachinePrefix) }),
      ...(keeper !== undefined && asks.includes('raisesSlots') && { [ENV.capacityFunction]: keeper.functionName }),
    };
  }

  private statements(port: Port): iam.PolicyStatementProps[] {
    const assume = (role: keyof EnvironmentPlan['roles']) => [
      { actions: ['sts:AssumeRole'], resources: this.props.plans.flatMap(({ roles }) => roles[role] ?? []) },
    ];
    switch (port) {
      case 'ledger':
      // A commit delivers what it promises, and every one of its audit events is promised to the bus.
      case 'bus':
        return [{ actions: ['events:PutEvents'], resources: [this.props.bus.eventBusArn] }];
      case 'machines':
      case 'repairs':
        return [];
      case 'plans':
        return [{ actions: ['ssm:GetParametersByPath'], resources: [this.parameter(this.names.planParameterPrefix)] }];
      case 'slots':
        return assume('deploy');
      case 'liveRule':
        return assume('operator');
      case 'capacity':
        return assume('capacity');
      case 'migrations':
        return assume('migrate');
      case 'alarms':
      case 'health':
      case 'metrics':
      case 'targets':
      case 'tests':
      case 'frontDoors':
      case 'bundles':
      case 'templates':
        return assume('observer');
    }
  }

  /** Of every machine that may hold an environment, or take a release through the path. */
  private executions(): string[] {
    return [...new Set([this.pathMachine, ...this.machines, this.retireMachine])].map((arn) => `${arn.replace(':stateMachine:', ':execution:')}:*`);
  }

  private machine(name: string): string {
    return Stack.of(this.scope).formatArn({ service: 'states', resource: 'stateMachine', resourceName: name, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }

  private parameter(path: string): string {
    return Stack.of(this.scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName: path.replace(/^\/|\/$/g, '') });
  }
}

function invoking(made: IFunction | undefined): iam.PolicyStatementProps[] {
  return made === undefined ? [] : [{ actions: ['lambda:InvokeFunction'], resources: [made.functionArn] }];
}
