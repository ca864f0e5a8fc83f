"""An identifier that the file gives to another family: all of the former one's data is closed and unreadable."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.change_links import LinkGone
from chalicelib.domain.refusals import LoginRefused, NotLoggedIn, Unavailable
from chalicelib.domain.roster.yearly_file import Anomaly, YearlyFile
from chalicelib.flows.family.change_password import PasswordChange, change_password
from chalicelib.flows.family.login import Credentials, log_in
from chalicelib.flows.family.lost_password import LostPasswordForm, request_password
from chalicelib.flows.family.not_me import disown_change
from chalicelib.office.rights.erasure import close_former, erase_former
from chalicelib.office.rights.subject_access import personal_data
from chalicelib.office.roster.comparison import Comparison
from chalicelib.office.roster.import_families import FamilyChange, FamilyImport, FormerFamilies, carry_out
from chalicelib.office.roster.survey import ImportOptions, survey_families
from chalicelib.wings.billing.domain.bills import Bills
from chalicelib.wings.billing.stores import Billing
from chalicelib.wings.teaching.office.rights import LessonData
from tests.support.aws import When
from tests.support.change_links import last_link
from tests.support.email_change import back
from tests.support.family_files import MERLE, but, file, readings
from tests.support.family_files import ROSSIGNOL as ROW
from tests.support.households import enrol, open_session, settle_whole, traces
from tests.support.two_logins import COMES, COMES_PASSWORD, settle_two_logins
from tests.support.world import PASSWORD, ROSSIGNOL, World

PIES_ROW = but(
    ROW, name="Famille Pie", guardian="M. Luc Pie", email="pie@example.org", address="1 rue du Nid", pupil="Tom Pie"
)
PIE = file(PIES_ROW)
LISTED = (ROW, but(PIES_ROW, identifier="XEN 2"), but(MERLE, identifier="XEN 3"))
MAILED = "Mh4kWqzR7tXc9bPd"
WRITES = ("BatchWriteItem", "UpdateItem", "DeleteItem", "PutItem", "SendMessageBatch")
NEW = "Merle7Moqueur"


def give(world: World) -> None:
    carry_out_all(world, PIE)


def carry_out_all(
    world: World, yearly_file: YearlyFile, report: Callable[[FamilyChange | Anomaly], None] = lambda _: None
) -> None:
    """Import a file as the command does once its questions are answered."""
    options = ImportOptions(apply=True, is_sure=True)
    survey = survey_families(world.services, yearly_file, lambda _: None, world.now)
    run, comparison = FamilyImport(world.services, survey, ImportOptions(), world.now), Comparison()
    carry_out(run, yearly_file, comparison.note)

    def erase(former: FormerFamilies) -> None:
        close_former(world.services, former, world.now)
        erase_former(world.services, former, world.now, lambda: None)

    family_import = replace(run, options=options, new_families=comparison.reuses, erase_former=erase)
    carry_out(family_import, yearly_file, report)


def told(world: World) -> set[tuple[str, str]]:
    return {(mail.to, mail.subject.partition(" - ")[0]) for mail in world.mails()}


@pytest.mark.wing
def test_nothing_of_the_former_family_is_left_and_both_are_told_at_their_own_addresses(world: World) -> None:
    former = settle_whole(world)

    give(world)
    world.deliver()

    account = world.account()
    assert (account.name, account.emails, account.password, account.disabled) == (
        *("Famille Pie", ("pie@example.org",), None, False),
    )
    rest = traces(world, former)
    assert not {former.stamp, "Rossignol", "rossignol@example.org", "come@example.org", "Zélie", "Tilleuls"} & set(rest)
    assert world.aws.documents(world.resources) == {}
    assert world.services.store(Billing).find(ROSSIGNOL).invoices == ()
    assert world.services.enrolments.of_account(ROSSIGNOL, ("2025", "2026")) == ()
    assert told(world) == {
        ("rossignol@example.org", "Votre identifiant ne sert plus"),
        ("come@example.org", "Votre identifiant ne sert plus"),
        ("pie@example.org", "Votre identifiant pour l'extranet"),
    }
    texts = {mail.to: mail.text + mail.html for mail in world.mails()}
    assert "Pie" not in texts["rossignol@example.org"]
    assert "Rossignol" not in texts["pie@example.org"]
    (erasure,) = world.services.audit_trail.erasures()
    assert (erasure.who, erasure.erased) == ("Fichier annuel (identifiants repris)", ((ROSSIGNOL.site, 1),))


def test_no_password_session_browser_or_link_of_the_former_family_serves(world: World) -> None:
    before = settle_two_logins(world)
    changing = back(world, open_session(world, before))
    change_password(world.visit(), changing, PasswordChange(PASSWORD, NEW, NEW))
    world.wait(timedelta(minutes=5))
    world.deliver()
    token, link, browser = open_session(world, world.account()), last_link(world, before.emails[0]), world.device()
    account = world.account().with_mailed_password(MAILED, "request", world.now)
    world.services.accounts.change(world.account(), account)

    give(world)

    for ref, password in ((ROSSIGNOL, PASSWORD), (ROSSIGNOL, NEW), (ROSSIGNOL, MAILED), (COMES, COMES_PASSWORD)):
        with pytest.raises(LoginRefused):
            log_in(world.visit(), Credentials(ref, password))
    with pytest.raises(NotLoggedIn):
        back(world, token)
    with pytest.raises(LinkGone):
        disown_change(world.visit(), link)
    assert world.services.accounts.find(COMES) is None
    device = world.new_client(devices=browser).devices.find(ROSSIGNOL, world.now)
    assert device is not None
    assert device.is_former(world.account())


@pytest.mark.wing("billing")
def test_the_new_family_asks_for_its_password_and_nothing_of_its_own_is_the_former_familys(world: World) -> None:
    settle_whole(world)
    give(world)
    world.deliver()

    form = LostPasswordForm(ROSSIGNOL.identifier, "pie@example.org")
    request_password(world.visit(), form)
    request_password(world.visit(), replace(form, email="rossignol@example.org"))
    world.deliver()

    assert [mail.to for mail in world.mails() if "Mot de passe :" in mail.text] == ["pie@example.org"]
    me = back(world, log_in(world.visit(), Credentials(ROSSIGNOL, world.mailed_password())))
    data = personal_data(world.services, me.on_file, world.now)
    assert (data.uploads, data.enrolments, data.lessons, data.opinions) == ((), (), LessonData(), ())
    assert (data.of(Bills), data.acts, data.consultations, data.mentions) == ((Bills(ROSSIGNOL),), (), (), ())


def test_a_family_that_is_not_confirmed_to_be_another_one_stays_as_it_is(world: World) -> None:
    before = settle_whole(world)
    survey = survey_families(world.services, PIE, lambda _: None, world.now)
    findings: list[FamilyChange | Anomaly] = []

    carry_out(FamilyImport(world.services, survey, ImportOptions(apply=True), world.now), PIE, findings.append)

    (change,) = findings
    assert isinstance(change, FamilyChange)
    assert (change.kind, [difference.what for difference in change.differences]) == (
        *("reused", ["name", "emails", "guardians", "pupils"]),
    )
    assert world.account() == before


def test_a_former_family_that_the_file_lists_under_another_identifier_is_never_erased(world: World) -> None:
    """A column of identifiers shifted by a row would erase a whole site."""
    carry_out_all(world, file(*LISTED))
    before = {account.ref: account for account in world.services.accounts.all()}
    findings: list[FamilyChange | Anomaly] = []

    slid = (but(row, identifier=of[1]) for row, of in zip(LISTED, (*LISTED[1:], LISTED[0]), strict=True))
    carry_out_all(world, file(*slid), findings.append)

    assert [one.code for one in findings if isinstance(one, Anomaly)] == ["row_identifier_moved"] * len(LISTED)
    assert {account.ref: account for account in world.services.accounts.all()} == before
    assert list(world.services.audit_trail.erasures()) == []


def test_a_family_that_became_the_files_own_since_is_not_erased(world: World) -> None:
    settle_whole(world)
    (reading,) = readings(PIES_ROW)
    assert reading.family
    former = {ROSSIGNOL: reading.family}
    world.services.accounts.change(world.account(), replace(world.account(), name="Famille Pie"))

    close_former(world.services, former, world.now)
    erase_former(world.services, former, world.now, lambda: None)
    world.deliver_patiently()

    assert not world.account().disabled
    assert len(world.services.enrolments.of_account(ROSSIGNOL, ("2025", "2026"))) == 2
    assert world.mails() == []


@pytest.mark.parametrize(("calls", "when"), [(WRITES, "before"), (WRITES, "after")])
def test_a_killed_import_run_again_ends_the_same(world: World, calls: tuple[str, ...], when: When) -> None:
    for call in calls:
        for spared in range(60):
            world.aws.wipe(world.resources)
            enrol(world, world.settle())
            world.aws.calls.clear()
            with world.aws.failing(call, when, times=1, skips=spared), suppress(Unavailable):
                give(world)
            if world.aws.calls.count(call) <= spared:
                break  # never called so often
            give(world)

            assert world.account().name == "Famille Pie", (call, spared)
            assert "Rossignol" not in world.aws.everything(world.resources)
            world.deliver()
            assert "rossignol@example.org" in {mail.to for mail in world.mails()}
