import { join } from 'node:path';
import { CloudFormationClient, DeleteStackCommand, ListStackResourcesCommand, waitUntilStackDeleteComplete } from '@aws-sdk/client-cloudformation';
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import { DeleteObjectsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { SLOT_METADATA } from '../../lambda/contract';
import type { StackTemplate } from '../../permissions';
import type { Aws } from '../aws';
import { cdk } from '../emulator/cdk';
import { everybody, type People } from '../people/people';
import { readStacks } from '../permissions/assembly/read-stacks';
import { deleteLogGroup } from './log-groups';

/** Longest that removing a slot may take. */
const SLOT_SECONDS = 1800;
/** Load balancers go on writing logs until they are gone: a bucket that was emptied may have something in it again. */
const TRIES = 3;

export interface CleanUp {
  readonly root: string;
  readonly state: string;
  readonly aws: Aws;
  /** Absent when it failed before anybody was engaged. */
  readonly people?: People;
  readonly say: (line: string) => void;
}

/**
 * Removes what was made: slots first, since the roles they are removed with are in the front doors; then the platform, the people, and the logs that slots
 * leave behind as evidence.
 */
export async function cleanUp({ root, state, aws, people, say }: CleanUp): Promise<void> {
  const assembly = join(state, 'platform');
  const stacks = readStacks(assembly);
  const slots = stacks.filter(({ template }) => template.Metadata?.[SLOT_METADATA] !== undefined);
  const logs = await removeSlots(aws, slots);
  say(`The ${slots.length} slots are removed.`);
  for (let attempt = 1; ; attempt++) {
    await emptyBuckets(aws, stacks);
    try {
      await cdk(root, aws, 'destroy', '--all', '--force', '--app', assembly);
      break;
    } catch (error) {
      if (attempt === TRIES) throw error;
      say('Not everything could be removed at once; once more.');
    }
  }
  for (const group of logs) await deleteLogGroup(aws, group);
  if (people !== undefined) await dismiss(aws, people);
  say('The platform, the people and their logs are removed. The bootstrap stack, and what was published to its bucket, stay.');
}

/** @returns names of the log groups that the slots leave behind */
async function removeSlots({ client }: Aws, slots: readonly StackTemplate[]): Promise<string[]> {
  const cloudFormation = new CloudFormationClient(client);
  const logs: string[] = [];
  for (const { stackName: StackName } of slots) logs.push(...(await physicalIds(cloudFormation, StackName, 'AWS::Logs::LogGroup')));
  for (const { stackName: StackName } of slots) await cloudFormation.send(new DeleteStackCommand({ StackName }));
  for (const { stackName: StackName } of slots) await waitUntilStackDeleteComplete({ client: cloudFormation, maxWaitTime: SLOT_SECONDS }, { StackName });
  return logs;
}

async function physicalIds(client: CloudFormationClient, StackName: string, type: string): Promise<string[]> {
  try {
    const { StackResourceSummaries = [] } = await client.send(new ListStackResourcesCommand({ StackName }));
    return StackResourceSummaries.filter(({ ResourceType }) => ResourceType === type).map(({ PhysicalResourceId = '' }) => PhysicalResourceId);
  } catch (error) {
    // A slot that no release got to.
    if (/does not exist/.test((error as Error).message)) return [];
    throw error;
  }
}

async function emptyBuckets({ client }: Aws, stacks: readonly StackTemplate[]): Promise<void> {
  const [cloudFormation, s3] = [new CloudFormationClient(client), new S3Client({ ...client, forcePathStyle: client.endpoint !== undefined })];
  for (const { stackName } of stacks) {
    for (const Bucket of await physicalIds(cloudFormation, stackName, 'AWS::S3::Bucket')) {
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
        if (Contents.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: Contents.map(({ Key }) => ({ Key })) } }));
      }
    }
  }
}

async function dismiss({ client }: Aws, people: People): Promise<void> {
  const iam = new IAMClient(client);
  for (const { name: RoleName } of everybody(people)) {
    for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies({ client: iam }, { RoleName })) {
      for (const { PolicyArn } of AttachedPolicies) await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    }
    for await (const { PolicyNames = [] } of paginateListRolePolicies({ client: iam }, { RoleName })) {
      for (const PolicyName of PolicyNames) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    }
    await iam.send(new DeleteRoleCommand({ RoleName }));
  }
}
