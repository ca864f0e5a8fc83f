"""The template: one test for each promise about the resources on AWS. `tests/test_packaging.py` compares it."""

import html
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

import playwright
import pytest
import yaml
from cfnlint.api import lint  # type: ignore[import-untyped]  # it publishes no types
from cfnlint.config import ManualArgs  # type: ignore[import-untyped]  # the same
from pydantic import TypeAdapter, ValidationError
from samtranslator.translator.transform import transform  # type: ignore[import-untyped]  # it publishes no types

from chalicelib.domain.account.audit import TOMBSTONE_LASTS
from chalicelib.domain.account.keys import USES, variable
from chalicelib.domain.dossiers.uploads import UPLOADED
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.presentation.texts import ERRORS
from chalicelib.presentation.typography import in_text
from chalicelib.settings.environment import Settings, load_network
from chalicelib.settings.parts import DocumentAsked
from chalicelib.web.login_methods.edge import METHODS_PAGE, PENDING
from chalicelib.web.responses import DEVICES, HTML, SECURITY_HEADERS, TARGET
from chalicelib.wings import ALL_WINGS
from chalicelib.wings.teaching.mail import MAX_DELAY
from chalicelib.wings.teaching.web.lesson_calendar import OF_PUPIL, OF_TEACHER
from operations.deploy.capacity import CALENDARS
from operations.deploy.changes import stack_policy
from operations.deploy.keys import VERSIONS, parameter_of
from operations.deploy.stages import PROD
from operations.deploy.template import telephones, with_code
from operations.package import PROJECT
from operations.package.files import ANY_METHOD, BELOW, VISITORS, compact
from operations.package.parts import ZIPS
from operations.pages.build import build
from operations.restore.differences import DOCUMENTS
from operations.restore.differences import TABLES as RESTORED
from tests.support.french import plain
from tests.support.key_uses import uses_read_by
from tests.support.template import template_without_zip
from tests.support.world import Visitor
from tools.local.aws import REGION, TABLES

NODE = shutil.which("node") or str(Path(playwright.__file__).parent / "driver" / "node")
QUEUES = ("MailQueue", "SlowMailQueue")
KEY = "CLEF_KEY_"
FREE_ALARM_METRICS = 10  # CloudWatch's free alarm metrics each month
FREE_CUSTOM_METRICS = 10
# cfn-lint's informations (I…) besides its warnings and errors: the accepted ones, with their reasons.
EXPLAINED = {
    "I3011": "queues, pages and logs go with the stack, which is CloudFormation's default; tables do not, a test below"
}


@dataclass(frozen=True)
class Template:
    """The parsed template."""

    text: str

    @cached_property
    def all(self) -> dict[str, Any]:
        tree: dict[str, Any] = yaml.load(self.text, yaml.CSafeLoader)
        return tree

    def resources(self, kind: str) -> dict[str, Any]:
        """Find the properties of the resources of a kind, by name."""
        resources = self.all["Resources"].items()
        return {
            name: resource.get("Properties", {}) for name, resource in resources if resource["Type"] == f"AWS::{kind}"
        }

    def one(self, kind: str) -> Any:
        (properties,) = self.resources(kind).values()
        return properties

    @property
    def distribution(self) -> Any:
        return self.one("CloudFront::Distribution")["DistributionConfig"]

    @property
    def behaviours(self) -> list[Any]:
        return [self.distribution["DefaultCacheBehavior"], *self.distribution["CacheBehaviors"]]

    @property
    def statements(self) -> Iterator[dict[str, Any]]:
        """List the permissions of roles and resources."""
        for role in self.resources("IAM::Role").values():
            for policy in role["Policies"]:
                yield from policy["PolicyDocument"]["Statement"]
        for kind in ("IAM::ManagedPolicy", "S3::BucketPolicy", "SNS::TopicPolicy"):
            for policy in self.resources(kind).values():
                yield from policy["PolicyDocument"]["Statement"]


class ManagedPolicies:
    """AWS's managed policies that SAM may use: the template has none."""

    def load(self) -> dict[str, str]:
        return {}


@pytest.fixture(scope="module")
def template() -> Template:
    return Template(yaml.safe_dump(template_without_zip(), allow_unicode=True))


# As a whole.


def test_a_finding_of_the_linters_is_accepted_of_resources_by_their_names(template: Template) -> None:
    """`make linters` compares the findings themselves: a resource to come is accepted by nothing."""
    entries = tomllib.loads((PROJECT / "tests/data/linters.toml").read_text(encoding="utf-8")).values()

    assert {name for entry in entries for name in entry["on"]} <= {*template.all["Resources"], "DeployPolicy"}


def test_a_change_that_loses_what_families_have_is_denied_to_the_console_too(template: Template) -> None:
    first, second = json.loads(stack_policy(json.dumps(template.all)))["Statement"]
    families_have = {*template.resources("DynamoDB::Table"), "Documents", "Distribution"}

    assert first == {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}
    assert (second["Effect"], second["Principal"]) == ("Deny", "*")
    assert second["Action"] == ["Update:Replace", "Update:Delete"]
    assert {name.removeprefix("LogicalResourceId/") for name in second["Resource"]} == families_have


def test_cfn_lint_finds_nothing_that_is_not_explained(template: Template) -> None:
    matches = lint(template.text, None, None, ManualArgs(regions=[REGION], include_checks=["I"]))

    assert {match.rule.id for match in matches} == set(EXPLAINED)


def test_what_sam_makes_of_it_leaves_cloudformation_room(template: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    """CloudFormation takes a million bytes of the template, before and after SAM's translator."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    text = with_code(compact(template.all), dict.fromkeys(ZIPS.values(), "s3://bucket/key.zip"))
    result = transform(json.loads(text), {}, ManagedPolicies())

    assert len(text.encode()) < len(compact(result).encode()) <= 400_000
    assert len(result["Resources"]) <= 300  # of 500


def test_the_gateway_has_few_resources_and_methods_however_many_pages_there_are(template: Template) -> None:
    """Of 300 resources. A visitor's paths are one, but those with a throttle of their own."""
    api = template.one("Serverless::Api")
    limits = {
        (setting["ResourcePath"].replace("~1", "/")[1:], setting["HttpMethod"]) for setting in api["MethodSettings"]
    } - {("*", "*")}
    paths = {path: {name.upper() for name in methods} for path, methods in api["DefinitionBody"]["paths"].items()}

    beginnings = {f"{beginning}{ending}" for beginning in VISITORS for ending in ("", BELOW)}
    assert set(paths) == beginnings | {path for path, _ in limits}
    any_method = {(path, ANY_METHOD.upper()) for path in paths}
    assert {(path, name) for path, names in paths.items() for name in names} == limits | any_method
    assert len({place for path in paths for place in accumulate(path.split("/"), "{}/{}".format)}) <= 30


def test_its_parameters_and_outputs_are_those_that_the_deploy_command_knows(template: Template) -> None:
    names = {name for name, parameter in template.all["Parameters"].items() if "Default" not in parameter}

    keys = {*map(parameter_of, USES), VERSIONS}
    assert names == {"RecordKey", "CdnSecret", "CdnSecretDigests", "SenderAddress", "AlarmEmail", "Version"} | keys
    assert set(template.all["Parameters"]) - names == {
        *("Telephones", "PublicUrl", "DomainName", "CertificateArn", "MonthlyBudget", "ReservedConcurrency"),
        "VaultLock",
        *("FranceconnectSecret", "ProconnectSecret", "SignInConcurrency"),
        *("ApplicantConcurrency", "OriginDomain", "OriginPort", "OriginPath", "OriginProtocol"),
    }
    assert set(template.all["Outputs"]) >= {
        *("DistributionId", "DistributionDomain", "PagesBucket", "AccountsTable", "MailboxesTable", "SessionsTable"),
        *("AttemptsTable", "OfficeTable", "EnrolmentsTable", "BillingTable", "DocumentsBucket", "MailQueueUrl"),
        *("SlowMailQueueUrl", "MailDeadLettersUrl", "RestApiId", "ApiFunction", "ApplicantFunction", "SignInFunction"),
        *("OffersFunction", "RollsFunction", "PostFunction", "ConfigurationSet"),
        *("OperatorPolicy", "OnCallPolicy", "ExportPolicy"),
    }


def test_secrets_are_shown_by_no_console(template: Template) -> None:
    secrets = {name for name, parameter in template.all["Parameters"].items() if parameter.get("NoEcho")}

    assert secrets == {"RecordKey", "CdnSecret", "FranceconnectSecret", "ProconnectSecret", *map(parameter_of, USES)}


def test_the_functions_know_a_digest_of_the_cdn_s_secret_and_not_the_secret(template: Template) -> None:
    assert '{"Ref": "CdnSecret"}' not in json.dumps(template.resources("Serverless::Function"))
    assert json.dumps(template.all["Resources"]).count('{"Ref": "CdnSecret"}') == 1


def test_nothing_has_a_price_by_the_month(template: Template) -> None:
    kinds = {resource["Type"].removeprefix("AWS::") for resource in template.all["Resources"].values()}

    assert kinds == {
        *("Backup::BackupPlan", "Backup::BackupSelection", "Backup::BackupVault"),  # its copies by the gigabyte
        *("Budgets::Budget", "CloudWatch::Alarm", "CloudWatch::Dashboard", "DynamoDB::Table"),
        *("Lambda::LayerVersion", "Lambda::Permission", "Lambda::Url"),
        *("IAM::ManagedPolicy", "IAM::Role"),
        *("CloudFront::Distribution", "CloudFront::Function", "CloudFront::OriginAccessControl"),
        *("CloudFront::OriginRequestPolicy", "CloudFront::ResponseHeadersPolicy"),
        *("Logs::LogGroup", "Logs::MetricFilter", "S3::Bucket", "S3::BucketPolicy", "SQS::Queue"),
        *("SES::ConfigurationSet", "SES::ConfigurationSetEventDestination", "SNS::Topic", "SNS::TopicPolicy"),
        *("Serverless::Api", "Serverless::Function"),
        *("ApiGateway::Account", "CloudTrail::Trail"),  # the account's first trail, decision 120
    }
    assert not [
        function
        for function in template.resources("Serverless::Function").values()
        if "ProvisionedConcurrencyConfig" in function
    ]
    assert not [
        table for table in template.resources("DynamoDB::Table").values() if table["SSESpecification"]["SSEEnabled"]
    ]


# Data.


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_on_demand_and_outlives_mistakes(template: Template, name: str) -> None:
    resource = template.all["Resources"][name]

    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    assert resource["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
    assert resource["Properties"]["DeletionProtectionEnabled"] is True
    assert resource["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_what_passes_is_forgotten_and_an_account_is_not(template: Template) -> None:
    tables = template.resources("DynamoDB::Table")

    names = {name for name, table in tables.items() if "TimeToLiveSpecification" in table}

    assert set(tables) == set(TABLES)
    assert set(tables) - names == {"Accounts", "Office", "Places"}
    for name in names:
        assert tables[name]["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


@pytest.mark.parametrize("name", ["Documents", "DocumentsPolicy"])
def test_documents_outlive_mistakes_as_the_tables_do(template: Template, name: str) -> None:
    resource = template.all["Resources"][name]

    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_the_record_outlives_the_stage(template: Template) -> None:
    lifecycles = {
        name: (resource["DeletionPolicy"], resource["UpdateReplacePolicy"])
        for name, resource in template.all["Resources"].items()
        if resource["Type"] == "AWS::Logs::LogGroup"
    }

    assert set(lifecycles) == set(template.resources("Logs::LogGroup"))
    assert set(lifecycles.values()) == {("RetainExceptOnCreate", "Retain")}
    assert not [
        name for name, log in template.resources("Logs::LogGroup").items() if "LogGroupName" in log
    ]  # taken names


def test_documents_are_forgotten_after_the_season_whatever_the_office_does(template: Template) -> None:
    uploads_rule, former, *rest = template.resources("S3::Bucket")["Documents"]["LifecycleConfiguration"]["Rules"]

    assert uploads_rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    days = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rest}
    assert days == {"documents/": 500, "requests/": 500, "imports/": 30}
    assert {rule["Status"] for rule in (uploads_rule, former, *rest)} == {"Enabled"}


def test_a_deleted_document_can_be_brought_back_for_sixty_days(template: Template) -> None:
    documents = template.resources("S3::Bucket")["Documents"]
    former, imports = (
        rule for rule in documents["LifecycleConfiguration"]["Rules"] if "NoncurrentVersionExpiration" in rule
    )

    assert documents["VersioningConfiguration"] == {"Status": "Enabled"}
    assert former["NoncurrentVersionExpiration"] == {"NoncurrentDays": 60}
    assert (former["ExpiredObjectDeleteMarker"], "Prefix" in former) == (True, False)
    assert imports["Prefix"] == "imports/"  # lists of families, of no further use
    assert imports["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


def test_what_cannot_be_made_again_is_copied_each_day_into_a_locked_vault(template: Template) -> None:
    vault, selection = template.one("Backup::BackupVault"), template.one("Backup::BackupSelection")["BackupSelection"]
    (rule,) = template.one("Backup::BackupPlan")["BackupPlan"]["BackupPlanRule"]
    lock, days = vault["LockConfiguration"], rule["Lifecycle"]["DeleteAfterDays"]

    assert {arn["Fn::GetAtt"][0] for arn in selection["Resources"]} == {*RESTORED, DOCUMENTS}
    assert (lock["MinRetentionDays"], lock["MaxRetentionDays"]) == (days, days)
    assert lock["ChangeableForDays"] == {"Fn::If": ["LocksForGood", 3, {"Ref": "AWS::NoValue"}]}
    assert template.all["Resources"]["Vault"]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert timedelta(days=days) < TOMBSTONE_LASTS  # an erasure since a copy is known
    assert not re.search(r"(dynamodb|s3):Delete(?!Backup)", json.dumps(template.resources("IAM::Role")["VaultRole"]))


def test_the_tables_are_keyed_by_site_and_identifier(template: Template) -> None:
    keys = {
        name: [key["AttributeName"] for key in table["KeySchema"]]
        for name, table in template.resources("DynamoDB::Table").items()
    }

    assert keys == {name: ["site", "identifier"] for name in TABLES}


@pytest.mark.parametrize("name", ["APIHandler", "Applicant", "Desk", "Offers", "Rolls", "Post", "SignIn"])
def test_a_function_gets_what_the_settings_read(template: Template, name: str) -> None:
    names = {setting.name for setting in fields(Settings) if setting.default is setting.default_factory is MISSING}

    variables = template.resources("Serverless::Function")[name]["Environment"]["Variables"]

    tables = {f"CLEF_{table.upper()}_TABLE": table for wing in ALL_WINGS for table in wing.all_tables}
    resources = {resource for _, resource in granted_to(template, {"APIHandler": "ApiHandler"}.get(name, name))}
    assert {tables[variable] for variable in tables.keys() & variables} >= resources & {*tables.values()}
    assert {variable for variable in variables if not variable.startswith(KEY)} - tables.keys() == {
        f"CLEF_{field.upper()}" for field in names - {"network"}
    } | {
        "CLEF_PUBLIC_URL",
        "CLEF_CONFIGURATION_SET",
        *{
            "Desk": ("CLEF_PROCONNECT_SECRET", "CLEF_VERSION"),
            "Post": ("CLEF_DESK_JOBS_FUNCTION", "CLEF_ROLLS_FUNCTION"),
            "SignIn": ("CLEF_FRANCECONNECT_SECRET",),
        }.get(name, ()),  # only in that function
    }


def test_a_function_gets_the_keys_that_its_code_reads_and_no_other(template: Template) -> None:
    functions = template.resources("Serverless::Function").items()
    names = {
        name: {variable for variable in function["Environment"]["Variables"] if variable.startswith(KEY)}
        for name, function in functions
    }

    uses = {name: uses_read_by(function["Handler"]) for name, function in functions}
    uses["Desk"] -= {"devices"}  # the desk has pages of families, but reads no browser of theirs
    assert names == {name: set(map(variable, own)) for name, own in uses.items()}
    assert set.union(*names.values()) == {variable(use) for use in USES}
    for strangers in ("APIHandler", "Applicant", "SignIn"):
        assert not any(name.startswith((f"{KEY}STAFF", f"{KEY}JOBS")) for name in names[strangers])


@pytest.mark.parametrize(
    "name", ["APIHandler", "Applicant", "Calendars", "Desk", "DeskJobs", "Offers", "Rolls", "Post", "SignIn", "Bounces"]
)
def test_lambda_takes_the_environment_with_three_versions_of_each_key(template: Template, name: str) -> None:
    """Lambda takes 4 KB of names and values. CloudFormation names a resource by stack, name and 13 characters."""
    versions = " ".join(f"{version}:{'A' * 44}" for version in (255, 254, 253))
    examples = {
        "CLEF_CDN_SECRET_DIGESTS": "0" * 129,
        "CLEF_RECORD_KEY": "k" * 43,
        "CLEF_PUBLIC_URL": "https://" + "d" * 60,
    }
    variables = template.resources("Serverless::Function")[name]["Environment"]["Variables"]

    values = {
        variable: versions
        if variable.startswith(KEY)
        else "https://sqs.eu-central-1.amazonaws.com/123456789012/" * variable.endswith("_URL")
        + examples.get(variable, f"clef-{'s' * 12}-{value.get('Ref', 'Secret')}-ABCDEFGHIJKLM")
        for variable, value in variables.items()
    }
    size = sum(len(variable) + len(value) for variable, value in values.items())

    assert size <= 4096


def test_the_post_takes_one_job_at_a_time_from_each_queue(template: Template) -> None:
    events = template.resources("Serverless::Function")["Post"]["Events"].values()

    assert [event["Properties"]["Queue"] for event in events] == [
        {"Fn::Sub": "${MailQueue.Arn}"},
        {"Fn::GetAtt": ["SlowMailQueue", "Arn"]},
    ]
    assert {(event["Type"], event["Properties"]["BatchSize"]) for event in events} == {("SQS", 1)}


def test_no_queue_is_polled_for_the_jobs_of_the_desk(template: Template) -> None:
    """Each polled queue costs $0.26 a month beyond the free requests (docs/scale.md): the post alone polls, two."""
    functions = template.resources("Serverless::Function")
    types = [event["Type"] for name in functions for event in functions[name].get("Events", {}).values()]

    assert types.count("SQS") == len(QUEUES)
    assert "Events" not in functions["DeskJobs"]
    assert [functions[name].get("RecursiveLoop") for name in ("DeskJobs", "Post")] == ["Allow", "Allow"]


def test_what_lambda_gives_up_is_a_dead_letter_that_its_own_role_may_send(template: Template) -> None:
    """Not the hourly `Offers`, which goes on by itself."""
    functions = template.resources("Serverless::Function")
    configs = {name: config for name in functions if (config := functions[name].get("EventInvokeConfig"))}
    letters = {"OnFailure": {"Type": "SQS", "Destination": {"Fn::GetAtt": ["MailDeadLetters", "Arn"]}}}

    hours = {"Bounces": 6, "DeskJobs": 6, "Rolls": 1}
    assert {name: config["MaximumEventAgeInSeconds"] / 3600 for name, config in configs.items()} == hours
    assert all(config["DestinationConfig"] == letters for config in configs.values())
    assert {name for name in hours if ("sqs:SendMessage", "MailDeadLetters") not in granted_to(template, name)} == set()
    # By name: by the attribute « Arn » each list of changes of a function would have the role that keep-clef holds.
    start = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${%s}"
    assert {("lambda:InvokeFunction", start % name) for name in hours} <= granted_to(template, "Post")


def test_dead_letters_are_kept_two_weeks(template: Template) -> None:
    dead_letters = template.resources("SQS::Queue")["MailDeadLetters"]

    assert dead_letters["MessageRetentionPeriod"] == timedelta(days=14).total_seconds()


def test_queues_and_buckets_are_encrypted_at_rest(template: Template) -> None:
    assert all(queue["SqsManagedSseEnabled"] is True for queue in template.resources("SQS::Queue").values())
    for bucket in template.resources("S3::Bucket").values():
        (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_documents_never_travel_in_clear(template: Template) -> None:
    (statement,) = template.resources("S3::BucketPolicy")["DocumentsPolicy"]["PolicyDocument"]["Statement"]

    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": False}}
    assert statement["Resource"] == [{"Fn::GetAtt": ["Documents", "Arn"]}, {"Fn::Sub": "${Documents.Arn}/*"}]


@pytest.mark.parametrize("name", QUEUES)
def test_a_letter_is_tried_five_times_then_rests(template: Template, name: str) -> None:
    queue = template.resources("SQS::Queue")[name]

    assert queue["RedrivePolicy"]["maxReceiveCount"] >= 5
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["MailDeadLetters", "Arn"]}
    assert queue["VisibilityTimeout"] >= 6 * template.resources("Serverless::Function")["Post"]["Timeout"]


@pytest.mark.parametrize("name", QUEUES)
def test_a_receipt_waits_out_a_long_weekend(template: Template, name: str) -> None:
    assert template.resources("SQS::Queue")[name]["MessageRetentionPeriod"] == timedelta(days=4).total_seconds()


def test_a_roll_whose_mails_wait_for_half_an_hour_rings_no_alarm_of_a_queue_s_age(template: Template) -> None:
    assert timedelta(seconds=template.resources("CloudWatch::Alarm")["QueueAgeAlarm"]["Threshold"]) > MAX_DELAY


def test_what_can_wait_takes_none_of_the_consumers_of_passwords(template: Template) -> None:
    events = template.resources("Serverless::Function")["Post"]["Events"].values()

    queues = [re.findall(r"\w*MailQueue", json.dumps(event["Properties"]["Queue"])) for event in events]

    assert queues == [[name] for name in QUEUES]
    for event in events:  # each has its own number, and no job waits for another in a batch
        bounds = event["Properties"]["BatchSize"], event["Properties"]["ScalingConfig"]
        assert bounds == (1, {"MaximumConcurrency": 2})


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_that_nobody_empties_rings_and_its_dead_letters_too(template: Template, name: str) -> None:
    alarms = template.resources("CloudWatch::Alarm").values()
    pairs = {
        (alarm["MetricName"], json.dumps(alarm["Dimensions"])) for alarm in alarms if alarm["Namespace"] == "AWS/SQS"
    }
    dead = template.resources("SQS::Queue")[name]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]

    for metric, queue in (("ApproximateAgeOfOldestMessage", name), ("ApproximateNumberOfMessagesVisible", dead)):
        of_it = [{"Name": "QueueName", "Value": {"Fn::GetAtt": [queue, "QueueName"]}}]
        assert (metric, json.dumps(of_it)) in pairs


# Pages and the CDN.


def test_no_bucket_is_public(template: Template) -> None:
    for bucket in template.resources("S3::Bucket").values():
        block = bucket["PublicAccessBlockConfiguration"]
        assert len(block) == 4
        assert all(block.values())
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_only_this_distribution_reads_the_pages(template: Template) -> None:
    statements = template.resources("S3::BucketPolicy")["PagesPolicy"]["PolicyDocument"]["Statement"]

    arn = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
    assert {statement["Action"] for statement in statements} == {"s3:GetObject", "s3:ListBucket"}
    for statement in statements:
        assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert statement["Condition"] == {"StringEquals": {"AWS:SourceArn": {"Fn::Sub": arn}}}


def test_the_cdn_signs_what_it_asks_of_the_bucket(template: Template) -> None:
    pages, _, calendars = template.distribution["Origins"]
    accesses = {
        name: access["OriginAccessControlConfig"]
        for name, access in template.resources("CloudFront::OriginAccessControl").items()
    }

    assert pages["OriginAccessControlId"] == {"Ref": "PagesAccess"}
    assert calendars["OriginAccessControlId"] == {"Ref": "CalendarsAccess"}
    assert {name: access["OriginAccessControlOriginType"] for name, access in accesses.items()} == {
        "PagesAccess": "s3",
        "CalendarsAccess": "lambda",
    }
    for access in accesses.values():
        assert (access["SigningBehavior"], access["SigningProtocol"]) == ("always", "sigv4")


def test_only_this_distribution_calls_the_calendars_and_it_forwards_no_cookie(template: Template) -> None:
    permissions = template.resources("Lambda::Permission")
    of_pupil, of_teacher = template.distribution["CacheBehaviors"][:2]

    arn = {"Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"}
    assert template.one("Lambda::Url")["AuthType"] == "AWS_IAM"
    for name, action in (
        ("CalendarsUrlPermission", "lambda:InvokeFunctionUrl"),
        ("CalendarsInvokePermission", "lambda:InvokeFunction"),
    ):
        assert (permissions[name]["Action"], permissions[name]["SourceArn"]) == (action, arn)
        assert permissions[name]["Principal"] == "cloudfront.amazonaws.com"
    assert [behaviour["PathPattern"] for behaviour in (of_pupil, of_teacher)] == [f"{OF_PUPIL}/*", f"{OF_TEACHER}/*"]
    assert of_teacher | {"PathPattern": ""} == of_pupil | {"PathPattern": ""}
    assert "OriginRequestPolicyId" not in of_pupil
    assert of_pupil["CachePolicyId"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"  # CachingOptimized: path and encoding
    assert (
        template.resources("Serverless::Function")["Calendars"]["ReservedConcurrentExecutions"]["Fn::If"][1]
        == CALENDARS
    )


def test_tls_is_recent_and_nothing_is_served_in_clear(template: Template) -> None:
    _, with_domain, _ = template.distribution["ViewerCertificate"]["Fn::If"]
    _, api, calendars = template.distribution["Origins"]

    assert with_domain["MinimumProtocolVersion"].startswith("TLSv1.2")
    assert with_domain["SslSupportMethod"] == "sni-only"  # the other one has a monthly price
    assert {behaviour["ViewerProtocolPolicy"] for behaviour in template.behaviours} == {"redirect-to-https"}
    assert api["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    assert calendars["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert template.all["Parameters"]["OriginProtocol"]["Default"] == "https-only"


def test_the_cdn_speaks_http_3_and_ipv6_from_europe_and_compresses_pages(template: Template) -> None:
    assert template.distribution["HttpVersion"] == "http2and3"
    assert template.distribution["IPV6Enabled"] is True
    assert template.distribution["PriceClass"] == "PriceClass_100"
    assert template.distribution["DefaultCacheBehavior"]["Compress"] is True


def test_forms_reach_the_api_uncached_with_the_cdn_s_secret(template: Template) -> None:
    *_, login_methods, family, new_family, staff, teachers = template.distribution["CacheBehaviors"]
    _, api, _ = template.distribution["Origins"]
    behaviour = family | {"PathPattern": ""}

    assert (family["PathPattern"], new_family["PathPattern"]) == ("/extranet/compte*", "/extranet/pre-inscription*")
    assert new_family | {"PathPattern": ""} == behaviour
    assert login_methods == behaviour | {
        "PathPattern": f"{METHODS_PAGE}*",
        "OriginRequestPolicyId": {"Ref": "ToSignIn"},
    }
    assert staff == behaviour | {"PathPattern": "/extranet/bureau*", "OriginRequestPolicyId": {"Ref": "ToDesk"}}
    assert teachers == staff | {"PathPattern": "/extranet/enseignant*"}
    assert behaviour["Compress"] is False
    assert behaviour["TargetOriginId"] == api["Id"]
    assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # CachingDisabled
    assert len(behaviour["AllowedMethods"]) == 7
    assert api["OriginCustomHeaders"] == [{"HeaderName": "X-Clef-Cdn", "HeaderValue": {"Ref": "CdnSecret"}}]


def test_the_api_gets_every_header_that_the_product_reads_and_its_cookies_only(template: Template) -> None:
    sources = "".join((PROJECT / "chalicelib/web" / name).read_text("utf-8") for name in ("requests.py", "edge.py"))
    headers = set(re.findall(r'headers(?:\.get\(|\[)"([a-z-]+)"', sources)) | set(
        re.findall(r'"([a-z-]+)" in headers', sources)
    )

    policies = template.resources("CloudFront::OriginRequestPolicy")
    policy = policies["ToApi"]["OriginRequestPolicyConfig"]

    assert {name.lower() for name in policy["HeadersConfig"]["Headers"]} == headers - {"cookie", "x-clef-cdn"}
    assert set(policy["CookiesConfig"]["Cookies"]) == {
        f"{prefix}clef{suffix}" for prefix in ("__Host-", "") for suffix in ("", "-appareil", "-demande", "-suite")
    }
    assert len(policy["CookiesConfig"]["Cookies"]) <= 10  # CloudFront's limit
    assert policy["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    login_methods = policies["ToSignIn"]["OriginRequestPolicyConfig"]
    assert login_methods["HeadersConfig"] == policy["HeadersConfig"]
    assert set(login_methods["CookiesConfig"]["Cookies"]) == {
        f"{prefix}clef{suffix}" for prefix in ("__Host-", "") for suffix in ("", PENDING, DEVICES, TARGET)
    }
    assert len(login_methods["CookiesConfig"]["Cookies"]) <= 8  # of CloudFront's ten
    assert login_methods["QueryStringsConfig"] == {"QueryStringBehavior": "all"}  # FranceConnect's answer
    desk = policies["ToDesk"]["OriginRequestPolicyConfig"]
    assert desk["HeadersConfig"] == policy["HeadersConfig"]
    assert set(desk["CookiesConfig"]["Cookies"]) == {
        f"{prefix}clef-bureau{suffix}" for prefix in ("__Host-", "") for suffix in ("", "-agent", "-appareil")
    }
    assert desk["QueryStringsConfig"] == {"QueryStringBehavior": "all"}  # filters of lists, without personal data


@pytest.mark.parametrize("name", ["SecurityHeaders", "AccountHeaders"])
def test_every_answer_carries_the_headers_of_the_product(template: Template, name: str) -> None:
    config = template.resources("CloudFront::ResponseHeadersPolicy")[name]["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    hsts = security["StrictTransportSecurity"]

    headers = {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]} | {
        "Content-Security-Policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "Strict-Transport-Security": f"max-age={hsts['AccessControlMaxAgeSec']}"
        + ("; includeSubDomains" if hsts["IncludeSubdomains"] else ""),
        "X-Content-Type-Options": "nosniff" if "ContentTypeOptions" in security else "",
    }

    assert headers == SECURITY_HEADERS


def test_no_answer_says_otherwise_but_where_the_forms_of_a_page_behind_login_may_go(template: Template) -> None:
    policies = template.resources("CloudFront::ResponseHeadersPolicy")

    let = {
        (name, header)
        for name, policy in policies.items()
        for header, value in policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"].items()
        if not value["Override"]
    }

    assert let == {("AccountHeaders", "ContentSecurityPolicy")}
    used = [behaviour["ResponseHeadersPolicyId"]["Ref"] for behaviour in template.behaviours]
    assert used == [*["SecurityHeaders"] * 3, *["AccountHeaders"] * 5]
    assert all(
        item["Override"]
        for policy in policies.values()
        for item in policy["ResponseHeadersPolicyConfig"]["CustomHeadersConfig"]["Items"]
    )


def test_error_pages_hide_nothing_that_the_product_answers(template: Template) -> None:
    """The Lambda answers with statuses of `ERRORS` and of forms. Its own 404 has the same text as the CDN's page."""
    answers_by_code = {
        response["ErrorCode"]: response
        for response in template.distribution["CustomErrorResponses"]
        if "ResponsePagePath" in response
    }
    codes = {401, 422, *ERRORS} - {404}
    sources = "".join(
        file.read_text("utf-8") for file in (PROJECT / "chalicelib").rglob("*.py") if file.stem != "texts"
    )

    assert set(answers_by_code) == {404, 502, 504}
    assert not set(answers_by_code) & codes
    assert not re.search(r"\b(502|504)\b", sources)
    by_edge = "return responses.error(services, 404, page_name=self.kind.error_page)"
    by_app = "answer: dict[str, Any] = responses.error(services, 404).to_dict()"
    by_calendars = 'return {"statusCode": 404}'  # whose page is the CDN's
    assert set(re.findall(r"\S.*\b404\b.*", sources)) == {by_app, by_edge, by_calendars}


def test_error_pages_are_among_the_pages_with_a_status_that_says_the_same(template: Template, settings: Any) -> None:
    keys = {f"/{stored.key}" for stored in build(settings.network, Periods())}

    for response in template.distribution["CustomErrorResponses"]:
        if "ResponsePagePath" in response:
            assert response["ResponsePagePath"] in keys
            assert response["ResponsePagePath"].endswith(f"/{response['ResponseCode']}")


def test_an_error_of_one_family_is_kept_for_no_other(template: Template) -> None:
    seconds = {
        response["ErrorCode"]: response["ErrorCachingMinTTL"]
        for response in template.distribution["CustomErrorResponses"]
    }

    assert {status for status in (400, 403, 404, 405, 500, 502, 503, 504) if seconds[status] != 0} == set()


# The function at the edge of the CDN.


ONE_LINE_EACH = """
require("readline").createInterface({input: process.stdin}).on("line", (line) => {
  console.log(JSON.stringify(handler(JSON.parse(line))));
});
"""


def front_code(template: Template) -> str:
    """Find the function's source, into which CloudFormation inserts the telephone numbers."""
    code: str = template.one("CloudFront::Function")["FunctionCode"]["Fn::Sub"]
    assert re.findall(r"\$\{\w+\}", code) == ["${Telephones}"]
    return code


class EdgeFunction:
    """The function, in one Node process for all tests: it keeps no state between requests."""

    def __init__(self, node: "subprocess.Popen[str]") -> None:
        self._node = node

    def __call__(self, method: str, path: str) -> dict[str, Any]:
        event = {"request": {"method": method, "uri": path, "headers": {}, "querystring": {}}}
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(json.dumps(event) + "\n")
        self._node.stdin.flush()
        answer: dict[str, Any] = json.loads(self._node.stdout.readline())
        return answer


@pytest.fixture(scope="module")
def at_edge(template: Template) -> Iterator[EdgeFunction]:
    if not Path(NODE).exists():
        pytest.skip("no Node here: nothing but this test needs one")
    script = front_code(template).replace("${Telephones}", telephones()) + ONE_LINE_EACH
    with subprocess.Popen([NODE, "-e", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        yield EdgeFunction(node)


def test_the_function_runs_before_everything_and_is_small_enough(template: Template) -> None:
    function = template.one("CloudFront::Function")

    front = [{"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["Front", "FunctionMetadata.FunctionARN"]}}]
    assert [behaviour["FunctionAssociations"] for behaviour in template.behaviours] == [front] * 8
    assert function["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    assert function["AutoPublish"] is True
    assert len(front_code(template)) + template.all["Parameters"]["Telephones"]["MaxLength"] < 10_240
    assert front_code(template).isascii()


SLASHED = [
    "/",
    "//",
    "/extranet/",
    "/extranet/compte/",
    "/extranet/compte//",
    "//example.org/",
    "/\\example.org/",
    "/\\/example.org/",
    "///example.org/%2e%2e/",
    "/%2F%2Fexample.org/",
    "/%5Cexample.org/",
    "/%09/example.org/",
    "/%0d%0aSet-Cookie:x/",
    "/été/",
    "/a b/",
    "/%25/",
    "https://example.org/",
]


@pytest.mark.parametrize("path", SLASHED)
def test_a_trailing_slash_goes_and_the_redirect_stays_here(at_edge: EdgeFunction, path: str) -> None:
    answer = at_edge("GET", path)

    location = answer["headers"]["location"]["value"]
    assert answer["statusCode"] == 301
    assert re.fullmatch(r"/[^/\\\s][^\\\s]*", location)
    assert location.isascii()
    assert not location.endswith("/")


@pytest.mark.parametrize("path", ["/", "/extranet/", "/extranet/compte/", "//example.org/", "/\\example.org/", "/a b/"])
def test_it_redirects_where_the_front_on_one_machine_does(at_edge: EdgeFunction, visitor: Visitor, path: str) -> None:
    here = visitor.get("http://localhost" + path).headers["Location"]

    answer = at_edge("HEAD", path)

    assert here.endswith(answer["headers"]["location"]["value"])


READS = ("GET", "HEAD")
WRITES = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def test_other_pages_pass(at_edge: EdgeFunction) -> None:
    pages = ("/extranet", "/extranet/usager", "/extranet/compte", "/extranet/assets/clef.css")

    assert {(method, path) for method in READS for path in pages if at_edge(method, path)["uri"] != path} == set()


def test_files_of_the_root_pass_and_others_are_asked_for_as_a_page(template: Template, at_edge: EdgeFunction) -> None:
    """The bucket's policy forbids all keys but pages and root files: its own 403 would be in English."""
    readable = {f"/{pattern['Fn::Sub'].partition('/')[2]}" for pattern in pages_read(template)} - {"/extranet/*"}
    paths_of_pages = {f"/{page.key}" for page in build(load_network(), Periods())}

    assert {path for path in paths_of_pages if not path.startswith("/extranet/")} == readable
    for path in readable:
        assert at_edge("GET", path)["uri"] == path
    for path in ("/rien", "/extranet.html", "/.well-known/x", "/.well-known", "/extranets/x", "/index.php"):
        assert at_edge("GET", path)["uri"] == "/extranet/introuvable"
    assert "/extranet/introuvable" not in paths_of_pages


@pytest.mark.parametrize("method", READS)
def test_a_password_manager_is_led_to_the_change_of_password(at_edge: EdgeFunction, method: str) -> None:
    answer = at_edge(method, "/.well-known/change-password")

    assert (answer["statusCode"], answer["headers"]["location"]["value"]) == (303, "/extranet/compte/mot-de-passe")
    assert answer["headers"]["cache-control"]["value"] == "no-store"


def test_telephones_of_the_sites_are_told_in_what_no_script_or_template_takes_for_its_own(template: Template) -> None:
    html_ = telephones()
    parameter = template.all["Parameters"]["Telephones"]

    for site in load_network().sites:
        assert f"{site.name} : {site.contact.telephone}" in plain(html.unescape(html_))
    assert html_.isascii()
    assert re.fullmatch(parameter["AllowedPattern"], html_)
    assert len(html_) <= parameter["MaxLength"]


def pages_read(template: Template) -> list[Any]:
    """List the keys that the CDN may read."""
    statements = template.resources("S3::BucketPolicy")["PagesPolicy"]["PolicyDocument"]["Statement"]
    return next(list(statement["Resource"]) for statement in statements if statement["Action"] == "s3:GetObject")


def test_whatever_is_sent_to_the_api_passes(at_edge: EdgeFunction) -> None:
    paths = (
        *("/extranet/compte", "/extranet/compte/connexion"),
        *("/extranet/pre-inscription", "/extranet/pre-inscription/demande/responsable"),
    )

    edge = {(method, path): at_edge(method, path) for method in WRITES for path in paths}

    assert {asked for asked, request in edge.items() if (request.get("method"), request.get("uri")) != asked} == set()
    assert {at_edge(method, f"{path}//")["uri"] for method in WRITES for path in paths} == set(paths)


@pytest.mark.parametrize(
    "path", ["/", "/extranet/usager", "/extranet/compteur", "/extranet/pre-inscriptions", "/extranet/x/"]
)
def test_nothing_is_sent_to_the_bucket(at_edge: EdgeFunction, path: str) -> None:
    answers = [at_edge(method, path) for method in WRITES]

    assert [answer["statusCode"] for answer in answers] == [405] * len(WRITES)
    assert all(answer["headers"]["allow"] == {"value": "GET, HEAD"} for answer in answers)
    assert {answer["body"]["data"] for answer in answers} == {plain_page(405, telephones())}


def test_an_address_encoded_as_no_browser_does_goes_no_further(at_edge: EdgeFunction) -> None:
    paths = ("/%", "/extranet/%zz", "/extranet/compte/connexion%4", "/extranet/compte/%u00e9/")

    answers = [at_edge(method, path) for method in (*READS, *WRITES) for path in paths]

    assert {(answer.get("statusCode"), answer["body"]["data"]) for answer in answers} == {
        (400, plain_page(400, telephones()))
    }


def test_an_address_encoded_as_browsers_do_passes(at_edge: EdgeFunction) -> None:
    assert at_edge("GET", "/extranet/compte/%C3%A9t%c3%a9%25zz")["uri"] == "/extranet/compte/%C3%A9t%c3%a9%25zz"


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/extranet/usager")])
def test_its_own_answers_carry_the_headers_of_the_product(at_edge: EdgeFunction, method: str, path: str) -> None:
    headers = {name: header["value"] for name, header in at_edge(method, path)["headers"].items()}

    assert headers.items() >= {name.lower(): value for name, value in SECURITY_HEADERS.items()}.items()
    assert headers["content-type"] == HTML
    assert headers["cache-control"] == "no-store"


# The API.


def plain_page(status: int, telephones: str = "${Telephones}") -> str:
    """Make the small page in the gateway and the CDN's function, with the words of texts.py."""
    title, advice, home = map(in_text, (*ERRORS[status], "Accueil de l'extranet"))
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"></head><body><main><h1>{title}</h1>'
        f"<p>{advice}</p>{telephones}"
        f'<p><a href="/extranet">{home}</a></p></main></body></html>'
    )


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("DEFAULT_4XX", None, 400),
        ("MISSING_AUTHENTICATION_TOKEN", "404", 404),
        ("REQUEST_TOO_LARGE", "413", 413),
        ("UNSUPPORTED_MEDIA_TYPE", "415", 415),
        ("THROTTLED", "429", 429),
        ("DEFAULT_5XX", "502", 503),
    ],
)
def test_the_gateway_answers_in_french(template: Template, kind: str, status: str | None, words: int) -> None:
    response = template.one("Serverless::Api")["DefinitionBody"]["x-amazon-apigateway-gateway-responses"][kind]

    assert response.get("statusCode") == status
    body = re.sub(
        r">\s+(?=[<$])|(?<=\})\s+(?=<)",
        lambda found: found[0].strip(),
        response["responseTemplates"]["application/json"]["Fn::Sub"],
    )
    assert body == plain_page(words)
    assert list(response["responseTemplates"]) == ["application/json"]
    assert response["responseParameters"] == {
        "gatewayresponse.header.Content-Type": f"'{HTML}'",
        "gatewayresponse.header.Cache-Control": "'no-store'",
    }


def test_logins_and_what_mails_or_keeps_waiting_for_a_stranger_are_throttled_below_the_rest(template: Template) -> None:
    api = template.one("Serverless::Api")
    settings = {
        (setting["HttpMethod"], setting["ResourcePath"].replace("~1", "/").removeprefix("/")): setting
        for setting in api["MethodSettings"]
    }
    forms = (
        *("/extranet/compte/connexion", "/extranet/compte/mot-de-passe-perdu", "/extranet/compte/identifiant-perdu"),
        *("/extranet/pre-inscription", "/extranet/bureau/connexion", "/extranet/compte/acces/premiere-connexion"),
        *("/extranet/compte/acces/cle", "/extranet/compte/acces/franceconnect/associer"),
    )
    providers = ("/extranet/bureau/agents", "/extranet/compte/acces/franceconnect")
    starts = [f"{start}{ending}" for start in providers for ending in ("", "/retour")]  # which may wait for a provider
    pairs = {("POST", path) for path in forms} | {(method, path) for path in starts for method in ("GET", "HEAD")}

    assert set(settings) == {("*", "*"), *pairs}
    rest = settings["*", "*"]
    for method, path in pairs:
        assert method.lower() in api["DefinitionBody"]["paths"][path]
        assert settings[method, path]["ThrottlingRateLimit"] < rest["ThrottlingRateLimit"]
        assert settings[method, path]["ThrottlingBurstLimit"] < rest["ThrottlingBurstLimit"]


def test_an_attack_runs_so_many_functions_at_once_and_no_more(template: Template) -> None:
    functions = template.resources("Serverless::Function")
    shares = {
        "APIHandler": ("ReservesConcurrency", "ReservedConcurrency"),
        "Applicant": ("ReservesForApplicant", "ApplicantConcurrency"),
        "SignIn": ("ReservesForSignIn", "SignInConcurrency"),
    }

    for function, (condition, parameter) in shares.items():
        value = {"Fn::If": [condition, {"Ref": parameter}, {"Ref": "AWS::NoValue"}]}
        assert functions[function]["ReservedConcurrentExecutions"] == value
        assert template.all["Parameters"][parameter]["Default"] > 0


def test_functions_run_where_argon2_is_fast(template: Template) -> None:
    assert {function["Architectures"][0] for function in template.resources("Serverless::Function").values()} == {
        "x86_64"
    }


# Access logs and the trail.


def test_the_cdn_s_lines_are_kept_a_fortnight_and_only_its_delivery_writes_them(template: Template) -> None:
    logs = template.resources("S3::Bucket")["AccessLogs"]

    (rule,) = logs["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", 14)
    assert "Prefix" not in rule
    assert "Logging" not in template.distribution  # the legacy one has queries (operations/deploy/cdn_log.py)
    writes, _ = template.resources("S3::BucketPolicy")["AccessLogsPolicy"]["PolicyDocument"]["Statement"]
    assert (writes["Principal"], writes["Action"]) == ({"Service": "delivery.logs.amazonaws.com"}, "s3:PutObject")
    (source,) = writes["Condition"]["ArnLike"].values()
    arn = "arn:${AWS::Partition}:logs:us-east-1:${AWS::AccountId}:delivery-source:${AWS::StackName}-${Distribution}"
    assert source == {"Fn::Sub": arn}


def test_the_gateway_s_lines_name_no_client_and_no_secret_of_a_path(template: Template) -> None:
    setting = template.one("Serverless::Api")["AccessLogSetting"]

    fields = {name: value.removeprefix("$context.") for name, value in json.loads(setting["Format"]).items()}
    assert set(fields.values()) == {
        *("requestId", "integration.requestId", "httpMethod", "resourcePath", "status"),
        *("error.responseType", "responseLatency"),
    }
    assert setting["DestinationArn"] == {"Fn::GetAtt": ["GatewayLog", "Arn"]}
    assert template.all["Resources"]["RestAPI"]["DependsOn"] == "GatewayAccount"  # without its role no stage has a log


def test_no_function_and_no_operator_of_clef_reads_these_logs(template: Template) -> None:
    policies = (template.resources("IAM::Role"), template.resources("IAM::ManagedPolicy"))

    assert not [name for each in policies for name, policy in each.items() if "AccessLogs" in json.dumps(policy)]


@pytest.mark.parametrize("name", ["GatewayLogRole", "GatewayAccount", "AccessLogs", "TrailLogs"])
def test_what_other_stages_need_or_a_full_bucket_stops_no_deletion(template: Template, name: str) -> None:
    resource = template.all["Resources"][name]

    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_the_first_stage_of_an_account_has_a_trail_of_management_events_for_a_year(template: Template) -> None:
    trail, resources = template.one("CloudTrail::Trail"), template.all["Resources"]

    switches = ("IsLogging", "IsMultiRegionTrail", "EnableLogFileValidation")
    assert [trail[each] for each in switches] == [True, True, False]
    assert trail["EventSelectors"] == [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]
    assert not {"AdvancedEventSelectors", "InsightSelectors"} & set(trail)  # as data events, each has a price
    assert {resources[name]["Condition"] for name in ("Trail", "TrailLogs", "TrailLogsPolicy")} == {"KeepsTrail"}
    assert template.all["Conditions"]["KeepsTrail"] == {"Fn::Equals": [{"Ref": "AWS::StackName"}, f"clef-{PROD}"]}
    (rule,) = template.resources("S3::Bucket")["TrailLogs"]["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", 365)


# Least privilege.


def test_no_policy_has_a_wildcard_but_folders_of_the_buckets_and_what_has_no_resource(template: Template) -> None:
    # tests/operations/test_oncall_policy.py, test_what_cannot_be_made_again_is_copied_each_day_into_a_locked_vault
    on_call = template.resources("IAM::ManagedPolicy")["OnCallPolicy"]["PolicyDocument"]["Statement"]
    copies = template.resources("IAM::Role")["VaultRole"]["Policies"][0]["PolicyDocument"]["Statement"]
    pairs = [
        (
            statement["Action"],
            json.dumps([statement["Resource"], statement.get("Condition", ""), statement.get("Principal", "")]),
        )
        for statement in template.statements
        if statement["Effect"] == "Allow" and statement not in (*on_call, *copies)
    ]

    # A template cannot list the names of objects: it lists each folder, with the actions allowed in it.
    folders = (
        *("Pages.Arn}/extranet/*", "Pages.Arn}/extranet/tirages/*"),
        *("Documents.Arn}/documents/*", "Documents.Arn}/invoices/*"),
        "Documents.Arn}/imports/*",
        *("Documents.Arn}/documents/*/upload_*", "Documents.Arn}/requests/*", "Documents.Arn}/requests/*/upload_*"),
    )
    folder_names = re.compile("|".join(re.escape(f'{{"Fn::Sub": "${{{folder}"}}') for folder in folders))
    names = '{"StringLike": {"s3:prefix": "requests/*"}}'  # in the bucket, the names of one folder
    assert [action for action, on in pairs if names in on] == [["s3:ListBucket"]]
    wide = {str(action): on for action, on in pairs if {"*", "?"} & set(folder_names.sub("", on).replace(names, ""))}
    assert not [action for action, _ in pairs if {"*", "?"} & set(str(action))]
    # An account has one SES, one suppression list and one CloudWatch: IAM has no resource for them.
    suppression = ["ses:DeleteSuppressedDestination", "ses:GetSuppressedDestination"]
    operator_s = ["cloudwatch:GetMetricData", *suppression, "ses:GetAccount"]
    of_the_account = ("['ses:GetAccount']", str(suppression), str(sorted(operator_s)))
    assert {wide.pop(action) for action in of_the_account} == {'["*", "", ""]'}
    for action in ("cloudformation:DescribeStacks", "cloudformation:ListStackResources"):  # looked up by its name
        assert ':stack/${AWS::StackName}/*"}' in wide.pop(action)
    bound = json.dumps({"StringEquals": {"ses:FromAddress": {"Ref": "SenderAddress"}}})  # for any identity
    assert bound in wide.pop("['ses:SendEmail', 'ses:SendRawEmail']")
    files = '[{"Fn::Sub": "${TrailLogs.Arn}/AWSLogs/${AWS::AccountId}/*"}, {"StringEquals": {"AWS:SourceArn"'
    assert wide.pop("s3:PutObject").startswith(files)  # CloudTrail names them
    (logs,) = [action for action in wide if action.startswith("['logs:CreateLogGroup'")]
    assert wide.pop(logs) == '["*", "", ""]'  # one role for all the APIs of an account, as AWS's own policy
    assert wide == {}


def granted_to(template: Template, function: str) -> set[tuple[str, str]]:
    """List a function's permissions: actions, each with the stack's resource."""
    (policy,) = template.resources("IAM::Role")[f"{function}Role"]["Policies"]
    return {
        (action, resource if isinstance(resource, str) else resource.get("Fn::Sub") or resource["Fn::GetAtt"][0])
        for statement in policy["PolicyDocument"]["Statement"]
        for action in _as_list(statement["Action"])
        for resource in _as_list(statement["Resource"])
    }


def test_a_function_stores_no_bill_and_deletes_no_document_that_was_noted(template: Template) -> None:
    family, new_family, *jobs = (
        {grant for grant in granted_to(template, function) if grant[0].startswith("s3:")}
        for function in ("ApiHandler", "Applicant", "Offers", "Rolls", "Post", "Bounces")
    )

    assert family == {
        ("s3:ListBucket", "Documents"),
        ("s3:GetObject", "${Documents.Arn}/documents/*"),
        ("s3:GetObject", "${Documents.Arn}/invoices/*"),
        ("s3:PutObject", "${Documents.Arn}/documents/*"),
        ("s3:DeleteObject", f"${{Documents.Arn}}/documents/*/{UPLOADED}*"),
    }
    assert new_family == {
        ("s3:ListBucket", "Documents"),
        ("s3:GetObject", "${Documents.Arn}/requests/*"),
        ("s3:PutObject", "${Documents.Arn}/requests/*"),
        ("s3:DeleteObject", f"${{Documents.Arn}}/requests/*/{UPLOADED}*"),
    }
    assert jobs == [set()] * 4
    with pytest.raises(ValidationError):  # no document may have this name, or its files could be deleted
        TypeAdapter(DocumentAsked).validate_python({"code": UPLOADED, "title": "Certificat"})


ADMISSION_TABLES = {"Applications", "Applicants", "Places"}


def test_a_family_s_function_may_nothing_of_a_new_family_s_and_the_reverse(template: Template) -> None:
    family, new_family = (granted_to(template, function) for function in ("ApiHandler", "Applicant"))

    assert family & new_family == {
        *((f"dynamodb:{read}", "Office") for read in ("BatchGetItem", "GetItem")),  # the periods
        *(("sqs:SendMessage", queue) for queue in QUEUES),
        ("s3:ListBucket", "Documents"),  # only a new family's own folder, and the names hold no personal data
    }
    tables = {
        function: {resource for action, resource in rights if action.startswith("dynamodb:")}
        for function, rights in (("family", family), ("new family", new_family))
    }
    sessions_of_account = "${Sessions.Arn}/index/accounts"  # keys alone, for the list of one's own open sessions
    assert tables["family"] == set(TABLES) - ADMISSION_TABLES - {"Staff", "Teaching"} | {sessions_of_account}
    assert tables["new family"] == ADMISSION_TABLES | {"Office"}


def test_the_login_methods_reach_accounts_and_codes_but_no_answer_bill_or_document(template: Template) -> None:
    family, login_methods = (granted_to(template, function) for function in ("ApiHandler", "SignIn"))

    assert {resource for _, resource in login_methods - family} == {"Attempts", "SignInLog"}
    assert {resource for _, resource in login_methods & family} == {
        *("Accounts", "Mailboxes", "Sessions", "${Sessions.Arn}/index/accounts", "Attempts", *QUEUES),
        "Office",  # the periods, on the page of a login
    }
    assert {action for action, resource in login_methods if resource == "Office"} == {"dynamodb:GetItem"}


def test_a_family_s_function_is_denied_what_the_office_does_and_the_reverse(template: Template) -> None:
    """The same tables hold data of both: each kind of act is denied, table by table."""
    family, desk = (granted_to(template, function) for function in ("ApiHandler", "Desk"))
    writes = {f"dynamodb:{write}" for write in ("BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem")}

    # The accounts of one mailbox, by its pseudonym: behind « Ce n'est pas moi » (docs/decisions/0099).
    looks = {"dynamodb:Query", "dynamodb:Scan", "dynamodb:DeleteItem"}
    own_sessions = "${Sessions.Arn}/index/accounts"
    assert {on for on in family if on[0] in looks} == {("dynamodb:Query", on) for on in ("Mailboxes", own_sessions)}
    assert not [action for action, resource in family if resource in {"Office", "Billing"} and action in writes]
    assert not [resource for _, resource in family if resource in {"Staff", "Teaching"}]
    assert not [action for action, _ in family if action.startswith("ses:")]
    assert not [resource for _, resource in desk if resource == "Sessions"]
    assert not [action for action, _ in desk if action in {"dynamodb:Scan", "dynamodb:DeleteItem"}]
    # A manager removes an invoice. Every act that makes or deletes bills is denied.
    assert [action for action, on in desk if on == "Billing" and action in writes] == ["dynamodb:UpdateItem"]
    assert not [action for action, resource in desk if "/documents/" in resource and action != "s3:GetObject"]


def test_the_job_of_each_hour_opens_no_account_and_deletes_nothing(template: Template) -> None:
    rights = granted_to(template, "Offers")

    assert {resource for action, resource in rights if action.startswith("dynamodb:")} == {
        *("Applications", "Places", "Office")
    }
    assert {action for action, resource in rights if resource == "Office"} == {"dynamodb:GetItem"}
    assert not [action for action, _ in rights if "Delete" in action]


def test_the_job_of_each_morning_changes_nothing_but_timetables(template: Template) -> None:
    rights = granted_to(template, "Rolls")
    reads = {"dynamodb:BatchGetItem", "dynamodb:Query"}

    resources = {resource for action, resource in rights if action.startswith("dynamodb:") and action not in reads}
    assert resources == {"Teaching"}
    assert {resource for action, resource in rights if action in reads} == {"Accounts", "Lessons", "Staff", "Teaching"}


def test_an_operator_s_policy_reaches_this_stack_alone_and_no_secret_but_its_keys(template: Template) -> None:
    policy = template.resources("IAM::ManagedPolicy")["OperatorPolicy"]["PolicyDocument"]["Statement"]
    rights = {action: statement["Resource"] for statement in policy for action in _as_list(statement["Action"])}

    secrets = [each["Fn::Sub"][0].rpartition(":")[2] for each in rights["ssm:GetParameter"]]
    assert secrets == ["parameter/clef/${Stage}/record-key", "parameter/clef/${Stage}/keys"]
    stage = {"Stage": {"Fn::Select": [1, {"Fn::Split": ["clef-", {"Ref": "AWS::StackName"}]}]}}
    assert [each["Fn::Sub"][1] for each in rights["ssm:GetParameter"]] == [stage, stage]
    assert not [action for action in rights if action.startswith(("iam:", "kms:", "logs:"))]
    functions = {name: resource for name, resource in rights.items() if name.startswith("lambda:")}
    assert functions == {"lambda:InvokeFunction": {"Fn::GetAtt": ["DeskJobs", "Arn"]}}
    assert [key for key, resource in rights.items() if "Pages" in str(resource)] == ["s3:ListBucket"]
    assert not [role for role in template.resources("IAM::Role").values() if "OperatorPolicy" in json.dumps(role)]


def test_an_export_reads_each_log_beside_the_operator_s_policy_and_writes_nothing(template: Template) -> None:
    policy = template.resources("IAM::ManagedPolicy")["ExportPolicy"]["PolicyDocument"]["Statement"]
    rights = {action: statement["Resource"] for statement in policy for action in _as_list(statement["Action"])}

    assert set(rights) == {"dynamodb:Scan", "logs:FilterLogEvents", "cloudformation:ListStackResources"}
    logs = {log["Fn::GetAtt"][0] for log in rights["logs:FilterLogEvents"]}
    assert logs == set(template.resources("Logs::LogGroup"))


def test_an_operator_s_policy_leaves_iam_room(template: Template) -> None:
    """IAM takes 6,144 characters, without blanks, with each reference resolved."""
    values = {"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": "1" * 12, "AWS::StackName": "clef-prod"}
    prefixes = {"DynamoDB": f"arn:aws:dynamodb:{REGION}:{'1' * 12}:table/", "SQS": f"arn:aws:sqs:{REGION}:{'1' * 12}:"}

    def value_of(name: str) -> str:
        if name.endswith(".Arn"):
            service = template.all["Resources"][name.removesuffix(".Arn")]["Type"].split("::")[1]
            return prefixes.get(service, "arn:aws:s3:::") + value_of(name.removesuffix(".Arn"))
        return values.get(name, f"clef-prod-{name}-{'X' * 13}")

    def resolve(node: dict[str, Any]) -> Any:
        match node:
            case {"Fn::GetAtt": [name, attribute]}:
                return value_of(f"{name}.{attribute}")
            case {"Fn::Sub": [text, *_]} | {"Fn::Sub": text}:
                return re.sub(r"\$\{([\w:.]+)\}", lambda name: value_of(name[1]), text)
        return node

    policy = json.loads(
        compact(template.resources("IAM::ManagedPolicy")["OperatorPolicy"]["PolicyDocument"]), object_hook=resolve
    )

    assert len(compact(policy)) <= 4_500


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_every_function_has_a_role_of_its_own(template: Template) -> None:
    functions = template.resources("Serverless::Function")

    assert len({json.dumps(function["Role"]) for function in functions.values()}) == len(functions) == 10
    names = ("ApiHandler", "Applicant", "Calendars", "Desk", "DeskJobs", "Offers", "Rolls", "Post", "SignIn", "Bounces")
    assert set(template.resources("IAM::Role")) == {f"{name}Role" for name in names} | {"GatewayLogRole", "VaultRole"}
    assert not [role for role in template.resources("IAM::Role").values() if "ManagedPolicyArns" in role]


def test_each_kind_of_visitor_is_answered_by_its_own_function(template: Template) -> None:
    paths = template.one("Serverless::Api")["DefinitionBody"]["paths"]
    targets = {
        path: set(re.findall(r"functions/\$\{(\w+)\.Arn\}", json.dumps(methods))) for path, methods in paths.items()
    }

    for path, functions in targets.items():
        beginning = max((each for each in VISITORS if f"{path}/".startswith(f"{each}/")), key=len)
        assert functions == {VISITORS[beginning]}, path


def test_only_this_stage_of_this_api_calls_the_functions(template: Template) -> None:
    permissions = [
        permission
        for name, permission in template.resources("Lambda::Permission").items()
        if not name.startswith("Calendars")
    ]

    arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${RestAPI}/prod/*"  # any method and path
    visitors = set(VISITORS.values())
    assert {permission["FunctionName"]["Ref"] for permission in permissions} == visitors
    assert {permission["Action"] for permission in permissions} == {"lambda:InvokeFunction"}
    assert [permission["SourceArn"] for permission in permissions] == [{"Fn::Sub": arn}] * len(visitors)


@pytest.mark.parametrize(
    "identity",
    [
        pytest.param("extranet.example.fr", id="sender-s-domain"),
        pytest.param("example.fr", id="parent-of-it"),
        pytest.param("ne-pas-repondre@extranet.example.fr", id="sender-itself"),
        pytest.param("loriot@example.org", id="recipient-in-the-sandbox"),
        pytest.param("example.org", id="recipient-s-domain-in-the-sandbox"),
    ],
)
def test_a_mail_passes_whichever_identity_ses_holds_it_against(template: Template, identity: str) -> None:
    """SES checks the most precise verified identity. In its sandbox it also checks each recipient's."""
    names = {"Partition": "aws", "Region": REGION, "AccountId": "123456789012"}
    request = f"arn:aws:ses:{REGION}:123456789012:identity/{identity}"
    for statement in template.statements:
        if "ses:SendEmail" in statement["Action"]:
            assert statement["Action"] == ["ses:SendEmail", "ses:SendRawEmail"]
            arns = [re.sub(r"\$\{AWS::(\w+)\}", lambda m: names[m[1]], arn["Fn::Sub"]) for arn in statement["Resource"]]
            assert [arn for arn in arns if fnmatchcase(request, arn)], arns


def test_mails_leave_from_one_address_only(template: Template) -> None:
    conditions = [
        statement.get("Condition") for statement in template.statements if "ses:SendEmail" in statement["Action"]
    ]

    assert conditions == [{"StringEquals": {"ses:FromAddress": {"Ref": "SenderAddress"}}}] * 2  # the post, an operator


# Mails that come back.


def test_a_mail_that_comes_back_wakes_the_bounces(template: Template) -> None:
    destination = template.one("SES::ConfigurationSetEventDestination")["EventDestination"]
    (event,) = template.resources("Serverless::Function")["Bounces"]["Events"].values()

    assert destination["MatchingEventTypes"] == ["bounce", "complaint", "delivery"]
    assert destination["SnsDestination"] == {"TopicARN": {"Ref": "MailReturned"}}
    assert event["Type"] == "SNS"
    assert event["Properties"]["Topic"] == {"Fn::Sub": "${MailReturned}"}


def test_a_password_never_travels_in_clear_between_mail_servers(template: Template) -> None:
    assert template.one("SES::ConfigurationSet")["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}


# Alarms and the record.


def test_every_alarm_mails_somebody_when_it_begins_and_when_it_ends(template: Template) -> None:
    for alarm in template.resources("CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "Alarms"}]
        assert alarm["AlarmDescription"].endswith((".", ")."))
    subscription = template.resources("SNS::Topic")["Alarms"]["Subscription"]
    assert subscription == [{"Protocol": "email", "Endpoint": {"Ref": "AlarmEmail"}}]


def test_what_may_go_wrong_has_an_alarm(template: Template) -> None:
    names = {alarm["MetricName"] for alarm in template.resources("CloudWatch::Alarm").values()}

    assert names == {
        *("Errors", "Latency", "5XXError"),
        *("ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"),
        *("Reputation.BounceRate", "Reputation.ComplaintRate", "LoginFailuresOverSuccesses", "ResetsAsked"),
        "PaymentsToCheck",
    }


def test_the_alarms_are_those_that_aws_gives(template: Template) -> None:
    filters = template.resources("Logs::MetricFilter").values()
    custom = {change["MetricName"] for metric_filter in filters for change in metric_filter["MetricTransformations"]}

    core = template.resources("CloudWatch::Alarm").keys() - {"PaymentsAlarm"}  # of a wing off by default: $0.10 a month
    assert len(core) <= FREE_ALARM_METRICS  # the canary has one more
    # Each watches one metric: none has `Metrics`.
    assert not [alarm for alarm in template.resources("CloudWatch::Alarm").values() if "Metrics" in alarm]
    assert len(custom) <= FREE_CUSTOM_METRICS


def test_slowness_of_any_visitor_s_function_rings_before_requests_are_cut(template: Template) -> None:
    alarm = template.resources("CloudWatch::Alarm")["DurationAlarm"]
    functions = template.resources("Serverless::Function")
    (timeout,) = {functions[name]["Timeout"] for name in VISITORS.values()}

    assert (alarm["Namespace"], alarm["ExtendedStatistic"]) == ("AWS/ApiGateway", "p95")
    assert [dimension["Name"] for dimension in alarm["Dimensions"]] == ["ApiName", "Stage"]  # of all their paths
    assert 0.5 * timeout <= alarm["Threshold"] / 1000 < timeout < 29  # API Gateway's own limit


def test_a_login_of_the_canary_hides_no_failure(template: Template) -> None:
    successes = template.resources("Logs::MetricFilter")["LoginSuccesses"]

    assert successes["FilterPattern"] == '{ ($.event = "login_ok") && ($.role NOT EXISTS) }'


def test_requests_that_the_gateway_refuses_as_too_many_ring_with_those_for_passwords(template: Template) -> None:
    rule = template.resources("Logs::MetricFilter")["TooMany"]
    alarm = template.resources("CloudWatch::Alarm")["ResetsAlarm"]

    assert (rule["LogGroupName"], rule["FilterPattern"]) == ({"Ref": "GatewayLog"}, '{ $.status = "429" }')
    assert [change["MetricName"] for change in rule["MetricTransformations"]] == [alarm["MetricName"]]


def test_the_metrics_count_events_that_the_record_has(template: Template) -> None:
    patterns = [metric_filter["FilterPattern"] for metric_filter in template.resources("Logs::MetricFilter").values()]
    events = {event for pattern in patterns for event in re.findall(r'\$\.event = "(\w+)"', pattern)}
    source = (PROJECT / "chalicelib/infra/record.py").read_text("utf-8")

    assert events == {
        "login_refused",
        "login_slowed",
        "login_ok",
        "reset_asked",
        "sign_in_code_asked",
        "admission_asked",
        "admission_entered",
        "staff_key_lost",
        *("payment_differs", "payment_late"),
    }
    assert [event for event in events if f'"{event}",' not in source] == []


def test_the_record_is_kept_six_months(template: Template) -> None:
    logs = {name: group["RetentionInDays"] for name, group in template.resources("Logs::LogGroup").items()}
    used = {
        function["LoggingConfig"]["LogGroup"]["Ref"] for function in template.resources("Serverless::Function").values()
    }

    assert logs == dict.fromkeys(used | {"GatewayLog"}, 180)


def test_a_bill_that_grows_is_told(template: Template) -> None:
    budget = template.one("Budgets::Budget")

    assert budget["Budget"]["BudgetLimit"] == {"Amount": {"Ref": "MonthlyBudget"}, "Unit": "USD"}
    assert budget["Budget"]["TimeUnit"] == "MONTHLY"
    assert all(notification["Subscribers"] for notification in budget["NotificationsWithSubscribers"])
