import { Retry } from '../domain/errors';
import { isTransient, messageOf } from './transient-error';

/** The same port, in the domain's words: a dependency that was busy or away is a {@link Retry}, anything else stays what it is. */
export function inDomainErrors<Port extends object>(port: Port): Port {
  return new Proxy(port, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        const result = member.apply(target, args) as unknown;
        return result instanceof Promise ? result.catch(rethrow) : result;
      };
    },
  });
}

function rethrow(error: unknown): never {
  throw isTransient(error) ? new Retry(messageOf(error), { cause: error }) : error;
}
