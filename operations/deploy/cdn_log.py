"""The CDN's log (standard logging v2): chosen fields, delivered into a bucket of the stage, which keeps them 14 days.

Deliveries of CloudFront are set in us-east-1. A log group would have to be there too, with the addresses of clients.
"""

from typing import Final

from operations.deploy.aws import CDN_REGION, Aws, ignoring
from operations.deploy.stack import Outputs
from operations.deploy.stages import Stage

FIELDS: Final = ("date", "time", "c-ip", "cs-method", "cs-uri-stem", "sc-status")  # docs/runbook.md counts by them


def deliver_log(aws: Aws, stage: Stage, outputs: Outputs) -> None:
    """Have CloudFront deliver the log, without queries, referrers and cookies. Raises botocore's errors."""
    logs, name = aws.client("logs", CDN_REGION), _name(stage, outputs)
    distribution = f"arn:aws:cloudfront::{aws.account}:distribution/{outputs.distribution_id}"
    logs.put_delivery_source(name=name, resourceArn=distribution, logType="ACCESS_LOGS")
    folder = {"destinationResourceArn": f"arn:aws:s3:::{outputs.access_logs_bucket}/cdn"}
    destination = logs.put_delivery_destination(name=name, outputFormat="w3c", deliveryDestinationConfiguration=folder)
    with ignoring("ConflictException"):  # it does already
        logs.create_delivery(
            deliverySourceName=name,
            deliveryDestinationArn=destination["deliveryDestination"]["arn"],
            recordFields=FIELDS,
            fieldDelimiter="\t",
            s3DeliveryConfiguration={"suffixPath": "{yyyy}/{MM}/{dd}/{HH}"},
        )


def end_log(aws: Aws, stage: Stage, outputs: Outputs) -> None:
    """End the delivery, which the stack does not hold."""
    logs, name = aws.client("logs", CDN_REGION), _name(stage, outputs)
    for delivery in logs.get_paginator("describe_deliveries").paginate().search("deliveries[]"):
        if delivery["deliverySourceName"] == name:
            logs.delete_delivery(id=delivery["id"])
    with ignoring("ResourceNotFoundException"):
        logs.delete_delivery_source(name=name)
    with ignoring("ResourceNotFoundException"):
        logs.delete_delivery_destination(name=name)


def _name(stage: Stage, outputs: Outputs) -> str:
    return f"{stage.stack}-{outputs.distribution_id}"
