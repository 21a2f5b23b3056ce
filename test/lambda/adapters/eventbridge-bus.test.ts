import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { EventBridgeBus } from '../../../lambda/adapters/eventbridge-bus';
import type { AuditEvent } from '../../../lambda/domain/model';

const eventBridge = mockClient(EventBridgeClient);
const bus = new EventBridgeBus(new EventBridgeClient({}), 'path-to-live-Payments');
const event: AuditEvent = {
  at: '2026-01-05T09:00:00.000Z',
  what: 'TrafficShifted',
  release: '1.0.0',
  environment: 'Production',
  who: 'arn',
  detail: { percent: 10 },
};

beforeEach(() => eventBridge.reset());

test('publishes what happened, when, in full', async () => {
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
  await bus.publish(event);
  expect(eventBridge.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries).toEqual([
    {
      EventBusName: 'path-to-live-Payments',
      Source: 'path-to-live',
      DetailType: 'TrafficShifted',
      Time: new Date('2026-01-05T09:00:00.000Z'),
      Detail: JSON.stringify(event),
    },
  ]);
});

test('an entry the bus did not take is an error, though the call succeeded', async () => {
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'too many' }] });
  await expect(bus.publish(event)).rejects.toThrow('did not take TrafficShifted: ThrottlingException: too many');
});
