import type { Change, Delivery } from '../../../lambda/domain/model';
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
  protected override kept<T>(value: T): T {
    freeze(value);
    return value;
  }

  override store(change: Change): { readonly key: string; readonly delivery: Delivery }[] {
    this.before();
    const outbox = super.store(change);
    this.after(change);
    return outbox;
  }
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const key in value) freeze((value as Record<string, unknown>)[key]);
}
