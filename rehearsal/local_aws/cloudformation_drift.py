"""CloudFormation's change sets that revert drift: what somebody changed or removed of a stack's resources is put back.

ministack finds drift, and knows nothing of `DeploymentMode: REVERT_DRIFT`, with which a change set starts from what is there instead of from what the stack
was deployed with. Drift is found of the types that ministack reads; of AWS::IAM::Policy it is not, there as here.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html
"""

import json

from ministack.core.responses import now_iso
from ministack.services.cloudformation import changesets, drift, handlers

create_change_set, execute_change_set = handlers._ACTION_HANDLERS["CreateChangeSet"], handlers._ACTION_HANDLERS["ExecuteChangeSet"]


def parameter(params, name):
    value = params.get(name, [""])
    return value[0] if isinstance(value, list) else value


def drifted(stack):
    """Logical id -> what drift there is of it."""
    known = {id: record for id, record in stack.get("_resources", {}).items() if drift.supports_drift(record.get("ResourceType", ""))}
    found = {id: drift.detect_resource_drift(stack, id, record, now_iso()) for id, record in known.items()}
    return {id: each for id, each in found.items() if each["StackResourceDriftStatus"] in ("MODIFIED", "DELETED")}


def change_of(found):
    action = "Add" if found["StackResourceDriftStatus"] == "DELETED" else "Modify"
    names = {each["PropertyPath"].split("/")[1] for each in found.get("PropertyDifferences", [])}
    details = [{"Target": {"Attribute": "Properties", "Name": name, "RequiresRecreation": "Never"}, "Evaluation": "Static"} for name in sorted(names)]
    about = {key: found[key] for key in ("LogicalResourceId", "PhysicalResourceId", "ResourceType")}
    replaced = {} if action == "Add" else {"Replacement": "False", "Scope": ["Properties"], "Details": details}
    return {"ResourceChange": {"Action": action, **about, **replaced}}


def create_reverting(params):
    answer = create_change_set(params)
    if answer[0] != 200 or parameter(params, "DeploymentMode") != "REVERT_DRIFT":
        return answer
    _, change_set = changesets._find_change_set(parameter(params, "ChangeSetName"), parameter(params, "StackName"))
    found = drifted(handlers._resolve_stack(parameter(params, "StackName")))
    changing = {each["ResourceChange"]["LogicalResourceId"] for each in change_set["Changes"]}
    # What the new template has no more is removed as it is.
    kept = {id: each for id, each in found.items() if id in change_set["_template"].get("Resources", {})}
    change_set["Changes"] += [change_of(each) for id, each in kept.items() if id not in changing]
    change_set["_drifted"] = kept
    if kept and change_set["Status"] == "FAILED":
        change_set.update(Status="CREATE_COMPLETE", ExecutionStatus="AVAILABLE", StatusReason="")
    return answer


def execute_reverting(params):
    _, change_set = changesets._find_change_set(parameter(params, "ChangeSetName"), parameter(params, "StackName"))
    if change_set and change_set["ExecutionStatus"] == "AVAILABLE":
        note_what_is_there(handlers._resolve_stack(change_set["StackName"]), change_set.get("_drifted", {}))
    return execute_change_set(params)


def note_what_is_there(stack, found):
    """The update then has what is there as what was before."""
    for logical_id, each in found.items():
        if each["StackResourceDriftStatus"] == "DELETED":
            del stack["_resources"][logical_id]
        else:
            record = stack["_resources"][logical_id]
            record["Properties"] = {**record["Properties"], **json.loads(each["ActualProperties"])}


handlers._ACTION_HANDLERS.update(CreateChangeSet=create_reverting, ExecuteChangeSet=execute_reverting)
