import { type BundleFile, childExecutionName, type EnterInput, type EnvironmentPlan, machineShape } from '../../lambda/contract';
import type { EnvironmentState, Release } from '../../lambda/domain/model';
import { executionNameOf } from '../../lambda/domain/release/release';
import { alarmOf, targetGroupOf } from './fake-slots';
import { type InMemoryPorts, inMemoryPorts } from './in-memory-ports';

/** A plan with two slots, one test, steps 10, 50, 100 and an alarm gate; no firebreak and no go/no-go unless given. */
export function examplePlan(environment = 'Production', given: Partial<EnvironmentPlan> = {}): EnvironmentPlan {
  const order = ['Integration', 'Preproduction', 'Production'].indexOf(environment);
  return {
    contract: 1,
    path: 'Payments',
    environment,
    order: order < 0 ? 3 : order,
    account: '222222222222',
    region: 'eu-west-2',
    roles: {
      deploy: `arn:aws:iam::222222222222:role/Payments-${environment}-deploy`,
      operator: `arn:aws:iam::222222222222:role/Payments-${environment}-operator`,
      observer: `arn:aws:iam::222222222222:role/Payments-${environment}-observer`,
      execution: `arn:aws:iam::222222222222:role/Payments-${environment}-execution`,
    },
    frontDoorParameter: `/path-to-live/Payments/${environment}/front-door`,
    probeFunction: `Payments-${environment}-probe`,
    slots: [
      { colour: 'blue', stackName: `Payments-${environment}-Blue` },
      { colour: 'green', stackName: `Payments-${environment}-Green` },
    ],
    tests: [{ kind: 'http', name: 'health', path: '/health', expectStatus: 200, timeoutSeconds: 10 }],
    steps: [
      { percent: 10, bakeSeconds: 300 },
      { percent: 50, bakeSeconds: 300 },
      { percent: 100, bakeSeconds: 300 },
    ],
    gates: [{ kind: 'alarms', minimumRequests: 10 }],
    ...given,
  };
}

function file(key: string): BundleFile {
  return { bucket: 'cdk-assets-222222222222-eu-west-2', key, region: 'eu-west-2', hash: key.replace(/\W/g, '') };
}

/** A release of the given plans, with one template and one asset a slot, sealed. */
export function exampleRelease(version: string, plan: readonly EnvironmentPlan[] = [examplePlan()], given: Partial<Release> = {}): Release {
  const stacks = plan.flatMap(({ environment, slots }) =>
    slots.map(({ colour, stackName }) => ({
      stackName,
      environment,
      colour,
      template: file(`${version}/${stackName}.json`),
      assets: [file(`${version}/code.zip`)],
    })),
  );
  const files = stacks.flatMap(({ template, assets }) => [template, ...assets]);
  return {
    kind: 'release',
    revision: 1,
    version,
    digest: `digest-of-${version}`,
    bundle: { stacks },
    seals: Object.fromEntries(files.map(({ bucket, key }) => [`${bucket}/${key}`, `etag-of-${key}`])),
    origin: 'major',
    changeClass: 'normal',
    changes: [],
    author: 'arn:aws:iam::111111111111:role/pipeline',
    submittedAt: '2026-01-05T08:59:00.000Z',
    plan,
    attempt: 1,
    execution: `arn:aws:states:eu-west-2:111111111111:execution:Payments-path:${version}-1`,
    status: 'submitted',
    reached: {},
    evidence: {},
    ...given,
  };
}

/** What every task of that release's environment machine is called with. */
export function taskInput(version: string, environment = 'Production'): EnterInput {
  return {
    machine: machineShape(examplePlan()),
    environment,
    release: version,
    execution: `arn:aws:states:eu-west-2:111111111111:execution:Payments-${environment}:${version}-1-${environment}`,
  };
}

/** The same from the machine that belongs to the plan the release was submitted with. */
export async function enterInput(ports: InMemoryPorts, version: string, environment = 'Production'): Promise<EnterInput> {
  const release = await ports.ledger.release(version);
  const plan = release?.plan.find((each) => each.environment === environment) ?? examplePlan();
  const input = { ...taskInput(version, environment), machine: machineShape(plan) };
  const name = release && childExecutionName(executionNameOf(release.execution), environment);
  return name === undefined ? input : { ...input, execution: input.execution.replace(/[^:]*$/, name) };
}

/** A slot that holds a version, as the ledger records it after its deployment. */
export function exampleSlot(version: string, stackName: string): EnvironmentState['slots'][string] {
  return { version, digest: `digest-of-${version}`, targetGroupArn: targetGroupOf(stackName), alarms: [alarmOf(stackName)] };
}

/** An environment in which that version is live in blue, all traffic on it. */
export function liveEnvironment(version: string, environment = 'Production', given: Partial<EnvironmentState> = {}): EnvironmentState {
  return {
    kind: 'environment',
    revision: 1,
    environment,
    live: { colour: 'blue', version, digest: `digest-of-${version}` },
    slots: { blue: exampleSlot(version, `Payments-${environment}-Blue`) },
    weights: { blue: 100 },
    ...given,
  };
}

/** Registers releases: in the ledger, and their files in the asset bucket. */
export function register(ports: InMemoryPorts, ...releases: Release[]): void {
  ports.ledger.seed(...releases);
  for (const release of releases) {
    for (const [path, etag] of Object.entries(release.seals)) ports.bundles.files.set(path, etag);
  }
}

/** 1.0.0 is live in blue of Production, 1.1.0 is registered and may enter. */
export function exampleWorld(plan: readonly EnvironmentPlan[] = [examplePlan()]): InMemoryPorts {
  const ports = inMemoryPorts(plan);
  for (const { environment } of plan) {
    ports.ledger.seed(liveEnvironment('1.0.0', environment));
    ports.liveRule.set(environment, { [targetGroupOf(`Payments-${environment}-Blue`)]: 100 });
  }
  const lived = Object.fromEntries(plan.map(({ environment }) => [environment, 'live' as const]));
  register(ports, exampleRelease('1.0.0', plan, { status: 'live', reached: lived }), exampleRelease('1.1.0', plan));
  return ports;
}

/** Ledger and traffic, for "exactly as they were". */
export function snapshot(ports: InMemoryPorts): unknown {
  return { ledger: ports.ledger.snapshot(), rule: ports.liveRule.snapshot(), tags: { ...ports.liveRule.tags }, writes: ports.liveRule.writes.length };
}
