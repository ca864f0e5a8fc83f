"""Concurrency: deployment, documents and comments have the same computed number."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.mail.account_jobs import LostPassword
from operations.deploy import stages
from operations.deploy.aws import Aws
from operations.deploy.capacity import (
    APPLICATION,
    CALENDARS,
    FAMILY_VISIT,
    FRANCECONNECT_LOGIN,
    GATEWAY_LOGINS,
    GATEWAY_MAILS,
    GATEWAY_REQUESTS,
    JOURNEY,
    LOGIN,
    LOST_PASSWORD,
    MINUTE,
    OPENINGS,
    at_once,
    logins_a_second,
    minutes_to_mail,
)
from operations.deploy.checks import Deployed, Fault
from operations.deploy.concurrency import concurrency_status
from operations.deploy.preflight import check_concurrency
from operations.deploy.stack import Outputs, StackState
from operations.deploy.stages import Stage, StageSettings, load_stage
from operations.package import PROJECT
from operations.package.template_files import read_template
from operations.version import STAGES_FILE
from tests.support.account import ROOM, AnsweringAws
from tests.support.aws import TestAws

WHOLE = {
    "region": "eu-west-3",
    "domain": "",
    "sender_identity": "extranet.example.fr",
    "alarm_email": "astreinte@example.org",
    "monthly_budget": 10,
}
FAMILIES = 6_000
CONCURRENCY = at_once(FAMILIES)


def stage(**more: int) -> Stage:
    return Stage("prod", StageSettings.model_validate(WHOLE | more))


def read(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def numbers(text: str, pattern: str) -> set[int]:
    return {int(found.replace(",", "")) for found in re.findall(pattern, " ".join(text.replace("\n#", "\n").split()))}


def room(limit: int, share: int = 0) -> dict[str, Any]:
    return {"AccountLimit": {"ConcurrentExecutions": limit, "UnreservedConcurrentExecutions": limit - share}}


@pytest.fixture
def lines(aws: TestAws) -> Callable[..., list[str]]:
    def list_findings(where: Stage, account: dict[str, Any] = ROOM) -> list[str]:
        aws_ = AnsweringAws(aws, get_account_settings=account)
        return [finding.line() for finding in check_concurrency(aws_, where)]

    return list_findings


# One number.


def test_a_stage_that_says_its_families_reserves_what_the_model_makes_of_them() -> None:
    assert stage(families=FAMILIES).settings.reserved_concurrency == CONCURRENCY
    assert stage(families=2 * FAMILIES).settings.reserved_concurrency == at_once(2 * FAMILIES)
    assert stage(families=1).settings.reserved_concurrency == 1
    assert stage(families=FAMILIES, reserved_concurrency=0).settings.reserved_concurrency == 0


def test_the_stages_and_the_template_take_the_model_s_number() -> None:
    template = read_template()

    assert load_stage("local").settings.reserved_concurrency == CONCURRENCY
    assert template["Parameters"]["ReservedConcurrency"]["Default"] == CONCURRENCY
    for name, table in tomllib.loads(STAGES_FILE.read_text(encoding="utf-8")).items():
        assert (table["families"], table.get("reserved_concurrency")) == (FAMILIES, None), name


def test_comments_and_documents_say_the_same_number() -> None:
    scale = read("docs/scale.md")
    families, share, lambdas = (
        [int(number.replace(",", "")) for number in re.findall(r"[\d,]+", line)]
        for begins in ("| | 6,000 families", "| in the opening minute", "| Lambdas at once")
        for line in scale.splitlines()
        if line.startswith(begins)
    )
    times = re.findall(
        r"were ([\d,]+) ms of Lambda for the journey, of which (\d+) ms for its login, and (\d+) ms", scale
    )

    assert times == [(f"{1000 * JOURNEY:,.0f}", f"{1000 * LOGIN:.0f}", f"{1000 * LOST_PASSWORD.seconds:.0f}")]
    assert lambdas == [at_once(count * part / 100) for count, part in zip(families, share, strict=True)]
    assert [opening.in_minute for opening in OPENINGS] == [
        count * part / 100 for count, part in zip(families, share, strict=True)
    ]
    # Each number of concurrent requests or logins in a text is the model's.
    for name in ("stages.toml", "docs/scale.md", "docs/deploy.md"):
        text = read(name)
        assert numbers(text, r"([\d,]+) (?:requests )?at once for 6,000 families") == {CONCURRENCY}, name
        assert numbers(text, r"([\d,]+) logins a second[^.]* by themselves") <= {logins_a_second(CONCURRENCY)}, name
    assert numbers(read("stages.toml"), r"([\d,]+) logins a second") == {logins_a_second(CONCURRENCY)}
    assert "thousand logins" not in "".join(map(read, ("stages.toml", "docs/scale.md", "docs/performance.md")))


# Where account, cap and model disagree.


def test_nothing_is_said_where_they_agree(lines: Callable[..., list[str]]) -> None:
    assert lines(stage(families=FAMILIES)) == []


@pytest.mark.parametrize("reserved", [CONCURRENCY - 1, CONCURRENCY + 1, 50])
def test_a_cap_that_differs_from_the_model_is_a_warning(lines: Callable[..., list[str]], reserved: int) -> None:
    (line,) = lines(stage(families=FAMILIES, reserved_concurrency=reserved))

    assert line.startswith(f"Warning: stages.toml reserves {reserved} concurrent executions, about ")
    assert f"{logins_a_second(reserved)} logins a second; the model asks for {CONCURRENCY} for 6,000 families" in line


def test_an_account_that_has_no_room_for_the_model_is_missing_something(lines: Callable[..., list[str]]) -> None:
    (line,) = lines(stage(families=FAMILIES), room(10))

    assert line.startswith(f"Missing: stages.toml reserves {CONCURRENCY} concurrent executions (of 6,000 families)")
    assert "leaves 0 to reserve of this account's 10" in line
    assert "« Concurrent executions », 1,000; free" in line  # AWS's default, which is enough


def test_the_quota_to_ask_for_holds_the_model_and_what_lambda_keeps(lines: Callable[..., list[str]]) -> None:
    line = lines(stage(families=60_000), room(1000, 50))[0]

    beside = at_once(3000, APPLICATION) + at_once(60_000, FRANCECONNECT_LOGIN) + CALENDARS
    assert f" and {beside} for the stage's other functions, " in line
    assert f"« Concurrent executions », {at_once(60_000) + beside + 100 + 50:,}; free" in line


def test_a_stage_keeps_some_for_new_families_or_nothing_for_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stage(families=FAMILIES).settings.applicant_concurrency == at_once(3000, APPLICATION) == 30
    assert stage(families=FAMILIES, new_families=6000).settings.applicant_concurrency == 60
    assert stage(families=FAMILIES).settings.sign_in_concurrency == at_once(FAMILIES, FRANCECONNECT_LOGIN) == 50
    assert stage(families=FAMILIES, reserved_concurrency=0).settings.beside == 0
    monkeypatch.setattr(stages, "WINGS", ())
    assert stage(families=FAMILIES).settings.beside == stage(families=FAMILIES).settings.sign_in_concurrency


def test_without_a_reservation_the_account_s_quota_is_held_against_the_model(lines: Callable[..., list[str]]) -> None:
    (line,) = lines(stage(families=FAMILIES, reserved_concurrency=0), room(10))

    assert line.startswith("Warning: this account runs 10 functions at once, the model asks for 118 for 6,000 families")
    assert lines(stage(families=FAMILIES, reserved_concurrency=0), room(1000)) == []


def test_without_families_the_model_has_nothing_to_say_and_that_is_told(lines: Callable[..., list[str]]) -> None:
    (line,) = lines(stage(reserved_concurrency=50))

    assert line == (
        "Warning: stages.toml reserves 50 concurrent executions and does not say for how many families: give families "
        "and leave reserved_concurrency out, to reserve what the model asks for (docs/scale.md)."
    )
    assert lines(stage(reserved_concurrency=0), room(10)) == []


def test_more_logins_than_the_gateway_lets_through_are_a_warning(lines: Callable[..., list[str]]) -> None:
    template = read_template()
    methods = template["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    (rate,) = (each["ThrottlingRateLimit"] for each in methods if each["ResourcePath"].endswith("~1compte~1connexion"))

    assert rate == GATEWAY_LOGINS
    assert lines(stage(families=60 * rate), room(2000)) == []
    (line,) = lines(stage(families=60 * rate + 60), room(2000))
    assert line.startswith(
        f"Warning: the gateway lets {rate} logins a second through, and {60 * rate + 60:,} families within a minute"
    )


def test_the_visits_of_the_model_are_the_counted_ones_and_so_is_their_price() -> None:
    scale = read("docs/scale.md")
    visits = {"a journey": FAMILY_VISIT, "a lost password": LOST_PASSWORD}
    (dollars,) = re.findall(r"\| dollars a season, at list price \| ([\d. |]+) \|\n", scale)

    for name, visit in visits.items():
        (row,) = re.findall(rf"\| \*\*{name}\*\* \| (\d+) \| \| (\d+) \| (\d+) \| (\d) mails", scale)
        assert tuple(map(int, row)) == (visit.requests, visit.reads, visit.writes, visit.mails)
    assert [float(price) for price in dollars.split(" | ")] == [
        round(opening.families * FAMILY_VISIT.dollars, 2) for opening in OPENINGS
    ]


def test_the_gateway_s_limit_of_requests_is_the_model_s() -> None:
    template = read_template()
    rest = template["Resources"]["RestAPI"]["Properties"]["MethodSettings"][0]

    assert (rest["ResourcePath"], rest["ThrottlingRateLimit"]) == ("/*", GATEWAY_REQUESTS)


@pytest.mark.parametrize(
    "path",
    ["/compte/mot-de-passe-perdu", "/compte/identifiant-perdu", "/pre-inscription", "/compte/acces/premiere-connexion"],
)
def test_the_opening_minute_passes_the_forms_that_mail_and_no_password_waits_an_hour(path: str) -> None:
    template = read_template()
    methods = template["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    ending = f"~1extranet{path.replace('/', '~1')}"
    (setting,) = (each for each in methods if each["HttpMethod"] == "POST" and each["ResourcePath"].endswith(ending))
    limit = setting["ThrottlingBurstLimit"] + MINUTE * setting["ThrottlingRateLimit"]

    assert setting["ThrottlingRateLimit"] == GATEWAY_MAILS
    assert limit > FAMILIES
    assert timedelta(minutes=minutes_to_mail(limit)) < timedelta(minutes=8) < LostPassword.lasts


# The deployed value.


def status(aws: Aws, where: Stage) -> list[str]:
    names: dict[str, Any] = {field.name: "" for field in fields(Outputs) if field.type is str}
    outputs = Outputs(**names | {"api_function": "clef-prod-APIHandler"})
    state = StackState("", where.stack, "UPDATE_COMPLETE", "", {})
    return list(concurrency_status(Deployed(aws, where, state, outputs, datetime.now(UTC))))


def test_status_holds_what_is_deployed_against_both_and_is_red_where_they_differ(aws: TestAws) -> None:
    answering = AnsweringAws(
        aws, get_account_settings=room(1000, 50), get_function_concurrency={"ReservedConcurrentExecutions": 50}
    )

    lines = status(answering, stage(families=FAMILIES))

    assert (
        lines[0] == f"Concurrency: 50 reserved, {CONCURRENCY} by stages.toml, {CONCURRENCY} by the model, 1,000 in all"
    )
    assert lines[1].startswith("  Warning: 50 are deployed and stages.toml reserves 118: make deploy STAGE=prod")
    assert len(lines) == 2
    assert [isinstance(line, Fault) for line in lines] == [False, True]


def test_status_has_one_line_where_all_agree(aws: TestAws) -> None:
    answering = AnsweringAws(
        aws,
        get_account_settings=room(1000, CONCURRENCY),
        get_function_concurrency={"ReservedConcurrentExecutions": CONCURRENCY},
    )

    assert len(status(answering, stage(families=FAMILIES))) == 1
