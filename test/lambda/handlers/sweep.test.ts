import fc from 'fast-check';
import type { AuditEvent, Delivery } from '../../../lambda/domain/model';
import { deliver } from '../../../lambda/domain/outbox';
import { sweep } from '../../../lambda/handlers/sweep';
import { exampleWorld } from '../example-path';

const event = (n: number): AuditEvent => ({ at: `2026-01-05T09:00:0${n}.000Z`, what: 'TrafficShifted', release: '1.1.0', who: 'arn', detail: { n } });
const token = (n: number): Delivery => ({ to: 'token', token: `t${n}`, answer: { success: { n } } });

test('what could not be delivered at its commit is delivered by the next sweep, once and in order', async () => {
  const ports = exampleWorld();
  ports.bus.away = new Error('throttled');
  ports.machines.away = new Error('throttled');
  await ports.ledger.commit({ put: [], audit: [event(1), event(2)], deliver: [token(1)] });
  expect(await ports.ledger.outbox()).toHaveLength(3);
  await expect(sweep(ports)()).rejects.toMatchObject({ name: 'Retry', message: expect.stringContaining('3 of 3 deliveries stay in the outbox') });
  ports.bus.away = undefined;
  ports.machines.away = undefined;
  await sweep(ports)();
  expect(ports.bus.published.map(({ detail }) => detail.n)).toEqual([1, 2]);
  expect(ports.machines.answers).toEqual([{ token: 't1', answer: { success: { n: 1 } } }]);
  expect(await ports.ledger.outbox()).toEqual([]);
  await sweep(ports)();
  expect(ports.bus.published).toHaveLength(2);
});

test('one destination that is away does not hold up the others', async () => {
  const ports = exampleWorld();
  ports.bus.away = ports.machines.away = new Error('throttled');
  await ports.ledger.commit({ put: [], audit: [event(1)], deliver: [token(1)] });
  ports.machines.away = undefined;
  await expect(sweep(ports)()).rejects.toThrow('1 of 2 deliveries stay in the outbox');
  expect(ports.machines.answers).toHaveLength(1);
  expect((await ports.ledger.outbox()).map(({ delivery }) => delivery.to)).toEqual(['bus']);
});

test('a refusal that quotes the token does not get it into an error or a log', async () => {
  const ports = exampleWorld();
  ports.machines.away = Object.assign(new Error("Value 't1' at 'taskToken' failed to satisfy constraint"), { name: 'ValidationException' });
  await ports.ledger.commit({ put: [], audit: [], deliver: [token(1)] });
  await expect(sweep(ports)()).rejects.toThrow(/stay in the outbox: [^']+ to token: ValidationException$/);
});

test('a token nobody waits for any more counts as delivered', async () => {
  const ports = exampleWorld();
  await deliver(ports, token(1));
  await expect(deliver(ports, token(1))).resolves.toBeUndefined();
  expect(ports.machines.answers).toHaveLength(1);
});

test('whatever is away whenever, in the end everything was delivered', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ bus: fc.boolean(), machines: fc.boolean(), commits: fc.integer({ min: 0, max: 2 }) }), { maxLength: 8 }),
      async (days) => {
        const ports = exampleWorld();
        let n = 0;
        for (const day of days) {
          ports.bus.away = day.bus ? new Error('away') : undefined;
          ports.machines.away = day.machines ? new Error('away') : undefined;
          for (let commit = 0; commit < day.commits; commit++) {
            n += 1;
            await ports.ledger.commit({ put: [], audit: [event(n)], deliver: [token(n)] });
          }
          await sweep(ports)().catch(() => undefined);
        }
        ports.bus.away = ports.machines.away = undefined;
        await sweep(ports)();
        expect(ports.bus.published.map(({ detail }) => detail.n).sort()).toEqual(Array.from({ length: n }, (_, index) => index + 1).sort());
        expect(ports.machines.answers).toHaveLength(n);
      },
    ),
  );
});
