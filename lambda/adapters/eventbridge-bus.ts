import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../contract';
import type { AuditEvent } from '../domain/model';
import type { Bus } from '../domain/ports';

/** Audit events on an EventBridge bus: `detail-type` is what happened, `detail` the whole event. */
export class EventBridgeBus implements Bus {
  constructor(
    private readonly client: EventBridgeClient,
    private readonly busName: string,
  ) {}

  async publish(event: AuditEvent): Promise<void> {
    const answer = await this.client.send(
      new PutEventsCommand({
        Entries: [{ EventBusName: this.busName, Source: EVENT_SOURCE, DetailType: event.what, Time: new Date(event.at), Detail: JSON.stringify(event) }],
      }),
    );
    // PutEvents answers 200 for entries it did not take.
    if (answer.FailedEntryCount) {
      const [entry] = answer.Entries ?? [];
      throw new Error(`the bus ${JSON.stringify(this.busName)} did not take ${event.what}: ${entry?.ErrorCode}: ${entry?.ErrorMessage}`);
    }
  }
}
