import { type Answer, LocalServer, type Received } from './local-server';

type Reply = unknown | ((received: Received, times: number) => unknown);

/** Answered instead of a value: an error, or no answer at all. */
export class Failing {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {}
}
export const HANGS_UP = Symbol('hangs up');

/** The hub's API, with an answer for each route a test uses: a value, or what makes one from the request and how often it came. */
export class FakeHub {
  readonly server: LocalServer;
  private readonly replies = new Map<string, Reply>();
  private readonly times = new Map<string, number>();

  constructor() {
    this.server = new LocalServer((received) => this.answer(received));
  }

  on(route: string, reply: Reply): this {
    this.replies.set(route, reply);
    return this;
  }

  replyTo(route: string): Reply {
    return this.replies.get(route);
  }

  /** Bodies that were sent to a route. */
  sent(route: string): unknown[] {
    return this.server.received.filter(({ method, path }) => `${method} ${path}` === route).map(({ body }) => (body === '' ? undefined : JSON.parse(body)));
  }

  forget(): void {
    this.replies.clear();
    this.times.clear();
    this.server.received.length = 0;
  }

  private answer(received: Received): Answer | 'hang up' {
    const route = `${received.method} ${received.path}`;
    if (!this.replies.has(route)) return { status: 404, body: JSON.stringify({ message: 'Not Found' }) };
    const times = (this.times.get(route) ?? 0) + 1;
    this.times.set(route, times);
    const reply = this.replies.get(route);
    const value = typeof reply === 'function' ? reply(received, times) : reply;
    if (value === HANGS_UP) return 'hang up';
    if (value instanceof Failing) return { status: value.status, body: typeof value.body === 'string' ? value.body : JSON.stringify(value.body) };
    return { body: JSON.stringify(value) };
  }
}
