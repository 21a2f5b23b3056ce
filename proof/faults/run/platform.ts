import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { AttachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { hubPolicyName } from '../../../lambda/contract';
import { cdk } from '../../../rehearsal/emulator/cdk';
import { type Emulator, startEmulator } from '../../../rehearsal/emulator/emulator';
import { preparePython } from '../../../rehearsal/emulator/python';
import { Traffic } from '../../../rehearsal/traffic/traffic';
import { faultsApp } from '../app/app';
import { authorityOf, PLACES, type PlaceName } from '../names';
import { Builds } from './builds';
import { authority, hubAs, readPublished } from './hub';
import { Ledger } from './ledger';
import { LiveRule } from './live-rule';
import type { Platform } from './world';

const root = join(__dirname, '../../..');

/** Requests a second: a half of them is enough for an alarm to see, and all of them little enough for two cores beside the rest. */
const REQUESTS_PER_SECOND = 20;
/** Pauses before another try of a state: what they are for is over sooner here. */
const PAUSES = 0.2;

/** A local AWS on which things may go wrong; this process, too, talks to it from now on. */
export async function startLocalAws(state: string, say: (line: string) => void): Promise<Emulator> {
  rmSync(state, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  const python = await preparePython({ venv: join(root, '.venv'), requirements: join(root, 'rehearsal', 'requirements.txt'), say });
  const emulator = await startEmulator({ root, state, python, faults: { pauses: PAUSES } });
  const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, GATEWAY_PORT } = emulator.env;
  Object.assign(process.env, { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE });
  process.env.GATEWAY_PORT = GATEWAY_PORT;
  delete process.env.AWS_PROFILE;
  require('../../../rehearsal/local_aws/names.cjs');
  return emulator;
}

/** Deploys a path, once, and has users come. */
export async function deployPlatform(emulator: Emulator, state: string, name: PlaceName): Promise<Platform> {
  const place = PLACES[name];
  const outdir = join(state, `platform-${place.path}`);
  faultsApp({ place: name, outdir }).app.synth();
  await cdk(state, emulator, 'bootstrap', `aws://${emulator.account}/${emulator.region}`);
  await cdk(state, emulator, 'deploy', '--all', '--app', outdir, '--concurrency', '3', '--require-approval', 'never');
  const PolicyArn = `arn:aws:iam::${emulator.account}:policy/${hubPolicyName(place.path, 'decide')}`;
  await new IAMClient(emulator.client).send(new AttachRolePolicyCommand({ RoleName: authorityOf(place), PolicyArn }));
  const published = await readPublished(emulator, place);
  const { Stacks } = await new CloudFormationClient(emulator.client).send(new DescribeStacksCommand({ StackName: `${place.path}-Hub` }));
  const table = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'LedgerTable')?.OutputValue ?? '';
  const { frontDoor } = published;
  const stream = { environment: place.environment, url: frontDoor.url, paths: ['/'], requestsPerSecond: REQUESTS_PER_SECOND };
  return {
    place,
    emulator,
    builds: new Builds(emulator, join(state, `assemblies-${place.path}`), name),
    ledger: new Ledger(emulator, table, place.environment),
    liveRule: new LiveRule(emulator, frontDoor.liveRuleArn),
    pipeline: hubAs(emulator, place, published, async () => ({ accessKeyId: 'test', secretAccessKey: 'test' })),
    authority: hubAs(emulator, place, published, authority(emulator, place)),
    traffic: Traffic.start([stream], join(state, `responses-${place.path}.jsonl`), emulator.env),
  };
}
