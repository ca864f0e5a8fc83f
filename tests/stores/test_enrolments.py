"""The enrolments table: a family's re-enrolment in one item, changed by one conditional write or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chalicelib.domain import fields
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.answers import DAYS_AT_MOST, CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, EnrolmentFull, PupilFile
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.roster.merge import PUPILS_AT_MOST
from chalicelib.infra.dynamo.values import decode, encode_item, size_of
from chalicelib.stores.enrolments import ROOM, Enrolments
from tests.support.answers import FULL, NOW, REF, SAVED, STAYS, WHOLE
from tests.support.stored_examples import store_of
from tests.support.world import World

STORE = store_of(Enrolments)


def there_and_back(enrolment: Enrolment) -> Enrolment:
    item_read: Enrolment = STORE.parse(decode({"M": encode_item(STORE.encode(enrolment))}))
    return item_read


def test_what_the_version_before_knows_not_stands_apart_and_it_finds_its_own_as_it_wrote_it() -> None:
    """After a rollback, writes compare the receipts as read, which must therefore contain nothing unknown."""
    later = submit(FULL, (), "R27-EEEE-FFFF", SAVED, with_household=True)
    item = STORE.encode(later)

    names = {"at", "by", "household", "pupils", "provided"}
    assert {name for each in item["receipts"].values() for name in each} == names
    assert there_and_back(later) == later
    without = {name: value for name, value in item.items() if name != "receipt_marks"}
    enrolment = STORE.parse(decode({"M": encode_item(without)}))
    assert enrolment.household_receipt
    assert enrolment.household_receipt.household == WHOLE


def test_receipts_of_one_second_stay_in_the_order_in_which_they_were_sent() -> None:
    enrolment = FULL
    for number in ("R27-ZZZZ-ZZZZ", "R27-BBBB-BBBB", "R27-MMMM-MMMM"):
        enrolment = submit(enrolment, (), number, SAVED, with_household=True)

    assert [each.number for each in there_and_back(enrolment).receipts] == [each.number for each in enrolment.receipts]


NEW = Enrolment(REF)
CANARI = AccountRef("evry-xenakis", "xen10")  # its identifier has the other one as prefix


def save(world: World, key: str, base: Enrolment = NEW) -> Enrolment:
    pupil = PupilFile(key, key, STAYS, SAVED)
    return world.services.enrolments.revise(base, lambda enrolment: enrolment.with_pupil(pupil, NOW))[1]


def test_an_item_of_another_version_is_read_with_what_it_has() -> None:
    item = dict(STORE.encode(FULL))
    household = {name: value for name, value in item["household"].items() if name != "emergency_telephone"}
    pupil = item["pupils"]["a1"] | {"draft": {"wishes": [], "instrument": "Alto"}}

    record = encode_item(item | {"household": household | {"instrument": "Alto"}, "pupils": {"a1": pupil}})

    enrolment = STORE.parse(decode({"M": record}))

    assert enrolment.household == replace(WHOLE, emergency_telephone="")
    assert [file.draft for file in enrolment.pupils] == [PupilAnswers()]


def test_steps_saved_at_once_are_all_kept(world: World) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda key: save(world, key), ["a1", "b2", "c3", "d4"]))

    assert [each.key for each in world.services.enrolments.find(REF).pupils] == ["a1", "b2", "c3", "d4"]


def test_a_step_decided_on_what_was_erased_meanwhile_brings_nothing_back(world: World) -> None:
    file = save(world, "a1")
    world.database.write_together(world.services.enrolments.delete(REF))

    with pytest.raises(WriteConflict):
        world.services.enrolments.change(file, replace(file, provided=(ProvidedDocument("certificat", "a1", SAVED),)))

    assert world.services.enrolments.find(REF) == NEW


def test_all_of_an_account_are_found_and_forgotten_season_by_season(world: World) -> None:
    seasons = ("2025", "2026", "2027")
    for ref in (*(EnrolmentRef(REF.account, season) for season in seasons[:2]), EnrolmentRef(CANARI, "2026")):
        world.services.enrolments.change(Enrolment(ref), Enrolment(ref).with_household(WHOLE, SAVED))
    world.aws.calls.clear()

    enrolments = world.services.enrolments.of_account(REF.account, seasons)
    world.database.write_together(*world.services.enrolments.forget(REF.account, seasons))

    assert [each.ref.season for each in enrolments] == ["2025", "2026"]
    assert world.aws.calls == ["BatchGetItem", "BatchWriteItem"]
    assert world.services.enrolments.of_account(REF.account, seasons) == ()
    assert len(world.services.enrolments.of_account(CANARI, seasons)) == 1


def test_a_receipt_is_decided_on_all_that_it_tells(world: World) -> None:
    file = save(world, "a1")
    edits = (file.with_household(WHOLE, SAVED), file.with_document(ProvidedDocument("certificat", "a1", SAVED)))
    whole = submit(file, file.pupils, "R27-AAAA-BBBB", SAVED)

    for second in edits:
        world.services.enrolments.change(world.services.enrolments.find(REF), second)
        with pytest.raises(WriteConflict):
            world.services.enrolments.change(file, whole)

    assert world.services.enrolments.find(REF).receipts == ()


def test_a_season_is_read_site_by_site_in_order(world: World) -> None:
    for identifier, season in (("xen2", "2027"), ("xen1", "2027"), ("xen1", "2026")):
        save(world, "a1", Enrolment(EnrolmentRef(AccountRef("evry-xenakis", identifier), season)))
    save(world, "a1", Enrolment(EnrolmentRef(AccountRef("evry-magnard", "mag1"), "2027")))

    refs = [each.ref for each in world.services.enrolments.all("2027", "evry-xenakis")]

    assert refs == [EnrolmentRef(AccountRef("evry-xenakis", each), "2027") for each in ("xen1", "xen2")]


def test_a_receipt_finds_its_re_enrolment_and_no_other(world: World) -> None:
    world.services.enrolments.change(NEW, FULL)
    save(world, "a1", Enrolment(EnrolmentRef(AccountRef("evry-xenakis", "xen2"), "2027")))

    assert world.services.enrolments.with_receipt("R27-CCCC-DDDD", "2027", "evry-xenakis") == FULL
    assert world.services.enrolments.with_receipt("R27-CCCC-DDDX", "2027", "evry-xenakis") is None
    assert world.services.enrolments.with_receipt("R27-CCCC-DDDD", "2026", "evry-xenakis") is None
    assert world.services.enrolments.with_receipt("R27-CCCC-DDDD", "2027", "evry-magnard") is None


WIDE = "\N{MUSICAL SYMBOL G CLEF}"  # four bytes
DYNAMODB_AT_MOST = 400 * 1024
NAME = 60  # characters of a guardian's, a pupil's or a discipline's
RECEIPTS = 20  # of one season


def words(name: str, letter: str) -> str:
    return letter * fields.longest(name)


def fullest(pupils: int, courses: int, documents: int, letter: str, name: str) -> Enrolment:
    """Make a re-enrolment with every answer as long as possible."""
    author = SavedBy(name, NOW)
    household = HouseholdAnswers(
        coordinates_exact=True,
        payer=words("payeur", letter),
        image_rights=True,
        emergency_name=words("urgence_nom", letter),
        emergency_telephone=words("urgence_telephone", letter),
        pickup_persons=words("personnes_autorisees", letter),
        rules_accepted=True,
    )
    answers = PupilAnswers(
        stays=True,
        wishes=(CourseWish(name, "change", name, ("mercredi",) * DAYS_AT_MOST),) * courses,
        reason=words("motif_autre", letter),
        remark=words("remarque", letter),
    )
    draft = NEW.with_household(household, author)
    for number in range(pupils):
        draft = draft.with_pupil(PupilFile(f"{number:08}", name, answers, author), NOW)
    for number in range(documents):
        draft = draft.with_document(ProvidedDocument(f"{number:020}", f"{number:08}", author, "d" * 120))
    return draft


def sent(enrolment: Enrolment, number: int) -> Enrolment:
    """Send all pupils."""
    return submit(enrolment, enrolment.pupils, f"R27-{number:04}-{number:04}", SavedBy(enrolment.pupils[0].name, NOW))


def begun_anew(enrolment: Enrolment) -> Enrolment:
    """Start another answer for each pupil."""
    drafts = (replace(each, draft=each.sent.answers if each.sent else None) for each in enrolment.pupils)
    return replace(enrolment, pupils=tuple(drafts))


def test_however_much_a_family_types_and_sends_the_office_can_still_decide_of_everybody(world: World) -> None:
    """No write reaches DynamoDB's own limit: a family gets a refusal before, and the office has room left."""
    enrolments = world.services.enrolments
    enrolment, number = enrolments.check_room(NEW, fullest(PUPILS_AT_MOST, 1, PUPILS_AT_MOST, WIDE, "é" * NAME)), 0
    while size_of(STORE.encode(after := sent(enrolment, number))) <= ROOM:
        enrolment, number = enrolments.check_room(enrolment, after), number + 1
    with pytest.raises(EnrolmentFull):
        enrolments.check_room(enrolment, after)
    assert number > 0
    decision = EnrolmentDecision("to_complete", words("office_who", WIDE), NOW, words("decision_words", WIDE))
    for file in enrolment.pupils:
        enrolment = enrolment.with_decision(file.key, decision)

    enrolments.change(NEW, enrolment)

    assert len(enrolments.find(REF).receipts) == number
    assert size_of(encode_item(STORE.encode(enrolment))) > size_of(STORE.encode(enrolment))
    assert size_of(STORE.encode(enrolment)) < DYNAMODB_AT_MOST * 0.95


def test_a_large_ordinary_family_that_sends_everything_twenty_times_has_room(world: World) -> None:
    enrolment = fullest(pupils=6, courses=3, documents=10, letter="é", name="é" * 20)
    brief = (
        replace(file, draft=file.draft and replace(file.draft, reason="", remark="é" * 150))
        for file in enrolment.pupils
    )
    enrolment = replace(enrolment, pupils=tuple(brief))

    for number in range(RECEIPTS):
        enrolment = world.services.enrolments.check_room(enrolment, begun_anew(sent(enrolment, number)))

    assert len(enrolment.receipts) == RECEIPTS


def test_what_is_full_may_still_become_smaller(world: World) -> None:
    enrolment = begun_anew(sent(fullest(PUPILS_AT_MOST, 1, PUPILS_AT_MOST, WIDE, WIDE * NAME), 1))
    assert size_of(STORE.encode(enrolment)) > ROOM
    shorter = replace(enrolment, household=WHOLE)

    assert world.services.enrolments.check_room(enrolment, shorter) == shorter
    with pytest.raises(EnrolmentFull):
        world.services.enrolments.check_room(shorter, enrolment)
