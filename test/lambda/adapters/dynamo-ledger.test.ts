import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { DynamoLedger } from '../../../lambda/adapters/dynamo-ledger';
import { Conflict, Retry } from '../../../lambda/domain/errors';
import type { AuditEvent, Delivery, Gate, Ticket } from '../../../lambda/domain/model';
import { exampleRelease } from '../example-path';
import { FakeBus, FakeClock, FakeLog, FakeMachines } from '../fake-engine';

const dynamo = mockClient(DynamoDBClient);
const release = exampleRelease('1.0.0', undefined, { revision: 3 });
const submitted: AuditEvent = {
  at: '2026-01-05T08:00:00.000Z',
  what: 'ReleaseSubmitted',
  release: '1.0.0',
  who: 'arn:aws:iam::111111111111:role/Pipeline',
  detail: {},
};
const answerToken: Delivery = { to: 'token', token: 'a-token-of-a-machine', answer: { success: { outcome: 'passed' } } };
const ticket: Ticket = {
  kind: 'ticket',
  revision: 0,
  fingerprint: 'f1',
  environment: 'Production',
  releases: ['1.0.0'],
  count: 1,
  firstAt: '2026-01-05T08:00:00.000Z',
  lastAt: '2026-01-05T08:00:00.000Z',
  outcome: 'stopped',
  step: 'Test the shadow of Production',
  subject: 'health',
  expected: '200',
  actual: '500',
  logs: 'arn',
};

function gateIn(status: Gate['status']): Gate {
  return {
    kind: 'gate',
    revision: 1,
    release: '1.0.0',
    environment: 'Production',
    gate: 'firebreak',
    parties: [],
    decisions: [],
    status,
    resumes: 'byReleaseManager',
    releaseManagers: [],
    digest: 'd',
    evidenceDigest: 'e',
    openedAt: '2026-01-05T08:00:00.000Z',
    expiresAt: '2026-01-06T08:00:00.000Z',
    execution: 'x',
    token: 't',
  };
}

function setUp() {
  const [machines, bus, clock, log] = [new FakeMachines(), new FakeBus(), new FakeClock(), new FakeLog()];
  const surroundings = { destinations: { machines, bus }, clock, log, uniqueName: () => '0f8fad5b-d9cb-469f-a165-70867728950e' };
  return { ledger: new DynamoLedger(new DynamoDBClient({}), 'ledger', surroundings), machines, bus, clock, log };
}

/** The parts of the one transaction that was sent, unmarshalled. */
function sentParts() {
  const [call] = dynamo.commandCalls(TransactWriteItemsCommand);
  return (call?.args[0].input.TransactItems ?? []).map(({ Put }) => ({
    item: unmarshall(Put?.Item ?? {}),
    condition: Put?.ConditionExpression,
    values: Put?.ExpressionAttributeValues && unmarshall(Put.ExpressionAttributeValues),
  }));
}

function cancelled(...codes: string[]) {
  return new TransactionCanceledException({ message: `cancelled: ${codes}`, $metadata: {}, CancellationReasons: codes.map((Code) => ({ Code })) });
}

beforeEach(() => {
  dynamo.reset();
  dynamo.onAnyCommand().resolves({});
});

describe('commit', () => {
  test('writes items, audit events and outbox in one transaction, and raises the revision', async () => {
    const { ledger } = setUp();
    await ledger.commit({ put: [release], audit: [submitted], deliver: [answerToken] });
    expect(dynamo.commandCalls(TransactWriteItemsCommand)).toHaveLength(1);
    const [item, event, published, answered] = sentParts();
    expect(item).toMatchObject({
      item: { pk: 'RELEASE#1.0.0', sk: 'META', list: 'IN_FLIGHT', listKey: `${release.submittedAt}#1.0.0`, revision: 4, digest: release.digest },
      condition: '#revision = :read',
      values: { ':read': 3 },
    });
    expect(event).toMatchObject({
      item: { pk: 'RELEASE#1.0.0', sk: 'EVENT#2026-01-05T08:00:00.000Z#00-0f8fad5b', what: 'ReleaseSubmitted' },
      condition: 'attribute_not_exists(pk)',
    });
    expect(published).toMatchObject({ item: { pk: 'OUTBOX', sk: '2026-01-05T09:00:00.000Z#00-0f8fad5b', delivery: { to: 'bus', event: submitted } } });
    expect(answered).toMatchObject({ item: { pk: 'OUTBOX', sk: '2026-01-05T09:00:00.000Z#01-0f8fad5b', delivery: answerToken } });
  });

  test('stores a new item only where there is none', async () => {
    await setUp().ledger.commit({ put: [{ ...release, revision: 0 }], audit: [] });
    expect(sentParts()[0]).toMatchObject({ item: { revision: 1 }, condition: 'attribute_not_exists(pk)', values: undefined });
  });

  test.each([
    ['open', 'WAITING'],
    ['accepted', 'WAITING'],
    ['passed', undefined],
    ['refused', undefined],
    ['void', undefined],
  ] as const)('a gate that is %s is on the list %s', async (status, list) => {
    await setUp().ledger.commit({ put: [gateIn(status)], audit: [] });
    expect(sentParts()[0]?.item).toMatchObject({ pk: 'RELEASE#1.0.0', sk: 'GATE#Production#firebreak' });
    expect(sentParts()[0]?.item.list).toBe(list);
  });

  test.each([
    ['submitted', 'IN_FLIGHT'],
    ['live', 'FINISHED'],
    ['stopped', 'FINISHED'],
    ['rolledBack', 'FINISHED'],
  ] as const)('a release that is %s is on the list %s', async (status, list) => {
    await setUp().ledger.commit({ put: [{ ...release, status }], audit: [] });
    expect(sentParts()[0]?.item).toMatchObject({ list, listKey: `${release.submittedAt}#1.0.0` });
  });

  test('keeps what became of a migration beside its environment, on no list', async () => {
    const started = {
      kind: 'migration',
      revision: 0,
      environment: 'Production',
      name: 'm',
      migration: 'expand',
      content: 'c',
      status: 'started',
      release: '1',
      execution: 'x',
      startedAt: 't',
      calls: 1,
    } as const;
    await setUp().ledger.commit({ put: [started], audit: [] });
    expect(sentParts()[0]).toMatchObject({ item: { pk: 'ENV#Production', sk: 'MIGRATION#m', revision: 1 }, condition: 'attribute_not_exists(pk)' });
    expect(sentParts()[0]?.item).not.toHaveProperty('list');
    dynamo.on(GetItemCommand).resolves({ Item: marshall({ pk: 'ENV#Production', sk: 'MIGRATION#m', ...started, revision: 1 }) });
    expect(await setUp().ledger.migration('Production', 'm')).toEqual({ ...started, revision: 1 });
  });

  test('keeps environments and tickets under their own keys', async () => {
    const environment = { kind: 'environment', revision: 2, environment: 'Production', slots: {}, weights: {}, live: undefined } as const;
    await setUp().ledger.commit({ put: [environment, ticket], audit: [] });
    const [stored, raised] = sentParts();
    expect(stored?.item).toEqual({ pk: 'ENV#Production', sk: 'STATE', kind: 'environment', revision: 3, environment: 'Production', slots: {}, weights: {} });
    expect(raised?.item).toMatchObject({ pk: 'TICKET#f1', sk: 'META', list: 'TICKETS' });
  });

  test('lists a ticket by when it happened last, not first', async () => {
    await setUp().ledger.commit({ put: [{ ...ticket, firstAt: '2026-01-01T09:00:00.000Z', lastAt: '2026-01-05T09:00:00.000Z' }], audit: [] });
    expect(sentParts()[0]?.item).toMatchObject({ list: 'TICKETS', listKey: '2026-01-05T09:00:00.000Z#f1' });
  });

  test('delivers what it committed and takes it out of the outbox', async () => {
    const { ledger, machines, bus } = setUp();
    await ledger.commit({ put: [], audit: [submitted], deliver: [answerToken] });
    expect(bus.published).toEqual([submitted]);
    expect(machines.answers).toEqual([{ token: 'a-token-of-a-machine', answer: { success: { outcome: 'passed' } } }]);
    expect(dynamo.commandCalls(DeleteItemCommand).map((call) => unmarshall(call.args[0].input.Key ?? {}).sk)).toEqual([
      '2026-01-05T09:00:00.000Z#00-0f8fad5b',
      '2026-01-05T09:00:00.000Z#01-0f8fad5b',
    ]);
  });

  test('leaves a failed delivery to the sweep, says so without the token, and is committed all the same', async () => {
    const { ledger, machines, log } = setUp();
    machines.away = new Error('InvalidToken a-token-of-a-machine');
    await ledger.commit({ put: [release], audit: [], deliver: [answerToken] });
    expect(dynamo.commandCalls(DeleteItemCommand)).toHaveLength(0);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { to: 'token', key: '2026-01-05T09:00:00.000Z#00-0f8fad5b' } }]);
    expect(JSON.stringify(log.lines)).not.toContain('a-token-of-a-machine');
  });

  test('delivers nothing of a transaction that did not happen', async () => {
    const { ledger, bus } = setUp();
    dynamo.on(TransactWriteItemsCommand).rejects(cancelled('None', 'ConditionalCheckFailed'));
    await expect(ledger.commit({ put: [{ ...release, revision: 0 }, ticket], audit: [submitted] })).rejects.toThrow(Conflict);
    expect(bus.published).toEqual([]);
  });

  test('a stale revision is a conflict that names the item, and is not tried again', async () => {
    const { ledger, clock } = setUp();
    dynamo.on(TransactWriteItemsCommand).rejects(cancelled('TransactionConflict', 'ConditionalCheckFailed'));
    await expect(ledger.commit({ put: [release, gateIn('open')], audit: [] })).rejects.toThrow(
      /another revision of gate "firebreak" of release "1.0.0" in "Production"/,
    );
    expect(dynamo.commandCalls(TransactWriteItemsCommand)).toHaveLength(1);
    expect(clock.slept).toEqual([]);
  });

  test('so is a new item that somebody else stored first', async () => {
    dynamo.on(TransactWriteItemsCommand).rejects(cancelled('ConditionalCheckFailed'));
    await expect(setUp().ledger.commit({ put: [{ ...release, revision: 0 }], audit: [] })).rejects.toThrow(/another revision of release "1.0.0"/);
  });

  test.each([
    ['another transaction on the same item', cancelled('TransactionConflict')],
    ['a throttled partition', cancelled('None', 'ThrottlingError')],
    ['an on-demand table that grows', Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' })],
    ['an answer that was lost', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
  ])('%s: tries again with the same token', async (_, error) => {
    const { ledger, clock } = setUp();
    dynamo.on(TransactWriteItemsCommand).rejectsOnce(error).rejectsOnce(error).resolves({});
    await ledger.commit({ put: [release], audit: [] });
    const tokens = dynamo.commandCalls(TransactWriteItemsCommand).map((call) => call.args[0].input.ClientRequestToken);
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens)).toEqual(new Set(['0f8fad5b-d9cb-469f-a165-70867728950e']));
    expect(clock.slept).toEqual([100, 200]);
  });

  test('gives up after five attempts, for the machine to try later', async () => {
    dynamo.on(TransactWriteItemsCommand).rejects(cancelled('TransactionConflict'));
    await expect(setUp().ledger.commit({ put: [release], audit: [] })).rejects.toThrow(Retry);
    expect(dynamo.commandCalls(TransactWriteItemsCommand)).toHaveLength(5);
  });

  test('an error that trying again cannot mend is thrown as it is', async () => {
    dynamo.on(TransactWriteItemsCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    await expect(setUp().ledger.commit({ put: [release], audit: [] })).rejects.toThrow('no');
    expect(dynamo.commandCalls(TransactWriteItemsCommand)).toHaveLength(1);
  });

  test('takes 100 parts and refuses 101, before anything is written', async () => {
    const { ledger } = setUp();
    const events = (count: number) => Array.from({ length: count }, () => submitted);
    await ledger.commit({ put: [], audit: events(50) });
    expect(sentParts()).toHaveLength(100);
    dynamo.resetHistory();
    await expect(ledger.commit({ put: [release], audit: events(50) })).rejects.toThrow('has 101 parts, DynamoDB takes 100');
    expect(dynamo.calls()).toHaveLength(0);
  });

  test('an empty change is no transaction', async () => {
    await setUp().ledger.commit({ put: [], audit: [] });
    expect(dynamo.calls()).toHaveLength(0);
  });
});

describe('reading', () => {
  test('an item is read consistently and comes without its keys', async () => {
    dynamo
      .on(GetItemCommand, { TableName: 'ledger', Key: marshall({ pk: 'RELEASE#1.0.0', sk: 'META' }), ConsistentRead: true })
      .resolves({ Item: marshall({ pk: 'RELEASE#1.0.0', sk: 'META', list: 'IN_FLIGHT', listKey: 'k', ...release }, { removeUndefinedValues: true }) });
    expect(await setUp().ledger.release('1.0.0')).toEqual(JSON.parse(JSON.stringify(release)));
    expect(await setUp().ledger.release('9.9.9')).toBeUndefined();
  });

  test('an environment nothing happened in has nothing live, at revision 0', async () => {
    expect(await setUp().ledger.environment('Production')).toEqual({ kind: 'environment', revision: 0, environment: 'Production', slots: {}, weights: {} });
  });

  test('gates and audit events of a release come from its own partition, consistently and in order, page after page', async () => {
    const events = [submitted, { ...submitted, what: 'EnvironmentEntered' }];
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [marshall({ pk: 'p', sk: 's1', ...events[0] })], LastEvaluatedKey: marshall({ pk: 'p', sk: 's1' }) })
      .resolvesOnce({ Items: [marshall({ pk: 'p', sk: 's2', ...events[1] })] });
    expect(await setUp().ledger.audit('1.0.0')).toEqual(events);
    const [first, second] = dynamo.commandCalls(QueryCommand).map((call) => call.args[0].input);
    expect(first).toMatchObject({ ConsistentRead: true, ExpressionAttributeNames: { '#pk': 'pk' } });
    expect(unmarshall(first?.ExpressionAttributeValues ?? {})).toEqual({ ':pk': 'RELEASE#1.0.0', ':prefix': 'EVENT#' });
    expect(second?.ExclusiveStartKey).toEqual(marshall({ pk: 'p', sk: 's1' }));
  });

  test.each([
    ['releasesInFlight', 'IN_FLIGHT'],
    ['waitingGates', 'WAITING'],
  ] as const)('%s come from the index', async (method, list) => {
    await setUp().ledger[method]();
    const [query] = dynamo.commandCalls(QueryCommand).map((call) => call.args[0].input);
    expect(query).toMatchObject({ IndexName: 'list-index', ExpressionAttributeNames: { '#pk': 'list' } });
    expect(unmarshall(query?.ExpressionAttributeValues ?? {})).toEqual({ ':pk': list });
    expect(query).not.toHaveProperty('Limit');
  });

  test('the tickets that happened last come from the index, and those before one of them', async () => {
    await setUp().ledger.tickets(50);
    await setUp().ledger.tickets(50, '2026-01-05T09:00:00.000Z#abc');
    const [newest, before] = dynamo.commandCalls(QueryCommand).map((call) => call.args[0].input);
    expect(newest).toMatchObject({ IndexName: 'list-index', ScanIndexForward: false, Limit: 50, KeyConditionExpression: '#pk = :pk' });
    expect(before).toMatchObject({ ScanIndexForward: false, Limit: 50, KeyConditionExpression: '#pk = :pk AND listKey < :before' });
    expect(unmarshall(before?.ExpressionAttributeValues ?? {})).toEqual({ ':pk': 'TICKETS', ':before': '2026-01-05T09:00:00.000Z#abc' });
  });

  describe('the latest releases', () => {
    const submittedOn = (day: number, given: object = {}) =>
      marshall({ ...release, version: `1.0.${day}`, submittedAt: `2026-01-0${day}T08:00:00.000Z`, ...given }, { removeUndefinedValues: true });
    const onList = (list: string) => ({ ExpressionAttributeValues: marshall({ ':pk': list }) });

    test('come from both ends of the index, newest first, and no more than asked for', async () => {
      dynamo.on(QueryCommand, onList('IN_FLIGHT')).resolves({ Items: [submittedOn(5), submittedOn(2)] });
      dynamo.on(QueryCommand, onList('FINISHED')).resolves({ Items: [submittedOn(4), submittedOn(3)], LastEvaluatedKey: marshall({ pk: 'p' }) });
      expect((await setUp().ledger.latestReleases(3)).map(({ version }) => version)).toEqual(['1.0.5', '1.0.4', '1.0.3']);
      const queries = dynamo.commandCalls(QueryCommand).map((call) => call.args[0].input);
      expect(queries.map(({ ScanIndexForward, Limit, ExclusiveStartKey }) => [ScanIndexForward, Limit, ExclusiveStartKey])).toEqual([
        [false, 3, undefined],
        [false, 3, undefined],
        [false, 3, marshall({ pk: 'p' })],
      ]);
    });

    test('are read until there are enough, and no page further', async () => {
      dynamo.on(QueryCommand, onList('FINISHED')).resolves({ Items: [submittedOn(4), submittedOn(3)], LastEvaluatedKey: marshall({ pk: 'p' }) });
      expect(await setUp().ledger.latestReleases(2)).toHaveLength(2);
      expect(dynamo.commandCalls(QueryCommand)).toHaveLength(2);
    });

    test('hold one that has just finished once, as it is now', async () => {
      dynamo.on(QueryCommand, onList('IN_FLIGHT')).resolves({ Items: [submittedOn(4)] });
      dynamo.on(QueryCommand, onList('FINISHED')).resolves({ Items: [submittedOn(4, { status: 'live' })] });
      expect(await setUp().ledger.latestReleases(9)).toMatchObject([{ version: '1.0.4', status: 'live' }]);
    });
  });

  test('the outbox holds what was not delivered, with when that was committed and the key that confirms it', async () => {
    dynamo.on(QueryCommand).resolves({ Items: [marshall({ pk: 'OUTBOX', sk: '2026-01-05T09:00:00.000Z#00-k1', delivery: answerToken })] });
    const { ledger } = setUp();
    expect(await ledger.outbox()).toEqual([{ key: '2026-01-05T09:00:00.000Z#00-k1', since: '2026-01-05T09:00:00.000Z', delivery: answerToken }]);
    await ledger.confirm('k1');
    expect(dynamo.commandCalls(DeleteItemCommand)[0]?.args[0].input).toEqual({ TableName: 'ledger', Key: marshall({ pk: 'OUTBOX', sk: 'k1' }) });
  });
});
