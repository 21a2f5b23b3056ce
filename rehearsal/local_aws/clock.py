"""A clock that can be moved on, for who cannot wait until a lease runs out or a raised alarm falls silent; only where LOCAL_AWS_FAULTS is set.

Moved are this process's `time.time` (metrics, alarms, credentials, schedules) and, by clock.cjs, what Lambda functions take for now. What waits
for some seconds (time-outs of states, a bake) still waits for them, and dates in histories of executions are the real ones.
"""

import datetime
import os
import tempfile
import time

from ministack.core import sigv4

real_time, request_time_failure = time.time, sigv4.request_time_failure
file = None
moved_seconds = 0.0


def moved_time():
    return real_time() + moved_seconds


def move_on(seconds):
    global moved_seconds
    moved_seconds += seconds
    with open(file + ".new", "w", encoding="utf-8") as out:
        out.write(str(round(moved_seconds * 1000)))
    os.replace(file + ".new", file)


def signed_in_time(signature, **named):
    """Functions sign by the moved clock, everybody else by the real one."""
    refused = request_time_failure(signature, **named)
    return refused and request_time_failure(signature, now=datetime.datetime.fromtimestamp(moved_time(), datetime.timezone.utc))


if os.environ.get("LOCAL_AWS_FAULTS"):
    file = os.path.join(tempfile.gettempdir(), "local-aws-clock")
    move_on(0)
    time.time, sigv4.request_time_failure = moved_time, signed_in_time
    preloaded = f'--require "{os.path.join(os.path.dirname(__file__), "clock.cjs")}"'
    os.environ["LOCAL_AWS_CLOCK"] = file
    os.environ["NODE_OPTIONS"] = f'{os.environ.get("NODE_OPTIONS", "")} {preloaded}'.strip()
