import { diagnose } from '../../../../lambda/domain/doctor/diagnose';
import { type Finding, failureOf, findingView } from '../../../../lambda/domain/doctor/finding';
import { deadReleaseFinding, deadReleases, outboxFindings } from '../../../../lambda/domain/doctor/hub-findings';
import type { Look } from '../../../../lambda/domain/doctor/look';
import { seen } from '../../../../lambda/domain/doctor/seen';
import { Retry } from '../../../../lambda/domain/errors';
import type { Change } from '../../../../lambda/domain/model';
import { fingerprintOf } from '../../../../lambda/domain/ticket';
import { examplePlan, exampleRelease, liveEnvironment } from '../../example-path';
import { type InMemoryPorts, inMemoryPorts } from '../../in-memory-ports';
import { BLUE } from '../../story';

const NOW = '2026-01-05T09:00:00.000Z';

describe('a release in flight whose machine has ended', () => {
  const PATH = ['Integration', 'Preproduction', 'Production'].map((environment) => examplePlan(environment));
  const ended = { how: 'ABORTED, by hand', at: NOW };
  const release = exampleRelease('1.1.0', PATH, { reached: { Integration: 'live' } });

  test('is told where it is, and is for recover to close', () => {
    const about = {
      kind: 'deadRelease',
      environment: 'Preproduction',
      subject: 'release 1.1.0, which is in flight',
      expected: 'its machine runs',
      actual: `${release.execution} has ended: ABORTED, by hand`,
      by: 'recover',
    };
    const close = { remedy: 'close it, by the rules of the safety net' };
    expect(deadReleaseFinding({ release, ended })).toEqual({ ...about, ...close, since: NOW });
    expect(deadReleaseFinding({ release, ended: { how: ended.how } })).toEqual({ ...about, ...close });
    const moved = { ...release, movedWaves: ['Integration'] };
    expect(deadReleaseFinding({ release: moved, ended }).remedy).toBe('close it, and roll it back in Integration, by the rules of the safety net');
  });

  test('is looked for among those that are on their way in nowhere, and is none where its machine runs', async () => {
    const ports = inMemoryPorts(PATH);
    const [dead, inside, runs, done] = ['1.1.0', '1.2.0', '1.3.0', '1.4.0'].map((version) => exampleRelease(version, PATH));
    if (!dead || !inside || !runs || !done) throw new Error('four');
    ports.ledger.seed(dead, inside, runs, { ...done, status: 'live' });
    for (const { execution } of [dead, inside, done]) ports.machines.dead.set(execution, ended);
    const lock = { execution: 'e', colour: 'green', since: NOW, shifted: false };
    const states = [
      liveEnvironment('1.0.0', 'Integration', { lock: { ...lock, release: '1.2.0' } }),
      // Live there, and its contract runs: its way to the next environment is another thing.
      liveEnvironment('1.1.0', 'Production', { lock: { ...lock, release: '1.1.0', contract: true } }),
    ];
    expect(await deadReleases(ports, states)).toEqual([{ release: await ports.ledger.release('1.1.0'), ended }]);
    expect(await deadReleases(ports, [])).toHaveLength(2);
  });
});

describe('what was committed and has not left the hub', () => {
  const owing = async (): Promise<InMemoryPorts> => {
    const ports = inMemoryPorts();
    ports.bus.away = new Error('no such bus');
    ports.machines.away = new Error('throttled');
    const event = { at: NOW, what: 'AlarmRaised', release: '1.0.0', who: 'x', detail: {} } as const;
    await ports.ledger.commit({ put: [], audit: [event, event], deliver: [{ to: 'token', token: 't', answer: { success: {} } }] });
    return ports;
  };

  test('is told when it is five minutes old, with how much a machine may wait for', async () => {
    const ports = await owing();
    ports.clock.advance(299);
    expect(await outboxFindings(ports)).toEqual([]);
    ports.clock.advance(1);
    expect(await outboxFindings(ports)).toEqual([
      {
        kind: 'outbox',
        subject: 'the outbox of the hub',
        expected: 'every delivery leaves within a minute',
        actual: '3 are left, 1 of them an answer that a machine may wait for',
        since: NOW,
        by: 'recover',
        remedy: 'deliver them',
      },
    ]);
  });

  const event = { at: NOW, what: 'AlarmRaised', release: '1.0.0', who: 'x', detail: {} } as const;
  const answer = { to: 'token', token: 't', answer: { success: {} } } as const;
  test.each<[string, string, Pick<Change, 'audit' | 'deliver'>]>([
    ['1 is left, and no machine waits for it', 'deliver it', { audit: [event] }],
    ['1 is left, an answer that a machine may wait for', 'deliver it', { audit: [], deliver: [answer] }],
    ['2 are left, 0 of them answers that a machine may wait for', 'deliver them', { audit: [event, event] }],
    ['2 are left, 2 of them answers that a machine may wait for', 'deliver them', { audit: [], deliver: [answer, answer] }],
  ])('is counted in words: %s', async (actual, remedy, change) => {
    const ports = inMemoryPorts();
    Object.assign(ports.bus, { away: new Error('no such bus') });
    Object.assign(ports.machines, { away: new Error('throttled') });
    await ports.ledger.commit({ put: [], ...change });
    ports.clock.advance(300);
    expect(await outboxFindings(ports)).toMatchObject([{ actual, remedy }]);
  });

  test('is nothing where all has left', async () => {
    const ports = inMemoryPorts();
    ports.clock.advance(600);
    expect(await outboxFindings(ports)).toEqual([]);
  });
});

describe('what the hub may not look at', () => {
  const plan = examplePlan();
  const look = (more: Partial<Look>): Look => {
    const rule = {
      value: { targets: { kind: 'slots', weights: { [BLUE]: 100 } }, accepted: [{ colour: 'blue', version: '1.0.0', targetGroupArn: BLUE }] },
    } as const;
    const stacks = { value: [{ colour: 'blue', stackName: 's', found: { status: 'CREATE_COMPLETE', version: '1.0.0' } }] };
    return { plan, state: liveEnvironment('1.0.0'), now: NOW, rule, stacks, healthyTargets: { value: 1 }, ...more };
  };

  test('is told by the role that does not let it, for a person', () => {
    const about = { kind: 'access', environment: 'Production', actual: 'AccessDenied', by: 'person' };
    const remedy =
      'cdk drift of the front door of Production shows what somebody changed of it, and cdk deploy --revert-drift puts that back; where it shows nothing, its inline policies may be changed, which that does not see: cdk deploy -c policies-anew=<any text> writes them; if the role still lets nobody in, a policy from outside forbids it';
    const unseen = { unseen: 'AccessDenied' };
    const { operator, deploy, observer } = plan.roles;
    for (const [more, role, what] of [
      [{ rule: unseen }, operator, 'the live rule'],
      [{ stacks: unseen }, deploy, 'the stacks of its slots'],
      [{ healthyTargets: unseen }, observer, 'its front door and targets'],
    ] as const)
      expect(diagnose(look(more))).toEqual([{ ...about, subject: `the role ${role}`, expected: `lets the hub see ${what}`, remedy }]);
  });

  test('comes behind what users notice first', () => {
    const lock = { release: '1.1.0', execution: 'e', colour: 'blue', since: NOW, shifted: false };
    const other = { value: { targets: { kind: 'other' }, accepted: [] } } as const;
    const found = diagnose(look({ state: liveEnvironment('1.0.0', 'Production', { lock }), lockEnded: { how: 'gone' }, rule: other, stacks: { unseen: '' } }));
    expect(found.map(({ kind }) => kind)).toEqual(['weights', 'deadLock', 'access']);
    expect(diagnose(look({}))).toEqual([]);
  });

  test('is why it could not; of a service that is busy nothing is said at all', async () => {
    expect(await seen(async () => 7)).toEqual({ value: 7 });
    const fails = (error: unknown) =>
      seen(async () => {
        throw error;
      });
    expect([await fails(new Error('denied')), await fails('no words')]).toEqual([{ unseen: 'denied' }, { unseen: 'no words' }]);
    await expect(fails(new Retry('throttled'))).rejects.toBeInstanceOf(Retry);
  });
});

describe('on a ticket', () => {
  const about = { kind: 'weights', subject: 's', expected: 'e', actual: 'a' } as const;
  const person: Finding = { ...about, environment: 'Production', by: 'person', remedy: 'repair it' };
  const ofTheHub: Finding = { ...about, by: 'recover', remedy: 'deliver them' };

  test('is said what is to be done, and by which command', () => {
    const ticket = { subject: 's', expected: 'e', logs: 'ptl doctor' };
    const recover = { ...person, by: 'recover', remedy: 'write it back' } as const;
    expect(failureOf(person)).toEqual({ ...ticket, step: 'Look after Production', actual: 'a; repair it' });
    expect(failureOf(recover)).toEqual({ ...ticket, step: 'Look after Production', actual: 'a; ptl recover Production would write it back' });
    expect(failureOf(ofTheHub)).toEqual({ ...ticket, step: 'Look after the hub', actual: 'a; ptl recover <environment> would deliver them' });
  });

  test('it is found again by where it is, what it is about and what was expected', () => {
    expect(findingView(person)).toEqual({ ...person, fingerprint: fingerprintOf('Production', failureOf(person)) });
    expect(findingView(ofTheHub).fingerprint).toBe(fingerprintOf('the hub', failureOf(ofTheHub)));
    expect(findingView({ ...person, actual: 'b' }).fingerprint).toBe(findingView(person).fingerprint);
  });
});
