import { executionName } from '../../../lambda/domain/release/submission';
import { call } from '../api-call';
import { session } from '../example-gate';
import { atGate, decide, MANAGER, PIPELINE, TOKEN, world } from './world';

describe('people at a firebreak', () => {
  test('accept one after the other, a release manager resumes, and the machine is told once', async () => {
    const ports = await atGate(await world());
    const first = await decide(ports, session('OnCall'), { reason: '  runbook is ready ' });
    expect(first).toMatchObject({
      status: 200,
      body: { activity: 'waitingForPeople', now: 'waits at the firebreak in front of Production for product and security' },
    });
    expect(first.body.gates[0].parties[0]).toMatchObject({ name: 'service management', decision: 'accept', by: session('OnCall'), reason: 'runbook is ready' });
    await decide(ports, session('Product'), { party: 'product' });
    const last = await decide(ports, session('Security'));
    expect(last.body.now).toBe('accepted by every party, waits at the firebreak in front of Production for a release manager to resume it');
    expect(ports.machines.answers).toEqual([]);

    const resumed = await call(ports, MANAGER, 'POST /releases/1.1.0/resume', { environment: 'Production', reason: 'all there' });
    expect(resumed).toMatchObject({ status: 200, body: { activity: 'working' } });
    expect(resumed.body.audit.map((event: { what: string }) => event.what)).toEqual([
      'ReleaseSubmitted',
      'FirebreakOpened',
      'DecisionRecorded',
      'DecisionRecorded',
      'DecisionRecorded',
      'FirebreakPassed',
    ]);
    expect(resumed.body.audit[5]).toMatchObject({ who: MANAGER, why: 'all there', environment: 'Production' });
    expect(ports.machines.answers).toEqual([{ token: TOKEN, answer: { success: { outcome: 'passed' } } }]);
  });

  test('refuse, and the machine gets the reason as a failure', async () => {
    const ports = await atGate(await world());
    const refused = await decide(ports, session('Security'), { decision: 'refuse', reason: 'open finding' });
    expect(refused.body.gates[0].status).toBe('refused');
    expect(ports.ledger.happened().slice(2)).toEqual(['DecisionRecorded', 'GateRefused']);
    expect(ports.machines.answers).toEqual([
      {
        token: TOKEN,
        answer: {
          success: {
            outcome: 'refused',
            failure: {
              step: 'Wait at the firebreak in front of Production',
              subject: 'party security',
              expected: 'accepted',
              actual: `refused by ${session('Security')}: open finding`,
              logs: ports.machines.executionArn(executionName('1.1.0', 1, '2026-01-05T09:00:00.000Z')),
            },
          },
        },
      },
    ]);
  });

  test('say go, and the release goes on at once', async () => {
    const ports = await atGate(await world(), 'goNoGo');
    expect((await call(ports, PIPELINE, 'GET /releases/1.1.0')).body.now).toBe('waits at the go/no-go in Production for change authority');
    await decide(ports, session('ChangeAuthority'));
    expect(ports.machines.answers).toEqual([{ token: TOKEN, answer: { success: { outcome: 'passed' } } }]);
    expect(ports.ledger.happened().slice(1)).toEqual(['GoNoGoOpened', 'DecisionRecorded', 'GoNoGoPassed']);
  });

  test('who decide at the same instant are both heard', async () => {
    const ports = await atGate(await world());
    ports.ledger.raceNextCommit(async () => {
      await decide(ports, session('Security'));
    });
    await decide(ports, session('OnCall'));
    const gate = await ports.ledger.gate('1.1.0', 'Production', 'firebreak');
    expect(gate?.decisions.map(({ party }) => party)).toEqual(['security', 'service management']);
  });

  test('whose last word could not be delivered are heard at the next sweep: the ledger has it', async () => {
    const ports = await atGate(await world(), 'goNoGo');
    ports.machines.away = new Error('Step Functions is away');
    expect((await decide(ports, session('ChangeAuthority'))).status).toBe(200);
    expect((await ports.ledger.outbox()).map(({ delivery }) => delivery)).toEqual([{ to: 'token', token: TOKEN, answer: { success: { outcome: 'passed' } } }]);
  });
});
