"""An operator's actions on the deployed stack, and its reports to the operator."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.stores.staff import Members
from operations.deploy.aws import CDN_REGION
from operations.deploy.cdn_log import FIELDS
from operations.deploy.keys import KeyStore
from operations.deploy.stack import find_stack, resource_names
from tests.support.authenticator import Authenticator, field
from tests.support.breaker import wait_for
from tests.support.desk_walk import fresh_code
from tests.support.stack import NEW
from tests.support.stack_operator import Operator
from tests.support.stack_visitor import HOME, Answer, Visitor
from tools.local.families import FAMILIES
from tools.local.staff import STAFF
from tools.stack.deployed import STAGE, Stack

pytestmark = pytest.mark.e2e

PASSWORD = "Triangle4Vif"
DESK = "/extranet/bureau"
FAMILY = next(family for family in FAMILIES if family.identifier == "MAG2003")
SECRETARY = next(staff for staff in STAFF if staff.role == "secretary")


def record(stack: Stack) -> list[str]:
    logs = stack.aws.client("logs")
    names = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    groups = [logs.filter_log_events(logGroupName=name, limit=10_000)["events"] for name in names]
    return [event["message"] for events in groups for event in events]


def resources(stack: Stack) -> dict[str, Any]:
    pages = stack.aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName="clef-local")
    return {resource["LogicalResourceId"]: resource for page in pages for resource in page["StackResourceSummaries"]}


class Kept:
    """Stored and mailed data under the keys of before a rotation."""

    def __init__(self, stack: Stack, visitor: Visitor) -> None:
        self.stack, self.visitor, services = stack, visitor, stack.services
        visitor.log_in(FAMILY.site, FAMILY.identifier, FAMILY.password or "")
        (agenda, *_) = re.findall(rf"{HOME}/eleves/[^/\"]+/agenda", visitor.get(f"{HOME}/eleves").text)
        self._send(agenda, action="create")
        (self.link, *_) = re.findall(rf"{HOME}/agenda/([\w.-]+)", visitor.get(agenda).text)
        self.mailbox = services.record.pseudonyms.of_mailbox(FAMILY.emails[0])
        self.phone = Authenticator(b"a telephone", stack.public.url)
        phone = self.phone.passkey("Téléphone", datetime.now(UTC))
        members = Members(services.database, stack.outputs.staff_table)
        members.revise(SECRETARY.email, lambda member: member.with_passkey(phone))
        self.not_me = [self.change_password(FAMILY.password or "", PASSWORD)]

    def _send(self, page: str, **fields: str) -> Answer:
        text = self.visitor.get(page).text
        values = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
        return self.visitor.post(page, values | fields)

    def change_password(self, now: str, new: str) -> str:
        """Change the family's password. Returns the link of « Ce n'est pas moi » in the notice."""
        count = len(self.stack.mails())
        answer = self._send(f"{HOME}/mot-de-passe", actuel=now, nouveau=new, confirmation=new)
        assert answer.status in {200, 303}, answer.text
        links = wait_for(lambda: [
            link[1] for mail in self.stack.mails()[count:]
            if (link := re.search(rf"({HOME}/ce-n-est-pas-moi/\S+)$", mail.text, re.MULTILINE))
        ])  # fmt: skip
        return str(links[0])

    def check(self) -> None:
        """Use each door that a key opens."""
        assert self.visitor.get(f"{HOME}/agenda/{self.link}").status == 200
        for path in self.not_me:
            page = self.visitor.get(path)
            assert (page.status, "Ce n'est pas moi" in page.text) == (200, True)
        assert FAMILY.ref in self.stack.services.mailboxes.find(self.mailbox).refs
        for enter in (self._by_code, self._by_passkey):
            staff = Visitor(self.stack)
            staff.post(f"{DESK}/connexion", {"courriel": SECRETARY.email, "mot_de_passe": SECRETARY.password})
            answer = enter(staff)
            assert (answer.status, answer.headers["Location"]) == (303, DESK), answer.text

    def _by_code(self, staff: Visitor) -> Answer:
        return staff.post(f"{DESK}/code", {"code": fresh_code(SECRETARY.totp)})

    def _by_passkey(self, staff: Visitor) -> Answer:
        (challenge,) = re.findall(r'data-challenge="([\w-]{43})"', staff.post(f"{DESK}/cle", {}).text)
        return staff.post(f"{DESK}/cle/reponse", {"cle": field(self.phone.use(challenge))})


def digests(stack: Stack) -> set[str]:
    functions = resource_names(stack.aws, f"clef-{STAGE}", ResourceType="AWS::Lambda::Function")
    code = stack.aws.client("lambda")
    return {code.get_function_configuration(FunctionName=name)["CodeSha256"] for name in functions}


def test_secrets_are_changed_from_an_edited_checkout_and_lost(stack: Stack, visitor: Visitor, tree: Path) -> None:
    """One test, since each of its deployments takes half a minute."""
    sources = tree / ".chalice/resources.yaml"
    sources.write_text(sources.read_text("utf-8").replace("  ErrorsAlarm:\n", "  OtherAlarm:\n"), "utf-8")
    held, code = resources(stack).keys(), digests(stack)
    store = KeyStore(stack.aws.client("ssm"), STAGE, find_stack(stack.aws, f"clef-{STAGE}"))
    before, sealed = store.keys(), Kept(stack, visitor)

    first = stack.command("operations.deploy", "--yes", "--rotate-secret", "--rotate-keys", project=tree)
    assert first.returncode == 0, first.stdout + first.stderr
    sealed.not_me.append(sealed.change_password(PASSWORD, FAMILY.password or ""))
    second = stack.command("operations.deploy", "--yes", "--rotate-keys")
    assert second.returncode == 0, second.stdout + second.stderr

    assert ", which stays at " in first.stdout
    assert (resources(stack).keys(), digests(stack)) == (held, code)
    assert NEW not in visitor.get("/extranet").text
    assert "applications of members sealed under version 2 of the keys" in first.stdout
    assert [version.number for version in store.find_versions()] == [3, 2, 1]
    assert store.keys().cdn_secret != before.cdn_secret
    sealed.check()
    assert visitor.log_in(FAMILY.site, FAMILY.identifier, FAMILY.password or "").status == 303

    stored = stack.aws.client("ssm").get_parameter(Name=store.name("keys"), WithDecryption=True)["Parameter"]["Value"]
    stack.aws.client("ssm").delete_parameter(Name=store.name("keys"))
    refused, status = stack.command("operations.deploy", "--yes"), stack.command("operations.deploy.status")
    stack.aws.client("ssm").put_parameter(Name=store.name("keys"), Value=stored, Type="SecureString")
    assert (refused.returncode, "is no longer in SSM Parameter Store" in refused.stdout) == (2, True)
    assert (status.returncode, "LOST: /clef/local/keys" in status.stdout) == (1, True)


def test_the_status_of_the_stage_is_shown_and_red_once_its_reservation_is_changed_by_hand(stack: Stack) -> None:
    process = stack.command("operations.deploy.status")
    assert process.returncode == 0, process.stdout + process.stderr

    functions, name = stack.aws.client("lambda"), stack.outputs.api_function
    share = functions.get_function_concurrency(FunctionName=name)["ReservedConcurrentExecutions"]
    functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=share + 1)
    run = stack.command("operations.deploy.status")
    functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=share)

    assert run.returncode == 1
    assert f"{share + 1} are deployed and stages.toml reserves {share}" in run.stdout


def test_the_cdn_delivers_its_log_without_queries_and_the_gateway_may_write_its_own(stack: Stack) -> None:
    deliveries = stack.aws.client("logs", CDN_REGION).describe_deliveries()["deliveries"]
    source = f"clef-{STAGE}-{stack.outputs.distribution_id}"

    fields = [each["recordFields"] for each in deliveries if each["deliverySourceName"] == source]
    assert fields == [[*FIELDS]]
    assert "-GatewayLogRole-" in stack.aws.client("apigateway").get_account()["cloudwatchRoleArn"]


def test_a_person_on_call_sees_how_the_stage_does_and_reads_no_family(stack: Stack, on_call: Operator) -> None:
    process = on_call.run("operations.deploy.status", STAGE, *("--endpoint-url", stack.emulator.endpoint_url))

    assert process.returncode == 0, process.stdout + process.stderr
    assert "these credentials may not read their versions" in process.stdout
    assert re.search("^Vault: clef-local-[0-9a-f]+, locked, 0 of 11 copied$", process.stdout, re.MULTILINE)
    assert "each function's package: not for these credentials" in process.stdout
    assert "OperatorPolicy" in on_call.clef("progress").stderr


def test_the_record_says_who_came_without_their_secrets(stack: Stack, visitor: Visitor) -> None:
    visitor.log_in("villabe-yves-henry", "DUO6002", PASSWORD)
    visitor.ask_for_password("DUO6002", "olivier@example.fr")

    lines = wait_for(lambda: [line for line in record(stack) if '"reset_asked"' in line] and record(stack))

    events = {json.loads(line)["event"] for line in lines if line.startswith("{")}
    assert {"login_ok", "reset_asked"} <= events
    assert not [line for line in lines if PASSWORD in line or "olivier@" in line or "DUO6002" in line]


def test_every_resource_of_the_template_is_there(stack: Stack) -> None:
    states = {resource["ResourceStatus"] for resource in resources(stack).values()}

    assert states <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
