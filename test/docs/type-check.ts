import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Example, ROOT } from './examples';

/** What examples speak of without saying where it comes from: the library, the CDK, and a team's own names. */
const AROUND_A_DOCSTRING = `
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ApplicationListener, ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IMachineImage, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import {
  AcceptStep, DecisionHub, EnterStep, EnvironmentHub, EnvironmentStacks, FirebreakStep, RollBackStep, ShiftStep, ThroughEnvironmentStep, TrafficHub,
  AutoScalingGroupWorkload, Change, Colour, Concurrency, Entrance, Environment, EnvironmentTest, FargateWorkload, Firebreak, GoNoGo, HealthAlarm, HealthGate, Inconclusive, LambdaMigration,
  CodeBuildMigration, FargateMigration, MigrationRunner,
  LambdaWorkload, Migration, Network, Party,
  PathToLive, PlannedOutage, Resumes, RollBackTarget, ServiceImage, ServiceSecret, ShadowAccess, SharedValue, SlotCapacity, SlotMetric, SlotNetwork, SlotRule, SlotRules, TrafficStrategy,
  TrafficSwitch, Waves, WorkloadPermissions, WorkloadPlace, WorkloadStatements, WorkloadSubnets,
} from 'path-to-live';
import { Ledger } from '${join(ROOT, 'constructs/hub/ledger')}';
declare const app: App;
declare const env: { account: string; region: string };
declare const integration: typeof env, production: typeof env;
declare const security: Party, serviceManagement: Party, changeAuthority: Party, releaseManagers: Party;
declare const code: Code;
declare const image: ServiceImage;
declare const machineImage: IMachineImage, instanceType: InstanceType;
declare const payments: PathToLive;
declare const listener: ApplicationListener;
declare const blue: ApplicationTargetGroup, green: ApplicationTargetGroup;
declare const trafficSwitch: TrafficSwitch, traffic: TrafficHub, decisions: DecisionHub, shop: EnvironmentHub, rollBack: RollBackStep;
declare const cache: Construct;
declare const role: Role;
declare const onCall: Topic;
export function example(this: Construct): void {
`;

/** As the project's own configuration has it, but for what only matters to whole projects. */
const OPTIONS = {
  target: 'es2022',
  module: 'node16',
  moduleResolution: 'node16',
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  noEmit: true,
  paths: {
    'path-to-live': [join(ROOT, 'lib/index.ts')],
    // Its root also exports every service, 1,300 files that no example needs by that name.
    'aws-cdk-lib': [join(ROOT, 'node_modules/aws-cdk-lib/core/index.d.ts')],
  },
};

/** An example of a docstring: statements in the scope of a construct. */
export function inScope({ at, code }: Example): Example {
  return { at, code: `${AROUND_A_DOCSTRING}${code}\n}\n` };
}

/** @returns for each example what the compiler objects to, all of them compiled as one program */
export function compilerErrors(examples: readonly Example[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'ptl-examples-'));
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: OPTIONS, include: ['*.ts'] }));
    for (const [index, { code }] of examples.entries()) writeFileSync(join(folder, `example-${index}.ts`), code);
    const args = [join(ROOT, 'node_modules/typescript-7/bin/tsc'), '-p', folder, '--pretty', 'false'];
    const { stdout, stderr, error } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
    if (error !== undefined || stderr !== '') throw new Error(`the compiler could not be run: ${error?.message ?? stderr}`);
    return stdout
      .split(/\n(?! )/)
      .filter((line) => line !== '')
      .map((line) => line.replace(/^example-(\d+)\.ts\(\d+,\d+\): error /, (_, index: string) => `${examples[Number(index)]?.at}: `));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
