"""Elastic Load Balancing, the cookies that keep a client: AWSALBTG at a target group of a rule, AWSALB at a target of a group.

They come with every answer, their time begun anew, and each once more for requests from other origins, with SameSite. What is in one is the load balancer's own; where it
names nothing that is there, or its time is up, it is passed over.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html#forward-actions
"""

import base64
import json
from email.utils import formatdate

from ministack.services import alb

AT_GROUP, AT_TARGET = "AWSALBTG", "AWSALB"
DAY = 24 * 60 * 60


def cookies_of(name, kept_at, seconds, now):
    """What comes with an answer that was given there."""
    value = base64.urlsafe_b64encode(json.dumps([kept_at, now + seconds]).encode()).decode().rstrip("=")
    kept = f"{value}; Expires={formatdate(now + seconds, usegmt=True)}; Path=/"
    return [f"{name}={kept}", f"{name}CORS={kept}; SameSite=None; Secure"]


def kept_at(name, headers, now):
    """Where the client's cookie says that it was answered before, or None."""
    cookies = dict(part.strip().split("=", 1) for part in headers.get("cookie", "").split(";") if "=" in part)
    for value in filter(None, (cookies.get(name), cookies.get(f"{name}CORS"))):
        try:
            kept, until = json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
        except (ValueError, TypeError):
            continue
        if until > now:
            return kept
    return None


def with_cookies(headers, cookies):
    """The headers of an answer, which may set cookies of its own."""
    own = [value for name, value in headers.items() if name.lower() == "set-cookie"]
    before = [each for value in own for each in (value if isinstance(value, list) else [value])]
    return {**{name: value for name, value in headers.items() if name.lower() != "set-cookie"}, "Set-Cookie": [*before, *cookies]}


def seconds_at_target(arn):
    """How long a target group keeps a client at one of its targets, or None: by a cookie of the load balancer's only."""
    attributes = {each["Key"]: each["Value"] for each in alb._tg_attrs.get(arn) or []}
    if attributes.get("stickiness.enabled") != "true" or attributes.get("stickiness.type", "lb_cookie") != "lb_cookie":
        return None
    return int(attributes.get("stickiness.lb_cookie.duration_seconds", DAY))
