"""The stage's budget: the bill of the month, and AWS's forecast."""

from collections.abc import Iterator

from operations.deploy.aws import CDN_REGION
from operations.deploy.checks import Deployed, Fault
from operations.deploy.stack import resource_names


def budget_status(deployed: Deployed) -> Iterator[str]:
    """Show the bill of the month beside the budget. A passed one is a fault. An emulator has no bills."""
    if deployed.aws.is_emulated:
        return
    budgets = deployed.aws.client("budgets", CDN_REGION)
    for name in resource_names(deployed.aws, deployed.state.name, ResourceType="AWS::Budgets::Budget"):
        budget = budgets.describe_budget(AccountId=deployed.aws.account, BudgetName=name)["Budget"]
        spend, limit = budget.get("CalculatedSpend", {}), float(budget["BudgetLimit"]["Amount"])
        actual, forecast = (float(spend.get(kind, {}).get("Amount", 0)) for kind in ("ActualSpend", "ForecastedSpend"))
        line = f"Budget: ${actual:,.2f} of ${limit:,.0f} this month, ${forecast:,.2f} expected"
        yield Fault(line) if actual > limit else line
