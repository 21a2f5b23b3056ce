import { ok, strictEqual } from 'node:assert';
import fc from 'fast-check';
import { ORIGINAL } from '../../lambda/contract';
import { abort } from '../../lambda/domain/commands/abort';
import { decide } from '../../lambda/domain/commands/decide';
import { resume } from '../../lambda/domain/commands/resume';
import { Conflict, Refused, Retry } from '../../lambda/domain/errors';
import { approvalsHold } from '../../lambda/domain/gates/gate';
import type { EnvironmentState } from '../../lambda/domain/model';
import { accept } from '../../lambda/handlers/accept';
import { deploy } from '../../lambda/handlers/deploy';
import { enter } from '../../lambda/handlers/enter';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { openGate } from '../../lambda/handlers/open-gate';
import { reconcile } from '../../lambda/handlers/reconcile';
import { runTest } from '../../lambda/handlers/run-test';
import { stop } from '../../lambda/handlers/stop';
import { PARTIES, role, session } from './example-gate';
import { enterInput, examplePlan, exampleRelease, exampleWorld, register, taskInput } from './example-path';
import { type InMemoryPorts, inMemoryPorts } from './in-memory-ports';
import { FAILURE } from './story';

const VERSIONS = ['1.1.0', '1.2.0'] as const;
const firebreak = {
  parties: PARTIES.slice(0, 2),
  when: [],
  resumes: 'byReleaseManager' as const,
  releaseManagers: [role('ReleaseManager')],
  timeoutSeconds: 3600,
};
const goNoGo = { party: { name: 'change authority', members: [role('ChangeAuthority')] }, timeoutSeconds: 3600 };
const plan = examplePlan('Production', { firebreak, goNoGo });

interface Doing {
  readonly ports: InMemoryPorts;
  readonly version: string;
}
type Event = readonly [name: string, run: (doing: Doing) => Promise<unknown>];

const colourOf = async ({ ports, version }: Doing) => {
  const { lock } = await ports.ledger.environment('Production');
  return lock?.release === version ? lock.colour : 'green';
};
const slotTask = async (doing: Doing) => ({ ...taskInput(doing.version), colour: await colourOf(doing) });
const say =
  (who: string) =>
  async ({ ports, version }: Doing) =>
    decide(ports, session(who), version, { environment: 'Production', decision: 'accept', reason: 'looks good', digest: `digest-of-${version}` });
const shiftTo = (percent: number): Event => [`shift to ${percent}`, async (doing) => moveTraffic(doing.ports)({ ...(await slotTask(doing)), percent })];

/** One release straight through, everybody in agreement. */
const STORY: readonly Event[] = [
  ['open firebreak', ({ ports, version }) => openGate(ports)({ ...taskInput(version), gate: 'firebreak', token: 'firebreak' })],
  ['service management accepts', say('OnCall')],
  ['product accepts', say('Product')],
  ['resume', ({ ports, version }) => resume(ports, session('ReleaseManager'), version, { environment: 'Production' })],
  ['enter', async ({ ports, version }) => enter(ports)(await enterInput(ports, version))],
  ['deploy', async (doing) => deploy(doing.ports)(await slotTask(doing))],
  ['test', async (doing) => runTest(doing.ports)({ ...(await slotTask(doing)), test: 'health' })],
  ['open go/no-go', ({ ports, version }) => openGate(ports)({ ...taskInput(version), gate: 'goNoGo', token: 'goNoGo' })],
  ['change authority accepts', say('ChangeAuthority')],
  ...[10, 50, 100].map(shiftTo),
  ['accept', async (doing) => accept(doing.ports)(await slotTask(doing))],
];

const TROUBLE: readonly Event[] = [
  ['roll back', ({ ports, version }) => moveTraffic(ports)({ ...taskInput(version), failure: FAILURE })],
  ['stop', ({ ports, version }) => stop(ports)({ ...taskInput(version), failure: FAILURE })],
  ['roll back what is live', ({ ports }) => moveTraffic(ports)({ environment: 'Production', who: 'arn:service-manager', reason: 'slow' })],
  ['abort', ({ ports, version }) => abort(ports, session('ReleaseManager'), version, { reason: 'wrong' })],
  [
    'a test says otherwise',
    async (doing) => {
      doing.ports.tests.answer = () => ({ status: 500, milliseconds: 1, body: '' });
      await runTest(doing.ports)({ ...(await slotTask(doing)), test: 'health' });
    },
  ],
  [
    'the machine dies',
    ({ ports, version }) => {
      ports.machines.rollingBack = async (request) => moveTraffic(ports)(request) as Promise<{ outcome: 'rolledBack' }>;
      const detail = { executionArn: taskInput(version).execution, status: 'ABORTED', input: JSON.stringify({ release: version }) };
      return reconcile(ports)({ detail } as Parameters<ReturnType<typeof reconcile>>[0]);
    },
  ],
];

interface Step {
  readonly event: Event;
  readonly version: string;
}

interface Edit {
  readonly at: number;
  readonly does: string;
  readonly other: Event;
  readonly whose: string;
}

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    at: fc.nat({ max: STORY.length - 1 }),
    does: fc.constantFrom('left out', 'twice', 'followed by another', 'followed by another', 'followed by another'),
    other: fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...STORY) }, { weight: 3, arbitrary: fc.constantFrom(...TROUBLE) }),
    whose: fc.constantFrom('its own', 'its own', 'its own', ...VERSIONS),
  }),
  { maxLength: 4 },
);

/** The stories of two releases, one after the other, with a few steps left out, done twice, or others put in between. */
const anyOrder = fc.tuple(edits, edits).map((both) => both.flatMap((each, index) => told(VERSIONS[index] as string, each)));

function told(version: string, edited: readonly Edit[]): readonly Step[] {
  return STORY.flatMap((event, index) => {
    const edit = edited.find(({ at }) => at === index);
    const step = { event, version };
    if (!edit) return [step];
    if (edit.does === 'left out') return [];
    return [step, edit.does === 'twice' ? step : { event: edit.other, version: edit.whose === 'its own' ? version : edit.whose }];
  });
}

async function attempt({ event: [, run], version }: Step, ports: InMemoryPorts): Promise<void> {
  try {
    await run({ ports, version });
  } catch (error) {
    if (!(error instanceof Conflict || error instanceof Refused || error instanceof Retry)) throw error;
  }
}

async function inTheRule(ports: InMemoryPorts): Promise<Readonly<Record<string, number>>> {
  const targets = await ports.liveRule.read(plan);
  return targets.kind === 'slots' ? targets.weights : {};
}

/** Versions other than the first that have any live traffic, by what the rule holds. */
async function serving(ports: InMemoryPorts, state: EnvironmentState): Promise<string[]> {
  const weights = await inTheRule(ports);
  strictEqual(
    Object.values(weights).reduce((sum, each) => sum + each, 0),
    100,
  );
  const slots = [...Object.values(state.slots), BEFORE];
  const versions = Object.keys(weights).map((arn) => slots.find((slot) => slot.targetGroupArn === arn)?.version);
  ok(!versions.includes(undefined), 'a target group of no slot has traffic');
  return versions.filter((version) => version !== '1.0.0' && version !== BEFORE.version) as string[];
}

/** What serves where a listener was adopted. */
const BEFORE = { version: ORIGINAL, targetGroupArn: 'arn:before' };

/** Nothing was released yet, on a listener that serves users. */
function adoptedWorld(): InMemoryPorts {
  const ports = inMemoryPorts([plan]);
  register(ports, exampleRelease('1.1.0', [plan]));
  ports.frontDoors.original = BEFORE.targetGroupArn;
  ports.liveRule.set('Production', { [BEFORE.targetGroupArn]: 100 });
  return ports;
}

// What is looked at after each step is so with `assert`: to make jest's `expect` takes longer than the step.
test.each([
  ['a version is live', () => exampleWorld([plan])],
  ['a listener was adopted', adoptedWorld],
])('in whatever order things happen where %s: no traffic without every acceptance, no slot deployed that serves, one owner of the lock at a time, and all traffic on what is live when there is none', async (_, world) => {
  let live = 0;
  await fc.assert(
    fc.asyncProperty(anyOrder, async (steps) => {
      const ports = world();
      register(ports, exampleRelease('1.2.0', [plan]));
      const look = ports.slots.deploy.bind(ports.slots);
      ports.slots.deploy = async (where, request) => {
        ok(
          !Object.keys(await inTheRule(ports))
            .join()
            .includes(request.stackName),
          `${request.stackName} serves`,
        );
        return look(where, request);
      };
      let owner: string | undefined;
      for (const step of steps) {
        const served = await serving(ports, await ports.ledger.environment('Production'));
        await attempt(step, ports);
        const state = await ports.ledger.environment('Production');
        ok(state.lock === undefined || owner === undefined || state.lock.execution === owner, 'the lock has two owners');
        owner = state.lock?.execution;
        if (!owner) {
          const live = state.slots[state.live?.colour ?? '']?.targetGroupArn ?? BEFORE.targetGroupArn;
          strictEqual(JSON.stringify(await inTheRule(ports)), JSON.stringify({ [live]: 100 }));
        }
        for (const version of (await serving(ports, state)).filter((each) => !served.includes(each))) {
          const release = await ports.ledger.release(version);
          strictEqual(release && approvalsHold(plan, release, await ports.ledger.gates(version)), undefined);
        }
        if (VERSIONS.some((version) => version === state.live?.version)) live += 1;
      }
    }),
    { numRuns: 60 },
  );
  expect(live).toBeGreaterThan(0);
});
