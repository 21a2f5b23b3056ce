import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findPython } from '../../rehearsal/emulator/python';

/** The emulator's own CloudFormation stands in: a stack with a role that somebody changed, one that is gone, and one that is as it was; its change set has what the template changes. */
const PRELUDE = `
import json, sys
from types import SimpleNamespace
from unittest.mock import MagicMock
names = ("", ".core", ".core.responses", ".services", ".services.cloudformation")
modules = {name: MagicMock() for name in names}
sys.modules.update({"ministack" + name: module for name, module in modules.items()})
cfn, there = modules[".services.cloudformation"], {"Edited": {"Trust": "nobody"}, "Kept": {"Trust": "hub"}}
record = lambda id: {"ResourceType": "AWS::IAM::Role", "PhysicalResourceId": id.lower(), "Properties": {"Trust": "hub"}}
stack = {"StackName": "Pay", "_resources": {id: record(id) for id in ("Edited", "Gone", "Kept")}}
stack["_resources"]["Policy"] = {**record("Policy"), "ResourceType": "AWS::IAM::Policy"}
def detect(stack, id, record, at):
    about = {"LogicalResourceId": id, "PhysicalResourceId": record["PhysicalResourceId"], "ResourceType": record["ResourceType"]}
    if id not in there:
        return {**about, "StackResourceDriftStatus": "DELETED"}
    same = there[id] == record["Properties"]
    return {**about, "StackResourceDriftStatus": "IN_SYNC" if same else "MODIFIED", "ActualProperties": json.dumps(there[id]), "PropertyDifferences": [] if same else [{"PropertyPath": "/Trust/Statement/0"}]}
cfn.drift = SimpleNamespace(supports_drift=lambda kind: kind == "AWS::IAM::Role", detect_resource_drift=detect)
change_set, executed = {"StackName": "Pay", "ExecutionStatus": "UNAVAILABLE", "Status": "FAILED", "Changes": [], "_template": {"Resources": stack["_resources"]}}, []
def execute(params):
    executed.append({id: each["Properties"] for id, each in stack["_resources"].items()})
    return 200, {}, b""
cfn.handlers = SimpleNamespace(_ACTION_HANDLERS={"CreateChangeSet": lambda params: (200, {}, b""), "ExecuteChangeSet": execute}, _resolve_stack=lambda name: stack)
cfn.changesets = SimpleNamespace(_find_change_set=lambda name, stack: (name, change_set))
from local_aws import cloudformation_drift as local
def deployed(**mode):
    asked = {"StackName": ["Pay"], "ChangeSetName": ["new"], **mode}
    cfn.handlers._ACTION_HANDLERS["CreateChangeSet"](asked)
    changes = [[each["ResourceChange"]["Action"], each["ResourceChange"]["LogicalResourceId"]] for each in change_set["Changes"]]
    cfn.handlers._ACTION_HANDLERS["ExecuteChangeSet"](asked)
    return [change_set["Status"], change_set["ExecutionStatus"], changes, executed[-1]]
`;

async function deployed(mode: string): Promise<unknown> {
  const python = await findPython(['python3', 'python']);
  const env = { ...process.env, PYTHONPATH: join(__dirname, '../../rehearsal'), PYTHONDONTWRITEBYTECODE: '1' };
  return JSON.parse(execFileSync(python, ['-c', `${PRELUDE}\nprint(json.dumps(deployed(${mode})))`], { env, encoding: 'utf8' }));
}

const hub = { Trust: 'hub' };

test('a change set that reverts drift changes what somebody changed, from what is there, and adds what is gone', async () => {
  const changes = [
    ['Modify', 'Edited'],
    ['Add', 'Gone'],
  ];
  const before = { Edited: { Trust: 'nobody' }, Kept: hub, Policy: hub };
  expect(await deployed('DeploymentMode=["REVERT_DRIFT"]')).toEqual(['CREATE_COMPLETE', 'AVAILABLE', changes, before]);
});

test('any other goes by what the stack was deployed with', async () => {
  const before = { Edited: hub, Gone: hub, Kept: hub, Policy: hub };
  expect(await deployed('')).toEqual(['FAILED', 'UNAVAILABLE', [], before]);
});
