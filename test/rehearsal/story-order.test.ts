import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Narrator } from '../../rehearsal/narrator';
import { runPipelineWithGo } from '../../rehearsal/scenarios/release';
import type { World } from '../../rehearsal/world';

/** A ptl whose release looks a second after the tests have passed, as the real one does, and ends when somebody has said go: before the command that said so. */
const PTL = `
const { existsSync, writeFileSync } = require('node:fs');
const gone = require('node:path').join(__dirname, 'gone');
if (process.argv[2] === 'accept') {
  writeFileSync(gone, '');
  setTimeout(() => console.log('{}'), 300);
} else {
  setTimeout(() => console.error('12 s  Production: test "/health" passed\\n12 s  Production: go/no-go, waits for Change authority'), 1000);
  const look = setInterval(() => {
    if (!existsSync(gone)) return;
    clearInterval(look);
    console.error('14 s  Production: go');
    console.log(JSON.stringify({ outcome: 'live', exitCode: 0, now: 'live', release: {} }));
  }, 20);
}
`;

test('who says go is told of after what they looked at', async () => {
  const root = mkdtempSync(join(tmpdir(), 'story-'));
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin', 'ptl.js'), PTL);
  const lines: string[] = [];
  const person = (name: string) => ({ name, env: process.env });
  const world = {
    root,
    path: 'Payments',
    production: { environment: 'Production' },
    people: { pipeline: person('PaymentsPipeline'), changeAuthority: person('ChangeAuthority') },
    narrator: new Narrator((line) => lines.push(line)),
    // The hub knows at once that the gate is open.
    hub: { until: async () => undefined },
  };
  const run = await runPipelineWithGo(world as unknown as World, { build: { version: '1.0.0', options: [], shown: [] } });
  const order = ['runs: ptl release 1.0.0', 'passed', 'go/no-go, waits for', 'ChangeAuthority looks', 'Production: go'];
  expect(lines.map((line, index) => (line.includes(order[index] ?? '?') ? order[index] : line))).toEqual(order);
  expect(run.exitCode).toBe(0);
});
