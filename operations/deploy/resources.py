"""The resources of a stage that CloudFormation does not watch: its tables' protection, its queues, its budget."""

from collections.abc import Iterator

from operations.deploy.aws import CDN_REGION, Aws
from operations.deploy.checks import Deployed, Fault
from operations.deploy.release import History
from operations.deploy.stack import resource_names, table_names
from operations.deploy.store import DeploymentBucket

_ALL = tuple(f"ApproximateNumberOfMessages{which}" for which in ("", "NotVisible", "Delayed"))  # of a queue


def table_status(deployment: Deployed) -> Iterator[str]:
    """Check that each table can be restored to any second, and cannot be deleted by mistake."""
    dynamodb = deployment.aws.client("dynamodb")
    names = table_names(deployment.aws, deployment.state)
    record = History(DeploymentBucket(deployment.aws), deployment.stage.name).current()
    left_out = {name for wing in record.release.left_out.values() for name in wing} if record else set()
    faults, idle = [], []
    for logical, name in names.items():
        backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        if backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") != "ENABLED":
            faults.append(f"  NOT RESTORABLE: {name}: DynamoDB console, « Backups », « Point-in-time recovery », on")
        table = dynamodb.describe_table(TableName=name)["Table"]
        if logical in left_out and table["ItemCount"]:
            idle.append(f"{logical} (about {table['ItemCount']:,} items)")
        if not table.get("DeletionProtectionEnabled"):
            faults.append(
                f"  NOT PROTECTED: {name}: DynamoDB console, « Additional settings », « Deletion protection », on"
            )
    state = "" if faults else ", all restorable to any second of 35 days and protected from deletion"
    yield f"Tables: {len(names)}{state}"
    if idle:
        reach = "which only erasures, purges and copies of data reach"
        yield f"  Data of wings that are switched off, {reach}: {', '.join(idle)}"
    yield from map(Fault, faults)


def queue_status(deployment: Deployed) -> Iterator[str]:
    """Count waiting mails and jobs, with those in flight and delayed. A dead letter is a fault."""
    aws, outputs = deployment.aws, deployment.outputs
    waiting = [f"{_count(aws, outputs.mail_queue_url, *_ALL):,} in MailQueue (passwords, codes, jobs of the desk)"]
    if outputs.slow_mail_queue_url:
        count = _count(aws, outputs.slow_mail_queue_url, *_ALL)
        waiting.append(f"{count:,} in SlowMailQueue (receipts, decisions, notices)")
    yield f"Mails that wait: {', '.join(waiting)}"
    letters = _count(aws, outputs.mail_dead_letters_url, "ApproximateNumberOfMessages")
    yield Fault(f"Dead letters: {letters} (docs/runbook.md, « Dead letters »)") if letters else "Dead letters: 0"


def _count(aws: Aws, queue_url: str, *names: str) -> int:
    answer = aws.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=list(names))
    return sum(int(answer["Attributes"][name]) for name in names)


def budget_status(deployment: Deployed) -> Iterator[str]:
    """Show the account's bill of the month beside the budget, whose excess is a fault. An emulator has no bills."""
    if deployment.aws.is_emulated:
        return
    budgets = deployment.aws.client("budgets", CDN_REGION)
    for name in resource_names(deployment.aws, deployment.state.name, ResourceType="AWS::Budgets::Budget"):
        budget = budgets.describe_budget(AccountId=deployment.aws.account, BudgetName=name)["Budget"]
        spend, limit = budget.get("CalculatedSpend", {}), float(budget["BudgetLimit"]["Amount"])
        actual, forecast = (float(spend.get(kind, {}).get("Amount", 0)) for kind in ("ActualSpend", "ForecastedSpend"))
        line = f"Budget: ${actual:,.2f} of ${limit:,.0f} this month in the account, ${forecast:,.2f} expected"
        yield Fault(line) if actual > limit else line
