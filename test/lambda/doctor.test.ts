import type { FindingKind, FindingView } from '../../lambda/contract';
import { Retry } from '../../lambda/domain/errors';
import type { EnvironmentState } from '../../lambda/domain/model';
import { accept } from '../../lambda/handlers/accept';
import { doctor } from '../../lambda/handlers/doctor';
import { call } from './api-call';
import { session } from './example-gate';
import { exampleSlot, exampleWorld, liveEnvironment, snapshot } from './example-path';
import { targetGroupOf } from './fake-slots';
import type { InMemoryPorts } from './in-memory-ports';
import { BLUE, bake, GREEN, GREEN_TASK, inTheShadow, shift, shiftedTo } from './story';

const DESK = session('ServiceDesk');
const OTHER = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/of-somebody/1';
const BLUE_STACK = 'Payments-Production-Blue';
const GREEN_STACK = 'Payments-Production-Green';
const LOCK = { release: '1.1.0', execution: GREEN_TASK.execution, colour: 'green', since: '2026-01-05T09:00:00.000Z', shifted: false };

const OUTAGE = {
  release: '1.1.0',
  execution: GREEN_TASK.execution,
  beganAt: '2026-01-05T08:00:00.000Z',
  until: '2026-01-05T08:30:00.000Z',
  says: 'back at noon',
  started: ['split'],
  touched: true,
  against: { name: 'split', release: '1.1.0', startedAt: '2026-01-05T08:00:05.000Z' },
} as const;

/** 1.0.0 is live in blue: its stack, its tags and its traffic are what the ledger says, and no release is in flight. */
async function healthy(given: Partial<EnvironmentState> = {}): Promise<InMemoryPorts> {
  const ports = exampleWorld();
  const release = await ports.ledger.release('1.1.0');
  if (release) ports.ledger.seed({ ...release, status: 'stopped' });
  ports.ledger.seed(liveEnvironment('1.0.0', 'Production', given));
  sound(ports);
  return ports;
}

function sound(ports: InMemoryPorts): void {
  ports.slots.stacks.set(BLUE_STACK, { status: 'CREATE_COMPLETE', version: '1.0.0', targetGroupArn: BLUE });
  ports.liveRule.tags.Production = { colour: 'blue', version: '1.0.0', targetGroupArn: BLUE };
}

async function findings(ports: InMemoryPorts, environment = ''): Promise<FindingView[]> {
  const before = snapshot(ports);
  const { status, body } = await call(ports, DESK, `GET /doctor${environment}`);
  expect([status, snapshot(ports)]).toEqual([200, before]);
  return body.findings;
}
const kinds = async (ports: InMemoryPorts): Promise<FindingKind[]> => (await findings(ports)).map(({ kind }) => kind);

test.each(['Main', 'Partners'])('of several live rules it is enough that %s has lost its tags', async (rule) => {
  const ports = await healthy();
  ports.liveRule.further = ['Partners'];
  ports.liveRule.set('Production', { [BLUE]: 100 }, 'Partners');
  expect(await findings(ports)).toEqual([]);
  ports.liveRule.untagged.add(rule);
  expect(await findings(ports)).toMatchObject([{ kind: 'tags', expected: `blue with 1.0.0, ${BLUE}`, actual: 'none', by: 'recover' }]);
});

describe('where everything is as the ledger says', () => {
  test('nothing is found, and nothing is changed', async () => {
    expect((await call(await healthy(), DESK, 'GET /doctor')).body).toEqual({ path: 'Payments', environments: ['Production'], findings: [] });
  });

  test('nothing is found of an environment that no release was in', async () => {
    const ports = await healthy({ live: undefined, slots: {}, weights: {} });
    ports.liveRule.set('Production', 'other');
    delete ports.liveRule.tags.Production;
    ports.slots.stacks.clear();
    expect(await findings(ports)).toEqual([]);
  });

  test('nor where what served before any release still does', async () => {
    const ports = await healthy({ live: undefined, slots: {}, weights: {} });
    ports.frontDoors.original = OTHER;
    ports.liveRule.set('Production', { [OTHER]: 100 });
    delete ports.liveRule.tags.Production;
    ports.slots.stacks.clear();
    expect(await findings(ports)).toEqual([]);
  });

  test.each([10, 50])('nor at any moment of a release whose machine runs, as at %i percent', async (percent) => {
    const ports = exampleWorld();
    sound(ports);
    await shiftedTo(percent, ports);
    expect(await findings(ports)).toEqual([]);
    await bake(ports, percent);
    expect(await findings(ports)).toEqual([]);
  });

  test('nor once it is accepted', async () => {
    const ports = exampleWorld();
    sound(ports);
    await shiftedTo(100, ports);
    expect(await accept(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
    expect(await findings(ports)).toEqual([]);
  });

  test('an environment that is none is refused, and the one that is meant is named', async () => {
    const { status, body } = await call(await healthy(), DESK, 'GET /doctor/Produktion');
    expect([status, body.code, body.message]).toEqual([404, 'UnknownEnvironment', expect.stringContaining('Production')]);
  });
});

/** What makes each kind, what is said of it, and who puts it right. */
const MESSES: Readonly<
  Record<Exclude<FindingKind, 'deadRelease' | 'wavesLeft'>, readonly [(ports: InMemoryPorts) => void | Promise<void>, Partial<FindingView>]>
> = {
  ruleGone: [
    ({ liveRule }) => liveRule.set('Production', 'gone'),
    { expected: 'blue 100', actual: 'nothing: the rule is not there any more', by: 'person', remedy: expect.stringContaining('live-rule-anew') },
  ],
  goingBack: [
    ({ ledger, liveRule, slots: { stacks } }) => {
      stacks.set(GREEN_STACK, { status: 'CREATE_COMPLETE', version: '0.9.0', targetGroupArn: GREEN });
      const slots = { blue: exampleSlot('1.0.0', BLUE_STACK), green: exampleSlot('0.9.0', GREEN_STACK) };
      const goingBack = { by: 'arn:manager', reason: 'checkout errors', at: '2026-01-05T08:59:00.000Z' };
      const lease = { owner: 'died', fence: 3, expiresAt: '2026-01-05T08:59:30.000Z' };
      ledger.seed(liveEnvironment('1.0.0', 'Production', { slots, previous: { colour: 'green', version: '0.9.0', digest: 'd' }, goingBack, lease }));
      liveRule.set('Production', { [GREEN]: 100 });
    },
    {
      subject: 'the roll back of 1.0.0 in Production',
      expected: 'finished',
      actual: 'arn:manager asked for it (checkout errors), and its writer died, or lost its answer; the live rule holds green 100',
      since: '2026-01-05T08:59:00.000Z',
      by: 'recover',
      remedy: 'go on with it, to 0.9.0',
    },
  ],
  weights: [
    ({ liveRule }) => liveRule.set('Production', { [BLUE]: 30, [OTHER]: 70 }),
    { subject: 'the live rule of Production', expected: 'blue 100', actual: `${OTHER} 70, blue 30`, by: 'recover', remedy: 'write blue 100 back' },
  ],
  tags: [
    ({ liveRule }) => {
      liveRule.tags.Production = { colour: 'green', version: '0.9.0', targetGroupArn: GREEN };
    },
    { expected: `blue with 1.0.0, ${BLUE}`, actual: `green with 0.9.0, ${GREEN}`, by: 'recover' },
  ],
  unhealthy: [
    ({ targets }) => void targets.unhealthy.add(BLUE),
    {
      subject: 'the targets of 1.0.0, live in Production',
      actual: `none in ${BLUE}`,
      by: 'person',
      remedy: expect.stringContaining('ptl roll-back Production'),
    },
  ],
  outage: [
    ({ ledger, liveRule }) => {
      ledger.seed(liveEnvironment('1.0.0', 'Production', { weights: {}, outage: OUTAGE }));
      liveRule.set('Production', 'other');
    },
    {
      since: OUTAGE.beganAt,
      expected: 'have a version',
      actual: expect.stringMatching(
        /for release 1\.1\.0, and are answered 503 "back at noon"; 1\.0\.0 may not understand the shared state since the migration split started/,
      ),
      by: 'person',
      remedy: expect.stringMatching(
        /submit a version that brings split, mended, .*; or give users 1\.0\.0 all the same, with ptl roll-back Production --reason/,
      ),
    },
  ],
  lease: [
    ({ ledger }) => ledger.seed(liveEnvironment('1.0.0', 'Production', { lease: { owner: 'died', fence: 3, expiresAt: '2026-01-05T08:59:00.000Z' } })),
    { since: '2026-01-05T08:59:00.000Z', expected: 'finished', by: 'recover' },
  ],
  deadLock: [
    ({ ledger, machines }) => {
      ledger.seed(liveEnvironment('1.0.0', 'Production', { lock: LOCK }));
      machines.dead.set(LOCK.execution, { how: 'ABORTED, by hand', at: '2026-01-05T08:50:00.000Z' });
    },
    {
      since: '2026-01-05T08:50:00.000Z',
      actual: expect.stringContaining('has ended: ABORTED, by hand'),
      by: 'recover',
      remedy: expect.stringContaining('end it'),
    },
  ],
  deadContract: [
    ({ ledger, machines }) => {
      const execution = machines.contractArn('Production', 'contract-1');
      const contracting = { by: DESK, reason: 'r', at: '2026-01-05T08:00:00.000Z', execution, release: '1.0.0', migrations: [] };
      const lock = { ...LOCK, release: '1.0.0', execution, colour: 'blue', contract: true } as const;
      ledger.seed(liveEnvironment('1.0.0', 'Production', { contracting, lock }));
      machines.dead.set(execution, { how: 'ABORTED, by hand', at: '2026-01-05T08:50:00.000Z' });
    },
    {
      since: '2026-01-05T08:50:00.000Z',
      subject: 'the contract of 1.0.0 in Production, which holds Production since 2026-01-05T09:00:00.000Z',
      actual: expect.stringContaining('has ended: ABORTED, by hand'),
      by: 'recover',
      remedy: expect.stringContaining('ptl contract Production asks for it anew'),
    },
  ],
  deadTurn: [
    ({ ledger, machines }) => {
      const about = { submittedAt: '', since: '2026-01-05T08:00:00.000Z', until: '2026-01-06T08:00:00.000Z' };
      const waiting = ['1.2.0', '1.3.0', '1.4.0'].map((release) => ({ ...about, release, execution: `of ${release}` }));
      ledger.seed(liveEnvironment('1.0.0', 'Production', { waiting }));
      machines.dead.set('of 1.2.0', { how: 'ABORTED, by hand', at: '2026-01-05T08:50:00.000Z' });
      machines.dead.set('of 1.4.0', { how: 'FAILED' });
    },
    {
      since: '2026-01-05T08:50:00.000Z',
      actual: 'that of 1.2.0, of 1.2.0, has ended: ABORTED, by hand; that of 1.4.0, of 1.4.0, has ended: FAILED',
      by: 'recover',
      remedy: expect.stringContaining('out of the queue'),
    },
  ],
  deadRetirement: [
    async (ports) => {
      expect((await call(ports, DESK, 'POST /retirement', { reason: 'moved', usersGet503: ['Production'] })).status).toBe(200);
      ports.machines.dead.set(ports.machines.retireArn(ports.machines.retirements[0]?.name ?? ''), { how: 'TIMED_OUT' });
    },
    { actual: expect.stringContaining('TIMED_OUT'), by: 'person', remedy: expect.stringContaining('ptl retire --yes') },
  ],
  stackFailed: [
    ({ slots }) => void slots.stacks.set(GREEN_STACK, { status: 'ROLLBACK_COMPLETE', reason: 'no such role', since: '2026-01-05T08:00:00.000Z' }),
    { subject: expect.stringContaining(GREEN_STACK), actual: 'ROLLBACK_COMPLETE: no such role', since: '2026-01-05T08:00:00.000Z', by: 'recover' },
  ],
  stackBusy: [
    ({ slots }) => void slots.stacks.set(GREEN_STACK, { status: 'UPDATE_ROLLBACK_IN_PROGRESS' }),
    { by: 'time', remedy: expect.stringContaining('wait') },
  ],
  stackGone: [({ slots }) => void slots.stacks.set(BLUE_STACK, 'gone'), { expected: 'holds 1.0.0', actual: 'there is none', by: 'person' }],
  stackVersion: [
    ({ slots }) => void slots.stacks.set(BLUE_STACK, { status: 'UPDATE_COMPLETE', version: '0.9.0' }),
    { expected: 'holds 1.0.0', actual: 'holds 0.9.0: somebody deployed it by hand', by: 'person' },
  ],
  access: [
    ({ repairs }) => {
      repairs.away = { rule: new Error('AccessDenied: not authorized to perform: sts:AssumeRole') };
    },
    { subject: 'the role arn:aws:iam::222222222222:role/Payments-Production-operator', expected: 'lets the hub see the live rule', by: 'person' },
  ],
  outbox: [
    async ({ ledger, bus, clock }) => {
      bus.away = new Error('no such bus');
      await ledger.commit({ put: [], audit: [{ at: clock.now(), what: 'AlarmRaised', release: '1.0.0', who: 'x', detail: {} }] });
      clock.advance(301);
    },
    { since: '2026-01-05T09:00:00.000Z', actual: '1 is left, and no machine waits for it', by: 'recover' },
  ],
};

describe('found, with both values and what puts it right,', () => {
  test.each(Object.entries(MESSES))('%s', async (kind, [mess, said]) => {
    const ports = await healthy();
    await mess(ports);
    const [found, ...others] = await findings(ports);
    expect([found?.environment, others]).toEqual([kind === 'outbox' ? undefined : 'Production', []]);
    expect(found).toEqual(expect.objectContaining({ kind, ...said }));
  });

  test('a release in flight that no machine takes any further', async () => {
    const ports = exampleWorld();
    sound(ports);
    const release = await ports.ledger.release('1.1.0');
    expect(await findings(ports)).toEqual([]);
    ports.machines.dead.set(release?.execution ?? '', { how: 'FAILED' });
    expect(await findings(ports, '/Production')).toEqual([expect.objectContaining({ kind: 'deadRelease', environment: 'Production', by: 'recover' })]);
  });

  test('the bake of a machine that has ended', async () => {
    const ports = exampleWorld();
    sound(ports);
    await shiftedTo(10, ports);
    await bake(ports, 10);
    ports.machines.dead.set(GREEN_TASK.execution, { how: 'ABORTED' });
    const [finding] = await findings(ports);
    expect(finding).toMatchObject({ kind: 'deadLock', actual: expect.stringContaining('its bake at 10 percent waits for nobody') });
    expect(finding?.remedy).toContain('take its traffic back');
  });
});

describe('who puts it right depends', () => {
  test('a machine that died in the queue holds nothing up while another release is here', async () => {
    const ports = exampleWorld();
    sound(ports);
    await shiftedTo(10, ports);
    const state = await ports.ledger.environment('Production');
    const waits = { release: '1.2.0', execution: 'of 1.2.0', submittedAt: '', since: '2026-01-05T08:00:00.000Z', until: '2026-01-06T08:00:00.000Z' };
    ports.ledger.seed({ ...state, waiting: [waits] });
    ports.machines.dead.set('of 1.2.0', { how: 'FAILED' });
    expect(await findings(ports)).toMatchObject([{ kind: 'deadTurn', by: 'time', remedy: 'nothing is held up while 1.1.0 is there' }]);
  });

  test('machines that died in the queue of a free environment are named by their releases, and are for recover to take out', async () => {
    const ports = exampleWorld();
    sound(ports);
    const state = await ports.ledger.environment('Production');
    const waits = (release: string) => ({
      release,
      execution: `of ${release}`,
      submittedAt: '',
      since: '2026-01-05T08:00:00.000Z',
      until: '2026-01-06T08:00:00.000Z',
    });
    ports.ledger.seed({ ...state, waiting: [waits('1.2.0'), waits('1.3.0')] });
    for (const release of ['1.2.0', '1.3.0']) ports.machines.dead.set(`of ${release}`, { how: 'FAILED' });
    const remedy = 'take 1.2.0 and 1.3.0 out of the queue, by the rules of the safety net';
    expect(await findings(ports)).toMatchObject([{ kind: 'deadTurn', by: 'recover', remedy }]);
  });

  test('while a release is in flight, a changed rule is for its next step', async () => {
    const ports = exampleWorld();
    sound(ports);
    await shiftedTo(10, ports);
    ports.liveRule.set('Production', { [BLUE]: 100 });
    expect(await findings(ports)).toEqual([expect.objectContaining({ kind: 'weights', expected: 'blue 90, green 10', by: 'time' })]);
  });

  test('a stack that is stuck and is live, or is what a roll back goes to, is never for ptl recover', async () => {
    const slots = { blue: exampleSlot('1.0.0', BLUE_STACK), green: exampleSlot('0.9.0', GREEN_STACK) };
    const ports = await healthy({ slots, previous: { colour: 'green', version: '0.9.0', digest: slots.green.digest } });
    for (const stack of [BLUE_STACK, GREEN_STACK]) ports.slots.stacks.set(stack, { status: 'UPDATE_ROLLBACK_FAILED', version: '1.0.0' });
    const found = await findings(ports);
    expect(found.map(({ kind, by }) => [kind, by])).toEqual([
      ['stackFailed', 'person'],
      ['stackFailed', 'person'],
    ]);
    expect(found[0]?.remedy).toContain(`continue-update-rollback --stack-name ${BLUE_STACK}`);
  });

  test('UPDATE_ROLLBACK_COMPLETE is not stuck: it takes the next update', async () => {
    const ports = await healthy();
    ports.slots.stacks.set(GREEN_STACK, { status: 'UPDATE_ROLLBACK_COMPLETE', version: '0.9.0' });
    expect(await findings(ports)).toEqual([]);
  });
});

describe('what is under way is no finding', () => {
  test('weights while somebody holds the lease', async () => {
    const ports = await healthy({ lease: { owner: 'a writer', fence: 3, expiresAt: '2026-01-05T09:01:00.000Z' } });
    ports.liveRule.set('Production', { [OTHER]: 100 });
    expect(await findings(ports)).toEqual([]);
  });

  test('weights that were written and are not recorded yet: the ledger has them as intended', async () => {
    const ports = exampleWorld();
    sound(ports);
    await inTheShadow(ports);
    ports.liveRule.failAfterNextWrite(new Retry('answer lost'));
    await shift(ports, 10).catch(() => undefined);
    ports.clock.advance(120);
    expect((await kinds(ports)).filter((kind) => kind === 'weights')).toEqual([]);
  });

  test('a ledger that changes while it is looked at is looked at again', async () => {
    const ports = await healthy();
    const read = ports.repairs.rule.bind(ports.repairs);
    let looks = 0;
    ports.repairs.rule = async (plan) => {
      looks += 1;
      if (looks > 1) return read(plan);
      ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { revision: 2 }));
      return { targets: { kind: 'slots', weights: { [OTHER]: 100 } } };
    };
    expect((await call(ports, DESK, 'GET /doctor')).body.findings).toEqual([]);
    expect(looks).toBe(2);
  });

  test('a service that is busy: nothing can be said, and whoever asked is told to ask again', async () => {
    const ports = await healthy();
    ports.repairs.away = { stacks: new Retry('throttled') };
    expect((await call(ports, DESK, 'GET /doctor')).status).toBe(503);
  });
});

describe('looking after the path', () => {
  const raised = async (ports: InMemoryPorts) => (await call(ports, DESK, 'GET /tickets')).body;

  test('finds nothing, looks once, and raises nothing', async () => {
    const ports = await healthy();
    await doctor(ports)();
    expect([await raised(ports), ports.clock.slept]).toEqual([[], []]);
  });

  test.each(Object.entries(MESSES))('%s that stays raises one ticket, counted at each look, and closes nothing', async (kind, [mess]) => {
    const ports = await healthy();
    await mess(ports);
    ports.clock.advance(400);
    const [finding] = await findings(ports);
    await doctor(ports)();
    await doctor(ports)();
    expect(await raised(ports)).toEqual([
      expect.objectContaining({ fingerprint: finding?.fingerprint, count: 2, outcome: 'drift', step: `Look after ${finding?.environment ?? 'the hub'}` }),
    ]);
    expect(ports.ledger.happened().filter((what) => what === 'DriftFound')).toHaveLength(2);
    expect((await findings(ports)).map((each) => each.kind)).toEqual([kind]);
  });

  test('what is gone at the second look raises nothing: somebody was about to put it right', async () => {
    const ports = await healthy();
    ports.liveRule.set('Production', { [OTHER]: 100 });
    ports.clock.meanwhile = () => ports.liveRule.set('Production', { [BLUE]: 100 });
    await doctor(ports)();
    expect(await raised(ports)).toEqual([]);
    expect(ports.clock.slept).toEqual([30_000]);
  });

  test('what comes only with the second look raises nothing yet: the next hour tells', async () => {
    const ports = await healthy();
    ports.targets.unhealthy.add(BLUE);
    ports.clock.meanwhile = () => {
      ports.targets.unhealthy.clear();
      ports.liveRule.set('Production', { [OTHER]: 100 });
    };
    await doctor(ports)();
    expect(await raised(ports)).toEqual([]);
    await doctor(ports)();
    expect(await raised(ports)).toHaveLength(1);
  });

  test('a machine that has just ended is the safety net’s', async () => {
    const ports = await healthy();
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { lock: LOCK }));
    ports.machines.dead.set(LOCK.execution, { how: 'ABORTED', at: ports.clock.now() });
    await doctor(ports)();
    expect(await raised(ports)).toEqual([]);
    ports.clock.advance(300);
    await doctor(ports)();
    expect(await raised(ports)).toHaveLength(1);
  });
});

test('target groups of the example are those of its stacks', () => expect([BLUE, GREEN]).toEqual([BLUE_STACK, GREEN_STACK].map(targetGroupOf)));

describe('of rules that are moved as one', () => {
  async function several(): Promise<InMemoryPorts> {
    const ports = await healthy();
    ports.liveRule.further = ['Internal'];
    ports.liveRule.set('Production', { [BLUE]: 100 });
    return ports;
  }

  test('nothing is found where they hold the same', async () => {
    expect(await findings(await several())).toEqual([]);
  });

  test('one that differs is told with what each holds, and ptl recover writes it', async () => {
    const ports = await several();
    ports.liveRule.set('Production', { [OTHER]: 100 }, 'Internal');
    expect(await findings(ports)).toEqual([
      expect.objectContaining({ kind: 'weights', expected: 'blue 100', actual: `Main: blue 100; Internal: ${OTHER} 100`, by: 'recover' }),
    ]);
  });

  test('one that somebody removed is told beside what is wrong with the other', async () => {
    const ports = await several();
    ports.liveRule.set('Production', 'gone', 'Main');
    ports.liveRule.set('Production', { [OTHER]: 100 }, 'Internal');
    expect((await findings(ports)).map(({ kind, by, actual }) => [kind, by, actual])).toEqual([
      ['ruleGone', 'person', `Main: nothing: the rule is not there any more; Internal: ${OTHER} 100`],
      ['weights', 'recover', `${OTHER} 100`],
    ]);
  });
});
