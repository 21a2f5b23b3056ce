import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Environment } from '../environments/environment';
import { workloadPlaceOf } from '../environments/environment-plan';
import type { HealthAlarm } from '../health/health-alarm';
import { requireKind } from '../kinds/kind';
import { StartedMigrations, startedIn } from '../migrations/started-migrations';
import { claimEnvironmentNames } from '../private/name-claims';
import { PathNames, SLOT_TAGS } from '../private/names';
import { offerShared } from '../private/shared-offers';
import type { ISharedState } from '../shared-state/shared-state';
import { type IWorkload, WORKLOAD_PERMISSIONS } from '../workloads/workload';
import { CapacityRole } from './capacity-role';
import { DeployRole } from './deploy-role';
import { ExecutionRole } from './execution-role';
import { hubPrincipal } from './hub-principal';
import { MigrateRole } from './migrate-role';
import { MigrationSources } from './migration-sources';
import { migrateStatements, migrationDeployStatements, startedDeployStatements } from './migration-statements';
import { ObserverRole } from './observer-role';
import { OperatorRole } from './operator-role';
import { writePoliciesAnew } from './policies-anew';
import { SlotBoundary } from './slot-boundary';

export interface EnvironmentRolesProps {
  readonly path: string;
  readonly environment: Environment;
  readonly hubAccount: string;
  readonly workload: IWorkload;
  readonly listenerArn: string;
  readonly liveRuleArns: string[];
  readonly probe: lambda.Function;
  /** ARNs of every function of the front door, the probe's included. */
  readonly functions: string[];
  /** Secrets that the slots' listener rules hold. */
  readonly keys: secretsmanager.ISecret[];
  /**
   * State that its slots share, and that releases may migrate.
   *
   * @default - none, and no roles for migrations
   */
  readonly sharedState?: ISharedState;
}

/**
 * Everything that may be done to an environment from outside, as roles with fixed names: the hub deploys slots, moves traffic and looks, each as a
 * role of its own that only the hub's function for it may assume; CloudFormation deploys as a fourth, and what a slot brings is bounded.
 *
 * A pipeline has none of them: it publishes files and submits.
 */
export class EnvironmentRoles extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: EnvironmentRolesProps,
  ) {
    super(scope, id);
    const { environment, hubAccount, listenerArn, liveRuleArns } = props;
    const assetBucket = bucketOf(props.probe);
    const hub = new PathNames(props.path);
    const names = hub.environment(environment.name);
    claimEnvironmentNames(Stack.of(this), names, environment.account);
    if (props.sharedState === undefined) offerShared(Stack.of(this), names, []);
    const slotStacks = environment.colours.map(({ name }) => names.slotStack(name));
    const frontDoorParameterArn = this.parameterArn(names.frontDoorParameter);
    const { offersNetwork } = environment.entrance._place;
    const started = startedIn(this.node.path, props.sharedState);
    const inTemplates = [names.subnetIdsParameter, ...(started.includes(StartedMigrations.FARGATE_TASKS) ? [names.publicAddressesParameter] : [])];
    const templateParameters = [...this.bootstrapVersion(), ...(offersNetwork ? inTemplates.map((name) => this.parameterArn(name)) : [])];
    const place = workloadPlaceOf(this, props.path, environment);
    const permissions = props.workload.permissions(place);
    requireKind(this.node.path, 'what permissions of the workload returned', permissions, WORKLOAD_PERMISSIONS);

    const boundary = new SlotBoundary(this, 'SlotBoundary', { managedPolicyName: names.slotBoundary, statements: permissions.run });
    const execution = new ExecutionRole(this, 'Execution', {
      roleName: names.executionRole,
      slotStacks,
      listenerArn,
      liveRuleArns,
      slotRolePath: names.slotRolePath,
      marks: { [`aws:ResourceTag/${SLOT_TAGS.path}`]: props.path, [`aws:ResourceTag/${SLOT_TAGS.environment}`]: environment.name },
      boundaryArn: boundary.arn,
      keyArns: props.keys.map(({ secretArn }) => secretArn),
      parameterArns: [...this.slotParameters().map((name) => this.parameterArn(name)), ...templateParameters],
      assetBucket,
      workload: [...permissions.deploy, ...(props.sharedState ? migrationDeployStatements(place, names.migrationRole, permissions.deploy) : [])],
      frontDoorFunctions: props.functions,
      compositeAlarms: environment.healthGates.some((gate) => gate._alarms().some((alarm) => alarm._isComposite)),
    });
    new DeployRole(this, 'Deploy', {
      roleName: names.deployRole,
      trusted: hubPrincipal(this, hubAccount, hub.hubDeployerRole),
      slotStacks,
      executionRole: execution.role,
      assetBucket,
      parameterArns: templateParameters,
    });
    new OperatorRole(this, 'Operator', {
      roleName: names.operatorRole,
      trusted: hubPrincipal(this, hubAccount, hub.hubTrafficRole),
      liveRuleArns,
      frontDoorParameterArn,
    });
    if (props.sharedState) {
      const trusted = hubPrincipal(this, hubAccount, hub.hubMigratorRole);
      new MigrateRole(this, 'Migrate', { roleName: names.migrateRole, trusted, statements: migrateStatements(place, names.migrationRole, started) });
      if (started.length > 0) execution.alsoDeploys('MigrationsDeploy', startedDeployStatements(place, names.migrationRole, started));
      if (started.includes(StartedMigrations.CODEBUILD_BUILDS)) new MigrationSources(this, 'MigrationSources', { roleName: names.migrationRole, assetBucket });
    }
    const { capacity } = permissions;
    if (capacity !== undefined) {
      const trusted = hubPrincipal(this, hubAccount, hub.hubCapacityRole);
      new CapacityRole(this, 'Capacity', { roleName: names.capacityRole, trusted, statements: capacity });
    }
    new ObserverRole(this, 'Observer', {
      roleName: names.observerRole,
      trusted: hubPrincipal(this, hubAccount, hub.hubObserverRole, hub.hubTrafficRole, hub.hubDeployerRole, ...(capacity ? [hub.hubCapacityRole] : [])),
      testFunctionArns: [props.probe.functionArn, ...this.testFunctions()],
      queriesMetrics: environment._gates().some((gate) => gate._measures() !== undefined || gate._alarms().some(looksAtExpression)),
      frontDoorParameterArn,
      assetBucket,
    });
    writePoliciesAnew(this);
  }

  private slotParameters(): string[] {
    const { path, environment } = this.props;
    const names = new PathNames(path).environment(environment.name);
    const network = [names.loadBalancerSecurityGroupIdParameter, names.publicAddressesParameter];
    return [
      names.listenerArnParameter,
      names.vpcIdParameter,
      names.loadBalancerFullNameParameter,
      names.alarmTopicArnParameter,
      ...(environment.entrance._place.offersNetwork ? network : []),
    ];
  }

  /**
   * The CDK puts a parameter into every template that CloudFormation reads the version of the bootstrap stack into; its own roles for deploying may
   * read it for the same reason. A synthesizer without a qualifier puts none in.
   */
  private bootstrapVersion(): string[] {
    const qualifier = Stack.of(this).synthesizer.bootstrapQualifier;
    return qualifier === undefined ? [] : [this.parameterArn(`/cdk-bootstrap/${qualifier}/version`)];
  }

  /** Each once: one may test and judge. */
  private testFunctions(): string[] {
    const { environment } = this.props;
    const tested = environment
      ._tests()
      .map((test) => test._bind())
      .flatMap((test) => (test.kind === 'lambda' ? [test.functionArn] : []));
    return [...new Set([...tested, ...environment._gates().flatMap((gate) => gate._asks()?.functionArn ?? [])])];
  }

  private parameterArn(name: string): string {
    return Stack.of(this).formatArn({ service: 'ssm', resource: `parameter${name}`, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  }
}

/** A composite alarm is judged by its state, whatever those look at that it looks at. */
function looksAtExpression(alarm: HealthAlarm): boolean {
  return !alarm._isComposite && alarm._measures().some(({ queries: { queries } }) => queries.some((query) => 'expression' in query));
}

/**
 * Where the files of releases are published to: releases are synthesized by the same app, so to where this stack's own files are. Only the
 * synthesizer knows; custom ones have buckets of their own.
 */
function bucketOf(published: lambda.Function): string {
  const { s3Bucket } = (published.node.defaultChild as lambda.CfnFunction).code as lambda.CfnFunction.CodeProperty;
  return s3Bucket as string;
}
