import { parseArgs } from 'node:util';
import { whole } from '../options';
import { FAULT_NAMES, type Fault } from './table/fault';
import { TABLE } from './table/table';

const HELP = `npm run faults [-- options]

Deploys two paths to live with one environment each to a local AWS, a plain one and one with a firebreak, migrations, a pause and planned outages, and takes one
release after the other through them under live traffic, each with one fault in one state. What must become of each is written down beforehand, in
proof/faults/table. Prints what was expected and what was found,
and ends with exit code 1 when a cell is not as expected.

  --state <text>       only states whose name contains this, for example Shift
  --fault <name>       only this: ${FAULT_NAMES.join(', ')}
  --roll-backs <n>     instead: takes n bad releases, and prints how long it takes until the last user has gone back
  --seeded             instead: deploys the hub with one rule broken after the other; a cell must find each
  --expected           only print what is expected
  --help               this text

The plain path alone takes half an hour.`;

export interface Options {
  readonly cells: readonly { readonly state: string; readonly fault: Fault }[];
  readonly rollBacks: number;
  readonly seeded: boolean;
  readonly onlyExpected: boolean;
}

/** @returns undefined when there is nothing to do but what has been printed */
export function readOptions(args?: string[]): Options | undefined {
  const [flag, text] = [{ type: 'boolean' }, { type: 'string' }] as const;
  const { values } = parseArgs({ args, options: { state: text, fault: text, 'roll-backs': text, seeded: flag, expected: flag, help: flag } });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const rollBacks = values['roll-backs'] === undefined ? 0 : whole('roll-backs', values['roll-backs'], 1, 1_000);
  return { cells: wanted(values.state, values.fault), rollBacks, seeded: values.seeded ?? false, onlyExpected: values.expected ?? false };
}

function wanted(state = '', fault?: string): Options['cells'] {
  const states = Object.keys(TABLE).filter((name) => name.toLowerCase().includes(state.toLowerCase()));
  if (states.length === 0)
    throw new Error(`--state is ${JSON.stringify(state)}, and no state has that in its name; there are ${Object.keys(TABLE).join(', ')}`);
  const faults = FAULT_NAMES.filter((name) => fault === undefined || name === fault || (fault === 'killed' && name.startsWith('killed')));
  if (faults.length === 0) throw new Error(`--fault is ${JSON.stringify(fault)}; there are ${FAULT_NAMES.join(', ')}`);
  const cells = states
    .flatMap((name) => faults.map((each) => ({ state: name, fault: each })))
    .filter((each) => 'outcome' in (TABLE[each.state]?.cells[each.fault] ?? {}));
  if (cells.length === 0)
    throw new Error(`none of the cells of ${states.join(', ')} makes sense with ${faults.join(', ')}; npm run faults -- --expected says why`);
  return cells;
}
