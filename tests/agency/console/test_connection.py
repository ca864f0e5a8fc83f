"""A stage on AWS: found by its name with one's own credentials, its pages published and dropped by the CDN."""

import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from agency.console import on_aws
from agency.console.connection import LONGEST_REQUEST, connect
from agency.console.sentences import sentence_of
from chalicelib.domain.account.keys import KeyRing
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.settings.environment import NETWORK_FILE, load_network
from operations.deploy.aws import Aws
from operations.deploy.keys import VERSIONS, KeyStore
from operations.deploy.stack import Outputs
from operations.deploy.stages import load_stage
from operations.package.template_files import CHALICE
from tests.support.clef import Clef
from tests.support.key_uses import uses_read_by_commands
from tests.support.world import World
from tools.local.aws import REGION

STAGE = "essai"
STAGES = f"""
[{STAGE}]
region = "{REGION}"
domain = ""
sender_identity = "extranet.example.fr"
alarm_email = "astreinte@example.org"
monthly_budget = 10
reserved_concurrency = 0

[mauvais]
region = "Paris"
"""
KEY = "the key of the trial's pseudonyms, long enough"
DISTRIBUTION = {
    "Comment": "",
    "Enabled": True,
    "Origins": {"Quantity": 1, "Items": [{"Id": "pages", "DomainName": "pages.s3.amazonaws.com",
                                          "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
    "DefaultCacheBehavior": {"TargetOriginId": "pages", "ViewerProtocolPolicy": "redirect-to-https", "MinTTL": 0,
                             "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}},
}  # fmt: skip


class Account:
    """An AWS account with one stage."""

    def __init__(self, world: World) -> None:
        self.aws = Aws(REGION, world.aws.endpoint_url)
        configuration = {**DISTRIBUTION, "CallerReference": uuid.uuid4().hex}
        answer = self.aws.client("cloudfront").create_distribution(DistributionConfig=configuration)
        self.distribution = str(answer["Distribution"]["Id"])
        names = [field.name for field in fields(Outputs) if field.type is str]
        self.outputs = {name: str(getattr(world.resources, name, "x")) for name in names}
        self.outputs |= world.resources.wing_tables | {
            "slow_mail_queue_url": "slow",
            "distribution_id": self.distribution,
        }
        self.outputs["distribution_domain"] = "d111.cloudfront.example"

    def deploy(self, *lacking: str) -> None:
        outputs = {
            "".join(map(str.capitalize, name.split("_"))): {"Value": value}
            for name, value in self.outputs.items()
            if name not in lacking
        }
        outputs |= {} if VERSIONS in lacking else {VERSIONS: {"Value": "1"}}
        template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}, "Outputs": outputs}
        self.aws.client("cloudformation").create_stack(StackName=f"clef-{STAGE}", TemplateBody=json.dumps(template))
        ssm, folder = self.aws.client("ssm"), f"/clef/{STAGE}/"
        ssm.delete_parameters(Names=[f"{folder}record-key", f"{folder}keys"])
        ssm.put_parameter(Name=f"{folder}record-key", Value=KEY, Type="SecureString")
        if "keys" not in lacking:
            KeyStore(ssm, STAGE).keys()

    def forgotten(self) -> list[str]:
        """List the paths that the CDN was asked to drop."""
        cdn = self.aws.client("cloudfront")
        invalidations = cdn.list_invalidations(DistributionId=self.distribution)["InvalidationList"].get("Items", [])
        questions = [
            cdn.get_invalidation(DistributionId=self.distribution, Id=invalidation["Id"])
            for invalidation in invalidations
        ]
        return [path for answer in questions for path in answer["Invalidation"]["InvalidationBatch"]["Paths"]["Items"]]


@pytest.fixture
def account(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    file = tmp_path / "stages.toml"
    file.write_text(STAGES, encoding="utf-8")
    monkeypatch.setattr(on_aws, "load_stage", lambda name: load_stage(name, file))
    monkeypatch.setenv("AWS_ENDPOINT_URL", world.aws.endpoint_url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")  # a user's own setting
    result = Account(world)
    yield result
    result.aws.client("cloudformation").delete_stack(StackName=f"clef-{STAGE}")


def refusal(stage: str = STAGE) -> OfficeRefusal:
    with pytest.raises(OfficeRefusal) as error:
        connect(stage)
    return error.value


def test_a_stage_is_found_by_its_name_in_its_own_region(account: Account, world: World) -> None:
    account.deploy()

    connection = connect(STAGE)

    settings = connection.services.settings
    assert (settings.office_table, settings.mail_queue_url) == (
        world.resources.office_table,
        world.resources.mail_queue_url,
    )
    assert (settings.pages_bucket, connection.distribution) == (world.resources.pages_bucket, account.distribution)
    assert settings.network.public_url.startswith("http://d111.cloudfront.example")
    assert connection.services.record.pseudonyms.of("a", "b") != world.services.record.pseudonyms.of("a", "b")
    assert os.environ["AWS_DEFAULT_REGION"] == REGION
    connection.services.periods.read()


def test_a_stage_deployed_before_what_can_wait_had_a_queue_of_its_own_is_worked_with(account: Account) -> None:
    account.deploy("slow_mail_queue_url")

    settings = connect(STAGE).services.settings

    assert settings.slow_mail_queue_url == settings.mail_queue_url


def test_a_stage_of_another_account_is_refused(
    account: Account, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    account.deploy()
    file = tmp_path / "of_another.toml"
    file.write_text(STAGES.replace("domain =", 'account = "000000000001"\ndomain =', 1), "utf-8")
    monkeypatch.setattr(on_aws, "load_stage", lambda name: load_stage(name, file))

    with pytest.raises(OfficeRefusal) as refusal:
        connect(STAGE)

    assert refusal.value.code == "stage_of_another_account"


@pytest.mark.usefixtures("pages")
def test_a_period_announced_there_is_published_and_the_cdn_forgets_what_it_held(account: Account, clef: Clef) -> None:
    account.deploy()

    result = clef(f"period set 2026-09-01 2026-09-15 --apply --yes --stage {STAGE}")

    assert "4 pages publiées" in result.out, result.err
    assert result.deployment.startswith(
        f"Déploiement : {STAGE}, Réseau des conservatoires 91, http://d111.cloudfront.example"
    )
    assert account.forgotten() == [
        *("/extranet", "/extranet/aide", "/extranet/usager", "/extranet/usager/mot-de-passe-perdu")
    ]
    clef(f"period set 2026-09-01 2026-09-15 --apply --yes --stage {STAGE}")
    assert len(account.forgotten()) == 4, "nothing changed: nothing is forgotten"


def test_what_is_not_deployed_is_told(account: Account) -> None:
    assert account.distribution
    assert refusal().code == "stage_absent"
    assert REGION in sentence_of(refusal())


@pytest.mark.parametrize("stage", ["mauvais", "nulle", "Prod!"])
def test_a_stage_described_badly_or_not_at_all_is_told(account: Account, stage: str) -> None:
    assert account.distribution
    assert refusal(stage).code == "stage_refused"


@pytest.mark.parametrize("lacking", ["office_table", "documents_bucket", "configuration_set"])
def test_a_stack_older_than_the_command_is_told(account: Account, lacking: str) -> None:
    account.deploy(lacking)

    assert refusal().code == "stage_outdated"


def test_a_command_has_the_keys_of_its_uses_and_refuses_where_they_are_lost(account: Account) -> None:
    account.deploy()

    settings = connect(STAGE).services.settings

    assert set(settings.keys) == uses_read_by_commands() == {"jobs", "staff-links"}
    keys = KeyStore(account.aws.client("ssm"), STAGE).keys()
    assert settings.key_ring("jobs") == KeyRing.parse(keys.of_use("jobs"))
    account.aws.client("ssm").delete_parameter(Name=f"/clef/{STAGE}/keys")
    assert refusal().code == "keys_lost"
    account.aws.client("cloudformation").delete_stack(StackName=f"clef-{STAGE}")
    account.deploy("keys", VERSIONS)
    assert refusal().code == "stage_outdated"  # an update makes them


def test_a_network_s_mistake_has_its_place(account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account.deploy()
    path = tmp_path / "network.toml"
    path.write_text(NETWORK_FILE.read_text("utf-8").replace("telephone = ", "telefone = "), encoding="utf-8")
    monkeypatch.setattr("chalicelib.settings.environment.load_network", lambda stage: load_network(stage, path))

    assert refusal().code == "network_refused"
    assert "sites.0.contact.telephone" in sentence_of(refusal())


def test_the_longest_request_is_longer_than_the_function_may_run() -> None:
    config = json.loads((CHALICE / "config.json").read_text(encoding="utf-8"))

    assert timedelta(seconds=config["lambda_timeout"]) < LONGEST_REQUEST


def test_rights_that_are_lacking_are_told(account: Account, clef: Clef, world: World) -> None:
    account.deploy()

    with world.aws.failing("GetParameter", "before", error=(400, "AccessDeniedException")):
        result = clef(f"period show --stage {STAGE}")

    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("AWS ne vous permet pas cette opération (GetParameter)")
