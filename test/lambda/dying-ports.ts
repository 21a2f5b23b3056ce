import type { Ports } from '../../lambda/domain/ports';

/** The process died: nothing it would have done afterwards happens, not even tidying up. */
export class Died extends Error {
  override readonly name = 'Died';
}

const EFFECTS: Readonly<Record<string, readonly string[]>> = {
  ledger: ['commit', 'confirm'],
  liveRule: ['write', 'writeOriginal', 'writeOutage', 'tagAccepted'],
  slots: ['deploy', 'remove'],
  machines: ['start', 'contract', 'answer', 'rollBack', 'raise'],
  capacity: ['set'],
  migrations: ['call', 'start', 'stop'],
};

/**
 * The same ports, seen by a process that dies at its n-th effect (from 0): right before it, or right after it. With `effects` a test
 * tells whether it lived to its end.
 */
export function dyingPorts<P extends Ports>(ports: P, n: number, when: 'before' | 'after'): P & { readonly effects: () => number } {
  let effects = 0;
  let dead = false;
  const mortal = (name: string, port: object) =>
    new Proxy(port, {
      get(target, member) {
        const value = Reflect.get(target, member) as unknown;
        if (typeof value !== 'function') return value;
        // Said without asking anybody: it is no promise.
        if (name === 'machines' && String(member).endsWith('Arn')) return value.bind(target);
        return async (...args: unknown[]) => {
          if (dead) throw new Died();
          if (!EFFECTS[name]?.includes(String(member))) return value.apply(target, args);
          const dies = effects === n;
          effects += 1;
          if (dies && when === 'before') dead = true;
          if (dead) throw new Died();
          const answer: unknown = await value.apply(target, args);
          if (dies) dead = true;
          if (dead) throw new Died();
          return answer;
        };
      },
    });
  const wrapped = ['ledger', 'liveRule', 'slots', 'alarms', 'health', 'targets', 'capacity', 'tests', 'migrations', 'machines', 'bundles', 'templates'].map(
    (name) => [name, mortal(name, ports[name as keyof P] as object)],
  );
  return { ...ports, ...Object.fromEntries(wrapped), effects: () => effects };
}
