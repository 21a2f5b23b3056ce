"""CloudFormation's answer about one stack that is under way: held back until that has ended, two seconds at most.

The CDK's command line looks once, and again five seconds later. On AWS that is little; here most stacks are there within a second, and it would sleep
longer than it works. Whoever looks more often gets the same answers, and fewer of them.
"""

import asyncio
import time
from urllib.parse import parse_qs

from ministack.services import cloudformation

LONGEST_SECONDS = 2.0
PAUSE_SECONDS = 0.05
UNDER_WAY = b"_IN_PROGRESS</StackStatus>"
# Nothing has begun: there is a change set to look at.
UNDER_REVIEW = b"<StackStatus>REVIEW_IN_PROGRESS</StackStatus>"
answer = cloudformation.handle_request


def is_about_one_stack(body, query_params):
    asked = {**query_params, **parse_qs((body or b"").decode("utf-8", errors="replace"))}
    return asked.get("Action") == ["DescribeStacks"] and bool(asked.get("StackName"))


async def answer_when_ended(method, path, headers, body, query_params):
    answered = await answer(method, path, headers, body, query_params)
    if not is_about_one_stack(body, query_params):
        return answered
    begun = time.monotonic()
    while UNDER_WAY in answered[2] and UNDER_REVIEW not in answered[2] and time.monotonic() - begun < LONGEST_SECONDS:
        await asyncio.sleep(PAUSE_SECONDS)
        answered = await answer(method, path, headers, body, query_params)
    return answered


cloudformation.handle_request = answer_when_ended
