import { evidenceDigest } from '../../../../lambda/domain/gates/evidence-digest';
import type { Gate, Release } from '../../../../lambda/domain/model';
import { acceptedByAll, atGate, decide, holding, MANAGER, shifted, TOKEN, world } from '../../api/world';
import { call } from '../../api-call';
import { opened, session } from '../../example-gate';
import { snapshot } from '../../example-path';
import type { InMemoryPorts } from '../../in-memory-ports';

const says = async (ports: InMemoryPorts, who: string, given: object = {}) => (await decide(ports, session(who), given)).body as object;
const last = (ports: InMemoryPorts, count: number) => ports.bus.published.slice(-count).map(({ what, who, why, detail }) => ({ what, who, why, detail }));
const release = async (ports: InMemoryPorts) => (await ports.ledger.release('1.1.0')) as Release;
const resume = (ports: InMemoryPorts) => call(ports, MANAGER, 'POST /releases/1.1.0/resume', { environment: 'Production', reason: 'all there' });

/** This gate of 1.1.0, beside whatever else is there. */
async function beside(ports: InMemoryPorts, gate: Gate['gate'], given: Partial<Gate> = {}): Promise<InMemoryPorts> {
  const { digest, execution } = await release(ports);
  const bound = evidenceDigest(await release(ports), 'Production', gate);
  ports.ledger.seed({ ...opened({ digest, execution, evidenceDigest: bound, ...given }, 'goNoGo'), gate });
  return ports;
}

describe('what is decided is told of', () => {
  test('with the gate, the party, and what exactly was accepted', async () => {
    const ports = await atGate(await world(), 'goNoGo');
    const { digest } = await release(ports);
    const { evidenceDigest } = (await ports.ledger.gate('1.1.0', 'Production', 'goNoGo')) as Gate;
    await decide(ports, session('ChangeAuthority'), { reason: ' tests are green ' });
    const about = { who: session('ChangeAuthority'), why: 'tests are green' };
    const parties = [{ name: 'change authority', decision: 'accept', by: session('ChangeAuthority'), reason: 'tests are green', at: ports.clock.now() }];
    expect(last(ports, 2)).toEqual([
      { what: 'DecisionRecorded', ...about, detail: { gate: 'goNoGo', party: 'change authority', decision: 'accept', digest, evidenceDigest } },
      { what: 'GoNoGoPassed', ...about, detail: { gate: 'goNoGo', digest, evidenceDigest, parties } },
    ]);
  });

  test('where it is refused, too', async () => {
    const ports = await atGate(await world());
    const { digest } = await release(ports);
    const { evidenceDigest } = (await ports.ledger.gate('1.1.0', 'Production', 'firebreak')) as Gate;
    await decide(ports, session('Security'), { decision: 'refuse', reason: 'open finding' });
    const detail = { gate: 'firebreak', party: 'security', decision: 'refuse', digest, evidenceDigest };
    const about = { who: session('Security'), why: 'open finding', detail };
    expect(last(ports, 2)).toEqual([
      { what: 'DecisionRecorded', ...about },
      { what: 'GateRefused', ...about },
    ]);
  });

  test('once, as long as others are still asked', async () => {
    const ports = await atGate(await world());
    const before = ports.bus.published.length;
    await decide(ports, session('OnCall'));
    expect(ports.bus.published.slice(before).map(({ what }) => what)).toEqual(['DecisionRecorded']);
    expect(ports.machines.answers).toEqual([]);
  });

  test('at a pause with the step at which it is; what is said about another step is not said about this one', async () => {
    const ports = await beside(await world(), 'pause', { percent: 50 });
    const before = snapshot(ports);
    const message =
      'release 1.1.0 has come to the pause of Production at 50 percent, and this is about its step at 10 percent: look at it again, and decide on what is there';
    expect(await says(ports, 'ChangeAuthority', { percent: 10 })).toEqual({ code: 'OtherStep', message });
    expect(snapshot(ports)).toEqual(before);
    expect((await decide(ports, session('ChangeAuthority'), { percent: 50 })).status).toBe(200);
    expect(last(ports, 1)).toMatchObject([{ what: 'PausePassed', detail: { gate: 'pause', percent: 50 } }]);
  });
});

describe('where nobody is asked, it is said which gate was meant', () => {
  test.each([
    [{}, 'release 1.1.0 waits for nobody in Production, nor in front of it; ptl status 1.1.0 says where it is'],
    [{ gate: 'goNoGo' }, 'release 1.1.0 does not wait at the go/no-go in Production; ptl status 1.1.0 says where it is'],
  ])('%j', async (given, message) => {
    expect(await says(await world(), 'OnCall', given)).toEqual({ code: 'NotOpen', message });
  });

  test('a firebreak, by who would resume one', async () => {
    const ports = await atGate(await world(), 'goNoGo');
    const message = 'release 1.1.0 does not wait at the firebreak in front of Production; ptl status 1.1.0 says where it is';
    expect(await resume(ports)).toEqual({ status: 409, body: { code: 'NotOpen', message } });
  });
});

describe('of several gates', () => {
  test('the one that waits is meant', async () => {
    const ports = await beside(await atGate(await world()), 'goNoGo', { status: 'void' });
    expect(await decide(ports, session('OnCall'))).toMatchObject({ status: 200 });
    expect((await ports.ledger.gate('1.1.0', 'Production', 'firebreak'))?.decisions).toHaveLength(1);
  });

  test('two that wait are not told apart by the caller: the kind is asked for', async () => {
    const ports = await beside(await atGate(await world()), 'contract');
    const before = snapshot(ports);
    const message =
      'release 1.1.0 waits at the firebreak in front of Production and at the contract in Production; say which of them you mean: --gate firebreak or contract, the API\'s field "gate"';
    const gates = (await ports.ledger.gates('1.1.0')).map(({ gate }) => gate);
    expect(gates).toEqual(['firebreak', 'contract']);
    expect(await decide(ports, session('OnCall'))).toEqual({ status: 400, body: { code: 'WhichGate', message } });
    expect(snapshot(ports)).toEqual(before);
  });

  test('none of which waits, the one that was opened last says why not', async () => {
    const early = { openedAt: '2026-01-05T08:00:00.000Z' };
    const late = { openedAt: '2026-01-05T08:30:00.000Z' };
    for (const [firebreak, goNoGo] of [
      [early, late],
      [late, early],
    ]) {
      const ports = await beside(await world(), 'firebreak', { status: 'refused', ...firebreak });
      await beside(ports, 'goNoGo', { status: 'refused', ...goNoGo });
      const { message } = (await says(ports, 'ChangeAuthority')) as { readonly message: string };
      expect(message).toContain(goNoGo === late ? 'the go/no-go in Production' : 'the firebreak in front of Production');
    }
  });
});

test('acceptances of evidence that has changed are void, and it is said what to do', async () => {
  const ports = await acceptedByAll();
  const evidence = { 'Integration/health': { environment: 'Integration', test: 'health', verdict: 'failed' as const, at: ports.clock.now() } };
  ports.ledger.seed({ ...(await release(ports)), evidence });
  const message =
    'the bundle or the evidence of release 1.1.0 changed since the firebreak in front of Production opened, its acceptances are void; abort the release and submit it with --again';
  expect(await resume(ports)).toEqual({ status: 409, body: { code: 'OtherDigest', message } });
});

describe('an abort', () => {
  const abort = (ports: InMemoryPorts) => call(ports, MANAGER, 'POST /releases/1.1.0/abort', { reason: ' wrong week ' });

  test('of what has ended is none, and it is said what takes a release out', async () => {
    const ports = await world();
    ports.ledger.seed({ ...(await release(ports)), status: 'rolledBack' });
    const message = 'release 1.1.0 is rolled back already, there is nothing to abort; to take it out of an environment use ptl roll-back';
    expect(await abort(ports)).toEqual({ status: 409, body: { code: 'ReleaseFinished', message } });
  });

  test('of what has live traffic is none, and it is said how to take that', async () => {
    const message = 'release 1.1.0 has live traffic in Production, it can no longer be aborted; use ptl roll-back Production';
    expect(await abort(await shifted())).toEqual({ status: 409, body: { code: 'AlreadyShifted', message } });
  });

  test('of what is in no environment is told of without one', async () => {
    const ports = await world();
    await abort(ports);
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'ReleaseAborted', release: '1.1.0', who: MANAGER, why: 'wrong week' });
    expect(ports.bus.published.at(-1)?.environment).toBeUndefined();
    expect((await release(ports)).aborted).toEqual({ by: MANAGER, reason: 'wrong week', at: ports.clock.now() });
  });

  test('once more tells the machine that waits, where the first one died before it had', async () => {
    const ports = await atGate(await holding(), 'goNoGo');
    ports.ledger.seed({ ...(await release(ports)), aborted: { by: MANAGER, reason: 'wrong week', at: ports.clock.now() } });
    expect(await abort(ports)).toMatchObject({ status: 200 });
    expect(ports.machines.answers).toMatchObject([{ token: TOKEN, answer: { success: { outcome: 'refused' } } }]);
    const before = snapshot(ports);
    expect(await abort(ports)).toMatchObject({ status: 200 });
    expect(snapshot(ports)).toEqual(before);
  });
});
