"""API Gateway: an HTTP API answers on the name AWS would give it, `<id>.execute-api.<region>.amazonaws.com`, too."""

import re

import ministack.app
from ministack.services.cloudformation import provisioners as cfn

ministack.app._EXECUTE_API_RE = re.compile(r"^([a-f0-9]{8})\.execute-api\.(?:localhost|[a-z0-9-]+\.amazonaws\.com)(?::\d+)?$")

api_handlers = cfn._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
create_api, update_api = api_handlers["create"], api_handlers["update"]


def with_aws_endpoint(created):
    api_id, attributes = created
    api = cfn._apigw_v2._apis[api_id]
    if api.get("protocolType") == "HTTP":
        api["apiEndpoint"] = attributes["ApiEndpoint"] = f"https://{api_id}.execute-api.{cfn.get_region()}.amazonaws.com"
    return api_id, attributes


api_handlers["create"] = lambda *arguments, **named: with_aws_endpoint(create_api(*arguments, **named))
api_handlers["update"] = lambda *arguments, **named: with_aws_endpoint(update_api(*arguments, **named))
