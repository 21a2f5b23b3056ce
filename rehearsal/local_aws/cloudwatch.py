"""CloudWatch alarms: by their own dimensions, by datapoints, with missing data treated as the alarm says.

ministack evaluates an alarm over every metric of that name, whatever its dimensions, in one window, and never lets
it go back when the data stops: one slot's errors would raise the other slot's alarm, and it would stay raised.
It does not say what was measured either; here, as on AWS, the reason of a state and the notice of an alarm do:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
Windows end now instead of on a full minute, so that an alarm is raised within a second of what it measures.
"""

import json
import operator
import time

from ministack.core.responses import get_account_id, get_region, new_uuid, set_request_account_id, set_request_region
from ministack.services import cloudwatch as cw
from ministack.services import sns

from . import calls

COMPARE = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
# What a window without data counts as; `missing` and `ignore` count as nothing.
TREATED = {"breaching": True, "notBreaching": False}


IN_WORDS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}
ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
# ARN of an alarm -> its state, and since when.
states = {}
TRIGGER = ("MetricName", "Namespace", "Unit", "Period", "EvaluationPeriods", "DatapointsToAlarm", "ComparisonOperator", "Threshold", "TreatMissingData")


def statistic_of(alarm):
    return alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"


def breaches(alarm, value):
    return COMPARE[alarm["ComparisonOperator"]](value, float(alarm.get("Threshold") or 0))


def windows(alarm, now):
    """Begin and value of the alarm's evaluation periods, newest first; the value is None where there is nothing to go by."""
    dimensions = {d["Name"]: d["Value"] for d in alarm.get("Dimensions") or []}
    points = cw._metrics.get((alarm["Namespace"], alarm["MetricName"], cw._dims_key(dimensions))) or []
    period = int(alarm.get("Period") or 60)
    for age in range(int(alarm.get("EvaluationPeriods") or 1)):
        end = now - age * period
        inside = [p for p in points if end - period < p["Timestamp"] <= end]
        yield end - period, cw._stat_value(cw._calc_stats(inside), statistic_of(alarm), inside) if inside else None


def next_state(alarm, values):
    """ALARM, OK or INSUFFICIENT_DATA, as the alarm's own settings say."""
    missing = TREATED.get(alarm.get("TreatMissingData"))
    results = [missing if value is None else breaches(alarm, value) for value in values]
    needed = int(alarm.get("DatapointsToAlarm") or len(results))
    if results.count(True) >= needed:
        return "ALARM"
    if any(result is not None for result in results):
        return "OK"
    return alarm["StateValue"] if alarm.get("TreatMissingData") == "ignore" else "INSUFFICIENT_DATA"


def reason_of(alarm, state, seen):
    """In AWS's words, with the values that decided: those that breach where it is raised, those that do not where it is not."""
    decided = [(begin, value) for begin, value in seen if value is not None and breaches(alarm, value) == (state == "ALARM")]
    if not decided:
        return f"Threshold Crossed: no datapoints were received for {len(seen)} period(s)."
    points = ", ".join(f"{value} ({time.strftime('%d/%m/%y %H:%M:%S', time.gmtime(begin))})" for begin, value in decided)
    verb = ("was" if len(decided) == 1 else "were") + ("" if state == "ALARM" else " not")
    compared = f"{verb} {IN_WORDS[alarm['ComparisonOperator']]} the threshold ({float(alarm.get('Threshold') or 0)})"
    return f"Threshold Crossed: {len(decided)} out of the last {len(seen)} datapoints [{points}] {compared}."


def reason_data(alarm, seen):
    """As in https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html; the newest datapoint last."""
    recent = [value for _, value in reversed(seen) if value is not None]
    settings = {"statistic": statistic_of(alarm), "period": alarm.get("Period"), "threshold": alarm.get("Threshold")}
    return json.dumps({"version": "1.0", "queryDate": cw._ts_iso(time.time()), **settings, "recentDatapoints": recent})


def note_state(alarm):
    """Since when it is in its state; new settings do not change that. ministack says it of composite alarms only.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html, StateTransitionedTimestamp"""
    arn, state = alarm["AlarmArn"], alarm["StateValue"]
    if states.get(arn, (None,))[0] != state:
        states[arn] = state, time.time()
    alarm["StateTransitionedTimestamp"] = states[arn][1]


def evaluate(alarm):
    note_state(alarm)
    if alarm.get("ComparisonOperator") not in COMPARE or not alarm.get("MetricName"):
        return
    seen = list(windows(alarm, time.time()))
    old, new = alarm["StateValue"], next_state(alarm, [value for _, value in seen])
    if old == new:
        return
    reason = reason_of(alarm, new, seen)
    alarm.update(StateValue=new, StateReason=reason, StateReasonData=reason_data(alarm, seen), StateUpdatedTimestamp=int(time.time()))
    note_state(alarm)
    calls.record(event="AlarmStateChange", alarm=alarm["AlarmName"], old=old, new=new)
    cw._record_history(alarm["AlarmName"], old, new, reason)
    cw._dispatch_alarm_actions(alarm, old, new, reason)
    cw._evaluate_parent_alarms(alarm)


def notify(alarm, old, new, reason):
    """Tells topics, with what the alarm looks at; ministack leaves the name of a percentile out, and the alarm's ARN."""
    if not alarm.get("ActionsEnabled", True):
        return
    kind = "ExtendedStatistic" if alarm.get("ExtendedStatistic") else "Statistic"
    notice = {
        "AlarmName": alarm["AlarmName"],
        "AlarmDescription": alarm.get("AlarmDescription"),
        "AWSAccountId": get_account_id(),
        "NewStateValue": new,
        "NewStateReason": reason,
        "StateChangeTime": cw._ts_iso(time.time()),
        "Region": get_region(),
        "AlarmArn": alarm["AlarmArn"],
        "OldStateValue": old,
    }
    if alarm.get("MetricName"):
        dimensions = [{"name": d["Name"], "value": d["Value"]} for d in alarm.get("Dimensions") or []]
        notice["Trigger"] = {**{key: alarm.get(key) for key in TRIGGER}, "StatisticType": kind, kind: alarm.get(kind), "Dimensions": dimensions}
    subject = f'{new}: "{alarm["AlarmName"]}" in {get_region()}'[:100]
    for topic in filter(cw._is_sns_action_arn, alarm.get(ACTIONS[new]) or []):
        try:
            sns._fanout(topic, new_uuid(), json.dumps(notice), subject)
        except Exception:  # the state has changed, whoever could not be told
            cw.logger.exception("the topic %s was not told of an alarm", topic)


def evaluate_every_alarm():
    """Alarms of all accounts and regions: time alone changes the state of one that misses data."""
    for (account, region, _), alarm in list(cw._alarms._data.items()):
        set_request_account_id(account)
        set_request_region(region)
        evaluate(alarm)


cw._evaluate_alarm = evaluate
cw._dispatch_alarm_actions = notify
