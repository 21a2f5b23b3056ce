import { ORIGINAL, UNRELEASED } from '../../../../lambda/contract';
import { examine } from '../../../../lambda/domain/doctor/examine';
import { lookAt } from '../../../../lambda/domain/doctor/look';
import { lookAfter } from '../../../../lambda/domain/doctor/look-after';
import { lookAtRule, lookAtStacks } from '../../../../lambda/domain/doctor/look-for-others';
import type { EnvironmentState } from '../../../../lambda/domain/model';
import { examplePlan, exampleRelease, liveEnvironment } from '../../example-path';
import { targetGroupOf } from '../../fake-slots';
import { type InMemoryPorts, inMemoryPorts } from '../../in-memory-ports';
import { BLUE, GREEN } from '../../story';

const NOW = '2026-01-05T09:00:00.000Z';
const OTHER = 'arn:of-somebody';
const PLAN = examplePlan();
const TAGS = { colour: 'blue', version: '1.0.0', targetGroupArn: BLUE };
const BLUE_STACK = 'Payments-Production-Blue';

/** 1.0.0 is live in blue, and everything is as the ledger says. */
function world(given: Partial<EnvironmentState> = {}, plans = [PLAN]): InMemoryPorts {
  const ports = inMemoryPorts(plans);
  for (const { environment } of plans) {
    const blue = targetGroupOf(`Payments-${environment}-Blue`);
    ports.ledger.seed(liveEnvironment('1.0.0', environment, given));
    ports.liveRule.set(environment, { [blue]: 100 });
    ports.liveRule.tags[environment] = { ...TAGS, targetGroupArn: blue };
    ports.slots.stacks.set(`Payments-${environment}-Blue`, { status: 'CREATE_COMPLETE', version: '1.0.0' });
  }
  return ports;
}

describe('a look at an environment', () => {
  test('sees what is there, and asks after no machine where none holds anything', async () => {
    const ports = world();
    ports.machines.ended = async (execution) => {
      throw new Error(`there is no ${execution}`);
    };
    expect(await lookAt(ports, PLAN)).toEqual({
      plan: PLAN,
      state: await ports.ledger.environment('Production'),
      now: NOW,
      rule: { value: { targets: { kind: 'slots', weights: { [BLUE]: 100 } }, accepted: [TAGS] } },
      stacks: {
        value: [
          { colour: 'blue', stackName: BLUE_STACK, found: { status: 'CREATE_COMPLETE', version: '1.0.0' } },
          { colour: 'green', stackName: 'Payments-Production-Green' },
        ],
      },
      healthyTargets: { value: 1 },
      turnsEnded: [],
    });
  });

  test('counts the healthy targets of what is live, and of nothing else', async () => {
    const ports = world();
    ports.targets.count = (targetGroup) => (targetGroup === BLUE ? 3 : 0);
    expect((await lookAt(ports, PLAN)).healthyTargets).toEqual({ value: 3 });
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { slots: {} }));
    expect((await lookAt(ports, PLAN)).healthyTargets).toEqual({ value: 0 });
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { live: undefined }));
    expect((await lookAt(ports, PLAN)).healthyTargets).toEqual({ value: 1 });
  });

  test('has what served before any release as what is live, where no release took over', async () => {
    const ports = world({ live: undefined, slots: {}, weights: {} });
    ports.frontDoors.original = OTHER;
    expect((await lookAt(ports, PLAN)).state).toMatchObject({ live: { version: ORIGINAL }, weights: { [ORIGINAL]: 100 } });
  });

  test('says why where the front door could not be read, and goes by the ledger alone', async () => {
    const ports = world();
    ports.frontDoors.away = new Error('AccessDenied');
    const look = await lookAt(ports, PLAN);
    expect([look.healthyTargets, look.state]).toEqual([{ unseen: 'AccessDenied' }, await ports.ledger.environment('Production')]);
  });

  test('finds the end of each machine that holds something', async () => {
    const asked = { by: 'arn:owner', reason: 'moved', at: NOW };
    const waits = (release: string) => ({ release, execution: `of ${release}`, submittedAt: NOW, since: NOW, until: NOW });
    const ports = world({
      lock: { release: '1.1.0', execution: 'locks', colour: 'green', since: NOW, shifted: false },
      contracting: { ...asked, execution: 'contracts', release: '1.0.0', migrations: [] },
      retirement: { ...asked, execution: 'retires', plan: PLAN, original: '503', release: '1.0.0' },
      waiting: [waits('1.2.0'), { ...waits('1.3.0'), atFirebreak: true }, waits('1.4.0'), waits('1.5.0')],
    });
    const none = await lookAt(ports, PLAN);
    expect([none.lockEnded, none.contractEnded, none.retirementEnded, none.turnsEnded]).toEqual([undefined, undefined, undefined, []]);
    for (const execution of ['locks', 'contracts', 'retires', 'of 1.2.0', 'of 1.3.0', 'of 1.5.0'])
      ports.machines.dead.set(execution, { how: `${execution}: FAILED` });
    expect(await lookAt(ports, PLAN)).toMatchObject({
      lockEnded: { how: 'locks: FAILED' },
      contractEnded: { how: 'contracts: FAILED' },
      retirementEnded: { how: 'retires: FAILED' },
    });
    expect((await lookAt(ports, PLAN)).turnsEnded).toEqual(
      ['1.2.0', '1.5.0'].map((release) => ({ release, execution: `of ${release}`, ended: { how: `of ${release}: FAILED` } })),
    );
  });

  test.each([
    [1, 2],
    [2, 3],
    [5, 3],
  ])('is taken anew where the ledger changed meanwhile, %i times: of %i readings the last one counts', async (changes, readings) => {
    const ports = world();
    let read = 0;
    ports.repairs.rule = async (plan) => {
      read += 1;
      if (read <= changes) await ports.ledger.commit({ put: [await ports.ledger.environment('Production')], audit: [] });
      return { ...(await lookAtRule(ports, plan)), accepted: Array(read).fill(null) };
    };
    const { rule } = await lookAt(ports, PLAN);
    expect([read, 'value' in rule && rule.value.accepted?.length]).toEqual([readings, readings]);
  });

  test('reads tags of rules that are all there only, and says which stacks there are', async () => {
    const ports = world();
    ports.liveRule.set('Production', 'gone');
    expect(await lookAtRule(ports, PLAN)).toEqual({ targets: { kind: 'gone' } });
    ports.liveRule.further = ['Internal'];
    ports.liveRule.set('Production', { [GREEN]: 100 }, 'Internal');
    expect(await lookAtRule(ports, PLAN)).not.toHaveProperty('accepted');
    ports.liveRule.set('Production', { [BLUE]: 100 });
    expect(await lookAtRule(ports, PLAN)).toHaveProperty('accepted', [TAGS, TAGS]);
    expect((await lookAtStacks(ports, PLAN))[1]).toEqual({ colour: 'green', stackName: 'Payments-Production-Green' });
  });
});

describe('an examination', () => {
  const PATH = [examplePlan('Integration'), PLAN];

  test('is of every environment, or of the one that is asked about', async () => {
    const ports = world({}, PATH);
    ports.targets.unhealthy.add(BLUE);
    const all = await examine(ports);
    expect([all.path, all.environments]).toEqual(['Payments', ['Integration', 'Production']]);
    expect(all.findings.map(({ kind, environment }) => [kind, environment])).toEqual([['unhealthy', 'Production']]);
    expect(await examine(ports, 'Production')).toEqual({ ...all, environments: ['Production'] });
    expect(await examine(ports, 'Integration')).toEqual({ path: 'Payments', environments: ['Integration'], findings: [] });
    await expect(examine(ports, 'Produktion')).rejects.toMatchObject({ code: 'UnknownEnvironment' });
  });

  test('of a path with no environment finds what is wrong in the hub', async () => {
    expect(await examine(inMemoryPorts())).toEqual({ path: '', environments: [], findings: [] });
  });

  test('tells a release that no machine takes further where it is, and nowhere else', async () => {
    const ports = world({}, PATH);
    const release = exampleRelease('1.1.0', PATH);
    ports.ledger.seed(release);
    ports.machines.dead.set(release.execution, { how: 'FAILED' });
    expect((await examine(ports, 'Integration')).findings).toMatchObject([{ kind: 'deadRelease', environment: 'Integration' }]);
    expect((await examine(ports, 'Production')).findings).toEqual([]);
    // It is on its way in the one that is not looked at.
    const lock = { release: '1.1.0', execution: 'e', colour: 'green', since: NOW, shifted: false };
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { lock }));
    expect((await examine(ports, 'Integration')).findings).toEqual([]);
  });
});

describe('what stays is on a ticket', () => {
  const found = async (ports: InMemoryPorts) => {
    await lookAfter(ports);
    return ports.bus.published.map(({ what, release }) => [what, release]);
  };

  test('with who looked, what was found, and what is live there', async () => {
    const ports = world();
    ports.targets.unhealthy.add(BLUE);
    const [finding] = (await examine(ports)).findings;
    if (!finding) throw new Error('nothing is found');
    const { fingerprint, environment: where, ...detail } = finding;
    expect(await found(ports)).toEqual([
      ['DriftFound', '1.0.0'],
      ['TicketRaised', '1.0.0'],
    ]);
    const at = ports.clock.now();
    const about = { at, release: '1.0.0', environment: 'Production', who: 'the schedule of the hub' };
    expect(ports.bus.published[0]).toEqual({ ...about, what: 'DriftFound', detail: { ...detail, ticket: fingerprint } });
    expect(ports.bus.published[1]).toMatchObject({ ...about, detail: { ticket: fingerprint, outcome: 'drift' } });
    const { kind, subject, expected, actual } = finding;
    expect(ports.log.lines.map(({ level, message, fields }) => [level, message, fields])).toEqual([
      ['error', 'drift found', { environment: where, kind, subject, expected, actual, ticket: fingerprint }],
      ['info', 'looked after the path', { environments: 1, findings: 1, tickets: 1 }],
    ]);
  });

  test('of the hub itself it is about no environment and no release, and so it is where none is live', async () => {
    const hub = world();
    hub.ledger.outbox = async () => [{ key: 'k', since: '2026-01-05T08:00:00.000Z', delivery: { to: 'token', token: 't', answer: { success: {} } } }];
    expect(await found(hub)).toContainEqual(['DriftFound', UNRELEASED]);
    expect(hub.bus.published[0]).not.toHaveProperty('environment');
    expect(await hub.ledger.tickets()).toMatchObject([{ environment: 'the hub', releases: [UNRELEASED] }]);
    const none = world({ live: undefined, slots: {}, weights: {} });
    expect(await found(none)).toContainEqual(['DriftFound', UNRELEASED]);
    expect(none.bus.published[0]).toMatchObject({ environment: 'Production' });
    const served = world({ live: { colour: ORIGINAL, version: ORIGINAL, digest: ORIGINAL }, slots: {}, weights: {} });
    expect(await found(served)).toContainEqual(['DriftFound', UNRELEASED]);
  });

  test('counted once more, where somebody raises the same in the same instant', async () => {
    const ports = world();
    ports.targets.unhealthy.add(BLUE);
    ports.ledger.raceNextCommit((change) => ports.ledger.commit({ ...change, audit: [] }));
    await lookAfter(ports);
    expect(await ports.ledger.tickets()).toMatchObject([{ count: 2 }]);
  });

  test('when it has been there for five minutes, where it is known since when', async () => {
    const lock = { release: '1.1.0', execution: 'e', colour: 'green', since: NOW, shifted: false };
    for (const [ago, tickets] of [
      [269, 0],
      [270, 1],
    ] as const) {
      const ports = world({ lock });
      ports.machines.dead.set('e', { how: 'FAILED', at: ports.clock.later(-ago) });
      await lookAfter(ports);
      // It is looked at once more half a minute later.
      expect([(await ports.ledger.tickets()).length, ports.log.lines.at(-1)?.fields]).toEqual([tickets, { environments: 1, findings: 1, tickets }]);
    }
  });

  test('nothing is where nothing is wrong, which one look is enough for', async () => {
    const ports = world();
    let looks = 0;
    const { environments } = ports.plans;
    ports.plans.environments = async () => {
      looks += 1;
      return environments.call(ports.plans);
    };
    await lookAfter(ports);
    expect(looks).toBe(1);
    expect(ports.log.lines).toEqual([{ level: 'info', message: 'looked after the path', fields: { environments: 1, findings: 0, tickets: 0 } }]);
    expect(ports.ledger.commits).toEqual([]);
  });
});
