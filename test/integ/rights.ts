import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { readCalls } from '../../rehearsal/figures/calls';
import { Assembly } from '../../rehearsal/permissions/assembly/assembly';
import { type Deployed, type PersonRole, readDeployed } from '../../rehearsal/permissions/assembly/deployed';
import { knownFrom } from '../../rehearsal/permissions/assembly/known';
import { readStacks } from '../../rehearsal/permissions/assembly/read-stacks';
import { type Audit, audit } from '../../rehearsal/permissions/audit';
import { recordedAttempts } from '../../rehearsal/permissions/calls/recorded';
import type { Excuse } from '../../rehearsal/permissions/never-exercised';
import type { Integ } from './integ';

/** What a case says of what it deployed. */
export interface RightsOptions {
  /** Stack -> ARN of the live rule in it. */
  readonly liveRules?: Readonly<Record<string, string>>;
  readonly people?: readonly PersonRole[];
  /** What the case need not use, each with its reason. */
  readonly excuses: readonly Excuse[];
}

/** Holds what roles of the case's last deployment have called, and what AWS calls by itself, against the policies in its templates, as `npm run rehearse` does. */
export async function judgeRights(integ: Integ, title: string, { liveRules = {}, people = [], excuses }: RightsOptions): Promise<void> {
  const deployed = await readDeployed(new CloudFormationClient(integ.emulator.client), { liveRules, people, bootstrapTemplate: {} });
  writeFileSync(join(integ.state, 'deployed.json'), JSON.stringify(deployed));
  const held = await heldRights(integ.state, integ.emulator.calls, deployed, excuses);
  const denied = held.denied.map(({ attempt: { request }, verdict }) => `${request.caller.arn} ${request.action} ${request.resource}: ${verdict.why}`);
  integ.judge(
    `${title}: of ${held.recordedRequests} recorded and ${held.derivedRequests} derived requests none is denied`,
    denied.length === 0,
    denied.join('\n'),
  );
  const wrong = [
    ...held.unused.map(({ policy, statement, kind, value }) => `unused: ${policy} #${statement} ${kind} ${value}`),
    ...held.stale.map(({ policy, values }) => `excused for nothing: ${policy} ${values.join(' ')}`),
  ];
  integ.judge(`${title}: each of ${held.grants} rights is used, or has its reason`, wrong.length === 0, wrong.join('\n'));
}

/** @param state folder of the case's last assembly */
export async function heldRights(state: string, calls: string, deployed: Deployed, excuses: readonly Excuse[]): Promise<Audit> {
  const stacks = readStacks(join(state, 'cdk.out'));
  const assembly = new Assembly(stacks, knownFrom(deployed, stacks));
  const { attempts } = recordedAttempts(readCalls(calls), assembly);
  const isOurs = (arn: string) => assembly.roles.has(arn) || deployed.people.some((person) => person.arn === arn);
  const recorded = attempts.filter(({ request }) => isOurs(request.caller.arn));
  return audit({ assembly, people: deployed.people, recorded, excuses });
}
