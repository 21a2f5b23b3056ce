import { join } from 'node:path';
import ts from 'typescript';
import { type Example, ROOT } from './examples';

/** What examples speak of without saying where it comes from: the library, the CDK, and a team's own names. */
const AROUND_A_DOCSTRING = `
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import {
  Change, Colour, Entrance, Environment, EnvironmentTest, FargateWorkload, Firebreak, GoNoGo, HealthAlarm, HealthGate, LambdaWorkload, Network, Party,
  PathToLive, Resumes, ServiceImage, ServiceSecret, ShadowAccess, SharedValue, SlotCapacity, SlotNetwork, SlotRule, SlotRules, TrafficStrategy,
  TrafficSwitch, WorkloadSubnets,
} from 'path-to-live';
import { Ledger } from '../../constructs/release/ledger';
declare const app: App;
declare const env: { account: string; region: string };
declare const integration: typeof env, production: typeof env;
declare const security: Party, serviceManagement: Party, changeAuthority: Party, releaseManagers: Party;
declare const code: Code;
declare const image: ServiceImage;
declare const payments: PathToLive;
declare const listener: ApplicationListener;
declare const cache: Construct;
declare const role: Role;
declare const onCall: Topic;
export function example(this: Construct): void {
`;

/** As the project's own configuration has it, but for what only matters to whole projects. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
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
  const files = new Map(examples.map((example, index) => [join(__dirname, `example-${index}.ts`), example]));
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name)?.code ?? readFile(name);
  host.getSourceFile = (name, target, ...rest) => {
    const example = files.get(name);
    return example ? ts.createSourceFile(name, example.code, target) : getSourceFile(name, target, ...rest);
  };
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  return [...files].flatMap(([name, { at }]) => {
    const file = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ messageText }) => `${at}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
}
