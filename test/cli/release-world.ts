import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ReleaseView, SubmitBody } from '../../lambda/contract';
import { event, exampleGate, exampleRelease, exampleStatus } from './example-views';
import { FakeAws } from './fake-aws';
import { Failing, FakeHub } from './fake-hub';
import { fixtureAssembly } from './fixture-assembly';
import { type Run, runPtl } from './run-ptl';

export const aws = new FakeAws();
export const hub = new FakeHub();
export const PUBLISHING_ROLE = 'arn:aws:iam::333333333333:role/cdk-hnb659fds-file-publishing-role-333333333333-eu-west-1';
export const BUCKETS = ['cdk-hnb659fds-assets-222222222222-eu-west-1', 'cdk-hnb659fds-assets-333333333333-eu-west-1'];
const fixtures: string[] = [];
let assembly = '';

/** A small app's assembly, removed when the file's tests are over. */
export function fixture(...options: Parameters<typeof fixtureAssembly>): string {
  const directory = fixtureAssembly(...options);
  fixtures.push(dirname(directory));
  return directory;
}

/** Directory of an assembly of 1.4.2. */
export const assemblyOf142 = () => assembly;

/** An AWS with a hub's parameter and asset buckets, and the hub itself, as they are before each test of a file. */
export function withAwsAndHub(): void {
  // Publishing signs and sends some thirty requests, which takes long beside everything else that is tested.
  jest.setTimeout(30_000);
  beforeAll(async () => {
    await Promise.all([aws.server.start(), hub.server.start()]);
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: aws.server.url,
      AWS_ACCESS_KEY_ID: 'AKID',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'us-east-1',
    });
    assembly = fixture();
  });

  afterAll(async () => {
    await Promise.all([aws.server.stop(), hub.server.stop()]);
    for (const directory of fixtures) rmSync(directory, { recursive: true, force: true });
  });

  beforeEach(() => {
    hub.forget();
    hub.on('GET /status', exampleStatus()).on('GET /releases/1.4.2', UNKNOWN_RELEASE);
    aws.refusedRoles.clear();
    aws.emptyRegions.clear();
    aws.refusedRegions.clear();
    aws.objects.clear();
    aws.assumed.length = 0;
    aws.parameterRegions.length = 0;
    aws.parameters.clear();
    aws.parameters.set('/path-to-live/Payments/api-url', hub.server.url);
    for (const bucket of BUCKETS) aws.buckets.add(bucket);
  });
}

/** The hub's answer as long as nobody has submitted it. */
export const UNKNOWN_RELEASE = new Failing(404, { code: 'UnknownRelease', message: 'no release has the version "1.4.2"' });

/** The release as the hub shows it look by look, once it is submitted; the last look goes on for ever. */
export function seen(...views: readonly Partial<ReleaseView>[]): void {
  let looks = 0;
  hub.on('POST /releases', exampleRelease());
  hub.on('GET /releases/1.4.2', () => {
    const submitted = hub.sent('POST /releases').at(-1) as SubmitBody | undefined;
    if (submitted === undefined) return UNKNOWN_RELEASE;
    looks += 1;
    return exampleRelease({ ...views[Math.min(looks, views.length) - 1], digest: submitted.digest });
  });
}

/** Digest of what the assembly of 1.4.2 holds. */
export async function digestOf142(): Promise<string> {
  const { out } = await runPtl(['bundle', '1.4.2', '--assembly', assembly]);
  return (JSON.parse(out) as SubmitBody).digest;
}

export function release(...args: readonly string[]): Promise<Run> {
  return runPtl(['release', '1.4.2', '--assembly', assembly, ...args]);
}

export const SUBMITTED = event(0, 'ReleaseSubmitted', { detail: { attempt: 1, firebreaks: ['Production'] } });
export const LIVE: Partial<ReleaseView> = { status: 'live', activity: 'finished', now: 'live in Integration and Production' };
export const WAITING: Partial<ReleaseView> = {
  activity: 'waitingForPeople',
  now: 'waits at the firebreak in front of Production for security',
  gates: [exampleGate()],
};
const failure = {
  step: 'Test the shadow of Integration',
  subject: 'test "GET /health"',
  expected: 'status 200',
  actual: 'status 500',
  logs: 'Payments-Integration-probe',
};
export const STOPPED: Partial<ReleaseView> = {
  status: 'stopped',
  activity: 'finished',
  now: 'stopped in Integration',
  audit: [
    SUBMITTED,
    event(9, 'ReleaseStopped', { environment: 'Integration', detail: { failure } }),
    event(9, 'TicketRaised', { detail: { ticket: 'a1b2c3d4' } }),
  ],
};
