import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE, REQUEUE_SOURCE, type RequeueBody, SUBMIT_EVENT } from '../contract';
import type { AuditEvent } from '../domain/model';
import type { Bus } from '../domain/ports';

/** Audit events on an EventBridge bus: `detail-type` is what happened, `detail` the whole event. */
export class EventBridgeBus implements Bus {
  constructor(
    private readonly client: EventBridgeClient,
    private readonly busName: string,
  ) {}

  publish(event: AuditEvent): Promise<void> {
    return this.put({ Source: EVENT_SOURCE, DetailType: event.what, Time: new Date(event.at), Detail: JSON.stringify(event) });
  }

  /** By the rule that takes every submission that comes by event. */
  submitAnew(requeue: RequeueBody['requeue']): Promise<void> {
    return this.put({ Source: REQUEUE_SOURCE, DetailType: SUBMIT_EVENT, Detail: JSON.stringify({ requeue } satisfies RequeueBody) });
  }

  private async put(entry: PutEventsRequestEntry): Promise<void> {
    const answer = await this.client.send(new PutEventsCommand({ Entries: [{ EventBusName: this.busName, ...entry }] }));
    // PutEvents answers 200 for entries it did not take.
    if (!answer.FailedEntryCount) return;
    const [failed] = answer.Entries ?? [];
    throw new Error(`the bus ${JSON.stringify(this.busName)} did not take ${entry.DetailType}: ${failed?.ErrorCode}: ${failed?.ErrorMessage}`);
  }
}
