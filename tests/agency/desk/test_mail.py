"""`clef desk email` and `clef desk resend`: addresses changed and told, passwords sent and never shown."""

from dataclasses import replace

import pytest

from agency.console.exit_codes import ExitCode
from tests.support.clef import Clef
from tests.support.households import settle_whole
from tests.support.world import EMAIL, World

SIGNED = '--as "Mme Houx" --why "la famille a appelé"'
NEW = "nouvelle@example.org"


def test_an_address_is_replaced_and_the_former_one_told(clef: Clef, world: World) -> None:
    world.settle()

    said = clef(f"desk email xen1 {NEW} {SIGNED}")

    assert said.out.splitlines() == [
        f"Famille Rossignol (xen1) : {EMAIL} → {NEW}",
        f"Averties du changement : {EMAIL}.",
    ]
    assert world.account().emails == (NEW,)


def test_a_password_that_ends_with_an_address_is_told(clef: Clef, world: World) -> None:
    world.settle(origin="mailed")

    assert "« clef desk resend »" in clef(f"desk email xen1 {NEW} {SIGNED}").out


def test_an_address_is_added_and_another_replaced_as_json(clef: Clef, world: World) -> None:
    world.settle()

    assert clef(f"desk email xen1 {NEW} --add {SIGNED} --json").json["after"] == [EMAIL, NEW]
    changed = clef(f"desk email xen1 autre@example.org --replace {EMAIL} {SIGNED} --json").json
    assert (changed["after"], changed["told"]) == (["autre@example.org", NEW], [EMAIL, NEW])


@pytest.mark.parametrize(
    "words",
    ["", "--add", f"{NEW} --add --replace {EMAIL}", f"{NEW} --remove {EMAIL}", f"--replace {EMAIL}"],
)
def test_an_address_is_changed_in_one_way_at_a_time(clef: Clef, world: World, words: str) -> None:
    world.settle()

    assert clef(f"desk email xen1 {words} {SIGNED}").code == ExitCode.MISUSED
    assert world.account().emails == (EMAIL,)


@pytest.mark.parametrize(("answers", "left"), [("oui\n", ()), ("non\n", (EMAIL,)), ("", (EMAIL,))])
def test_the_last_address_goes_with_a_yes_only(clef: Clef, world: World, answers: str, left: tuple[str, ...]) -> None:
    world.settle()

    said = clef(f"desk email xen1 --remove {EMAIL} {SIGNED}", answers)

    assert world.account().emails == left
    assert said.code == (ExitCode.FAILED if left else ExitCode.DONE)


def test_yes_in_advance_asks_nothing(clef: Clef, world: World) -> None:
    world.settle()

    clef(f"desk email xen1 --remove {EMAIL} {SIGNED} --yes")

    assert world.account().emails == ()


def test_a_password_is_sent_and_it_says_where(clef: Clef, world: World) -> None:
    account = settle_whole(world)
    world.services.accounts.change(account, replace(account, letters=(), mailed_passwords=()))

    said = clef(f"desk resend xen1 {SIGNED}")
    world.deliver()

    assert "un mot de passe part vers rossignol@example.org" in said.out
    assert "Pas vers come@example.org" in said.out
    assert "courriers indésirables" in said.out
    assert world.mailed_password() not in said.out
    assert [mail.to for mail in world.mails()] == ["rossignol@example.org"]


def test_a_password_is_sent_to_one_address_as_json(clef: Clef, world: World) -> None:
    world.settle(emails=(EMAIL, "come@example.org"))

    sent = clef(f"desk resend xen1 --to come@example.org {SIGNED} --json").json

    assert (sent["to"], sent["left_out"]) == (["come@example.org"], [EMAIL])


@pytest.mark.parametrize(
    ("answers", "code", "kept"),
    [
        ("oui\n", ExitCode.DONE, "rossignol@gmial.com"),
        ("non\n", ExitCode.FAILED, EMAIL),
        ("", ExitCode.FAILED, EMAIL),
    ],
)
def test_an_address_that_looks_mistyped_is_asked_about(
    clef: Clef, world: World, answers: str, code: ExitCode, kept: str
) -> None:
    world.settle()

    said = clef(f"desk email xen1 rossignol@gmial.com {SIGNED}", answers)

    assert said.code == code
    assert ("rossignol@gmail.com" in said.err) is bool(answers)
    assert world.account().emails == (kept,)


@pytest.mark.parametrize(
    ("answers", "code", "left"), [("oui\n", ExitCode.DONE, set()), ("non\n", ExitCode.FAILED, {EMAIL})]
)
def test_mails_go_out_again_with_a_yes_only(
    clef: Clef, world: World, answers: str, code: ExitCode, left: set[str]
) -> None:
    world.settle()
    suppress(world)

    said = clef(f"desk unsuppress xen1 {SIGNED}", answers)

    assert "un de nos mails à rossignol@example.org est revenu. Cette boîte marche-t-elle à nouveau ?" in said.err
    assert (said.code, set(world.aws.ses.suppressed)) == (code, left)
    assert ("nos mails repartent vers rossignol@example.org" in said.out) is (code == ExitCode.DONE)


def test_a_complaint_asks_whether_the_family_wants_it(clef: Clef, world: World) -> None:
    world.settle()
    suppress(world, "COMPLAINT")

    assert "La famille demande-t-elle elle-même" in clef(f"desk unsuppress xen1 {SIGNED}", "non\n").err
    assert clef(f"desk unsuppress xen1 {EMAIL} {SIGNED}").code == ExitCode.FAILED  # nobody there, no --yes
    assert set(world.aws.ses.suppressed) == {EMAIL}


def test_it_says_what_was_lifted_as_json_and_then_that_there_is_nothing_left(clef: Clef, world: World) -> None:
    world.settle()
    suppress(world)

    lifted = clef(f"desk unsuppress xen1 {EMAIL} {SIGNED} --yes --json").json

    assert lifted == {
        "site": "evry-xenakis",
        "identifier": "xen1",
        "email": EMAIL,
        "suppressed": "bounced",
        "suppressed_since": str(world.now),
        "changed": True,
        "others": [],
    }
    again = clef(f"desk unsuppress xen1 {SIGNED}")
    assert (again.code, again.err) == (ExitCode.DONE, "")
    assert "il n'y avait rien à lever" in again.out


def test_a_right_that_is_missing_is_told_with_the_policy_that_gives_it(clef: Clef, world: World) -> None:
    world.settle()
    suppress(world)

    with world.aws.failing("GET", "before", error=(403, "AccessDeniedException")):
        said = clef(f"desk unsuppress xen1 {SIGNED} --yes")

    assert said.err.startswith("AWS ne vous permet pas cette opération (GetSuppressedDestination)")
    assert "pas vérifié" not in clef("desk show xen1").out
    assert "nos mails n'y partent plus depuis le 1er septembre 2026" in clef("desk show xen1").out


def test_who_and_why_are_asked(clef: Clef, world: World) -> None:
    world.settle()
    suppress(world)

    assert clef("desk unsuppress xen1 --yes --as x").code == ExitCode.MISUSED
    assert clef("desk unsuppress xen1 --yes --as x --why ' '").code == ExitCode.FAILED
    assert set(world.aws.ses.suppressed) == {EMAIL}


def suppress(world: World, reason: str = "BOUNCE") -> None:
    world.aws.client("sesv2").put_suppressed_destination(EmailAddress=EMAIL, Reason=reason)
