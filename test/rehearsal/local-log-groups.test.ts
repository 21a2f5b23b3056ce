import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findPython } from '../../rehearsal/emulator/python';

/** The emulator's own handlers stand in: what they are asked for. */
const PRELUDE = `
import json, sys
from collections import defaultdict
from types import SimpleNamespace
from unittest.mock import MagicMock
cfn = MagicMock()
sys.modules.update({"ministack": MagicMock(), "ministack.services": MagicMock(), "ministack.services.cloudformation": SimpleNamespace(provisioners=cfn)})
cfn._RESOURCE_HANDLERS = defaultdict(lambda: {verb: (lambda *given: list(given)) for verb in ("create", "update", "delete")})
cfn._physical_name = lambda stack, id: f"{stack}-{id}-1A2B"
from local_aws import cloudformation
log_groups = cfn._RESOURCE_HANDLERS["AWS::Logs::LogGroup"]
`;

test('a log group is named as CloudFormation names other resources, and keeps its name; one that the template names has that', async () => {
  const python = await findPython(['python3', 'python']);
  const main = `print(json.dumps([
  log_groups["create"]("Log", {}, "Pay-Hub"),
  log_groups["update"]("Pay-Hub-Log-1A2B", {}, {"RetentionInDays": 7}, "Pay-Hub", "Log"),
  log_groups["create"]("Log", {"LogGroupName": "/pay"}, "Pay-Hub"),
  log_groups["update"]("/pay", {"LogGroupName": "/pay"}, {"LogGroupName": "/orders"}, "Pay-Hub", "Log"),
]))`;
  const env = { ...process.env, PYTHONPATH: join(__dirname, '../../rehearsal'), PYTHONDONTWRITEBYTECODE: '1' };
  const LogGroupName = 'Pay-Hub-Log-1A2B';
  expect(JSON.parse(execFileSync(python, ['-c', `${PRELUDE}\n${main}`], { env, encoding: 'utf8' }))).toEqual([
    ['Log', { LogGroupName }, 'Pay-Hub'],
    [LogGroupName, { LogGroupName }, { LogGroupName, RetentionInDays: 7 }, 'Pay-Hub', 'Log'],
    ['Log', { LogGroupName: '/pay' }, 'Pay-Hub'],
    ['/pay', { LogGroupName: '/pay' }, { LogGroupName: '/orders' }, 'Pay-Hub', 'Log'],
  ]);
}, 20_000);
