import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge';
import { bundleOf } from './bundles';

export interface HandlerFunctionProps {
  /** Name of the handler, in kebab-case: its bundle is `dist/lambda/<handler>/index.js`. */
  readonly handler: string;
  /** What it does, in a sentence; shown in the console. */
  readonly description: string;
  /** At most 15 minutes. */
  readonly timeout: Duration;
  /**
   * Memory in MB; processor time grows with it.
   *
   * @default 256
   */
  readonly memorySize?: number;
  /** @default - none */
  readonly environment?: Record<string, string>;
  /**
   * Role the function runs as; it is given the right to write this function's log.
   *
   * @default - a role of its own
   */
  readonly role?: iam.Role;
  /** @default - CloudFormation makes one up */
  readonly functionName?: string;
}

/**
 * One of the project's own handlers: where its bundle is, its runtime, its log and its published version.
 *
 * Whoever must not notice a redeployment (a state machine with releases in flight) calls {@link HandlerFunction.published}; old versions are
 * kept. Everybody else calls {@link HandlerFunction.function}.
 */
export class HandlerFunction extends Construct {
  readonly function: lambda.Function;
  readonly role: iam.Role;
  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    this.role = props.role ?? new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new logs.LogGroup(this, 'Log', {
      // The audit trail is in the ledger; logs are for finding out, and nobody looks further back than this.
      retention: logs.RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logGroup.grantWrite(this.role);
    this.function = new lambda.Function(this, 'Function', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(bundleOf(this.node.path, props.handler)),
      description: props.description,
      timeout: props.timeout,
      memorySize: props.memorySize ?? 256,
      environment: props.environment,
      role: this.role,
      functionName: props.functionName,
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    acknowledgeWildcards(this.role, 'xray:PutTraceSegments and xray:PutTelemetryRecords know no resources; no other action has this one', '*');
  }

  /** The version of this code and configuration, made for the first who asks; it stays when the function changes. */
  get published(): lambda.Version {
    return this.function.currentVersion;
  }
}
