"""An operator who deploys a small template into moto: messages, questions, and the resulting stack.

Moto knows neither SAM nor the transform: a small template with the same parameters and outputs replaces ours.
"""

import itertools
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml
from moto.cloudformation.utils import yaml_tag_constructor

from chalicelib import wiring
from chalicelib.domain.account.keys import USES
from chalicelib.services.office import OfficeServices
from chalicelib.settings.environment import load_settings
from chalicelib.wings import ALL_WINGS
from chalicelib.work.long_jobs import desk_jobs
from operations.deploy.deployment import Deployment
from operations.deploy.destroy import destroy
from operations.deploy.environment import office_environment
from operations.deploy.keys import VERSIONS, KeyStore, parameter_of
from operations.deploy.release import Checkout, Source
from operations.deploy.stack import Outputs, find_stack
from operations.deploy.stages import Stage, StageSettings
from operations.package.files import TEMPLATE
from operations.package.parts import FAMILY, NETWORK, OFFICE
from operations.runtime import Architecture
from tests.support.account import ROOM, SENDING, VERIFIED, AnsweringAws
from tests.support.aws import TestAws

# moto parses each template, in each call, with this class: libyaml's is ten times as fast.
yaml.CLoader.add_multi_constructor("", yaml_tag_constructor)
yaml.Loader = yaml.CLoader  # type: ignore[misc,assignment]

PARAMETERS = (
    *("RecordKey", "CdnSecret", "CdnSecretDigests", "FranceconnectSecret", "ProconnectSecret", "SenderAddress"),
    *("Version", "Telephones", "PublicUrl", "DomainName", "CertificateArn", "AlarmEmail", "MonthlyBudget", "VaultLock"),
    *("ReservedConcurrency", "ApplicantConcurrency", "SignInConcurrency"),
    *("OriginDomain", "OriginPort", "OriginPath", "OriginProtocol", VERSIONS, *map(parameter_of, USES)),
)
WING_TABLES = [table for wing in ALL_WINGS for table in wing.all_tables]
REFERENCES = {
    "pages_bucket": "Pages",
    "accounts_table": "Accounts",
    "office_table": "Office",
    "mailboxes_table": "Mailboxes",
    "enrolments_table": "Enrolments",
    "staff_table": "Staff",
    "documents_bucket": "Documents",
    "mail_queue_url": "MailDeadLetters",
    "slow_mail_queue_url": "SlowMailQueue",
    "mail_dead_letters_url": "MailDeadLetters",
    "rest_api_id": "MailDeadLetters",
    "api_function": "MailDeadLetters",
}
TABLE = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        {"AttributeName": "site", "AttributeType": "S"},
        {"AttributeName": "identifier", "AttributeType": "S"},
    ],
    "KeySchema": [{"AttributeName": "site", "KeyType": "HASH"}, {"AttributeName": "identifier", "KeyType": "RANGE"}],
}
PROTECTED = {**TABLE, "DeletionProtectionEnabled": True}
FUNCTION = {"CodeSha256": "AAAA", "FunctionName": "clef-api", "LastModified": "2026-09-01T07:00:00.000+0000"}

LAMBDA = {  # moto knows it, unlike SAM's functions
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
    },
    "Calendars": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"ZipFile": "pass"},
            "Handler": "index.main",
            "Runtime": "python3.13",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        },
    },
}

_numbers = itertools.count()


def template(**more: Any) -> str:
    outputs = {
        "".join(map(str.capitalize, field.name.split("_"))): {
            "Value": {"Ref": REFERENCES[field.name]} if field.name in REFERENCES else f"the-{field.name}"
        }
        for field in fields(Outputs)
        if field.type is str
    } | {f"{table}Table": {"Value": {"Ref": table}} for table in WING_TABLES}
    return json.dumps(
        {
            "Parameters": {name: {"Type": "String", "Default": ""} for name in PARAMETERS},
            "Resources": {
                "Pages": {"Type": "AWS::S3::Bucket"},
                "Accounts": {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain", "Properties": PROTECTED},
                **{
                    name: {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain", "Properties": PROTECTED}
                    for name in ("Mailboxes", "Office", "Enrolments", "Staff", *WING_TABLES)
                },
                "Documents": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain"},
                "MailDeadLetters": {"Type": "AWS::SQS::Queue"},
                "SlowMailQueue": {"Type": "AWS::SQS::Queue"},
                "Alarms": {
                    "Type": "AWS::SNS::Topic",
                    "Properties": {"Subscription": [{"Protocol": "email", "Endpoint": {"Ref": "AlarmEmail"}}]},
                },
                "APIHandler": {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": f"./{FAMILY}"}},
                **more,
            },
            "Outputs": outputs | {VERSIONS: {"Value": {"Ref": VERSIONS}}},
        }
    )


class Operator:
    """Collects messages, answers questions, and provides packages."""

    def __init__(self, aws: TestAws, answer: str = "y") -> None:
        self.under = aws
        self.aws = AnsweringAws(
            aws, get_email_identity=VERIFIED, get_account=SENDING, create_invalidation={}, invoke=self.publish
        )
        settings = {"region": "eu-west-3", "domain": "", "sender_identity": "extranet.example.fr",
                    "alarm_email": "astreinte@example.org", "monthly_budget": 10, "reserved_concurrency": 0,
                    "keep_accounts": False, "vault": "none"}  # fmt: skip
        self.stage = Stage(f"trial-{next(_numbers)}", StageSettings.model_validate(settings))
        self.answer = answer
        self.settings: dict[str, str] = {}  # more of the deployed function's
        self.output: list[str] = []
        self.questions: list[str] = []
        self.template = template()
        self.packages = {name: name.encode() for name in (FAMILY, OFFICE, NETWORK)}

    def ask(self, question: str) -> str:
        self.questions.append(question)
        return self.answer

    def package(self, folder: Path, architecture: Architecture) -> None:
        self.packaged_for = architecture
        for name, content in self.packages.items():
            (folder / name).write_bytes(content)
        (folder / TEMPLATE).write_text(self.template, encoding="utf-8")

    def publish(self, **values: Any) -> None:
        """Work on a job as the deployed function does, whose calls are not the command's: moto runs none."""
        before = list(self.under.calls)
        keys, outputs = KeyStore(self.aws.client("ssm"), self.stage.name).keys(), self.outputs()
        settings = load_settings(office_environment(self.aws, self.stage, outputs, keys) | self.settings)
        with wiring.using(OfficeServices.over(wiring.build(settings))):
            desk_jobs(json.loads(values["Payload"]), None)
        self.under.calls[:] = before

    def status(self, **more: Any) -> AnsweringAws:
        """Return the account for `make status`: moto knows none of these functions, and of SES little."""
        answers = {
            "get_function_configuration": FUNCTION,
            "get_account_settings": ROOM,
            "get_function_concurrency": {},
            "get_account": SENDING,
            "get_email_identity": VERIFIED,
            "list_suppressed_destinations": {"SuppressedDestinationSummaries": []},
        }
        return AnsweringAws(self.under, **answers | more)

    def deploy(self, source: Source | None = None, **how: Any) -> list[str]:
        """Deploy up to the smoke test, which needs running functions, and return the messages."""
        self.output, source = [], source or Checkout(self.package)
        Deployment(self.aws, self.stage, self.output.append, self.ask, source, **how).prepare()
        return self.output

    def finish(self, **how: Any) -> int:
        """Run the steps after the smoke test, and return the exit code."""
        self.output = []
        item = Deployment(self.aws, self.stage, self.output.append, self.ask, Checkout(self.package), **how)
        return item.finish(self.outputs(), has_dns=True)

    def leave(self) -> None:
        """Delete the stage."""
        self.answer = self.stage.name
        destroy(self.aws, self.stage, self.output.append, self.ask)

    def text(self) -> str:
        return "\n".join(self.output)

    def outputs(self) -> Outputs:
        state = find_stack(self.aws, self.stage.stack)
        assert state is not None
        return state.outputs

    def parameters(self) -> dict[str, str]:
        [stack] = self.aws.client("cloudformation").describe_stacks(StackName=self.stage.stack)["Stacks"]
        return {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in stack["Parameters"]}
