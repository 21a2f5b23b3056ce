import type { OpenGateInput } from '../../lambda/contract';
import type { Gate, Release } from '../../lambda/domain/model';
import { openGate } from '../../lambda/handlers/open-gate';
import { ALL, accept, afterwards, integration, NOW, opened, PARTIES, production, release, session } from './example-gate';
import { inMemoryPorts } from './in-memory-ports';

describe('a machine that arrives at a gate', () => {
  const input: OpenGateInput = { environment: 'Production', release: '1.1.0', execution: release.execution, gate: 'firebreak', token: 'token-1' };

  function arrived(given: Partial<Release> = {}) {
    const ports = inMemoryPorts([integration, production]);
    ports.ledger.seed({ ...release, ...given });
    return { ports, open: openGate(ports) };
  }
  const answers = (ports: ReturnType<typeof inMemoryPorts>) => ports.machines.answers;

  test('leaves its token there, and an event that says who is asked', async () => {
    const { ports, open } = arrived();
    await open(input);
    expect(await ports.ledger.gate('1.1.0', 'Production', 'firebreak')).toMatchObject({ status: 'open', token: 'token-1', revision: 1 });
    expect(ports.bus.published).toEqual([
      expect.objectContaining({ what: 'FirebreakOpened', who: release.execution, detail: expect.objectContaining({ parties: PARTIES }) }),
    ]);
    expect(answers(ports)).toEqual([]);
  });

  test('is answered at once when nobody needs to be asked', async () => {
    const { ports, open } = arrived({ changes: [] });
    await open(input);
    expect(answers(ports)).toEqual([{ token: 'token-1', answer: { success: { outcome: 'notNeeded' } } }]);
    expect(await ports.ledger.gates('1.1.0')).toEqual([]);
  });

  test.each([
    ['the release has ended', { status: 'stopped' }, 'it has ended, stopped'],
    ['a later attempt of it is on its way', { attempt: 2, execution: `${release.execution}2` }, 'left over from an earlier attempt'],
  ] as const)('is told no when it comes late, and %s: what waits there stays as it is', async (_, given, words) => {
    const { ports, open } = arrived(given);
    const waiting: Gate = { ...opened(), execution: `${release.execution}2`, token: 'of the later attempt' };
    ports.ledger.seed(waiting);
    await open(input);
    expect(answers(ports)).toEqual([
      { token: 'token-1', answer: { success: { outcome: 'refused', failure: expect.objectContaining({ actual: expect.stringContaining(words) }) } } },
    ]);
    expect(await ports.ledger.gate('1.1.0', 'Production', 'firebreak')).toMatchObject({ token: 'of the later attempt', revision: 1 });
  });

  test('is told no when the release was aborted on the way', async () => {
    const { ports, open } = arrived({ aborted: { by: session('ReleaseManager'), reason: 'wrong week', at: NOW } });
    await open(input);
    expect(answers(ports)).toEqual([
      { token: 'token-1', answer: { success: { outcome: 'refused', failure: expect.objectContaining({ actual: expect.stringContaining('wrong week') }) } } },
    ]);
    expect(await ports.ledger.gates('1.1.0')).toEqual([]);
  });

  test('is told no when it is aborted at the same instant', async () => {
    const { ports, open } = arrived();
    ports.ledger.raceNextCommit(async () => {
      const stored = (await ports.ledger.release('1.1.0')) as Release;
      await ports.ledger.commit({ put: [{ ...stored, aborted: { by: 'x', reason: 'y', at: NOW } }], audit: [] });
    });
    await open(input);
    expect(answers(ports)).toEqual([{ token: 'token-1', answer: { success: expect.objectContaining({ outcome: 'refused' }) } }]);
    expect(await ports.ledger.gates('1.1.0')).toEqual([]);
  });

  test('that tries again with a new token keeps what was decided and is asked about once', async () => {
    const { ports, open } = arrived();
    await open(input);
    const gate = (await ports.ledger.gate('1.1.0', 'Production', 'firebreak')) as Gate;
    await ports.ledger.commit({ put: [afterwards(gate, ALL.slice(0, 1))], audit: [] });
    await open({ ...input, token: 'token-2' });
    await open({ ...input, token: 'token-2' });
    expect(await ports.ledger.gate('1.1.0', 'Production', 'firebreak')).toMatchObject({ token: 'token-2', decisions: [{ party: 'service management' }] });
    expect(ports.ledger.happened()).toEqual(['FirebreakOpened']);
  });

  test.each([
    ['of an earlier try', { enteredAt: NOW, retries: 1 }, { enteredAt: NOW, retries: 0 }],
    ['of an earlier stay at the state', { enteredAt: '2026-11-22T10:00:00.000Z', retries: 0 }, { enteredAt: '2026-11-22T09:00:00.000Z', retries: 3 }],
  ])('that called %s, late, leaves the token of the later one, which is the one that waits', async (_, later, earlier) => {
    const { ports, open } = arrived();
    await open({ ...input, ...later, token: 'waits' });
    await open({ ...input, ...earlier, token: 'nobody waits' });
    expect(await ports.ledger.gate('1.1.0', 'Production', 'firebreak')).toMatchObject({ token: 'waits', ...later });
    expect(answers(ports)).toEqual([]);
    await open({ ...input, ...later, retries: later.retries + 1, token: 'waits now' });
    expect(await ports.ledger.gate('1.1.0', 'Production', 'firebreak')).toMatchObject({ token: 'waits now' });
  });

  test.each([
    ['passed', ALL.map((one) => one), 'passed'],
    ['refused', [accept(session('Security'), { decision: 'refuse', reason: 'open finding' })], 'refused'],
  ] as const)('that tries again at a gate that was %s meanwhile is answered', async (_title, requests, outcome) => {
    const { ports, open } = arrived();
    await open(input);
    const gate = (await ports.ledger.gate('1.1.0', 'Production', 'firebreak')) as Gate;
    await ports.ledger.commit({ put: [afterwards({ ...gate, resumes: 'automatically' }, requests)], audit: [] });
    await open({ ...input, token: 'token-2' });
    expect(answers(ports)).toEqual([{ token: 'token-2', answer: { success: expect.objectContaining({ outcome }) } }]);
  });

  test.each([
    ['with other evidence', { evidence: {} }, input],
    ['in another attempt', { execution: 'second' }, { ...input, execution: 'second' }],
  ])('that comes back %s is asked about afresh', async (_title, changed, again) => {
    const { ports, open } = arrived();
    await open(input);
    const gate = (await ports.ledger.gate('1.1.0', 'Production', 'firebreak')) as Gate;
    const stored = (await ports.ledger.release('1.1.0')) as Release;
    await ports.ledger.commit({ put: [afterwards(gate, ALL), { ...stored, ...changed }], audit: [] });
    await open({ ...again, token: 'token-2' });
    expect(await ports.ledger.gate('1.1.0', 'Production', 'firebreak')).toMatchObject({ token: 'token-2', status: 'open', decisions: [] });
    expect(ports.ledger.happened()).toEqual(['FirebreakOpened', 'FirebreakOpened']);
  });

  test.each([
    ['a release nobody knows', { ...input, release: '9.9.9' }],
    ['an environment nobody knows', { ...input, environment: 'Moon' }],
  ])('with %s fails and changes nothing', async (_title, unknown) => {
    const { ports, open } = arrived();
    const before = ports.ledger.snapshot();
    await expect(open(unknown)).rejects.toThrow(/9\.9\.9|Moon/);
    expect(ports.ledger.snapshot()).toEqual(before);
  });
});
