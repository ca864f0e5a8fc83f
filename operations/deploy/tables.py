"""The protection of a stage's tables, which CloudFormation does not compare with the template."""

from collections.abc import Iterator

from operations.deploy.checks import Deployed, Fault
from operations.deploy.stack import resource_names


def table_status(deployed: Deployed) -> Iterator[str]:
    """Check that each table can be restored to any second, and cannot be deleted by mistake."""
    dynamodb = deployed.aws.client("dynamodb")
    names = resource_names(deployed.aws, deployed.state.name, ResourceType="AWS::DynamoDB::Table")
    faults = []
    for name in names:
        backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        if backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") != "ENABLED":
            faults.append(f"  NOT RESTORABLE: {name}: DynamoDB console, « Backups », « Point-in-time recovery », on")
        if not dynamodb.describe_table(TableName=name)["Table"].get("DeletionProtectionEnabled"):
            faults.append(
                f"  NOT PROTECTED: {name}: DynamoDB console, « Additional settings », « Deletion protection », on"
            )
    state = "" if faults else ", all restorable to any second of 35 days and protected from deletion"
    yield f"Tables: {len(names)}{state}"
    yield from map(Fault, faults)
