import type { Change, Delivery, Item } from '../../../lambda/domain/model';
import { InMemoryLedger } from '../../../test/lambda/in-memory-ledger';

const NOWHERE = { machines: { answer: async () => false }, bus: { publish: async () => undefined, submitAnew: async () => undefined } };

/** The ledger, whose every commit somebody looks at. Runs deliver what it promises. */
export class ObservedLedger extends InMemoryLedger {
  constructor(
    private readonly before: () => void,
    private readonly after: (change: Change) => void,
  ) {
    super(NOWHERE);
  }

  /** Whoever made it has nothing to change in it any more: a rule that did would be told. */
  protected override keptChange(change: Change, before: readonly (Item | undefined)[]): Change {
    for (const [index, item] of change.put.entries()) freezeBut(item, before[index]);
    for (const event of change.audit) freeze(event);
    for (const delivery of change.deliver ?? []) freeze(delivery);
    return change;
  }
  /** Of parts that are frozen. */
  protected override keptDelivery(delivery: Delivery): Delivery {
    return delivery;
  }

  override store(change: Change): { readonly key: string; readonly delivery: Delivery }[] {
    this.before();
    const outbox = super.store(change);
    this.after(change);
    return outbox;
  }
}

/** What an item has from the one before is frozen already: asking each part for that takes longer than to freeze it. */
function freezeBut(item: Item, before: Item | undefined): void {
  const [now, was] = [item, before ?? {}] as Record<string, unknown>[] as [Record<string, unknown>, Record<string, unknown>];
  Object.freeze(item);
  for (const field in now) if (now[field] !== was[field]) freeze(now[field]);
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const key in value) freeze((value as Record<string, unknown>)[key]);
}
