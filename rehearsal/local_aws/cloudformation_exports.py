"""Exports that another stack imports cannot be changed or removed.

ministack refuses only to delete the stack that exports them; AWS refuses the update too, before anything is removed,
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html.
"""

from ministack.services import cloudformation
from ministack.services.cloudformation import handlers, stacks

resolve_outputs = stacks._resolve_stack_outputs


def resolve_outputs_and_keep_imports(outputs, conditions, resources, parameters, mappings, stack_name, stack_id):
    resolved, exports = resolve_outputs(outputs, conditions, resources, parameters, mappings, stack_name, stack_id)
    for name, export in list(cloudformation._exports.items()):
        if export.get("StackId") != stack_id or value_of(exports.get(name)) == value_of(export):
            continue
        importer = next(iter(importers(name, stack_name)), None)
        if importer is not None:
            verb = "updated" if name in exports else "deleted"
            raise ValueError(f"Export {name} cannot be {verb} as it is in use by {importer}")
    return resolved, exports


def value_of(export):
    return export.get("Value") if isinstance(export, dict) else export


def importers(export_name, exporter):
    for name, stack in cloudformation._stacks.items():
        status = stack.get("StackStatus", "")
        if name != exporter and status.endswith("_COMPLETE") and "DELETE" not in status and export_name in handlers._imported_export_names(stack, name):
            yield name


stacks._resolve_stack_outputs = resolve_outputs_and_keep_imports
