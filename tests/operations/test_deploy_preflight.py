"""Preflight: each missing requirement is named, with advice, and nothing is changed."""

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from moto.acm.models import acm_backends
from moto.core.models import DEFAULT_ACCOUNT_ID

from chalicelib.domain.account.spellings import FORGIVING_SITES
from chalicelib.settings.environment import NETWORK_FILE, load_network
from operations.deploy import preflight as looking
from operations.deploy.aws import Aws
from operations.deploy.certificates import certificate_for, how_to_validate
from operations.deploy.keys import KeyStore
from operations.deploy.preflight import Finding, preflight
from operations.deploy.stages import Stage, StageSettings
from operations.deploy.typed_secrets import TYPED
from tests.support.account import ROOM, SENDING, VERIFIED, AnsweringAws
from tests.support.aws import TestAws

STAGE = Stage(
    "prod",
    StageSettings.model_validate(
        {
            "region": "eu-west-3",
            "domain": "extranet.example.fr",
            "sender_identity": "extranet.example.fr",
            "alarm_email": "astreinte@extranet.example.fr",
            "monthly_budget": 10,
            "families": 6_000,
        }
    ),
)

UNCALLED = Aws("eu-west-3")
DAY = date(2026, 12, 1)  # in the school year of network.toml
_numbers = itertools.count()


def stage(**changes: Any) -> Stage:
    return replace(STAGE, settings=STAGE.settings.model_copy(update=changes))


@pytest.fixture
def account(aws: TestAws) -> Callable[..., AnsweringAws]:
    def make(**changes: dict[str, Any]) -> AnsweringAws:
        answers = {"get_email_identity": VERIFIED, "get_account": SENDING, "get_account_settings": ROOM}
        return AnsweringAws(aws, **(answers | changes))

    return make


def lines(findings: list[Finding]) -> str:
    return "\n".join(finding.line() for finding in findings)


def test_a_complete_account_has_but_a_warning_of_the_example(account: Callable[..., AnsweringAws]) -> None:
    findings = preflight(account(), stage(domain=""), DAY)

    assert [finding.line() for finding in findings] == [
        "Warning: chalicelib/settings/network.toml still holds the fictitious network of the repository."
    ]


def test_all_that_is_missing_is_told_at_once(account: Callable[..., AnsweringAws]) -> None:
    answering = account(
        get_email_identity={"VerifiedForSendingStatus": False},
        get_account={"SendingEnabled": False, "ProductionAccessEnabled": False},
        get_account_settings={"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}},
    )

    output = lines(preflight(answering, stage(domain="missing.example.fr"), DAY))

    assert "Missing: SES has not verified the sender extranet.example.fr yet: publish the DNS records" in output
    assert "Missing: SES sends nothing from this account in eu-west-3" in output
    assert "Warning: SES is in its sandbox: families get no mail" in output
    assert "Missing: no certificate for missing.example.fr is issued in us-east-1: request one" in output
    assert (
        "Missing: stages.toml reserves 118 concurrent executions (of 6,000 families) and 90 for the "
        "stage's other functions, and Lambda leaves 0 to reserve of this account's 10" in output
    )
    assert "Service Quotas" in output


@pytest.mark.parametrize(
    ("state", "advice"),
    [
        ("UPDATE_ROLLBACK_FAILED", "« Continue update rollback »"),
        ("ROLLBACK_FAILED", "delete it by `make destroy`, then deploy again"),
        ("DELETE_FAILED", "then `make destroy` again"),
    ],
)
def test_a_stack_that_takes_no_update_is_told_with_the_way_out(aws: TestAws, state: str, advice: str) -> None:
    stack = {"StackId": "1", "StackName": "clef-prod", "StackStatus": state}

    [finding] = looking.check_stack(AnsweringAws(aws, describe_stacks={"Stacks": [stack]}), STAGE)

    assert not finding.is_warning
    assert finding.sentence.startswith(f"clef-prod is stuck ({state}): ")
    assert advice in finding.sentence


@pytest.mark.parametrize("state", ["CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE"])
def test_a_stack_that_rests_may_be_deployed(aws: TestAws, state: str) -> None:
    stack = {"StackId": "1", "StackName": "clef-prod", "StackStatus": state}

    assert list(looking.check_stack(AnsweringAws(aws, describe_stacks={"Stacks": [stack]}), STAGE)) == []


def test_a_sender_that_ses_does_not_know_is_named(aws: TestAws) -> None:
    answering = AnsweringAws(aws, get_account=SENDING)

    [finding] = looking.check_mail(answering, stage(sender_identity="unknown.example.fr"))

    assert finding.line().startswith("Missing: SES does not know the sender unknown.example.fr: see docs/deploy.md")


def test_the_sender_of_the_network_must_belong_to_the_identity() -> None:
    [finding] = [
        item
        for item in looking.check_network(UNCALLED, stage(sender_identity="elsewhere.example.org"))
        if not item.is_warning
    ]

    assert "does not belong to elsewhere.example.org" in finding.sentence


@pytest.mark.parametrize("identity", ["extranet.example.fr", "example.fr", "Ne-Pas-Repondre@extranet.example.fr"])
def test_the_identity_may_be_the_address_its_domain_or_one_above(identity: str) -> None:
    assert [
        item for item in looking.check_network(UNCALLED, stage(sender_identity=identity)) if not item.is_warning
    ] == []


def test_a_deployment_says_that_the_next_school_year_is_not_configured(tmp_path: Path) -> None:
    file = tmp_path / "network.toml"
    text = NETWORK_FILE.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    (year,) = load_network(path=file).teaching.years

    (finding,) = looking.check_school_year(STAGE, date(year.ends_on.year, 4, 1), file)

    assert finding.is_warning
    assert "of chalicelib/settings/network.toml has" in finding.sentence
    (finding,) = looking.check_school_year(stage(network="networks/essonne.toml"), date(year.ends_on.year, 4, 1), file)
    assert "of networks/essonne.toml has" in finding.sentence
    assert f"no school year {year.ends_on.year}-{year.ends_on.year + 1}" in finding.sentence
    file.write_text(f"wings = ['billing']\n{text}", encoding="utf-8")
    assert list(looking.check_school_year(STAGE, date(year.ends_on.year, 4, 1), file)) == []
    file.write_text(text.replace("agglomeration = ", "# "), encoding="utf-8")
    assert list(looking.check_school_year(STAGE, date(year.ends_on.year, 4, 1), file)) == []


def test_a_network_that_is_not_complete_is_told(tmp_path: Path) -> None:
    file = tmp_path / "network.toml"
    file.write_text(NETWORK_FILE.read_text(encoding="utf-8").replace("agglomeration = ", "# "), encoding="utf-8")

    [finding] = looking.check_network(UNCALLED, STAGE, file)

    assert "network.toml is not complete" in finding.sentence
    assert "agglomeration" in finding.sentence


def test_a_provider_is_refused_until_its_secret_is_typed(tmp_path: Path, account: Callable[..., AnsweringAws]) -> None:
    aws = account()
    file = tmp_path / "network.toml"
    section = '[franceconnect]\nissuer = "https://connect.example.org/api/v2"\nclient_id = "clef"\n\n[[sites]]'
    file.write_text(NETWORK_FILE.read_text("utf-8").replace("[[sites]]", section, 1), "utf-8")
    (franceconnect,) = (secret for secret in TYPED if secret.table == "franceconnect")

    def missing(path: Path = NETWORK_FILE) -> list[looking.Finding]:
        return [each for each in looking.check_network(aws, STAGE, path) if not each.is_warning]

    assert missing() == []  # the network of the repository has no provider
    (finding,) = missing(file)
    assert re.search(r"make deploy STAGE=prod ARGS=.*--franceconnect-secret\"? asks for it", finding.sentence)

    KeyStore(aws.client("ssm"), STAGE.name).keep(franceconnect, "un-secret")
    assert missing(file) == []


def test_an_audit_that_is_missing_or_counts_no_more_is_told(tmp_path: Path) -> None:
    file = tmp_path / "network.toml"
    right = NETWORK_FILE.read_text(encoding="utf-8")
    for part, replacement, words in (
        ("audited_on = .+", "audited_on = 2020-01-01", "the accessibility audit of 2020-01-01 is over three years old"),
        (r"(?s)\[accessibility\].*?(?=\n\[)", "", "[accessibility] of chalicelib/settings/network.toml has no audit"),
    ):
        file.write_text(re.sub(part, replacement, right), encoding="utf-8")

        (finding, _) = looking.check_network(UNCALLED, STAGE, file)

        assert finding.line().startswith(f"Warning: {words}")
        assert "« non conforme »" in finding.sentence


def test_a_network_of_too_many_sites_to_forgive_a_wrong_one_is_told(tmp_path: Path) -> None:
    file = tmp_path / "network.toml"
    text = NETWORK_FILE.read_text(encoding="utf-8")
    site = text[text.index("[[sites]]") :].split("\n\n")[0]
    more = (re.sub("code = .+", f'code = "site-{number}"', site) for number in range(FORGIVING_SITES))
    file.write_text("\n\n".join((text, *more)), encoding="utf-8")

    sentences = [finding.line() for finding in looking.check_network(UNCALLED, STAGE, file)]

    assert any("more than 32 sites a login at a wrong site is refused" in sentence for sentence in sentences), sentences


def test_secrets_copied_from_another_network_are_refused(
    account: Callable[..., AnsweringAws], monkeypatch: pytest.MonkeyPatch
) -> None:
    aws = account()
    ssm = aws.client("ssm")
    stores = KeyStore(ssm, STAGE.name), KeyStore(ssm, "essonne-prod")
    for store in stores:
        store.keys()
    monkeypatch.setattr(looking, "stages_of_other_networks", lambda _stage: ["essonne-prod", "never-deployed"])
    assert "essonne-prod" not in lines(preflight(aws, STAGE, DAY))

    for key in ("record-key", "keys"):
        secret = ssm.get_parameter(Name=stores[1].name(key), WithDecryption=True)["Parameter"]["Value"]
        ssm.put_parameter(Name=stores[0].name(key), Value=secret, Type="SecureString", Overwrite=True)

    refusal = f"Missing: /clef/{STAGE.name}/record-key and /clef/{STAGE.name}/keys are those of essonne-prod"
    assert all(refusal in lines(preflight(aws, STAGE, DAY, renews_keys=renews)) for renews in (False, True))


def test_a_missing_right_is_named_and_the_rest_looked_at(aws: TestAws, account: Callable[..., AnsweringAws]) -> None:
    with aws.failing("ListCertificates", "before", error=(400, "AccessDeniedException")):
        output = lines(preflight(account(), stage(reserved_concurrency=2000), DAY))

    assert "Missing: the credentials may not call ListCertificates: give them the rights of docs/deploy.md." in output
    assert "reserves 2000" in output


def test_what_cannot_be_looked_at_is_a_warning(aws: TestAws, account: Callable[..., AnsweringAws]) -> None:
    with aws.failing("ListCertificates", "before", error=(400, "InvalidArgsException")):
        output = lines(preflight(account(), STAGE, DAY))

    assert "Warning: The certificate could not be checked (ListCertificates: " in output


def test_looking_changes_nothing(aws: TestAws, account: Callable[..., AnsweringAws]) -> None:
    aws.calls.clear()

    preflight(account(), STAGE, DAY)

    assert {"PUT", "DELETE", "PutParameter", "RequestCertificate"} & set(aws.calls) == set()


def test_no_reservation_asks_for_no_quota(account: Callable[..., AnsweringAws]) -> None:
    answering = account(
        get_account_settings={"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}}
    )

    assert list(looking.check_concurrency(answering, stage(families=None, reserved_concurrency=0))) == []


def asked_for(aws: TestAws, *names: str) -> str:
    acm = Aws("eu-west-3", aws.endpoint_url).client("acm", "us-east-1")
    answer = acm.request_certificate(DomainName=names[0], SubjectAlternativeNames=list(names), ValidationMethod="DNS")
    return str(answer["CertificateArn"])


def issue(arn: str) -> None:
    acm_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]._certificates[arn].status = "ISSUED"  # noqa: SLF001 - moto issues in a minute


def test_a_certificate_that_waits_says_which_record_to_publish(aws: TestAws) -> None:
    domain = f"waits-{next(_numbers)}.example.fr"
    aws_here = Aws("eu-west-3", aws.endpoint_url)
    asked_for(aws, domain)

    [finding] = looking.check_certificate(aws_here, stage(domain=domain))

    assert "publish the DNS record " in how_to_validate(aws_here, domain)
    assert f".{domain}. CNAME " in finding.sentence


@pytest.mark.parametrize("covering", ["{domain}", "*.example.net"])
def test_an_issued_certificate_is_found_by_its_names(aws: TestAws, covering: str) -> None:
    domain = f"issued-{next(_numbers)}.example.net"
    arn = asked_for(aws, covering.format(domain=domain))
    issue(arn)
    aws_here = Aws("eu-west-3", aws.endpoint_url)

    assert certificate_for(aws_here, domain) == arn
    assert certificate_for(aws_here, domain) == certificate_for(aws_here, domain)
    assert list(looking.check_certificate(aws_here, stage(domain=domain))) == []


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("resources.yaml", "Resources:\n  A: {Type: x\n  B: 1\n", ".chalice/resources.yaml, line 3: "),
        ("resources.yaml", "Resources:\n  A: *nowhere\n", ".chalice/resources.yaml, line 2: found undefined alias"),
        ("config.json", '{\n  "version": "2.0",\n}', ".chalice/config.json, line "),
    ],
)
def test_a_slip_of_the_template_is_told_with_its_line(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    folder = tmp_path / ".chalice"
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")

    (finding,) = looking.check_template(folder)

    assert finding.line().startswith(f"Missing: {sentence}")
    assert not list(looking.check_template())
