"""CloudWatch alarms: by their own dimensions, by datapoints, with missing data treated as the alarm says.

ministack evaluates an alarm over every metric of that name, whatever its dimensions, in one window, and never lets
it go back when the data stops: one slot's errors would raise the other slot's alarm, and it would stay raised.
Windows end now instead of on a full minute, so that an alarm is raised within a second of what it measures.
"""

import operator
import time

from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import cloudwatch as cw

from . import calls

COMPARE = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
# What a window without data counts as; `missing` and `ignore` count as nothing.
TREATED = {"breaching": True, "notBreaching": False}


def windows(alarm, now):
    """The alarm's evaluation periods, newest first: breaching, not breaching, or None where there is nothing to go by."""
    dimensions = {d["Name"]: d["Value"] for d in alarm.get("Dimensions") or []}
    points = cw._metrics.get((alarm["Namespace"], alarm["MetricName"], cw._dims_key(dimensions))) or []
    period = int(alarm.get("Period") or 60)
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    compare, threshold = COMPARE[alarm["ComparisonOperator"]], float(alarm.get("Threshold") or 0)
    for age in range(int(alarm.get("EvaluationPeriods") or 1)):
        end = now - age * period
        inside = [p for p in points if end - period < p["Timestamp"] <= end]
        value = cw._stat_value(cw._calc_stats(inside), statistic, inside) if inside else None
        yield TREATED.get(alarm.get("TreatMissingData")) if value is None else compare(value, threshold)


def next_state(alarm, now):
    """ALARM, OK or INSUFFICIENT_DATA, as the alarm's own settings say."""
    results = list(windows(alarm, now))
    needed = int(alarm.get("DatapointsToAlarm") or len(results))
    if results.count(True) >= needed:
        return "ALARM"
    if any(result is not None for result in results):
        return "OK"
    return alarm["StateValue"] if alarm.get("TreatMissingData") == "ignore" else "INSUFFICIENT_DATA"


def evaluate(alarm):
    if alarm.get("ComparisonOperator") not in COMPARE or not alarm.get("MetricName"):
        return
    old, new = alarm["StateValue"], next_state(alarm, time.time())
    if old == new:
        return
    reason = f"Threshold Crossed: {alarm['MetricName']} {alarm['ComparisonOperator']} {alarm.get('Threshold')}"
    alarm.update(StateValue=new, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
    calls.record(event="AlarmStateChange", alarm=alarm["AlarmName"], old=old, new=new)
    cw._record_history(alarm["AlarmName"], old, new, reason)
    cw._dispatch_alarm_actions(alarm, old, new, reason)
    cw._evaluate_parent_alarms(alarm)


def evaluate_every_alarm():
    """Alarms of all accounts and regions: time alone changes the state of one that misses data."""
    for (account, region, _), alarm in list(cw._alarms._data.items()):
        set_request_account_id(account)
        set_request_region(region)
        evaluate(alarm)


cw._evaluate_alarm = evaluate
