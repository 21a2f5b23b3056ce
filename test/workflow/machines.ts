import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { DefinitionJson } from '../../cli/review/machines/graph';
import { Hub } from '../../constructs/hub/hub';
import type { EnvironmentPlan } from '../../lambda/contract';
import { bundled } from '../bundles';
import { examplePlan } from '../lambda/example-path';
import { testApp } from '../test-app';

const PARTY = { name: 'Service management', members: ['arn:aws:iam::111111111111:role/ServiceManagement'] };

/** Three environments: the last one with a firebreak, a go/no-go and steps of 10, 50 and 100 percent. */
export function threeEnvironments(): EnvironmentPlan[] {
  const quick = { steps: [{ percent: 100, bakeSeconds: 300 }] };
  return [
    examplePlan('Integration', quick),
    examplePlan('Preproduction', quick),
    examplePlan('Production', {
      firebreak: { parties: [PARTY], when: ['altersSchema'], resumes: 'byReleaseManager', releaseManagers: [], timeoutSeconds: 1_209_600 },
      goNoGo: { party: PARTY, timeoutSeconds: 172_800 },
    }),
  ];
}

/** The same environments with slots that have a capacity to raise and lower. */
export function withCapacity(plans: readonly EnvironmentPlan[]): EnvironmentPlan[] {
  return plans.map((plan) => ({
    ...plan,
    roles: { ...plan.roles, capacity: `arn:aws:iam::${plan.account}:role/Payments-${plan.environment}-capacity` },
    warmForSeconds: 3600,
  }));
}

/** The same environments with state that their slots share. */
export function withSharedState(plans: readonly EnvironmentPlan[]): EnvironmentPlan[] {
  return plans.map((plan) => ({ ...plan, roles: { ...plan.roles, migrate: `arn:aws:iam::${plan.account}:role/Payments-${plan.environment}-migrate` } }));
}

/** The same environments where people are asked once traffic has moved: after each step, and when health gates are inconclusive. */
export function withPauses(plans: readonly EnvironmentPlan[]): EnvironmentPlan[] {
  const asked = { party: PARTY, timeoutSeconds: 3_600 };
  return plans.map((plan) => ({ ...plan, inconclusive: asked, steps: plan.steps.map((step) => ({ ...step, pause: asked })) }));
}

/** The same environments where outages may be planned; they have shared state. */
export function withOutages(plans: readonly EnvironmentPlan[]): EnvironmentPlan[] {
  return plans.map((plan) => ({ ...plan, plannedOutage: { longestSeconds: 1_800, says: 'back at noon' } }));
}

/** The same environments with their tests once more beside the bake of each step. */
export function withTestsBeside(plans: readonly EnvironmentPlan[]): EnvironmentPlan[] {
  return plans.map((plan) => ({ ...plan, steps: plan.steps.map((step) => ({ ...step, tests: plan.tests })) }));
}

/** The same environments where a party is asked before a deployment takes what can be rolled back to. */
export function withTargetAsked(plans: readonly EnvironmentPlan[]): EnvironmentPlan[] {
  return plans.map((plan) => ({ ...plan, rollBackTarget: { kind: 'ask', party: PARTY, timeoutSeconds: 3_600 } }));
}

/** Environments, and behind them others that are waves of one. */
export function inWaves(of: string, before: readonly EnvironmentPlan[], together: readonly EnvironmentPlan[]): EnvironmentPlan[] {
  return [...before, ...together.map((plan, place) => ({ ...plan, wave: { of, place, waves: together.length } }))];
}

/** A stack with nothing but the hub of these plans. */
export function hubOf(plans: readonly EnvironmentPlan[], removalPolicy?: RemovalPolicy, app = testApp()): Stack {
  bundled();
  const stack = new Stack(app, 'Payments-Hub', { env: { account: '111111111111', region: 'eu-west-2' } });
  new Hub(stack, 'Default', { path: 'Payments', plans, removalPolicy });
  return stack;
}

/** Plans -> the machines of their hub, as JSON, so that who changes one changes a copy. */
const made = new Map<string, string>();

/** The state machines of a hub by name, with what is known at deployment only made up. */
export function machinesOf(plans: readonly EnvironmentPlan[]): Record<string, DefinitionJson> {
  const key = JSON.stringify(plans);
  const machines = made.get(key) ?? JSON.stringify(definitionsIn(Template.fromStack(hubOf(plans))));
  made.set(key, machines);
  return JSON.parse(machines);
}

/** The same of any stack. */
export function definitionsIn(template: Template): Record<string, DefinitionJson> {
  const found = template.findResources('AWS::StepFunctions::StateMachine');
  return Object.fromEntries(
    Object.values(found).map(({ Properties: { StateMachineName, DefinitionString } }) => [StateMachineName, JSON.parse(madeUp(DefinitionString))]),
  );
}

function madeUp(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, Ref: ref, 'Fn::GetAtt': attribute } = value as { 'Fn::Join'?: [string, unknown[]]; Ref?: string; 'Fn::GetAtt'?: string[] };
  if (join) return join[1].map(madeUp).join(join[0]);
  if (ref === 'AWS::Partition') return 'aws';
  const logicalId = ref ?? attribute?.[0] ?? '';
  return logicalId.includes('Machine')
    ? `arn:aws:states:eu-west-2:111111111111:stateMachine:${logicalId}`
    : `arn:aws:lambda:eu-west-2:111111111111:function:${logicalId}:1`;
}
