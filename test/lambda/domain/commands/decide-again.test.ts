import { decideAgain } from '../../../../lambda/domain/commands/decide-again';
import { Conflict } from '../../../../lambda/domain/errors';
import { FakeClock } from '../../fake-engine';

/** Others are quicker so many times. */
async function behind(others: number, attempts?: number) {
  const clock = new FakeClock();
  let tried = 0;
  const command = async () => {
    tried += 1;
    if (tried <= others) throw new Conflict(`somebody was quicker, ${tried}`);
    return 'recorded';
  };
  const outcome = await decideAgain(clock, command, attempts).catch(({ message }: Error) => message);
  return { outcome, tried, slept: clock.slept };
}

test('what is decided while somebody else is quicker is decided again, after a pause that grows as others keep coming', async () => {
  expect(await behind(0)).toEqual({ outcome: 'recorded', tried: 1, slept: [] });
  expect(await behind(3)).toEqual({ outcome: 'recorded', tried: 4, slept: [40, 80, 160] });
});

test('a caller is not kept for long: five times, and no pause is longer than a third of a second', async () => {
  expect(await behind(4)).toEqual({ outcome: 'recorded', tried: 5, slept: [40, 80, 160, 320] });
  expect(await behind(5)).toEqual({ outcome: 'somebody was quicker, 5', tried: 5, slept: [40, 80, 160, 320] });
  expect(await behind(6, 7)).toEqual({ outcome: 'recorded', tried: 7, slept: [40, 80, 160, 320, 320, 320] });
});

test('what is wrong otherwise is not tried again', async () => {
  const clock = new FakeClock();
  let tried = 0;
  const command = async () => {
    tried += 1;
    throw new Error('the table is away');
  };
  await expect(decideAgain(clock, command)).rejects.toThrow('the table is away');
  expect([tried, clock.slept]).toEqual([1, []]);
});
