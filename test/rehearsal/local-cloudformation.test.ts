import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findPython } from '../../rehearsal/emulator/python';

/** The emulator's own CloudFormation stands in: what a stack's status is, look by look; the last one stays. */
const PRELUDE = `
import asyncio, json, sys
from types import SimpleNamespace
from unittest.mock import MagicMock
looks = []
async def look(method, path, headers, body, query_params):
    looks.append(statuses[min(len(looks), len(statuses) - 1)])
    return 200, {}, f"<StackStatus>{looks[-1]}</StackStatus>".encode()
sys.modules["ministack"] = MagicMock()
sys.modules["ministack.services"] = SimpleNamespace(cloudformation=SimpleNamespace(handle_request=look))
from local_aws import cloudformation_waits as local
local.LONGEST_SECONDS = 0.3
def asked(body, *now):
    global statuses
    statuses, looks[:] = now, []
    _, _, answer = asyncio.run(local.answer_when_ended("POST", "/", {}, body.encode(), {}))
    return [answer.decode()[13:-14], len(looks)]
`;

test('who asks for a stack that is under way is answered when that has ended, and not for ever; who asks for all, or for one under review, at once', async () => {
  const python = await findPython(['python3', 'python']);
  const main = `
one, way = "Action=DescribeStacks&Version=2010-05-15&StackName=Pay-Hub", "UPDATE_IN_PROGRESS"
print(json.dumps([asked(one, way, way, "UPDATE_COMPLETE"), asked(one, way), asked(one, "REVIEW_IN_PROGRESS"), asked("Action=DescribeStacks", way), asked("Action=DescribeStackEvents&StackName=a", way)]))`;
  const env = { ...process.env, PYTHONPATH: join(__dirname, '../../rehearsal'), PYTHONDONTWRITEBYTECODE: '1' };
  const [ended, longer, reviewed, all, events] = JSON.parse(execFileSync(python, ['-c', `${PRELUDE}\n${main}`], { env, encoding: 'utf8' }));
  expect(ended).toEqual(['UPDATE_COMPLETE', 3]);
  expect(longer).toEqual(['UPDATE_IN_PROGRESS', expect.any(Number)]);
  expect([reviewed, all, events]).toEqual([
    ['REVIEW_IN_PROGRESS', 1],
    ['UPDATE_IN_PROGRESS', 1],
    ['UPDATE_IN_PROGRESS', 1],
  ]);
}, 20_000);
