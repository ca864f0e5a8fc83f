"""The metrics of functions over some minutes, from CloudWatch."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from botocore.exceptions import ClientError

from operations.deploy.aws import Aws

_MINUTE: Final = timedelta(minutes=1)
# By our names: the metric, its statistic of a minute, and the one of all minutes.
METRICS: Final[Mapping[str, tuple[str, str, Callable[[Iterable[float]], float]]]] = {
    "at_once": ("ConcurrentExecutions", "Maximum", max),
    "throttles": ("Throttles", "Sum", sum),
    "errors": ("Errors", "Sum", sum),
}


def read_metrics(
    aws: Aws, functions: Mapping[str, str], since: datetime, until: datetime
) -> dict[str, dict[str, float]]:
    """Read the metrics of functions, by their short names. Without those that CloudWatch does not have, or refuses."""
    if not functions:
        return {}
    queries = [
        {
            "Id": f"{short}_{name}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/Lambda",
                    "MetricName": metric,
                    "Dimensions": [{"Name": "FunctionName", "Value": function}],
                },
                "Period": _MINUTE.seconds,
                "Stat": statistic,
            },
        }
        for short, function in functions.items()
        for name, (metric, statistic, _) in METRICS.items()
    ]
    times = {"StartTime": since - _MINUTE, "EndTime": until + _MINUTE}
    try:
        answer = aws.client("cloudwatch").get_metric_data(MetricDataQueries=queries, **times)
    except ClientError:
        return {}
    values = {result["Id"]: result["Values"] for result in answer["MetricDataResults"] if result["Values"]}
    value_lists = {
        short: {name: fold(values[id_]) for name, (*_, fold) in METRICS.items() if (id_ := f"{short}_{name}") in values}
        for short in functions
    }
    return {short: metrics for short, metrics in value_lists.items() if metrics}
