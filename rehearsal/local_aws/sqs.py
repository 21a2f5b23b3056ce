"""SQS, how many messages of a queue can be received, as CloudWatch has it: every second here, every minute on AWS.

ministack tells CloudWatch nothing of queues, so no alarm would fire for what lies in one. A queue that is empty and stays so is left out: an alarm
treats what is missing as its own settings say.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

import threading
import time

from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import cloudwatch as cw
from ministack.services import sqs

MEASURE_SECONDS = 1.0
with_messages = set()


def measure():
    for (account, region, url), queue in list(sqs._queues._data.items()):
        now = time.time()
        visible = sum(message["visible_at"] <= now for message in list(queue["messages"]))
        if not visible and (account, region, url) not in with_messages:
            continue
        (with_messages.add if visible else with_messages.discard)((account, region, url))
        set_request_account_id(account)
        set_request_region(region)
        cw.record_metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", visible, "Count", {"QueueName": queue["name"]})


def measure_for_ever():
    while True:
        time.sleep(MEASURE_SECONDS)
        try:
            measure()
        except Exception:  # the next second's figures must still be taken
            sqs.logger.exception("queues were not measured")


threading.Thread(target=measure_for_ever, daemon=True, name="local-aws-queues").start()
