/** `npm run permissions`: the calls of the last rehearsal held against the policies, as a table or as JSON. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from '../problem';
import { writeDocument } from './document-file';
import { auditRehearsal, readShapes, SHAPES } from './of-the-rehearsal';
import { shapesAsText } from './shapes/shape';
import { rowsOf, tableOf } from './table';
import { complaints, figuresOf, isFine, summary } from './words';

const HELP = `npm run permissions [-- options]

Holds every call that the last rehearsal recorded (npm run rehearse), and every call that AWS makes by itself for what the templates say,
against the policies in the synthesized templates: identity policies, permissions boundaries, trust and resource policies.

  --json          everything as JSON
  --write-docs    synthesize the example and write docs/permissions.md anew; needs no rehearsal
  --write-shapes  write down the calls that are new, for the tests of other layouts (rehearsal/permissions/shapes/recorded.json)
  --help          this text

Exit codes: 0 every call is allowed, and everything that is granted is used or has a reason · 1 something is not, or failed`;

async function main(): Promise<number> {
  const options = {
    json: { type: 'boolean' },
    'write-shapes': { type: 'boolean' },
    'write-docs': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { json, help, 'write-shapes': writeShapes, 'write-docs': writeDocs } = parseArgs({ options }).values;
  if (help) {
    console.log(HELP);
    return 0;
  }
  const state = join(__dirname, '..', '..', '.rehearsal');
  if (writeDocs) {
    await writeDocument(state);
    return 0;
  }
  if (writeShapes) {
    const { shapes } = await auditRehearsal(state);
    writeFileSync(SHAPES, shapesAsText([...readShapes(), ...shapes]));
  }
  const audit = await auditRehearsal(state);
  const rows = rowsOf(audit);
  const problems = complaints(audit);
  if (json) {
    const excused = audit.excused.map(({ grant, excuse }) => ({ ...grant, reason: excuse.reason }));
    console.log(JSON.stringify({ figures: figuresOf(audit), problems, excused, allowed: rows }, null, 2));
  } else {
    const lines = [...tableOf(rows), '', ...excusedLines(audit.excused), '', ...problems, summary(audit)];
    console.log(lines.join('\n'));
  }
  return isFine(audit) ? 0 : 1;
}

function excusedLines(excused: Awaited<ReturnType<typeof auditRehearsal>>['excused']): string[] {
  const reasons = new Map<string, number>();
  for (const { excuse } of excused) reasons.set(excuse.reason, (reasons.get(excuse.reason) ?? 0) + 1);
  return ['Granted although no rehearsal uses it, with the reason:', ...[...reasons].map(([reason, count]) => `  ${String(count).padStart(4)}  ${reason}`)];
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Problem ? error.message : error);
    process.exitCode = 1;
  },
);
