import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Faults } from '../../rehearsal/emulator/faults';
import { findPython } from '../../rehearsal/emulator/python';

const LOCAL_AWS = join(__dirname, '../../rehearsal/local_aws');

/** The emulator's own modules stand in by name: what is looked at here is which rules strike. */
const PRELUDE = `
import json, sys
from unittest.mock import MagicMock
for name in ("ministack", "ministack.app", "ministack.core", "ministack.services", "ministack.services.cloudformation"): sys.modules[name] = MagicMock()
for name in ("calls", "clock", "step_functions"): sys.modules["local_aws." + name] = MagicMock()
from local_aws import faults
def rules(*given):
    faults.rules[:] = [{**rule, "seen": 0, "struck": 0, "held": False} for rule in given]
def struck(at, **where):
    return [rule["id"] for rule in faults.strikes(at, **where)]
`;

async function inPython(main: string): Promise<unknown> {
  const python = await findPython(['python3', 'python']);
  const env = { ...process.env, PYTHONPATH: join(LOCAL_AWS, '..'), PYTHONDONTWRITEBYTECODE: '1', LOCAL_AWS_FAULTS: '' };
  return JSON.parse(execFileSync(python, ['-c', `${PRELUDE}\n${main}`], { env, encoding: 'utf8' }));
}

test('a rule strikes where it is for, so often as it says, after those that it leaves out', async () => {
  const main = `
rules({"id": "once", "at": "call", "state": "Shift", "action": "elasticloadbalancing:ModifyRule", "do": []}, {"id": "second", "at": "call", "state": "Shift", "skip": 1, "times": 2, "do": []})
call = lambda state, action: struck("call", state=state, action=action)
print(json.dumps([call("Shift", "dynamodb:GetItem"), call("Bake", "elasticloadbalancing:ModifyRule"), struck("called", state="Shift", action="elasticloadbalancing:ModifyRule"),
  call("Shift", "elasticloadbalancing:ModifyRule"), call("Shift", "elasticloadbalancing:ModifyRule"), call("Shift", "elasticloadbalancing:ModifyRule")]))`;
  expect(await inPython(main)).toEqual([[], [], [], ['once', 'second'], ['second'], []]);
});

test('a call that is throttled is answered in the words of its service', async () => {
  const main = `print(json.dumps([[status, body.decode()] for status, _, body in map(faults.throttled, ["elasticloadbalancing", "dynamodb"])]))`;
  expect(await inPython(main)).toEqual([
    [400, expect.stringContaining('<Code>Throttling</Code>')],
    [400, expect.stringContaining('"ThrottlingException"')],
  ]);
});

test('a function takes for now what the clock says that was moved on, and dates that are given as they are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clock-'));
  const file = join(folder, 'clock');
  writeFileSync(file, '95000');
  const looks =
    'new Date().getTime() - Date.now(), new Date(5).getTime(), new Date("2026-01-01T00:00:00Z").toISOString(), new Date() instanceof Date, Date.name';
  const main = `console.log(JSON.stringify([Date.now(), ${looks}]))`;
  const env = { ...process.env, NODE_OPTIONS: '', LOCAL_AWS_CLOCK: file };
  const said = execFileSync(process.execPath, ['--require', join(LOCAL_AWS, 'clock.cjs'), '--eval', main], { env, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  const [now, difference, ...others] = JSON.parse(said) as [number, number, ...unknown[]];
  expect(now - Date.now()).toBeGreaterThan(80_000);
  expect(now - Date.now()).toBeLessThanOrEqual(95_000);
  expect(Math.abs(difference)).toBeLessThan(1_000);
  expect(others).toEqual([5, '2026-01-01T00:00:00.000Z', true, 'Date']);
});

test('a local AWS that was started without faults says so', async () => {
  await expect(new Faults(undefined).set([])).rejects.toThrow('started without faults');
});
