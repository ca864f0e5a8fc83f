"""A whole deployment into moto: shown, confirmed, followed, published, then repeated without change, then destroyed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.account.keys import USES, KeyRing
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.staff.members import Member, Totp
from chalicelib.domain.staff.totp import TOTP_KIND
from chalicelib.infra.dynamo.database import Database
from chalicelib.stores.periods import PeriodStore
from chalicelib.stores.staff import Members
from chalicelib.wings.admission.domain.draws import Preparation, Ticket, prepare
from chalicelib.wings.admission.stores.draws import Draws
from operations.deploy.__main__ import keep_secret
from operations.deploy.aws import ignoring
from operations.deploy.changes import StackTarget, propose
from operations.deploy.commands import NotReady, Stopped
from operations.deploy.destroy import destroy
from operations.deploy.keys import VERSIONS, Keys, KeyStore, parameter_of
from operations.deploy.leftovers import Choice
from operations.deploy.stack import find_stack
from operations.deploy.stages import Stage
from operations.deploy.status import show
from operations.deploy.template import fitting, with_code
from operations.deploy.typed_secrets import TYPED, TypedSecret
from operations.package.parts import FAMILY, OFFICE
from tests.support.account import AnsweringAws
from tests.support.aws import TestAws
from tests.support.french import plain
from tests.support.operator import TABLE, Operator, template

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")


def test_a_first_deployment_shows_the_changes_asks_and_follows_them(operator: Operator) -> None:
    operator.deploy()

    assert operator.questions == ["Do it? [y/N] "]
    assert "  Add      AWS::DynamoDB::Table                   Accounts" in operator.output
    assert any(line.endswith("CREATE_COMPLETE              AWS::SQS::Queue                        MailDeadLetters")
               or "CREATE_COMPLETE" in line for line in operator.output)  # fmt: skip
    state = find_stack(operator.aws, operator.stage.stack)
    assert state is not None
    assert state.is_well
    pages = operator.aws.client("s3").list_objects_v2(Bucket=state.outputs.pages_bucket)["Contents"]
    assert "extranet/usager" in [page["Key"] for page in pages]


def test_what_only_the_stack_could_tell_makes_a_second_change_without_a_question(operator: Operator) -> None:
    operator.deploy()

    port = operator.aws.emulator[1]
    parameters = operator.parameters()
    assert parameters["PublicUrl"] == f"http://the-distribution_domain:{port}"
    assert parameters["OriginPath"].startswith("/_aws/execute-api/http")
    assert (parameters["OriginDomain"], parameters["OriginPort"], parameters["OriginProtocol"]) == (
        "localhost",
        str(port),
        "http-only",
    )


def test_run_again_it_changes_nothing_and_asks_nothing(operator: Operator, aws: TestAws) -> None:
    operator.deploy()
    before, operator.questions = operator.parameters(), []
    aws.calls.clear()

    operator.deploy()

    assert operator.questions == []
    assert "  nothing to change" in operator.output
    assert any(line.startswith("  0 assets and 0 pages of ") for line in operator.output)
    assert operator.parameters() == before
    assert "PutParameter" not in aws.calls


ANNOUNCED = Periods(EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15)))


def kept(operator: Operator) -> PeriodStore:
    return PeriodStore(Database(operator.aws.client("dynamodb")), operator.outputs().office_table)


def keys_of(operator: Operator) -> Keys:
    return KeyStore(
        operator.aws.client("ssm"), operator.stage.name, find_stack(operator.aws, operator.stage.stack)
    ).keys()


def login_page(operator: Operator) -> str:
    page = operator.aws.client("s3").get_object(Bucket=operator.outputs().pages_bucket, Key="extranet/usager")
    return plain(page["Body"].read().decode())


def test_a_deployment_goes_on_saying_the_period_that_was_announced(operator: Operator) -> None:
    operator.deploy()
    assert "Les dates de la réinscription sont annoncées par mail" in login_page(operator)
    kept(operator).write(Periods(), ANNOUNCED)

    operator.deploy()

    assert "Réinscription 2027-2028 : du 1er juin 2027 au 15 juin 2027 inclus." in login_page(operator)


def test_pages_have_the_settings_of_the_functions_after_each_deployment(operator: Operator) -> None:
    operator.deploy()
    assert "franceconnect" not in login_page(operator)

    operator.settings = {"CLEF_FRANCECONNECT": "https://fc.example.org clef"}
    operator.deploy()

    assert "/extranet/compte/acces/franceconnect" in login_page(operator)


def test_a_deployment_says_the_draws_and_stops_where_they_cannot_be_read(operator: Operator, aws: TestAws) -> None:
    operator.deploy()
    now = datetime.now(UTC)
    draw = prepare(
        "evry-xenakis",
        str(now.year),
        [Ticket("P27-K4TN-8WCB", 1)],
        Preparation("le nombre d'un tirage à venir", date(now.year + 1, 1, 1), now, "M. Merle"),
    )
    Draws(Database(operator.aws.client("dynamodb")), operator.outputs().tables["Places"]).prepare(draw)

    with aws.failing("BatchGetItem", "before", error=(400, "AccessDeniedException")), pytest.raises(Stopped):
        operator.deploy()
    operator.deploy()

    key = f"extranet/tirages/{now.year}-evry-xenakis.txt"
    stored = operator.aws.client("s3").get_object(Bucket=operator.outputs().pages_bucket, Key=key)
    assert stored["Body"].read().decode() == draw.list_text


def test_where_the_period_cannot_be_read_the_pages_stay_as_they_are(operator: Operator, aws: TestAws) -> None:
    operator.deploy()
    kept(operator).write(Periods(), ANNOUNCED)
    operator.deploy()

    with aws.failing("GetItem", "before", error=(400, "AccessDeniedException")), pytest.raises(Stopped) as error:
        operator.deploy()

    assert "AccessDeniedException" in str(error.value)
    assert "1er juin 2027" in login_page(operator)


def test_status_shows_addresses_letters_and_versions(operator: Operator) -> None:
    operator.deploy()
    for delay in (0, 60):
        operator.aws.client("sqs").send_message(
            QueueUrl=operator.outputs().slow_mail_queue_url, MessageBody="a receipt", DelaySeconds=delay
        )
    lines: list[str] = []

    assert show(operator.status(), operator.stage, lines.append) == 0
    assert f"clef-{operator.stage.name}: UPDATE_COMPLETE" in lines
    assert "Alarms: none in alarm" in lines
    waiting = "0 in MailQueue (passwords, codes, jobs of the desk), 2 in SlowMailQueue (receipts, decisions, notices)"
    assert f"Mails that wait: {waiting}" in lines
    assert "Dead letters: 0" in lines
    today = datetime.now(UTC).date()
    assert f"Record key: of {today} (0 days); it is never rotated" in lines
    assert f"Keys, version 1: of {today} (0 days); seals and signs" in lines


def test_a_no_leaves_everything_as_it_was(operator: Operator) -> None:
    operator.answer = "n"

    with pytest.raises(NotReady, match="the stack is as it was"):
        operator.deploy()

    assert find_stack(operator.aws, operator.stage.stack) is None


def test_the_package_is_made_for_the_architecture_of_the_stage(operator: Operator) -> None:
    settings = operator.stage.settings.model_copy(update={"architecture": "arm64"})
    operator.stage = replace(operator.stage, settings=settings)

    operator.deploy()

    assert operator.packaged_for == "arm64"


def test_yes_is_not_asked(operator: Operator) -> None:
    operator.deploy(says_yes=True)

    assert operator.questions == []


def test_a_rotation_ends_with_the_new_secret_alone(operator: Operator) -> None:
    operator.deploy()
    before = operator.parameters()

    operator.deploy(rotates=True)

    keys = KeyStore(operator.aws.client("ssm"), operator.stage.name).keys()
    after = operator.parameters()
    assert after["CdnSecret"] == keys.cdn_secret != before["CdnSecret"]
    assert after["CdnSecretDigests"] == keys.digests
    assert len(keys.digests) == 64
    assert after["RecordKey"] == before["RecordKey"]
    assert any("the former one is refused" in line for line in operator.output)


def test_no_secret_is_told(operator: Operator) -> None:
    lines = [*operator.deploy(), *operator.deploy(rotates=True, keys="rotate")]
    show(operator.status(), operator.stage, lines.append)

    keys = KeyStore(operator.aws.client("ssm"), operator.stage.name).keys()
    codes = " ".join(keys.of_use(use) for use in USES).split()
    secrets = {keys.cdn_secret, keys.record_key, *(version.secret for version in keys.versions)}
    assert not [secret for secret in secrets | {key.partition(":")[2] for key in codes} if secret in "\n".join(lines)]


def test_keys_are_rotated_and_retired_once_it_is_said_what_ends(operator: Operator, aws: TestAws) -> None:
    operator.deploy()
    before, operator.answer = keys_of(operator), "n"
    with pytest.raises(NotReady, match="the stack is as it was"):
        operator.deploy(keys="rotate")
    with pytest.raises(NotReady, match="the only one"):
        operator.deploy(keys="retire")
    assert keys_of(operator) == before

    operator.answer, operator.questions = "y", []
    with aws.failing("PutParameter", "after", error=(400, "AccessDeniedException")), pytest.raises(ClientError):
        operator.deploy(keys="rotate")
    keys_before = keys_of(operator)
    assert operator.questions == ["Do it? [y/N] "]
    assert "  version 2 of the keys seals and signs from now on" in operator.output
    with pytest.raises(NotReady, match="Version 2 of the keys is not deployed"):
        operator.deploy(keys="retire")

    operator.deploy(keys="rotate")

    assert "  the rotation to version 2 of the keys goes on" in operator.output
    keys = keys_of(operator)
    assert [version.secret for version in keys.versions] == [version.secret for version in keys_before.versions]
    assert operator.parameters() == operator.parameters() | keys.parameters()

    operator.deploy(keys="retire")

    assert "version 1 of " in operator.text()
    assert " ends, and with it: codes on paper" in operator.text()
    assert keys_of(operator).versions == keys.versions[:1]
    assert operator.parameters()[VERSIONS] == "2"
    assert keys_of(operator).is_settled


def test_a_rotation_seals_applications_again_and_a_stopped_one_is_finished(operator: Operator, aws: TestAws) -> None:
    operator.deploy()
    members = Members(Database(operator.aws.client("dynamodb")), operator.outputs().staff_table)
    token = Seal(KeyRing.parse(keys_of(operator).of_use("staff-totp")), TOTP_KIND).seal_text("a@example.org", "KEY")
    members.create(Member("a@example.org", "A", "secretary", (), "stamp", datetime.now(UTC), totp=Totp(token, 1)))

    denial = aws.failing("UpdateItem", "before", error=(400, "AccessDeniedException"))
    with denial, pytest.raises(Stopped, match="Nothing is lost"):
        operator.deploy(keys="rotate")
    assert not keys_of(operator).is_settled
    operator.deploy()

    keys, member = keys_of(operator), members.find("a@example.org")
    assert operator.output.count("  1 applications of members sealed under version 2 of the keys") == 1
    assert keys.is_settled
    assert member
    assert member.totp
    newest = Seal(KeyRing.parse(keys.retired().of_use("staff-totp")), TOTP_KIND)
    assert (newest.open_text(member.totp.key), member.totp.last_step) == (("a@example.org", "KEY"), 1)
    aws.calls.clear()
    operator.deploy()
    assert not {"Query", "Scan", "UpdateItem", "PutParameter"} & set(aws.calls)


def test_a_stack_whose_secrets_were_deleted_is_not_deployed_unless_new_ones_are_meant(operator: Operator) -> None:
    operator.deploy()
    with pytest.raises(NotReady, match="Nothing is lost"):
        operator.deploy(keys="renew")
    before = operator.parameters()
    names = [f"/clef/{operator.stage.name}/{key}" for key in ("record-key", "keys")]
    operator.aws.client("ssm").delete_parameters(Names=names)

    with pytest.raises(NotReady, match="Nothing was changed"):
        operator.deploy()
    for name in names:
        assert f"Missing: {name} is no longer in SSM Parameter Store" in operator.text()
    assert "--new-keys" in operator.text()
    assert operator.parameters() == before
    lines: list[str] = []
    assert show(operator.status(), operator.stage, lines.append) == 1
    assert len([line for line in lines if line.startswith("LOST: /clef/")]) == len(names)

    operator.answer = "n"
    with pytest.raises(NotReady, match="nothing was changed"):
        operator.deploy(keys="renew")
    operator.answer = "y"
    operator.deploy(keys="renew")

    assert all(f"  {name} is lost. A new one ends: " in operator.text() for name in names)
    changes = {name for name, value in operator.parameters().items() if value != before[name]}
    assert changes == {"RecordKey", VERSIONS, *map(parameter_of, USES)}


def test_a_missing_thing_stops_before_anything_is_changed(operator: Operator, aws: TestAws) -> None:
    operator.stage = Stage(
        operator.stage.name, operator.stage.settings.model_copy(update={"domain": "nowhere.example.fr"})
    )
    aws.calls.clear()

    with pytest.raises(NotReady, match="Nothing was changed"):
        operator.deploy()

    assert "PUT" not in aws.calls
    assert "no certificate for nowhere.example.fr" in operator.text()


def test_what_changed_alone_is_sent_and_changed(operator: Operator, aws: TestAws) -> None:
    desk = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": f"./{OFFICE}"}}
    operator.template = template(Desk=desk)
    operator.deploy()
    operator.template = template(Desk=desk, Another={"Type": "AWS::SQS::Queue"})
    operator.packages[OFFICE] = operator.stage.name.encode()
    aws.calls.clear()

    operator.deploy()

    assert "  Add      AWS::SQS::Queue                        Another" in operator.output
    assert [line.split()[-1] for line in operator.output if "AWS::Serverless::Function" in line] == ["Desk"]
    assert aws.calls.count("PUT") == 4  # the office's zip, the template, the one that names the zip, the record


class Events:
    """Validation events of CloudFormation. An AWS error without the permission to read them."""

    def __init__(self, *, may_ask: bool) -> None:
        self._may_ask = may_ask

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        if not self._may_ask:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "DescribeEvents")
        event = {"LogicalResourceId": "Pages", "ResourceType": "AWS::S3::Bucket", "EventType": "VALIDATION_ERROR"}
        conflict, full = "The name is taken.", "The bucket is not empty."
        yield {
            "OperationEvents": [
                {"EventType": "STACK_EVENT"},
                {**event, "ValidationFailureMode": "FAIL", "ValidationStatusReason": conflict},
                {**event, "ValidationFailureMode": "WARN", "ValidationStatusReason": full},
            ]
        }


@pytest.mark.parametrize(
    ("may_ask", "causes"), [(True, "\n  Pages (AWS::S3::Bucket): The name is taken."), (False, "")]
)
def test_a_refused_change_set_is_told_with_what_is_wrong_and_where(aws: TestAws, may_ask: bool, causes: str) -> None:
    refused = {"Status": "FAILED", "StatusReason": "Validation failed."}
    made = {"Id": "arn:aws:cloudformation:eu-west-3:123456789012:changeSet/none", "StackId": "none"}
    answers = {"create_change_set": made, "describe_change_set": refused, "delete_change_set": {}}
    account = AnsweringAws(aws, **answers, get_paginator=Events(may_ask=may_ask))

    with pytest.raises(Stopped) as stopped:
        propose(account, "clef-prod", StackTarget("https://example.org", {}), is_new=False)

    assert str(stopped.value) == f"CloudFormation refused the change set: Validation failed.{causes}"


def test_a_stage_that_keeps_no_accounts_leaves_nothing(operator: Operator) -> None:
    operator.deploy()
    state = find_stack(operator.aws, operator.stage.stack)
    assert state is not None
    operator.answer = operator.stage.name
    s3, bucket = operator.aws.client("s3"), state.outputs.documents_bucket
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for number in range(2):
        s3.put_object(Bucket=bucket, Key="invoices/a.pdf", Body=b"%%PDF-%d" % number)
    s3.delete_object(Bucket=bucket, Key="invoices/a.pdf")

    destroy(operator.aws, operator.stage, operator.output.append, operator.ask)

    assert find_stack(operator.aws, operator.stage.stack) is None
    tables = operator.aws.client("dynamodb").get_paginator("list_tables").paginate().search("TableNames[]")
    assert not {state.outputs.accounts_table, state.outputs.enrolments_table, state.outputs.tables["Billing"]} & set(
        tables
    )
    buckets = [each["Name"] for each in operator.aws.client("s3").list_buckets()["Buckets"]]
    assert not {state.outputs.pages_bucket, state.outputs.documents_bucket} & set(buckets)


def test_a_stage_that_keeps_its_accounts_says_which_table_stays_and_how_to_delete_it(operator: Operator) -> None:
    operator.deploy()
    table, bucket = operator.outputs().accounts_table, operator.outputs().documents_bucket
    operator.aws.client("s3").put_object(Bucket=bucket, Key="invoices/a.pdf", Body=b"%PDF-")
    keeping = Stage(operator.stage.name, operator.stage.settings.model_copy(update={"keep_accounts": True}))
    operator.answer = keeping.name

    destroy(operator.aws, keeping, operator.output.append, operator.ask)

    table_now = operator.aws.client("dynamodb").describe_table(TableName=table)["Table"]
    assert table_now["DeletionProtectionEnabled"] is True
    assert f"Stays: Accounts (AWS::DynamoDB::Table) {table}; to delete it for ever: " in operator.text()
    assert "Stays: the secrets /clef/trial-" in operator.text()
    assert operator.aws.client("s3").get_object(Bucket=bucket, Key="invoices/a.pdf")["Body"].read() == b"%PDF-"


def test_second_tables_of_a_restore_go_or_stay_as_the_accounts_do(operator: Operator, aws: TestAws) -> None:
    dynamodb, stage = operator.aws.client("dynamodb"), operator.stage
    name = f"{stage.stack}-restore-20270903T081500Z-Staff"
    operator.answer = stage.name
    making = AnsweringAws(aws, describe_table={"Table": {"CreationDateTime": "", "TableStatus": "CREATING"}})
    for keeps in (True, False):
        operator.deploy(leftovers=Choice(deletes_empty=True), says_yes=True)
        with ignoring("ResourceInUseException"):  # it stayed
            dynamodb.create_table(TableName=name, **TABLE)
        second = Stage(stage.name, stage.settings.model_copy(update={"keep_accounts": keeps}))
        with pytest.raises(NotReady, match="AWS is making second tables of a restore"):
            destroy(making, second, operator.output.append, operator.ask)

        for _ in ("deployed", "not deployed"):
            operator.output = []
            destroy(operator.aws, second, operator.output.append, operator.ask)
            stays = f"Stays: second table of 2027-09-03T08:15:00Z (AWS::DynamoDB::Table) {name}; to" in operator.text()
            names = set(dynamodb.get_paginator("list_tables").paginate().search("TableNames[]"))  # other tests' too
            assert (stays, name in names) == (keeps, keeps)


def test_nothing_is_destroyed_unless_the_stages_name_is_typed(operator: Operator) -> None:
    operator.deploy()

    for operator.answer in ("", "y", "yes", "prod"):
        with pytest.raises(NotReady):
            destroy(operator.aws, operator.stage, operator.output.append, operator.ask)

        assert find_stack(operator.aws, operator.stage.stack) is not None


def test_what_is_not_there_needs_no_destroying(operator: Operator) -> None:
    assert destroy(operator.aws, operator.stage, operator.output.append, operator.ask) == 0
    assert operator.output == [f"{operator.stage.name} is not deployed: nothing to take away."]


def test_every_function_takes_its_own_uploaded_code() -> None:
    desk = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": f"./{OFFICE}"}}
    addresses = {FAMILY: "s3://bucket/one.zip", OFFICE: "s3://bucket/another.zip"}

    resources = json.loads(with_code(template(Desk=desk), addresses))["Resources"]

    assert resources["APIHandler"]["Properties"]["CodeUri"] == "s3://bucket/one.zip"
    assert resources["Desk"]["Properties"]["CodeUri"] == "s3://bucket/another.zip"
    with pytest.raises(Stopped, match="no function"):
        with_code('{"Resources": {}}', addresses)


def test_a_template_that_takes_other_parameters_is_told_before_it_is_sent() -> None:
    body = json.dumps({"Parameters": {"Mystery": {}, "AlarmEmail": {}, "Budget": {"Default": "1"}, "Secret": {}}})
    facts = {"AlarmEmail": "a@example.org", "Secret": "****", "Former": "1"}
    with pytest.raises(Stopped, match="does not know the template's Mystery, Secret: take a newer one"):
        fitting(body, facts)
    assert fitting(body, facts | {"Mystery": "1", "Secret": "s"}).keys() == {"AlarmEmail", "Secret", "Mystery"}


@pytest.mark.parametrize("secret", TYPED)
def test_a_provider_s_secret_is_typed_stored_deployed_and_never_shown(operator: Operator, secret: TypedSecret) -> None:
    with pytest.raises(NotReady, match="No secret was typed, which needs a terminal: nothing was changed"):
        keep_secret(secret, operator.aws, operator.stage, operator.output.append, lambda _: "")

    lines: list[str] = []
    keep_secret(secret, operator.aws, operator.stage, lines.append, lambda _: "un-secret")
    lines += operator.deploy()

    assert operator.parameters()[secret.parameter] == "un-secret"
    assert f"/{secret.key} is stored. {secret.function} has it once this deployment ends." in lines[0]
    assert "un-secret" not in "".join(lines)
