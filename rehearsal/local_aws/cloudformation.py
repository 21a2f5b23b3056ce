"""CloudFormation attributes and properties that ministack leaves out.

A user pool's ProviderURL; a VPC's CidrBlock; secrets without punctuation; the ARN as what a secret's Ref returns; names of log groups, which begin
with the stack's as those of other resources; and resources that do nothing here, because there is no network: they are noted, so that a stack that has them can be deployed.
"""

import random
import string

from ministack.services.cloudformation import provisioners as cfn

user_pool_attributes, generate_secret = cfn._cognito_user_pool_attributes, cfn._sm_secret_string


def user_pool_attributes_with_url(pool_id):
    attributes = user_pool_attributes(pool_id)
    return {**attributes, "ProviderURL": "https://" + attributes["ProviderName"]}


def generate_secret_as_asked(props):
    asked = props.get("GenerateSecretString")
    if asked and str(asked.get("ExcludePunctuation", "")).lower() == "true":
        excluded = asked.get("ExcludeCharacters", "") + string.punctuation
        props = {**props, "GenerateSecretString": {**asked, "ExcludeCharacters": excluded}}
    return generate_secret(props)


cfn._cognito_user_pool_attributes, cfn._sm_secret_string = user_pool_attributes_with_url, generate_secret_as_asked

# Ref of a secret is its ARN: CDK's `secretName` cuts the name out of it.
secret_handlers = cfn._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
create_secret, update_secret, delete_secret = (secret_handlers[verb] for verb in ("create", "update", "delete"))


def secret_name(physical_id):
    return next((name for name, secret in cfn._sm._secrets.items() if secret["ARN"] == physical_id), physical_id)


def with_arn_as_ref(made):
    _, attributes = made
    return attributes["Arn"], attributes


secret_handlers["create"] = lambda *arguments: with_arn_as_ref(create_secret(*arguments))
secret_handlers["update"] = lambda physical_id, *rest, **named: with_arn_as_ref(update_secret(secret_name(physical_id), *rest, **named))
secret_handlers["delete"] = lambda physical_id, props: delete_secret(secret_name(physical_id), props)

log_group_handlers = cfn._RESOURCE_HANDLERS["AWS::Logs::LogGroup"]
create_log_group, update_log_group = log_group_handlers["create"], log_group_handlers["update"]


def create_named_log_group(logical_id, props, stack_name):
    return create_log_group(logical_id, {"LogGroupName": cfn._physical_name(stack_name, logical_id), **props}, stack_name)


def update_named_log_group(physical_id, old, new, *rest):
    """One that the template does not name keeps its name."""
    kept = {} if "LogGroupName" in {**old, **new} else {"LogGroupName": physical_id}
    return update_log_group(physical_id, {**kept, **old}, {**kept, **new}, *rest)


log_group_handlers.update(create=create_named_log_group, update=update_named_log_group)

vpc_handlers = cfn._RESOURCE_HANDLERS["AWS::EC2::VPC"]
create_vpc = vpc_handlers["create"]


def create_vpc_with_range(logical_id, props, stack_name):
    vpc_id, attributes = create_vpc(logical_id, props, stack_name)
    return vpc_id, {**attributes, "CidrBlock": props.get("CidrBlock", "")}


vpc_handlers["create"] = create_vpc_with_range

# Type -> how the ids of its resources begin.
NOTED = {"AWS::EC2::SecurityGroupIngress": "sgr-", "AWS::EC2::SecurityGroupEgress": "sgr-", "AWS::EC2::FlowLog": "fl-"}


def noted(prefix):
    def create(logical_id, props, stack_name):
        physical_id = f"{prefix}{random.randrange(16**17):017x}"
        return physical_id, {"Id": physical_id}

    return {"create": create, "delete": lambda physical_id, props: None}


for resource_type, id_prefix in NOTED.items():
    cfn._RESOURCE_HANDLERS.setdefault(resource_type, noted(id_prefix))
