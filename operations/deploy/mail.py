"""SES, as a stage uses it: the account's right to send, its reputation, the sender and its MAIL FROM domain."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from operations.deploy.aws import DENIED, Aws, code_of, message_of
from operations.deploy.checks import Deployed, Fault
from operations.deploy.commands import Tell, command
from operations.deploy.stages import Stage

_ANSWER = "read AWS's mail about it and answer (SES console, « Account dashboard »)"
_NEARLY: Final = 0.8  # of the mails that SES sends within 24 hours
_PAGES: Final = 10  # read of the suppression list
_SEEN: Final = "SUCCESS"  # the DNS records of a MAIL FROM domain are published
_RATES = {"bounces": "Reputation.BounceRate", "complaints": "Reputation.ComplaintRate"}


def mail_status(deployment: Deployed) -> Iterator[str]:
    """Show the account's right to send, its quota and reputation, the sender's state, suppressed addresses."""
    aws, settings = deployment.aws, deployment.stage.settings
    account = aws.client("sesv2").get_account()
    has_access = account.get("ProductionAccessEnabled", True)
    standing = account.get("EnforcementStatus", "HEALTHY")
    if not account.get("SendingEnabled", True):
        yield Fault(f"MAILS ARE PAUSED: SES sends nothing from this account: {_ANSWER}")
    if standing != "HEALTHY":
        yield Fault(f"SES: AWS put the account in {standing}: {_ANSWER}")
    if not has_access and settings.keep_accounts:
        yield Fault("SES: families get no mail, only verified addresses do (docs/deploy.md, step 3)")
    quota = account.get("SendQuota", {})
    count, limit = quota.get("SentLast24Hours", 0), quota.get("Max24HourSend", 0)
    rates = ", ".join(f"{name} {_rate(deployment, metric)}" for name, metric in _RATES.items())
    yield (
        f"SES: {'production' if has_access else 'sandbox'}, {count:,.0f} of {limit:,.0f} mails sent within 24 hours, "
        f"{quota.get('MaxSendRate', 0):,.0f} a second at most; {rates}"
    )
    if 0 < limit * _NEARLY <= count:
        yield Fault("  Warning: SES refuses mails beyond that number: console « Service Quotas », Amazon SES")
    yield from _sender_lines(deployment)
    yield f"Suppression list: {_suppressed(aws)}"


def _sender_lines(deployment: Deployed) -> Iterator[str]:
    """Compare SES's view of the sender's DNS records with the stage."""
    identity, mail_from = deployment.stage.settings.sender_identity, deployment.stage.settings.mail_from
    sender = deployment.aws.client("sesv2").get_email_identity(EmailIdentity=identity)
    is_verified, dkim = (
        sender.get("VerifiedForSendingStatus"),
        sender.get("DkimAttributes", {}).get("Status", "unknown"),
    )
    domain, state = _mail_from(sender)
    line = (
        f"Sender {identity}: {'verified' if is_verified else 'NOT VERIFIED'}, DKIM {dkim}, "
        f"MAIL FROM {f'{domain} {state}' if domain else 'amazonses.com'}"
    )
    yield line if is_verified and "FAIL" not in f"{dkim} {state}" else Fault(line)
    if mail_from and domain != mail_from:
        deploy = command("deploy", deployment.stage.name, deployment.aws, "--settings")
        yield Fault(f"  Warning: stages.toml has the MAIL FROM domain {mail_from}: {deploy}")
    elif mail_from and state != _SEEN:
        yield f"  Warning: {_to_publish(deployment.aws, mail_from)}"


def check_mail_from(aws: Aws, stage: Stage, sender: dict[str, Any]) -> Iterator[str]:
    """List the missing DNS records of a stage's MAIL FROM domain. SES uses it once they are published."""
    domain = stage.settings.mail_from
    if domain and _mail_from(sender) != (domain, _SEEN):
        yield _to_publish(aws, domain)


def set_mail_from(aws: Aws, stage: Stage, tell: Tell, agrees: Callable[[str], bool]) -> None:
    """Give the sender the MAIL FROM domain of the stage, once the operator agrees. Its records come after."""
    identity, domain = stage.settings.sender_identity, stage.settings.mail_from
    ses = aws.client("sesv2")
    if not domain or _mail_from(ses.get_email_identity(EmailIdentity=identity))[0] == domain:
        return
    if not agrees(f"Have SES use {domain} as the MAIL FROM domain of {identity}? [y/N] "):
        return
    try:
        ses.put_email_identity_mail_from_attributes(
            EmailIdentity=identity, MailFromDomain=domain, BehaviorOnMxFailure="USE_DEFAULT_VALUE"
        )
    except ClientError as error:
        place = f"SES console, « Identities », {identity}, « Custom MAIL FROM domain »"
        tell(f"  - SES did not take {domain} ({code_of(error)}: {message_of(error)}): {place}")
    else:
        tell(f"  - {_to_publish(aws, domain)}")


def _mail_from(sender: dict[str, Any]) -> tuple[str, str]:
    """Return the MAIL FROM domain of an identity and its state, or empty texts."""
    attributes = sender.get("MailFromAttributes", {})
    return attributes.get("MailFromDomain", ""), attributes.get("MailFromDomainStatus", "")


def _to_publish(aws: Aws, domain: str) -> str:
    return (
        f"publish two DNS records for bounces: {domain} MX 10 feedback-smtp.{aws.region}.amazonses.com, and "
        f'{domain} TXT "v=spf1 include:amazonses.com ~all"; until SES sees them, mails leave from amazonses.com.'
    )


def _rate(deployment: Deployed, metric: str) -> str:
    """Read a rate of the last day. SES publishes it only while mails leave."""
    answer = deployment.aws.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SES",
        MetricName=metric,
        StartTime=deployment.now - timedelta(days=1),
        EndTime=deployment.now,
        Period=3600,
        Statistics=["Maximum"],
    )
    latest = max(answer["Datapoints"], key=lambda point: point["Timestamp"], default=None)
    return f"{latest['Maximum']:.2%}" if latest else "unknown"


def _suppressed(aws: Aws) -> str:
    """Count the addresses that SES sends nothing to. Reads some pages of them at most."""
    count, more = 0, dict[str, str]()
    for _ in range(_PAGES):
        try:
            answer = aws.client("sesv2").list_suppressed_destinations(**more)
        except ClientError as error:
            if code_of(error) not in DENIED:
                raise
            return "not for these credentials, as it holds families' addresses"
        count += len(answer["SuppressedDestinationSummaries"])
        more = {"NextToken": answer["NextToken"]} if answer.get("NextToken") else {}
        if not more:
            return f"{count:,} addresses"
    return f"more than {count:,} addresses"
