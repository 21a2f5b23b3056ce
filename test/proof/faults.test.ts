import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentState, Release, Ticket } from '../../lambda/domain/model';
import { synthesizedStates } from '../../proof/faults/app/states';
import { judge } from '../../proof/faults/judge/judge';
import type { Seen } from '../../proof/faults/judge/seen';
import { readOptions } from '../../proof/faults/options';
import { complaints, expectations, matrix, type Result } from '../../proof/faults/report';
import { median } from '../../proof/faults/run/roll-backs';
import { rulesFor } from '../../proof/faults/run/rules';
import { BUGS } from '../../proof/faults/seeded/bugs';
import { causeOf } from '../../proof/faults/table/causes';
import { makesSense } from '../../proof/faults/table/cell';
import { FAULT_NAMES } from '../../proof/faults/table/fault';
import { WITHOUT_ROW } from '../../proof/faults/table/shop';
import { TABLE } from '../../proof/faults/table/table';
import { bundled } from '../bundles';

describe('the table', () => {
  beforeAll(bundled);

  test('has every state of the synthesized machine, and no other', () => {
    const live = Object.keys(TABLE).filter((state) => TABLE[state]?.place === 'Live');
    expect(live.sort()).toEqual([...synthesizedStates('Live').environment].sort());
  });

  test('has every state of the other path that the first one has not, or says why it has none, and no other', () => {
    const { environment, path } = synthesizedStates('Shop');
    const covered = new Set(Object.keys(TABLE).map((state) => state.replaceAll('Live', 'Shop')));
    const shop = Object.keys(TABLE).filter((state) => TABLE[state]?.place === 'Shop');
    const plain = synthesizedStates('Live').environment.map((state) => state.replaceAll('Live', 'Shop'));
    const more = [...environment, ...path].filter((state) => !plain.includes(state));
    expect([...shop, ...Object.keys(WITHOUT_ROW)].sort()).toEqual(more.sort());
    expect(plain.filter((state) => !covered.has(state))).toEqual([]);
    for (const [state, why] of Object.entries(WITHOUT_ROW)) expect([state, why]).toEqual([state, expect.stringMatching(/\w{3}/)]);
  });

  test('says of every state and fault what must become of a release, and with which ticket, or why that makes no sense', () => {
    for (const [state, { cells, kind }] of Object.entries(TABLE)) {
      expect([state, Object.keys(cells).sort()]).toEqual([state, [...FAULT_NAMES].sort()]);
      for (const fault of FAULT_NAMES) {
        const cell = cells[fault];
        if (!makesSense(cell)) expect([state, fault, cell.reason]).toEqual([state, fault, expect.stringMatching(/\w/)]);
        else expect([state, fault, kind, cell.cause !== undefined]).toEqual([state, fault, kind, cell.outcome !== 'live']);
      }
    }
  });

  test('does not expect every release to end the same way', () => {
    const outcomes = Object.values(TABLE).flatMap(({ cells }) =>
      FAULT_NAMES.map((fault) => cells[fault])
        .filter(makesSense)
        .map(({ outcome }) => outcome),
    );
    for (const outcome of ['live', 'stopped', 'rolledBack'] as const) expect(outcomes.filter((each) => each === outcome).length).toBeGreaterThan(20);
  });

  test('leads to something that can strike, in every cell that makes sense', () => {
    for (const [state, row] of Object.entries(TABLE)) {
      for (const fault of FAULT_NAMES.filter((each) => makesSense(row.cells[each]))) {
        const rules = rulesFor(state, row, fault);
        expect([state, fault, rules.length > 0]).toEqual([state, fault, true]);
        for (const rule of rules)
          if (rule.at === 'call' || rule.at === 'called') expect([state, fault, rule.action]).toEqual([state, fault, expect.any(String)]);
      }
    }
  });
});

describe('a cell', () => {
  const [blue, green] = ['arn:blue', 'arn:green'];
  const release = { version: '1.0.2', status: 'rolledBack' } as unknown as Release;
  const environment = {
    live: { colour: 'blue', version: '1.0.1' },
    slots: { blue: { targetGroupArn: blue }, green: { targetGroupArn: green } },
    weights: { blue: 100 },
  } as unknown as EnvironmentState;
  const ticket = { step: 'Bake Live at 50 percent', subject: 'the new version', actual: 'alarm FaultsOrders', logs: 'x', outcome: 'rolledBack' } as Ticket;
  const good: Seen = {
    version: '1.0.2',
    liveBefore: '1.0.1',
    happened: true,
    restless: undefined,
    release,
    environment,
    weights: { [blue]: 100 },
    tickets: [ticket],
    responses: [{ sent: 1, answered: 2, environment: 'Live', path: '/', connection: 'fresh', status: 200, version: '1.0.1' }],
    seconds: 5,
  };
  const answered = good.responses[0] as Seen['responses'][number];
  const expected = { outcome: 'rolledBack', cause: causeOf('Live', 'Bake Live at 50 percent', { kind: 'good' }, 'alarm', 'rolledBack') } as const;

  test('is as expected when all is', () => {
    expect(judge(expected, 'good', good)).toEqual([]);
  });

  test.each<[string, Partial<Seen>, RegExp]>([
    ['nothing went wrong', { happened: false }, /did not/],
    ['it never ended', { restless: 'the release is on its way' }, /come to rest/],
    ['it ended otherwise', { release: { ...release, status: 'stopped' } }, /is stopped, expected: rolledBack/],
    ['something else is live', { environment: { ...environment, live: { colour: 'blue', version: '1.0.2', digest: 'd' } } }, /1.0.2 is live/],
    ['the lock is held', { environment: { ...environment, lock: { release: '1.0.2' } as EnvironmentState['lock'] } }, /holds the lock/],
    ['a lease is left', { environment: { ...environment, lease: { owner: 'died', fence: 1, expiresAt: '2026' } } }, /lease/],
    ['the live rule is not as the ledger says', { weights: { [blue]: 50, [green]: 50 } }, /the live rule/],
    ['both are wrong in the same way', { weights: { [green]: 100 }, environment: { ...environment, weights: { green: 100 } } }, /live is 1.0.1 in blue/],
    ['there is no ticket', { tickets: [] }, /0 tickets: none/],
    ['there are two', { tickets: [ticket, ticket] }, /2 tickets/],
    ['it says something else', { tickets: [{ ...ticket, actual: 'ABORTED' }] }, /the ticket says/],
    ['it is of another step', { tickets: [{ ...ticket, step: 'Accept in Live' }] }, /the ticket says/],
    ['it does not say where to look', { tickets: [{ ...ticket, logs: '' }] }, /where to look/],
    [
      'a request was not answered',
      { responses: [{ ...answered, status: 0, version: undefined, error: 'reset' }] },
      /1 of 1 requests failed, the first with reset from no release/,
    ],
    ['a request was answered with an error', { responses: [{ ...answered, status: 502, version: undefined }] }, /502 from no release/],
  ])('is not when %s', (_, wrong, words) => {
    expect(judge(expected, 'good', { ...good, ...wrong }).join('\n')).toMatch(words);
  });

  test('of a bad version has errors of its own, and no others', () => {
    const own = { ...answered, status: 500, version: '1.0.2' };
    expect(judge(expected, 'bad', { ...good, responses: [own] })).toEqual([]);
    expect(judge(expected, 'bad', { ...good, responses: [own, { ...own, version: '1.0.1' }] }).join()).toMatch(/1 of 2/);
    expect(judge(expected, 'good', { ...good, responses: [own] }).join()).toMatch(/1 of 1/);
  });

  test('of a release that is told of an outage has users without a version for a while, and nothing else that fails', () => {
    const told = { ...answered, status: 503, version: undefined };
    expect(judge({ ...expected, told: true }, 'breaks', { ...good, responses: [answered, told] })).toEqual([]);
    expect(judge({ ...expected, told: true }, 'breaks', good)).toEqual(['nobody was told of the outage']);
    expect(judge(expected, 'breaks', { ...good, responses: [told] }).join()).toMatch(/1 of 1 requests failed, the first with 503/);
    expect(judge({ ...expected, told: true }, 'breaks', { ...good, responses: [told, { ...told, version: '1.0.1' }] }).join()).toMatch(/1 of 2/);
    expect(judge({ ...expected, told: true }, 'breaks', { ...good, responses: [told, { ...told, status: 502 }] }).join()).toMatch(/1 of 2/);
  });

  test('leaves no outage, but where users are to stay without a version', () => {
    const outage = { release: '1.0.2' } as EnvironmentState['outage'];
    const out = { ...good, environment: { ...environment, outage, weights: {} }, weights: {} };
    expect(judge(expected, 'breaks', out).join()).toMatch(/the outage of 1.0.2 has not ended.*live is 1.0.1 in blue/);
    expect(judge({ ...expected, out: true }, 'breaks', out)).toEqual([]);
    expect(judge({ ...expected, out: true }, 'breaks', good).join()).toMatch(/no outage is left.*users were to stay without a version/);
  });

  test('of a release that goes live has no ticket', () => {
    const live = {
      ...good,
      release: { ...release, status: 'live' },
      environment: { ...environment, live: { colour: 'blue', version: '1.0.2', digest: 'd' } },
    } as const;
    expect(judge({ outcome: 'live' }, 'good', { ...live, tickets: [] })).toEqual([]);
    expect(judge({ outcome: 'live' }, 'good', live).join()).toMatch(/1 tickets/);
  });

  test('is shown in the matrix with what it took, and with ! where it is not as expected', () => {
    const result: Result = { state: 'Bake Live at 50 percent', fault: 'alarm', seen: good, problems: [] };
    expect(matrix([result]).at(-1)).toMatch(/^Bake Live at 50 percent .* R 5.0 1\/0/);
    expect(matrix([{ ...result, problems: ['no'] }]).at(-1)).toMatch(/ !R 5.0 1\/0/);
    expect(complaints([{ ...result, problems: ['no'] }])).toEqual(['Bake Live at 50 percent, alarm fires (1.0.2):', '  no']);
  });
});

test('what is expected is shown for every state, with the reason of every cell that makes no sense', () => {
  const shown = expectations().join('\n');
  for (const state of Object.keys(TABLE)) expect(shown).toContain(state);
  expect(shown).toContain('nobody has been asked yet');
});

test('a part of the matrix is asked for by words of a state and by the name of a fault', () => {
  expect(readOptions(['--state', 'shift live', '--fault', 'killed'])?.cells).toEqual([
    { state: 'Shift Live to 50 percent', fault: 'killedBefore' },
    { state: 'Shift Live to 50 percent', fault: 'killedAfter' },
    { state: 'Shift Live to 100 percent', fault: 'killedBefore' },
    { state: 'Shift Live to 100 percent', fault: 'killedAfter' },
  ]);
  expect(() => readOptions(['--state', 'Sleep'])).toThrow('--state is "Sleep", and no state has that in its name; there are Enter Live');
  expect(() => readOptions(['--fault', 'flood'])).toThrow('--fault is "flood"; there are killedBefore');
  expect(() => readOptions(['--state', 'Is it a go', '--fault', 'alarm'])).toThrow('none of the cells of Is it a go in Live? makes sense with alarm');
  expect(() => readOptions(['--roll-backs', 'many'])).toThrow('--roll-backs is "many"; give a whole number from 1 to 1,000');
});

test('the median of an even number of figures is one of them', () => {
  expect([median([3]), median([1, 2, 3, 4]), median([5, 1, 3])]).toEqual([3, 2, 3]);
});

test.each(Object.entries(BUGS))('the rule that %s breaks is there to be broken, and so is the cell that finds it', (name, { edit, found }) => {
  const source = readFileSync(join(__dirname, '../../lambda/domain', edit.file), 'utf8');
  expect(source.split(edit.from)).toHaveLength(2);
  const cell = TABLE[found.state]?.cells[found.fault];
  expect([name, cell !== undefined && makesSense(cell)]).toEqual([name, true]);
});
