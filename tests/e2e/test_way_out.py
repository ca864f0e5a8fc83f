"""A whole stage goes to files and into a second stage with the same secrets, which answers alike."""

import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from agency.transfer.stage_data import TABLES
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod, Periods
from chalicelib.wings.admission.domain.applications import ApplicationRef, submit
from chalicelib.wings.billing.domain.bills import Invoice
from chalicelib.wings.billing.stores import Billing
from tests.support.admission import READ, START, stamp_of
from tests.support.applications import WHOLE
from tests.support.billing import PDF
from tests.support.breaker import wait_for
from tests.support.deploy_policy import POLICY_FILE
from tests.support.desk_walk import fresh_code
from tests.support.french import plain
from tests.support.stack_operator import Operator
from tests.support.stack_visitor import HOME, Visitor
from tools.local.families import FAMILIES
from tools.local.post import Mail
from tools.local.staff import STAFF
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e

DESK = "/extranet/bureau"
FAMILY = next(family for family in FAMILIES if family.identifier == "MAG2003")
SECRETARY = next(staff for staff in STAFF if staff.role == "secretary")
APPLICANT, NUMBER = "fauvette@example.org", "P27-WXYZ-WXYZ"
PAGES = ("", "/famille", "/eleves", "/facturation", "/mot-de-passe", "/reinscription")


@pytest.fixture
def lived_in(stack: Stack) -> Iterator[Stack]:
    """Add a bill with its PDF, and an application in an open period, to the stage's families and members."""
    services, now = stack.services, datetime.now(UTC).replace(microsecond=0)
    today = now.astimezone(PARIS).date()
    services.documents.put("invoices/e2e.pdf", PDF, "application/pdf")
    bill = Invoice("2027-9", date(2026, 9, 1), 9000, document="invoices/e2e.pdf")
    before, _ = services.store(Billing).revise_at(FAMILY.ref, lambda bills: replace(bills, invoices=(bill,)))
    stores, period = services.admission, EnrolmentPeriod(today, today + timedelta(days=7))
    periods = stores.periods.read()
    stores.periods.write(periods, Periods(period))
    ref = ApplicationRef(services.record.pseudonyms.of_mailbox(APPLICANT), str(period.season))
    stores.applications.add_number(NUMBER, ref)
    fresh = stores.applications.find(ref)
    application = replace(fresh, email=APPLICANT, started_at=now, draft=WHOLE)
    stores.applications.change(fresh, submit(application, NUMBER, now))
    yield stack
    stores.applications.forget(stores.applications.find(ref))
    services.database.write_together(stores.applications.delete_number(NUMBER))
    stores.periods.write(stores.periods.read(), periods)
    services.store(Billing).revise_at(FAMILY.ref, lambda bills: replace(bills, invoices=before.invoices))
    services.documents.delete(("invoices/e2e.pdf",))


@pytest.fixture
def operators(stack: Stack, second: Stack) -> Iterator[tuple[Operator, Operator]]:
    """Make a user who may export the first stage, and one who may deploy the second."""
    state = stack.aws.client("cloudformation").describe_stacks(StackName=f"clef-{stack.stage}")["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in state["Outputs"]}
    document = json.dumps(json.loads(POLICY_FILE.read_text()))
    policy = stack.aws.client("iam").create_policy(PolicyName="deploy-clef", PolicyDocument=document)["Policy"]["Arn"]
    pair = (
        Operator(stack, "leaver", outputs["OperatorPolicy"], outputs["ExportPolicy"]),
        Operator(second, "deployer", policy),
    )
    yield pair
    for operator in pair:
        operator.leave()
    stack.aws.client("iam").delete_policy(PolicyArn=policy)


def family_pages(stack: Stack) -> tuple[dict[str, str], bytes]:
    """Log a family in, and read its pages, without address, forms' tokens and last login, and its bill."""
    visitor = Visitor(stack)
    assert visitor.log_in(FAMILY.site, FAMILY.identifier, FAMILY.password or "").status == 303
    pattern = re.compile(rf'{re.escape(visitor.host)}|name="jeton" value="[^"]*"|Dernière connexion</dt><dd>[^<]*')
    pages = {path: pattern.sub("", visitor.get(f"{HOME}{path}").text) for path in PAGES}
    (path,) = re.findall(r'href="(/extranet/compte/facturation/\w+)"', pages["/facturation"])
    with urllib.request.urlopen(visitor.get(path).headers["Location"], timeout=30) as answer:
        bill = answer.read()
    return pages, bill


def desk_page(stack: Stack) -> str:
    """Log a secretary in by the authenticator, and search the application's number."""
    staff = Visitor(stack)
    staff.post(f"{DESK}/connexion", {"courriel": SECRETARY.email, "mot_de_passe": SECRETARY.password})
    assert staff.post(f"{DESK}/code", {"code": fresh_code(SECRETARY.totp)}).status == 303
    return staff.post(f"{DESK}/recherche", {"recherche": NUMBER}).text


def mail_after(stack: Stack, to: str, act: Callable[[], object]) -> Mail:
    count = len([mail for mail in stack.mails() if mail.to == to])
    act()
    newest: Mail = wait_for(lambda: [mail for mail in stack.mails() if mail.to == to][count:])[-1]
    return newest


def lost_identifier(stack: Stack) -> str:
    def ask() -> None:
        Visitor(stack).post("/extranet/compte/identifiant-perdu", {"email": FAMILY.emails[0]})

    return mail_after(stack, FAMILY.emails[0], ask).text.replace(Visitor(stack).host, "HOST")


def application_page(stack: Stack) -> str:
    """Enter as the applicant, by a mailed code."""
    visitor = Visitor(stack)
    stamp = stamp_of(visitor.get(START).text)
    time.sleep(READ.total_seconds())

    def ask() -> None:
        visitor.post(START, {"email": APPLICANT, "site_web": "", "depuis": stamp})

    (code,) = re.findall(r"^Code : (\d{3} \d{3})$", plain(mail_after(stack, APPLICANT, ask).text), re.MULTILINE)
    answer = visitor.post(f"{START}/code", {"code": code.replace(" ", "")})
    return visitor.get(answer.headers["Location"]).text


def test_a_stage_leaves_as_files_and_a_second_one_answers_alike(
    lived_in: Stack, second: Stack, operators: tuple[Operator, Operator], tmp_path: Path
) -> None:
    leaver, deployer = operators
    before, bill = family_pages(lived_in)
    mail = lost_identifier(lived_in)
    process = deployer.clef("import", "all", str(tmp_path), "--stage", second.stage, "--yes")

    export = leaver.clef("export", "all", str(tmp_path / "out"))
    import_run = deployer.clef("import", "all", str(tmp_path / "out"), "--stage", second.stage, "--yes")

    assert (process.returncode, export.returncode) == (1, 0), process.stderr + export.stderr
    assert import_run.returncode == 0, import_run.stdout + import_run.stderr
    assert "Les clés sont celles de l'export" in import_run.stderr
    names = (*lived_in.outputs.tables.values(), lived_in.outputs.documents_bucket, lived_in.outputs.distribution_domain)
    tables = [(tmp_path / f"out/tables/{table}.jsonl").read_text() for table in TABLES]
    assert [name for name in names if any(name in table for table in tables)] == []
    assert '\\"login_ok\\"' in (tmp_path / "out/record/APIHandlerLog.jsonl").read_text()
    assert family_pages(second) == (before, bill)
    assert bill == PDF
    assert lost_identifier(second) == mail
    assert NUMBER in desk_page(second)
    assert NUMBER in application_page(second)
