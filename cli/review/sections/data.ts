import { type Section, table, text } from '../document/document';
import { environmentsIn } from '../facts/environments';
import type { Facts } from '../facts/facts';

/** Everything that keeps data, its keys, how long, and what becomes of it. */
export function dataSection({ data, reviewed }: Facts): Section {
  const rows = new Map<string, string[]>();
  for (const { stack, name, type, key, kept, removed } of data) {
    const same = JSON.stringify([type, key, kept, removed]);
    rows.set(same, [...(rows.get(same) ?? []), `${stack}/${name}`]);
  }
  return {
    id: 'data',
    title: 'Data at rest and its keys',
    blocks: [
      text('What keeps alike is one row. “Removed”: what becomes of it when it leaves its template, or its stack is deleted.'),
      table(
        'What keeps data',
        ['what', 'where', 'key', 'kept', 'removed'],
        [...rows.entries()].map(([same, where]) => {
          const [type = '', key = '', kept = '', removed = ''] = JSON.parse(same) as string[];
          return [type.replace(/^AWS::/, ''), environmentsIn(where, reviewed), key, kept, removed];
        }),
      ),
    ],
  };
}
