import type { Release } from '../../../../lambda/domain/model';
import { acceptedByAll, atGate, BODY, decide, holding, MANAGER, PIPELINE, shifted, world } from '../../api/world';
import { call } from '../../api-call';
import { ContractWorld, MANAGER as OWNER } from '../../contract-world';
import { session } from '../../example-gate';
import { examplePlan, exampleRelease, exampleWorld } from '../../example-path';
import type { InMemoryPorts } from '../../in-memory-ports';

const AT = { release: '1.1.0', environment: 'Production' };
const said = (ports: InMemoryPorts, message: string) => ports.log.lines.filter((line) => line.message === message).map(({ level, fields }) => [level, fields]);

/** Whoever looks for what happened finds it in the log of the hub: what was asked for, about what, and by whom. */
describe('the log of the hub has who', () => {
  test('submitted a release', async () => {
    const fields = { release: '1.1.0', digest: BODY.digest, attempt: 1, author: PIPELINE };
    expect(said(await world(), 'release submitted')).toEqual([['info', fields]]);
  });

  test('accepted, refused and resumed it, and what became of the gate', async () => {
    const ports = await acceptedByAll();
    const decision = { ...AT, gate: 'firebreak', decision: 'accept' };
    expect(said(ports, 'decision recorded')).toEqual([
      ['info', { ...decision, who: session('OnCall'), status: 'open' }],
      ['info', { ...decision, who: session('Product'), status: 'open' }],
      ['info', { ...decision, who: session('Security'), status: 'accepted' }],
    ]);
    await call(ports, MANAGER, 'POST /releases/1.1.0/resume', { environment: 'Production' });
    expect(said(ports, 'release resumed')).toEqual([['info', { ...AT, gate: 'firebreak', who: MANAGER }]]);
    const refused = await atGate(await world(), 'goNoGo');
    await decide(refused, session('ChangeAuthority'), { decision: 'refuse' });
    expect(said(refused, 'decision recorded')).toEqual([
      ['info', { ...AT, gate: 'goNoGo', decision: 'refuse', who: session('ChangeAuthority'), status: 'refused' }],
    ]);
  });

  test('aborted it, and where it was by then', async () => {
    const ports = await holding();
    await call(ports, MANAGER, 'POST /releases/1.1.0/abort', { reason: 'wrong week' });
    expect(said(ports, 'release aborted')).toEqual([['info', { ...AT, who: MANAGER }]]);
    const { digest } = (await ports.ledger.release('1.1.0')) as Release;
    expect(ports.bus.published.at(-1)?.detail).toEqual({ digest });
  });

  test('asked for a roll back, and whether somebody had before', async () => {
    const ports = await shifted();
    const ask = (who: string) => call(ports, who, 'POST /environments/Production/roll-back', { reason: 'slow' });
    await ask(MANAGER);
    await ask(PIPELINE);
    expect(said(ports, 'roll back asked for')).toEqual([
      ['info', { ...AT, who: MANAGER, again: false }],
      ['info', { ...AT, who: PIPELINE, again: true }],
    ]);
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'RollBackRequested', detail: { colour: 'green', weights: { blue: 90, green: 10 } } });
  });

  test('froze an environment, until when, and ended that', async () => {
    const ports = exampleWorld();
    await call(ports, MANAGER, 'POST /environments/Production/freeze', { reason: 'Black Friday', until: '2026-02-01T06:00Z' });
    expect(said(ports, 'frozen')).toEqual([['info', { environment: 'Production', who: MANAGER, until: '2026-02-01T06:00:00.000Z' }]]);
    await call(ports, PIPELINE, 'POST /environments/Production/unfreeze', { reason: 'over' });
    expect(said(ports, 'unfrozen')).toEqual([['info', { environment: 'Production', who: PIPELINE }]]);
  });

  test('asked for a contract, the execution that runs it, and that another had asked', async () => {
    const world = await ContractWorld.ready();
    await world.ask();
    await world.ask();
    const fields = { ...AT, who: OWNER, execution: world.execution };
    expect(said(world.ports, 'contract asked for')).toEqual([
      ['info', { ...fields, waited: false }],
      ['info', { ...fields, waited: true }],
    ]);
  });

  test('began to take the path out', async () => {
    const ports = exampleWorld();
    ports.ledger.seed(exampleRelease('1.1.0', [examplePlan()], { status: 'live' }));
    expect(await call(ports, MANAGER, 'POST /retirement', { reason: 'moved away', usersGet503: ['Production'] })).toMatchObject({ status: 200 });
    const [run] = ports.machines.retirements;
    expect(said(ports, 'retirement begun')).toEqual([['info', { who: MANAGER, execution: ports.machines.retireArn(run?.name ?? '') }]]);
  });
});
