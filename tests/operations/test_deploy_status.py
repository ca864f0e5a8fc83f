"""`make status`: checks, with their lines and the exit code."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.acm.models import acm_backends
from moto.core.models import DEFAULT_ACCOUNT_ID

from operations.deploy.aws import Aws
from operations.deploy.certificates import certificate_status
from operations.deploy.checks import Check, Deployed, Fault
from operations.deploy.commands import FAILED, OK
from operations.deploy.keys import KeyStore, key_status
from operations.deploy.mail import mail_status
from operations.deploy.resources import budget_status, table_status
from operations.deploy.stack import find_stack
from operations.deploy.status import show
from tests.support.account import SENDING, VERIFIED, AnsweringAws
from tests.support.aws import TestAws
from tests.support.operator import LAMBDA, Operator, template

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")


@pytest.fixture(scope="module")
def stack(aws: TestAws) -> Iterator[Operator]:
    operator = Operator(aws)
    operator.template = template(**LAMBDA)
    operator.deploy()
    yield operator
    operator.leave()


def status(operator: Operator) -> tuple[int, list[str]]:
    lines: list[str] = []
    return show(operator.status(), operator.stage, lines.append), lines


def lines(
    check: Check,
    operator: Operator,
    now: datetime | None = None,
    aws: Aws | None = None,
    settings: dict[str, Any] | None = None,
    **answers: Any,
) -> list[str]:
    """Run one check. A line that is a fault begins with « ! »."""
    stage = replace(operator.stage, settings=operator.stage.settings.model_copy(update=settings or {}))
    state = find_stack(operator.aws, stage.stack)
    assert state is not None
    subject = Deployed(aws or operator.status(**answers), stage, state, state.outputs, now or datetime.now(UTC))
    return [f"! {line.strip()}" if isinstance(line, Fault) else line.strip() for line in check(subject)]


def test_a_check_that_aws_refuses_is_not_well_and_the_others_are_shown(stack: Operator, aws: TestAws) -> None:
    assert status(stack)[0] == OK

    with aws.failing("GetQueueAttributes", "before", error=(400, "AccessDenied")):
        exit_code, output = status(stack)

    assert exit_code == FAILED
    assert [line for line in output if line.startswith("Mails: could not be looked at (GetQueueAttributes: ")]
    assert "Versions:" in output


def test_versions_are_of_every_function_of_the_stack(stack: Operator) -> None:
    assert "  clef-api: commit unknown, package 000000, changed 2026-09-01T07:00" in status(stack)[1]


def test_a_table_without_recovery_or_protection_is_a_fault(stack: Operator) -> None:
    dynamodb, table = stack.aws.client("dynamodb"), stack.outputs().tables["Billing"]
    (well,) = lines(table_status, stack)

    dynamodb.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
    )
    dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
    faulty = lines(table_status, stack)
    dynamodb.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    dynamodb.update_table(TableName=table, DeletionProtectionEnabled=True)

    assert well == "Tables: 12, all restorable to any second of 35 days and protected from deletion"
    assert [line.partition(":")[0] for line in faulty] == ["Tables", "! NOT RESTORABLE", "! NOT PROTECTED"]
    assert all(f": {table}: DynamoDB console" in line for line in faulty[1:])


# Keys.


def test_secrets_older_than_a_year_are_to_be_renewed(stack: Operator) -> None:
    now = datetime.now(UTC)

    young, old = (lines(key_status, stack, now + timedelta(days=days)) for days in (364, 366))

    assert not [line for line in young if "Warning" in line]
    assert [line.rpartition("--")[2] for line in old if "Warning: over a year old" in line] == [
        'rotate-keys"',
        'rotate-secret"',
    ]
    assert f"Secret of the CDN: of {now:%Y-%m-%d} (366 days)" in old


def test_ages_and_losses_are_shown_without_the_right_to_read_a_secret(stack: Operator) -> None:
    looking, ssm = stack.status(), stack.aws.client("ssm")
    looking.session.register("before-call.ssm.GetParameter", refuse)
    name = KeyStore(ssm, stack.stage.name).name("record-key")
    text = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]

    texts = lines(key_status, stack, aws=looking)
    ssm.delete_parameter(Name=name)
    missing = lines(key_status, stack, aws=looking)
    ssm.put_parameter(Name=name, Value=text, Type="SecureString")

    today = datetime.now(UTC).date()
    assert f"Keys: of {today} (0 days); these credentials may not read their versions" in texts
    assert not [line for line in texts if line.startswith("!")]
    assert [line for line in missing if line.startswith("! LOST: /clef/trial-")]


def refuse(**_: Any) -> None:
    raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}}, "GetParameter")


# Mail.


@pytest.mark.parametrize(
    ("account", "line"),
    [
        ({"SendingEnabled": False}, "! MAILS ARE PAUSED: SES sends nothing from this account: read AWS's mail"),
        ({"EnforcementStatus": "PROBATION"}, "! SES: AWS put the account in PROBATION: read AWS's mail"),
        ({"ProductionAccessEnabled": False}, "! SES: families get no mail, only verified addresses do"),
        ({"SendQuota": {"Max24HourSend": 200.0, "SentLast24Hours": 160.0}}, "! Warning: SES refuses mails beyond"),
    ],
)
def test_an_account_that_sends_no_mail_is_a_fault(stack: Operator, account: dict[str, Any], line: str) -> None:
    well, failures = (
        lines(mail_status, stack, settings={"keep_accounts": True}, get_account=answer)
        for answer in (SENDING, SENDING | account)
    )

    assert [found[: len(line)] for found in failures if found.startswith("!")] == [line]
    assert not [found for found in well if found.startswith("!")]


def test_quota_reputation_and_suppressed_addresses_are_shown(stack: Operator) -> None:
    def rate(hour: int, share: float) -> dict[str, Any]:
        return {"Timestamp": datetime(2027, 6, 1, hour, tzinfo=UTC), "Maximum": share}

    texts = lines(
        mail_status,
        stack,
        get_metric_statistics={"Datapoints": [rate(9, 0.004), rate(8, 0.03)]},
        list_suppressed_destinations={"SuppressedDestinationSummaries": [{}] * 100, "NextToken": "more"},
    )

    assert texts[0] == (
        "SES: production, 1,200 of 50,000 mails sent within 24 hours, 14 a second at most; bounces 0.40%, "
        "complaints 0.40%"
    )
    assert texts[-1] == "Suppression list: more than 1,000 addresses"
    assert lines(mail_status, stack)[-1] == "Suppression list: 0 addresses"


@pytest.mark.parametrize(
    ("domain", "answer", "expected"),
    [
        ("", {}, ["Sender extranet.example.fr: verified, DKIM SUCCESS, MAIL FROM amazonses.com"]),
        ("rebond.extranet.example.fr", {}, ["Sender", "! Warning: stages.toml has the MAIL FROM domain"]),
        ("rebond.extranet.example.fr", {"MailFromDomainStatus": "PENDING"}, ["Sender", "Warning: publish two DNS"]),
        ("rebond.extranet.example.fr", {"MailFromDomainStatus": "FAILED"}, ["! Sender", "Warning: publish two DNS"]),
        ("rebond.extranet.example.fr", {"MailFromDomainStatus": "SUCCESS"}, ["Sender"]),
    ],
)
def test_the_mail_from_domain_is_compared_with_the_stage_s(
    stack: Operator, domain: str, answer: dict[str, str], expected: list[str]
) -> None:
    attributes = {"MailFromDomain": domain} | answer if answer else {}
    identity = VERIFIED | {"DkimAttributes": {"Status": "SUCCESS"}, "MailFromAttributes": attributes}

    texts = lines(mail_status, stack, settings={"mail_from": domain}, get_email_identity=identity)[1:-1]

    assert [line for line, begins in zip(texts, expected, strict=True) if not line.startswith(begins)] == []


@pytest.mark.parametrize(("answer", "refusal", "times"), [("y", "", 1), ("n", "", 0), ("y", "AccessDenied", 1)])
def test_a_mail_from_domain_is_set_once_agreed_to(stack: Operator, answer: str, refusal: str, times: int) -> None:
    settings = stack.stage.settings.model_copy(update={"mail_from": "rebond.extranet.example.fr"})
    operator = Operator(stack.under, answer)
    operator.stage = replace(stack.stage, settings=settings)
    given: list[bytes] = []

    def answer_for_ses(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        given.append(params["body"])
        error = {"Error": {"Code": refusal, "Message": "no"}} if refusal else {}
        return SimpleNamespace(status_code=403 if refusal else 200), error

    session: Any = operator.aws.session  # botocore's types know no handler that answers
    session.register("before-call.sesv2.PutEmailIdentityMailFromAttributes", answer_for_ses)

    assert operator.finish() == OK

    wanted = {"MailFromDomain": "rebond.extranet.example.fr", "BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}
    assert [json.loads(body) for body in given] == [wanted] * times
    records = "rebond.extranet.example.fr MX 10 feedback-smtp.eu-west-3.amazonses.com"
    assert (records in operator.text()) == (answer == "y" and not refusal)
    assert ("« Custom MAIL FROM domain »" in operator.text()) == bool(refusal)


# Certificate and budget.


@pytest.mark.parametrize(("days", "begins"), [(10, "! Certificate: "), (60, "Certificate: status.example.fr until ")])
def test_a_certificate_that_aws_did_not_renew_is_a_fault(stack: Operator, days: int, begins: str) -> None:
    acm, settings = stack.aws.client("acm", "us-east-1"), {"domain": "status.example.fr"}
    arn = acm.request_certificate(DomainName="status.example.fr", ValidationMethod="DNS")["CertificateArn"]
    certificate = acm_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]._certificates[arn]  # noqa: SLF001 - moto has no public access
    certificate.status = "ISSUED"
    until = acm.describe_certificate(CertificateArn=arn)["Certificate"]["NotAfter"]

    (line,) = lines(certificate_status, stack, until - timedelta(days=days), settings=settings)
    acm.delete_certificate(CertificateArn=arn)

    assert line.startswith(begins)
    assert lines(certificate_status, stack, settings=settings)[0].startswith(
        "! Certificate: none for status.example.fr is issued"
    )


class BilledAws(AnsweringAws):
    """An account that has bills, as no emulator does."""

    is_emulated = False

    def paginate(self, **_: Any) -> "BilledAws":
        return self

    def search(self, _: str) -> list[dict[str, str]]:
        """List a budget among the stack's resources."""
        names = {"LogicalResourceId": "Budget", "PhysicalResourceId": "Budget-1A2B"}
        return [{"ResourceType": "AWS::Budgets::Budget", **names}]


@pytest.mark.parametrize(("amount", "begins"), [("3.12", "Budget: $3.12 of $10 this"), ("10.5", "! Budget: $10.50 of")])
def test_a_bill_above_the_budget_is_a_fault(stack: Operator, amount: str, begins: str) -> None:
    budget = {"BudgetLimit": {"Amount": "10.0"}, "CalculatedSpend": {"ActualSpend": {"Amount": amount}}}
    answers = {"describe_budget": {"Budget": budget}}
    bills = BilledAws(stack.under, get_paginator=BilledAws(stack.under), **answers)

    (line,) = lines(budget_status, stack, aws=bills)

    assert line.startswith(begins)
