import type { EnvironmentState } from '../../lambda/domain/model';
import { inOneSentence, wayBack } from '../../lambda/domain/traffic/way-back';
import { type Answer, call } from './api-call';
import { GO_NO_GO, session } from './example-gate';
import { examplePlan, exampleSlot, liveEnvironment, snapshot } from './example-path';
import { targetGroupOf } from './fake-slots';
import { Walk } from './walk';

const MANAGER = session('ReleaseManager');
const PLAN = [examplePlan('Integration'), examplePlan('Production', { goNoGo: GO_NO_GO })];
const BLUE = targetGroupOf('Payments-Production-Blue');
const GREEN = targetGroupOf('Payments-Production-Green');

describe('with two slots, when the next release took the slot of the version before', () => {
  /** 1.0.0 was live, 1.1.0 is; 1.2.0 waits at the go/no-go in the slot that 1.0.0 had. */
  async function taken(given: { readonly emergency?: string } = {}): Promise<Walk> {
    const walk = new Walk(PLAN);
    await walk.through('1.0.0');
    await walk.through('1.1.0');
    walk.ports.clock.advance(3600);
    await walk.submit('1.2.0', given);
    await walk.intoShadow('1.2.0', 'Integration');
    await walk.takeOver('1.2.0', 'Integration');
    await walk.intoShadow('1.2.0', 'Production');
    return walk;
  }
  const as = (walk: Walk, route: string, body?: object): Promise<Answer> => call(walk.ports, MANAGER, route, body);
  const rollBack = (walk: Walk) => as(walk, 'POST /environments/Production/roll-back', { reason: 'wrong prices' });
  const production = async (walk: Walk) => (await as(walk, 'GET /status')).body.environments[1];
  const rule = async ({ ports }: Walk) => ports.liveRule.snapshot().Production;
  const WHY = "1.2.0 took 1.0.0's slot, blue, at 2026-01-05T10:00:00.000Z, and 1.0.0 is what was live before 1.1.0";
  const FIRST = 'as an emergency: it takes the place of 1.2.0, which comes once more behind it';

  test('the status says so before anybody needs it, and what to do', async () => {
    const walk = await taken();
    expect(await production(walk)).toMatchObject({
      live: { version: '1.1.0' },
      noWayBack: { why: WHY, instead: expect.stringContaining(FIRST), commands: ['ptl release 1.0.0 --again --emergency "<why>"'] },
    });
    expect((await as(walk, 'GET /status')).body.environments[0]).not.toHaveProperty('noWayBack');
  });

  test('of an emergency it is said that none takes its place', async () => {
    const walk = await taken({ emergency: 'card payments fail' });
    expect((await production(walk)).noWayBack).toEqual({
      why: WHY,
      instead:
        'abort the emergency 1.2.0, whose place none takes, or wait for its end; then take 1.0.0 through its path once more, from its own source or assembly',
      commands: ['ptl abort 1.2.0 --reason "<why>"', 'ptl release 1.0.0 --again'],
    });
  });

  test('what the refusals say is a way out, to its end: abort, release the older version again, and roll back works once more', async () => {
    const walk = await taken();
    const { status, body } = await rollBack(walk);
    expect([status, body.code]).toEqual([409, 'NotShifted']);
    expect(body.message).toContain(`1.1.0, cannot be rolled back either: ${WHY}`);
    expect(body.message).toContain('ptl release 1.0.0 --again --emergency "<why>"');

    expect((await as(walk, 'POST /releases/1.2.0/abort', { reason: '1.1.0 has to go first' })).status).toBe(200);
    await walk.stopped('1.2.0', 'Production');
    const refused = await rollBack(walk);
    expect([refused.status, refused.body.code]).toEqual([409, 'CannotRollBack']);
    const fix = 'to have 1.0.0 live again, take it through its path once more, from its own source or assembly (ptl release 1.0.0 --again)';
    expect(refused.body.message).toBe(`Production was not rolled back: ${WHY}: ${fix}`);
    expect(await rule(walk)).toEqual({ kind: 'slots', weights: { [GREEN]: 100 } });

    await walk.through('1.0.0', { again: true });
    expect(await rule(walk)).toEqual({ kind: 'slots', weights: { [BLUE]: 100 } });
    const after = await production(walk);
    expect(after).toMatchObject({ live: { version: '1.0.0', colour: 'blue' }, previous: { version: '1.1.0', colour: 'green' } });
    expect(after).not.toHaveProperty('noWayBack');
    expect(walk.ports.machines.attempts()).toEqual(['1.0.0-1', '1.1.0-1', '1.2.0-1', '1.0.0-2']);
    expect((await rollBack(walk)).body).toMatchObject({ outcome: 'rolledBack', environment: { live: { version: '1.1.0' } } });
  });

  test('everybody is asked again about the older version', async () => {
    const walk = await taken();
    await as(walk, 'POST /releases/1.2.0/abort', { reason: 'first things first' });
    await walk.stopped('1.2.0', 'Production');
    expect((await walk.submit('1.0.0', { again: true })).body).toMatchObject({ status: 'submitted', now: 'on its way to Integration' });
    await walk.intoShadow('1.0.0', 'Integration');
    await walk.takeOver('1.0.0', 'Integration');
    await walk.intoShadow('1.0.0', 'Production');
    expect((await as(walk, 'GET /releases/1.0.0')).body.now).toBe('waits at the go/no-go in Production for change authority');
    await expect(walk.takeOver('1.0.0', 'Production')).rejects.toThrow('refused');
  });

  test('a job of long ago that is run again brings nothing back, and is not told that it is live', async () => {
    const walk = await taken();
    const before = snapshot(walk.ports);
    expect(await walk.submit('1.0.0')).toMatchObject({
      status: 409,
      body: {
        code: 'Replaced',
        message:
          'release 1.0.0 went live in Production before, and 1.1.0 is live there now; if 1.0.0 is meant to go through its path once more, say so: ptl release 1.0.0 --again, or "again": true in what is submitted',
      },
    });
    expect(snapshot(walk.ports)).toEqual(before);
    expect((await as(walk, 'GET /releases/1.0.0')).body).toMatchObject({
      now: 'replaced in Integration by 1.2.0, replaced in Production by 1.1.0',
      environments: [{ state: 'replaced' }, { state: 'replaced' }],
    });
  });

  test('of a version that is live where the users are, a job that is run again finds it so; --again puts it back in the other environments', async () => {
    const walk = await taken();
    expect((await walk.submit('1.1.0')).body).toMatchObject({ status: 'live', now: 'live in Production, replaced in Integration by 1.2.0' });
    expect((await walk.submit('1.1.0', { again: true })).body).toMatchObject({ status: 'submitted' });
    expect((await walk.submit('1.1.0', { again: true })).body).toMatchObject({ status: 'submitted' });
    expect(walk.ports.machines.attempts()).toEqual(['1.0.0-1', '1.1.0-1', '1.2.0-1', '1.1.0-2']);
  });

  test('of a version that is live everywhere, --again changes nothing', async () => {
    const walk = new Walk(PLAN);
    await walk.through('1.0.0');
    const before = snapshot(walk.ports);
    expect((await walk.submit('1.0.0', { again: true })).body).toMatchObject({ status: 'live' });
    expect(snapshot(walk.ports)).toEqual(before);
  });
});

describe('a version that was rolled back', () => {
  const rollBack = ({ ports }: Walk, reason: string) => call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason });
  async function rolledBack(): Promise<Walk> {
    const walk = new Walk(PLAN);
    await walk.through('1.0.0');
    await walk.through('1.1.0');
    expect((await rollBack(walk, 'wrong prices')).body).toMatchObject({ outcome: 'rolledBack' });
    return walk;
  }

  test('is rolled back once: who asks again, since an answer was lost, is told who did it, when and why, and nothing changes', async () => {
    const walk = await rolledBack();
    const [before, at] = [snapshot(walk.ports), walk.ports.clock.now()];
    walk.ports.clock.advance(60);
    const { status, body } = await rollBack(walk, 'once more');
    expect([status, body]).toEqual([
      200,
      {
        outcome: 'rolledBackBefore',
        before: { version: '1.1.0', by: MANAGER, at, reason: 'wrong prices' },
        environment: expect.objectContaining({ live: { colour: 'blue', version: '1.0.0' }, previous: { colour: 'green', version: '1.1.0', rolledBack: true } }),
      },
    ]);
    expect(snapshot(walk.ports)).toEqual(before);
  });

  test('is nothing to roll back to, even while it is on its path once more', async () => {
    const walk = await rolledBack();
    await walk.submit('1.1.0', { again: true });
    expect((await rollBack(walk, 'once more')).body).toMatchObject({ outcome: 'rolledBackBefore' });
    await walk.intoShadow('1.1.0', 'Production');
    expect(await rollBack(walk, 'once more')).toMatchObject({
      status: 409,
      body: { code: 'NotShifted', message: expect.stringContaining('1.1.0 was rolled back here') },
    });
    expect((await walk.ports.ledger.environment('Production')).live?.version).toBe('1.0.0');
  });
});

describe('why there is no way back, and what to do instead:', () => {
  const before = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' };
  const taken = { ...before, by: '1.1.0', at: 'noon' };
  const lock = { release: '1.1.0', execution: 'e', colour: 'green', since: 's', shifted: false };
  const AGAIN = 'to have 0.9.0 live again, take it through its path once more, from its own source or assembly';
  const said = (given: Partial<EnvironmentState>) => {
    const way = wayBack(liveEnvironment('1.0.0', 'Production', given));
    return way.kind === 'none' ? inOneSentence(way) : way.to.version;
  };

  test.each<[string, Partial<EnvironmentState>, string]>([
    ['the slot holds it', { previous: before, slots: { green: exampleSlot('0.9.0', 'Green') } }, '0.9.0'],
    ['nothing was live before', {}, 'no slot holds a version that was live before 1.0.0: release the one you want in its place (ptl release <version>)'],
    ['its slot holds something else', { previous: before }, `slot green does not hold 0.9.0 any more: ${AGAIN} (ptl release 0.9.0 --again)`],
    [
      'it was rolled back',
      { previous: { ...before, rolledBack: true }, slots: { green: exampleSlot('0.9.0', 'Green') } },
      '0.9.0 was rolled back already, and 1.0.0 is what it was rolled back to: submit a new version (ptl release <version>)',
    ],
    [
      'it was rolled back, and its slot taken',
      { previousTaken: { ...taken, rolledBack: true } },
      '0.9.0 was rolled back here, and release 1.1.0 took its slot green at noon: submit a new version (ptl release <version>)',
    ],
    [
      'it is being deployed once more',
      { previousTaken: { ...taken, by: '0.9.0' }, lock: { ...lock, release: '0.9.0' } },
      '0.9.0, the version that was live before 1.0.0, was deployed to its slot green once more at noon, and is not live yet: see how it goes (ptl status 0.9.0)',
    ],
    [
      'it was deployed once more, and stopped',
      { previousTaken: { ...taken, by: '0.9.0' } },
      `0.9.0, the version that was live before 1.0.0, was deployed to its slot green once more at noon, and is not live yet: ${AGAIN} (ptl release 0.9.0 --again)`,
    ],
    [
      'it was rolled back, and another has the environment',
      { previousTaken: { ...taken, rolledBack: true }, lock },
      '0.9.0 was rolled back here, and release 1.1.0 took its slot green at noon: submit a new version, as an emergency: it takes the place of 1.1.0, which comes once more behind it (ptl release <version> --emergency "<why>")',
    ],
    [
      'it was rolled back, and an emergency has the environment',
      { previousTaken: { ...taken, rolledBack: true }, lock: { ...lock, emergency: true } },
      '0.9.0 was rolled back here, and release 1.1.0 took its slot green at noon: abort the emergency 1.1.0, whose place none takes, or wait for its end; then submit a new version (ptl abort 1.1.0 --reason "<why>", and when that has ended ptl release <version>)',
    ],
    [
      'it was rolled back, and a contract has the environment',
      { previous: { ...before, rolledBack: true }, lock: { ...lock, release: '1.0.0', contract: true } },
      '0.9.0 was rolled back already, and 1.0.0 is what it was rolled back to: when the contract of 1.0.0 has ended in Production, submit a new version (ptl release <version>)',
    ],
    [
      'its slot was taken, and a contract has the environment',
      { previousTaken: taken, lock: { ...lock, release: '1.0.0', contract: true } },
      "1.1.0 took 0.9.0's slot, green, at noon, and 0.9.0 is what was live before 1.0.0: when the contract of 1.0.0 has ended in Production, take 0.9.0 through its path once more, from its own source or assembly (ptl release 0.9.0 --again)",
    ],
    [
      'nothing was live before, and another has the environment',
      { lock },
      'no slot holds a version that was live before 1.0.0: release the one you want in its place, as an emergency: it takes the place of 1.1.0, which comes once more behind it (ptl release <version> --emergency "<why>")',
    ],
  ])('%s', (_, given, words) => {
    expect(said(given)).toBe(words);
  });
});
