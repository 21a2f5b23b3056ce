import type { EndInput, RollBackRequest } from '../../../../lambda/contract';
import type { EnvironmentState } from '../../../../lambda/domain/model';
import type { RuleTargets } from '../../../../lambda/domain/ports';
import { decideRollBack, holding } from '../../../../lambda/domain/traffic/decide-roll-back';
import { decideSwapBack, swapFailure } from '../../../../lambda/domain/traffic/decide-swap-back';
import { withOriginal } from '../../../../lambda/domain/traffic/original';
import { contractRuns, wayBack } from '../../../../lambda/domain/traffic/way-back';
import { examplePlan, exampleRelease, exampleSlot, liveEnvironment, taskInput } from '../../example-path';
import { targetGroupOf } from '../../fake-slots';

const [BLUE, GREEN] = [targetGroupOf('Payments-Production-Blue'), targetGroupOf('Payments-Production-Green')];
const on = (weights: Readonly<Record<string, number>>): RuleTargets => ({ kind: 'slots', weights });
const slots = { blue: exampleSlot('1.0.0', 'Payments-Production-Blue'), green: exampleSlot('1.1.0', 'Payments-Production-Green') };
const lock = { release: '1.2.0', execution: 'e', colour: 'green', since: '08:30', shifted: true };
const outage = { release: '1.1.0', says: 'back at nine', beganAt: '08:00' } as NonNullable<EnvironmentState['outage']>;
const contract = { name: 'drop-amount', release: '1.1.0', startedAt: '08:10' };

/** 1.1.0 is live in green, and 1.0.0, which was before, is still in blue. */
const finished = (given: Partial<EnvironmentState> = {}): EnvironmentState =>
  liveEnvironment('1.1.0', 'Production', {
    live: { colour: 'green', version: '1.1.0', digest: 'digest-of-1.1.0' },
    previous: { colour: 'blue', version: '1.0.0', digest: 'digest-of-1.0.0' },
    slots,
    weights: { green: 100 },
    ...given,
  });

describe('the roll back of a release that is live', () => {
  const request = { environment: 'Production', who: 'arn:service-manager', reason: 'slow' } as RollBackRequest;
  const swap = (given: Partial<EnvironmentState>, healthyTargets = 1, actual: RuleTargets = on({ [GREEN]: 100 })) =>
    decideSwapBack({ request, state: finished(given), healthyTargets, actual });

  test('gives all traffic to the slot that still holds what was live before', () => {
    expect(swap({})).toMatchObject({ kind: 'swap', from: { version: '1.1.0' }, to: { version: '1.0.0' }, target: on({ [BLUE]: 100 }), targetGroupArn: BLUE });
  });

  test.each<[string, Partial<EnvironmentState>, string, string]>([
    [
      'while a contract runs',
      { lock: { ...lock, contract: true }, contracts: [] },
      'no contract under way',
      'the contract of 1.2.0 has run in Production since 08:30: ask again when it has ended',
    ],
    ['with a release in flight', { lock }, 'no release in flight', 'release 1.2.0 holds Production since 08:30: ask for its roll back instead'],
    [
      'where the path is taken out',
      { retirement: { execution: 'e' } as EnvironmentState['retirement'] },
      'an environment that stays',
      'Production is being retired: its users go back to what served before any release, or have by now',
    ],
    [
      'where nothing is live',
      { live: undefined },
      'a release that is live',
      'nothing is live in "Production", so there is nothing to roll back; ptl status says what happened there',
    ],
    [
      'where the slot holds something else by now',
      { slots: { ...slots, blue: exampleSlot('0.9.0', 'Payments-Production-Blue') } },
      'the version that was live before, in its slot',
      'slot blue does not hold 1.0.0 any more: to have 1.0.0 live again, take it through its path once more, from its own source or assembly (ptl release 1.0.0 --again)',
    ],
  ])('is refused %s, with what was expected and what to do', (_, given, expected, actual) => {
    const failure = { step: 'Roll back Production', subject: 'the roll back target', expected, actual, logs: 'Production' };
    expect(swap(given)).toMatchObject({ kind: 'refused', failure });
  });

  test('is refused where its target serves nobody, or the live rule is gone', () => {
    expect(swap({}, 0)).toMatchObject({
      failure: { expected: 'at least one healthy target', actual: expect.stringContaining('slot blue with 1.0.0 has none') },
    });
    expect(swap({}, 1, { kind: 'gone' })).toMatchObject({ failure: { expected: 'a live rule' } });
  });

  test('is told by a ticket that says where to look: the logs of its stack, or its target group where the plan does not know the slot', () => {
    const from = { colour: 'green', version: '1.1.0', digest: 'd' };
    expect(swapFailure(request, from, examplePlan(), slots)).toEqual({
      step: 'Roll back Production',
      subject: 'a live release',
      expected: 'stays live until the next one',
      actual: '1.1.0 was live in green, and arn:service-manager rolled it back: slow',
      ofRelease: '1.1.0',
      logs: 'log groups of the stack Payments-Production-Green in 222222222222, eu-west-2',
    });
    expect(swapFailure(request, from, examplePlan('Production', { slots: [] }), slots).logs).toBe(`target group ${GREEN} in 222222222222, eu-west-2`);
    expect(swapFailure(request, from, examplePlan('Production', { slots: [] }), {}).logs).toContain('target group undefined');
  });
});

describe('the way back', () => {
  const NEW = ['ptl release <version>'];
  const FREEZE = 'ptl freeze Production --reason "<why>"';
  const FROZEN = 'freeze Production, so that nothing else goes live meanwhile, and then';

  test.each<[string, Partial<EnvironmentState>, object]>([
    [
      'from what served before any release is a version',
      { ...withOriginal(liveEnvironment('1.0.0', 'Production', { live: undefined, slots: {} }), 'arn:before'), previous: undefined },
      { why: 'what served before any release is live in Production', instead: 'release a version', commands: NEW },
    ],
    [
      'past a contract that runs is to finish it',
      { previous: { ...(finished().previous as NonNullable<EnvironmentState['previous']>), contract }, contracts: [contract] },
      {
        why: 'the contract drop-amount, which 1.1.0 brought, started in Production at 08:10, and 1.0.0 may not understand the shared state since',
        instead: `${FROZEN} finish the contract, and release a version that mends what is wrong; one that brings the same contract may come first`,
        commands: [FREEZE, 'ptl contract Production --reason "<why>"', ...NEW],
      },
    ],
    [
      'past a breaking migration that is not finished is a version that brings it, mended',
      { previous: { ...(finished().previous as NonNullable<EnvironmentState['previous']>), contract }, contracts: [{ ...contract, breaking: true }] },
      { instead: `${FROZEN} release a version that brings drop-amount, mended: it goes on with it, in an outage`, commands: [FREEZE, ...NEW] },
    ],
    [
      'past a contract that has finished is a version that mends what is wrong',
      {
        previous: undefined,
        previousTaken: { colour: 'blue', version: '1.0.0', digest: 'd', by: '1.2.0', at: '09:00', contract },
        contracts: [{ ...contract, finishedAt: '08:20' }],
      },
      {
        why: expect.stringContaining('and 1.0.0 may not understand'),
        instead: `${FROZEN} release a version that mends what is wrong`,
        commands: [FREEZE, ...NEW],
      },
    ],
    [
      'where nothing is live is a release',
      { live: undefined, previous: undefined },
      { why: 'no slot holds a version that was live before nothing', commands: NEW },
    ],
    [
      'where the ledger knows no slot of it',
      { slots: { green: slots.green } },
      { why: 'slot blue does not hold 1.0.0 any more', commands: ['ptl release 1.0.0 --again'] },
    ],
  ])('%s', (_, given, none) => {
    expect(wayBack(finished(given))).toMatchObject({ kind: 'none', ...none });
  });

  test('of a contract that is under way is said with it', () => {
    const previous = { ...(finished().previous as NonNullable<EnvironmentState['previous']>), contract };
    expect(contractRuns(finished({ previous, contracts: [contract] }), { ...lock, release: '1.1.0' })).toMatch(
      /^the contract of 1\.1\.0 has run in Production since 08:30: the contract drop-amount, .*: freeze .* \(ptl freeze Production --reason "<why>", and when that has ended ptl contract Production --reason "<why>", and when that has ended ptl release <version>\)$/,
    );
  });
});

describe('the roll back of a release in flight', () => {
  const release = exampleRelease('1.2.0');
  const back = (given: Partial<EnvironmentState>, actual: RuleTargets, healthyTargets = 1) =>
    decideRollBack({ release, state: finished(given), healthyTargets, actual });

  test.each<[string, Partial<EnvironmentState>, RuleTargets, object]>([
    ['finds what is there already', {}, on({ [GREEN]: 100 }), { kind: 'there', mismatch: false }],
    ['writes where somebody changed it', {}, on({ [BLUE]: 100 }), { kind: 'write', mismatch: true, expected: 'green 100', actual: 'blue 100' }],
    [
      'takes what its writer was about to write for expected, too',
      { lock: { ...lock, intended: { green: 90, blue: 10 } } },
      on({ [GREEN]: 90, [BLUE]: 10 }),
      { kind: 'write', mismatch: false, expected: 'green 100 or blue 10, green 90' },
    ],
    [
      'of a first release tells users what they were told before the outage, though the rule forwards nowhere already',
      { live: undefined, previous: undefined, weights: {}, outage },
      { kind: 'other' },
      { kind: 'write', target: { kind: 'other' } },
    ],
    ['after an outage in which what is live has its traffic writes nothing', { outage }, on({ [GREEN]: 100 }), { kind: 'there' }],
    [
      'of a first release without an outage leaves a rule that forwards nowhere',
      { live: undefined, previous: undefined, weights: {} },
      { kind: 'other' },
      { kind: 'there' },
    ],
  ])('%s', (_, given, actual, decision) => {
    expect(back(given, actual)).toMatchObject(decision);
  });

  test('that holds says in its ticket what must serve, why it does not, where to look, and what it was for', () => {
    const failure = { step: 'Bake', subject: 'alarm errors', expected: 'quiet', actual: 'in ALARM', logs: 'the alarm' };
    const input: EndInput = { ...taskInput('1.2.0'), failure };
    const held = back({}, on({ [GREEN]: 50, [BLUE]: 50 }), 0);
    if (held.kind !== 'hold') throw new Error(`was ${held.kind}`);
    expect(holding(input, held)).toEqual({
      step: 'Roll back Production',
      subject: 'the accepted target',
      expected: 'serves: holds the accepted version, with at least one healthy target',
      actual:
        'slot green with 1.1.0 has no healthy target; traffic stays as it is (blue 50, green 50) until it serves again or a person decides; the release was to go back because of alarm errors: in ALARM',
      logs: GREEN,
    });
    const forgotten = back({ slots: { blue: slots.blue } }, on({ [GREEN]: 100 }), 0);
    expect(forgotten.kind === 'hold' && holding(input, forgotten).logs).toBe('the alarm');
  });
});
