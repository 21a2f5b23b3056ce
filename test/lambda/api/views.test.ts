import { ticketPlace } from '../../../lambda/contract';
import type { EnvironmentState, Gate, Release } from '../../../lambda/domain/model';
import { releaseSummary } from '../../../lambda/domain/views/views-release';
import { call } from '../api-call';
import { afterwards, accept as gateAccept, release as gateRelease, NOW, opened, session } from '../example-gate';
import { examplePlan, exampleRelease, exampleSlot, liveEnvironment } from '../example-path';
import { inMemoryPorts } from '../in-memory-ports';
import { exampleBody, publish } from '../submission-body';
import { atGate, DIGEST, MANAGER, PIPELINE, PLAN, shifted, world } from './world';

const IS_LIVE = { colour: 'green', version: '1.1.0', digest: DIGEST };

describe('what is to be seen:', () => {
  test('the whole path, with how a tester reaches the shadow', async () => {
    const ports = await atGate(await shifted({ weights: { blue: 100 } }), 'goNoGo');
    const { body } = await call(ports, PIPELINE, 'GET /status');
    expect(body.path).toBe('Payments');
    expect(body.environments[1]).toEqual({
      environment: 'Production',
      account: '222222222222',
      region: 'eu-west-2',
      url: 'http://production.example',
      live: { colour: 'blue', version: '1.0.0' },
      shadow: { colour: 'green', version: '1.1.0', hiddenUrl: expect.objectContaining({ headers: { 'x-path-to-live-slot': 'green' } }) },
      weights: { blue: 100 },
      lockedBy: '1.1.0',
    });
    expect(body.changes).toEqual(['altersSchema', 'needsManualTest', 'plannedOutage']);
    expect(body.releases.map((release: { version: string }) => release.version)).toEqual(['1.1.0']);
    expect(body.openGates).toEqual([expect.objectContaining({ release: '1.1.0', environment: 'Production', gate: 'goNoGo', status: 'open', digest: DIGEST })]);
  });

  test('what a release may declare, as the path is deployed today', async () => {
    const firebreak = { parties: [], when: ['altersSchema', 'movesMoney'], resumes: 'automatically' as const, releaseManagers: [], timeoutSeconds: 60 };
    const ports = inMemoryPorts([examplePlan('Integration'), examplePlan('Production', { firebreak })]);
    expect((await call(ports, PIPELINE, 'GET /status')).body.changes).toEqual(['altersSchema', 'needsManualTest', 'plannedOutage', 'movesMoney']);
  });

  test('of two slots that serve nobody, the one the release in flight is in', async () => {
    const slots = ['blue', 'green', 'red'].map((colour) => ({ colour, stackName: `Payments-Production-${colour}` }));
    const ports = inMemoryPorts([examplePlan('Production', { slots })]);
    const lock = { release: '1.1.0', execution: 'e', colour: 'red', since: 's', shifted: false };
    const held = { blue: exampleSlot('1.0.0', 'a'), green: exampleSlot('0.9.0', 'b'), red: exampleSlot('1.1.0', 'c') };
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { slots: held, lock }));
    expect((await call(ports, PIPELINE, 'GET /status')).body.environments[0].shadow).toMatchObject({ colour: 'red', version: '1.1.0' });
  });

  test('the path, when a front door cannot be read', async () => {
    const ports = await shifted({ weights: { blue: 100 } });
    ports.frontDoors.away = new Error('no route to the account');
    const { status, body } = await call(ports, PIPELINE, 'GET /status');
    expect([status, body.environments[1].url, body.environments[1].shadow.hiddenUrl.url]).toEqual([200, '', '']);
    expect(ports.log.lines).toContainEqual(expect.objectContaining({ level: 'error', message: 'front door could not be read' }));
  });

  test('releases, newest first', async () => {
    const ports = await atGate(await world());
    ports.clock.advance(60);
    const next = exampleBody('1.2.0', PLAN);
    publish(ports, next);
    await call(ports, PIPELINE, 'POST /releases', next);
    const { body } = await call(ports, PIPELINE, 'GET /releases');
    expect(body.map((release: { version: string; activity: string }) => [release.version, release.activity])).toEqual([
      ['1.2.0', 'working'],
      ['1.1.0', 'waitingForPeople'],
    ]);
    expect(body[0].bundle).toBeUndefined();
  });

  test('releases, the newest fifty; in the status, those in flight only, oldest first', async () => {
    const ports = await world();
    const release = (n: number) => exampleRelease(`3.0.${n}`, PLAN, { submittedAt: `2026-03-01T00:00:${n}.000Z`, status: n % 20 === 0 ? 'submitted' : 'live' });
    ports.ledger.seed(...Array.from({ length: 50 }, (_, n) => release(n + 10)));
    const { body } = await call(ports, PIPELINE, 'GET /releases');
    expect(body.map(({ version }: { version: string }) => version)).toEqual(Array.from({ length: 50 }, (_, n) => `3.0.${59 - n}`));
    const { body: status } = await call(ports, PIPELINE, 'GET /status');
    expect(status.releases.map(({ version }: { version: string }) => version)).toEqual(['1.1.0', '3.0.20', '3.0.40']);
  });

  describe('where a release is when a gate has just been decided, and its machine has not gone on yet:', () => {
    const inShadow = { reached: { Integration: 'live', Production: 'shadow' } } as const;
    const view = (gate: Gate, given: Partial<Release> = {}) => releaseSummary({ ...gateRelease, submittedAt: NOW, ...given }, [gate], []).now;
    const no = [{ ...gateAccept(session('Security')), decision: 'refuse' as const, reason: 'open finding' }];

    test('refused at a firebreak: it stops', () => {
      const gate = afterwards(opened(), no);
      expect(view(gate)).toBe('refused at the firebreak in front of Production, stopping: nothing of it reaches Production');
      expect(view(gate, { submittedAt: '2026-01-05T09:00:00.001Z' })).toBe('on its way to Integration');
    });

    test('refused at the go/no-go: it stops', () => {
      const gate = opened({ status: 'refused' }, 'goNoGo');
      expect(view(gate, inShadow)).toBe('refused at the go/no-go in Production, stopping: no user gets it in Production');
    });

    test('accepted at the go/no-go: traffic moves next', () => {
      const gate = afterwards(opened({}, 'goNoGo'), [gateAccept(session('ChangeAuthority'))]);
      expect(view(gate, inShadow)).toBe('accepted at the go/no-go in Production, live traffic starts to move to it');
      expect(view(gate, { ...inShadow, submittedAt: '2026-01-05T09:00:00.001Z' })).toBe('in the shadow of Production, which serves nobody');
    });
  });

  test('tickets, the last one first', async () => {
    const ports = await world();
    const ticket = (fingerprint: string, lastAt: string) =>
      ({
        kind: 'ticket',
        revision: 0,
        fingerprint,
        environment: 'Production',
        releases: ['1.1.0'],
        count: 2,
        firstAt: lastAt,
        lastAt,
        outcome: 'stopped',
        step: 's',
        subject: 'x',
        expected: 'y',
        actual: 'z',
        logs: 'l',
      }) as const;
    ports.ledger.seed(ticket('old', '2026-01-01T00:00:00.000Z'), ticket('new', '2026-01-02T00:00:00.000Z'));
    const { body } = await call(ports, PIPELINE, 'GET /tickets');
    expect(body.map((each: { fingerprint: string }) => each.fingerprint)).toEqual(['new', 'old']);
    expect(body[0]).toEqual(expect.objectContaining({ count: 2, actual: 'z' }));
    expect(body[0].revision).toBeUndefined();
  });

  test('tickets, fifty at most, and those before the last one of them', async () => {
    const ports = await world();
    const failure = { step: 's', subject: 'x', expected: 'y', actual: 'z', logs: 'l' };
    const ticket = (n: number) => {
      const at = `2026-01-01T00:${String(n).padStart(2, '0')}:00.000Z`;
      const fingerprint = n.toString(16).padStart(16, '0');
      // The one that failed first of all has failed once more since: it is the newest.
      const lastAt = n === 0 ? '2026-01-02T00:00:00.000Z' : at;
      return {
        kind: 'ticket',
        revision: 0,
        fingerprint,
        environment: 'E',
        releases: [],
        count: 1,
        firstAt: at,
        lastAt,
        outcome: 'stopped',
        ...failure,
      } as const;
    };
    ports.ledger.seed(...Array.from({ length: 60 }, (_, n) => ticket(n)));
    const { body: first } = await call(ports, PIPELINE, 'GET /tickets');
    expect(first).toHaveLength(50);
    expect(first[0]).toMatchObject({ firstAt: ticket(0).firstAt });
    const rawQueryString = `before=${encodeURIComponent(ticketPlace(first[49]))}`;
    const { body: rest } = await call(ports, PIPELINE, 'GET /tickets', undefined, { rawQueryString });
    expect(rest).toHaveLength(10);
    expect(new Set([...first, ...rest].map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size).toBe(60);
  });

  test('no tickets before something that is no place among them', async () => {
    const { status, body } = await call(await world(), PIPELINE, 'GET /tickets', undefined, { rawQueryString: 'before=yesterday' });
    expect([status, body.code]).toEqual([400, 'BadInput']);
    expect(body.message).toMatch(/got: "yesterday"; take both from the last one/);
  });

  test.each<[string, Partial<Release>, Partial<EnvironmentState>, string, string]>([
    ['on its way', { reached: { Integration: 'live' } }, {}, 'working', 'on its way to Production'],
    [
      'behind another',
      { reached: { Integration: 'live' } },
      { lock: { release: '1.0.9', execution: 'e', colour: 'green', since: 's', shifted: false } },
      'working',
      'on its way to Production, which release 1.0.9 holds',
    ],
    ['being deployed', { reached: { Integration: 'live', Production: 'entered' } }, {}, 'working', 'goes into the shadow of Production'],
    ['in the shadow', { reached: { Integration: 'live', Production: 'shadow' } }, {}, 'working', 'in the shadow of Production, which serves nobody'],
    [
      'at the canary',
      { reached: { Integration: 'live', Production: 'shifting' } },
      { lock: { release: '1.1.0', execution: 'e', colour: 'green', since: 's', shifted: true }, weights: { blue: 90, green: 10 } },
      'working',
      'takes over live traffic in Production: 10 percent',
    ],
    [
      'on the way back',
      { reached: { Integration: 'live', Production: 'shifting' } },
      { lock: { release: '1.1.0', execution: 'e', colour: 'green', since: 's', shifted: true }, rollBackRequested: { by: MANAGER, reason: 'slow', at: 's' } },
      'working',
      `goes back in Production: asked for by ${MANAGER} (slow)`,
    ],
    ['live', { status: 'live', reached: { Integration: 'live', Production: 'live' } }, { live: IS_LIVE }, 'finished', 'live in Integration and Production'],
    [
      'replaced',
      { status: 'live', reached: { Integration: 'live', Production: 'live' } },
      { live: { ...IS_LIVE, version: '1.2.0' } },
      'finished',
      'live in Integration, replaced in Production by 1.2.0',
    ],
    [
      'stopped',
      { status: 'stopped', reached: { Integration: 'live', Production: 'stopped' } },
      {},
      'finished',
      'stopped in Production; went live in Integration',
    ],
    ['refused', { status: 'stopped', reached: { Integration: 'live' } }, {}, 'finished', 'stopped in front of Production; went live in Integration'],
    [
      'aborted',
      { status: 'stopped', reached: { Integration: 'stopped' }, aborted: { by: MANAGER, reason: 'wrong week', at: 's' } },
      {},
      'finished',
      `stopped in Integration, aborted by ${MANAGER} (wrong week)`,
    ],
    [
      'rolled back',
      { status: 'rolledBack', reached: { Integration: 'live', Production: 'rolledBack' } },
      {},
      'finished',
      'rolled back in Production; went live in Integration',
    ],
  ])('a release that is %s, in a sentence', async (_title, release, state, activity, now) => {
    const ports = await world();
    await ports.ledger.commit({ put: [{ ...((await ports.ledger.release('1.1.0')) as Release), ...release }], audit: [] });
    const integration = release.reached?.Integration === 'live' ? { live: { ...IS_LIVE, colour: 'blue' } } : {};
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', state), liveEnvironment('1.0.0', 'Integration', integration));
    expect((await call(ports, PIPELINE, 'GET /releases/1.1.0')).body).toMatchObject({ activity, now });
  });
});
