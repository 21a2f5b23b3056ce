import type { Change, Delivery } from '../../../lambda/domain/model';
import { InMemoryLedger } from '../../../test/lambda/in-memory-ledger';

const NOWHERE = { machines: { answer: async () => false }, bus: { publish: async () => undefined } };

/** The ledger, whose every commit somebody looks at. Runs deliver what it promises. */
export class ObservedLedger extends InMemoryLedger {
  constructor(
    private readonly before: (change: Change) => void,
    private readonly after: (change: Change) => void,
  ) {
    super(NOWHERE);
  }

  override store(change: Change): { readonly key: string; readonly delivery: Delivery }[] {
    this.before(change);
    const outbox = super.store(change);
    this.after(change);
    return outbox;
  }
}
