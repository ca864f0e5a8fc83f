"""Measures the desk's lists on 5,000 pupils of one site, its database answering at once: `python -m tools.bench.desk`."""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from random import Random
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox, Password, new_stamp
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Decision, Enrolment, ProvidedDocument, PupilFile, SavedBy
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from chalicelib.domain.enrolment.submissions import record_decision, submit
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.domain.family.telephones import telephone_from
from chalicelib.office.enrolment.reenrolments import PupilQuery
from chalicelib.office.enrolment.worklist import pupil_page
from chalicelib.record import Record
from chalicelib.services import Services
from chalicelib.stores.account_items import item_of as account_item
from chalicelib.stores.accounts import Accounts
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.dynamo import Database, Put
from chalicelib.stores.enrolment_items import item_of as enrolment_item
from chalicelib.stores.enrolments import Enrolments
from chalicelib.stores.periods import PeriodStore
from chalicelib.stores.values import size_of
from tools.bench.at_once import AtOnce
from tools.fixtures.families import Family, family
from tools.local.aws import LocalAws
from tools.local.stage import Stage

SITE: Final = "evry-xenakis"
SEASON: Final = "2027"
NOW: Final = datetime(2027, 6, 9, 9, 0, tzinfo=UTC)
_PERIOD: Final = EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 20))
_SEED: Final = 15
_TEACHERS: Final = 80
_VERDICTS: Final = ("accepted", "accepted", "accepted", "declined", "to_complete")


def main() -> None:
    """Print how long each list takes, and what it reads; exit with 1 where one takes longer than it may."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.desk", description=main.__doc__)
    parser.add_argument("--pupils", type=int, default=5_000)
    parser.add_argument("--times", type=int, default=40, help="of each list")
    parser.add_argument("--within", type=float, default=0.5, help="seconds that 95 % may take")
    options = parser.parse_args()
    database = AtOnce()
    services = _services(database)
    families = _fill(database, services, options.pupils)
    print(f"{len(families)} families, {sum(len(one.household.pupils) for one in families)} pupils at one site")
    slowest = max(_measure(database, name, act, options.times) for name, act in _lists(services).items())
    sys.exit(slowest > options.within)


def _services(database: AtOnce) -> Services:
    aws = LocalAws()
    services = Stage(aws, "http://127.0.0.1:8000").services
    aws.stop()
    settings = services.settings
    tables = Database(database.session.create_client("dynamodb", endpoint_url=settings.endpoint_url))
    return replace(
        services,
        clock=lambda: NOW,
        record=Record(services.record.pseudonyms, StringIO()),
        database=tables,
        accounts=Accounts(tables, settings.accounts_table, services.mailboxes),
        enrolments=Enrolments(tables, settings.enrolments_table),
        attempts=Attempts(tables, settings.attempts_table),
        periods=PeriodStore(tables, settings.office_table),
    )


def _lists(services: Services) -> dict[str, Callable[[], object]]:
    asked = {
        "all pupils": {},
        "state": {"state": "submitted"},
        "discipline": {"discipline": "piano"},
        "teacher": {"teacher": "Professeur 7"},
        "documents missing": {"documents": "missing"},
        "state, discipline, documents": {"state": "submitted", "discipline": "chant", "documents": "provided"},
    }

    def page(query: PupilQuery) -> Callable[[], object]:
        return lambda: pupil_page(services, query, "2500-", NOW)

    return {name: page(PupilQuery(SITE, **query)) for name, query in asked.items()}  # type: ignore[arg-type]


def _measure(database: AtOnce, name: str, act: Callable[[], object], times: int) -> float:
    act()  # its pages are prepared
    database.calls.clear()
    act()
    calls = ", ".join(database.calls)
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    slow = statistics.quantiles(taken, n=20)[-1]
    print(f"{name:32} median {statistics.median(taken) * 1e3:6.0f} ms, 95 % {slow * 1e3:6.0f} ms   {calls}")
    return slow


def _fill(database: AtOnce, services: Services, pupils: int) -> list[Account]:
    settings = services.settings
    made = list(_families(pupils))
    database.put([Put(settings.accounts_table, account_item(account)) for account in made])
    enrolments = list(filter(None, map(_enrolment, made)))
    database.put([Put(settings.enrolments_table, enrolment_item(enrolment)) for enrolment in enrolments])
    services.periods.write(services.periods.read(), Periods(_PERIOD))
    for name, items in (
        ("accounts", [account_item(account) for account in made]),
        ("enrolments", [enrolment_item(enrolment) for enrolment in enrolments]),
    ):
        sizes = sorted(size_of(item["summary"]) for item in items)
        whole = statistics.mean(map(size_of, items))
        print(
            f"summaries of {name}: median {sizes[len(sizes) // 2]} bytes, largest {sizes[-1]}, "
            f"{sum(sizes) / 1e6:.2f} MB in all; a whole item {whole:.0f}"
        )
    return made


def _families(pupils: int) -> Iterator[Account]:
    number = count = 0
    while count < pupils:
        account = _account(family(_SEED, number, (SITE,)), number)
        number, count = number + 1, count + len(account.household.pupils)
        yield account


def _account(made: Family, number: int) -> Account:
    chance = Random(f"{_SEED}:{number}")  # noqa: S311 - the same each time is what is wanted
    cells = made.cells
    guardians = tuple(
        Guardian(cells[f"Responsable {n}"], cells[f"E-mail {n}"], telephone_from(cells[f"Téléphone {n}"]))
        for n in (1, 2)
        if f"Responsable {n}" in cells
    )
    emails = tuple(guardian.email for guardian in guardians)
    password = Password("$argon2id$v=19$m=19456,t=2,p=1$" + "x" * 66, NOW - timedelta(days=20), "chosen")
    address = (cells["Adresse 1"], cells["Adresse 2"], f"{cells['Code postal']} {cells['Ville']}")
    return Account(
        AccountRef(SITE, cells["Identifiant"].lower()),
        cells["Famille"],
        emails,
        new_stamp(),
        password=password if chance.random() < 0.8 else None,
        last_login=NOW - timedelta(days=2),
        display_identifier=cells["Identifiant"],
        failing_mailboxes=(FailingMailbox("f" * 20, "bounced", NOW),) if chance.random() < 0.02 else (),
        household=Household(guardians, tuple(filter(None, address)), tuple(_pupils(made, chance)), cells["Payeur"]),
        imported=tuple((name, "d" * 20) for name in ("emails", "name", "guardians", "address", "pupils", "payer")),
        notices=tuple(Notice("rentree-2027", "m" * 20, "delivered", NOW - timedelta(days=9)) for _ in emails[:1]),
    )


def _pupils(made: Family, chance: Random) -> Iterator[Pupil]:
    by_name: dict[str, list[dict[str, str]]] = {}
    for course in made.courses:
        by_name.setdefault(course["Élève"], []).append(course)
    for name, courses in by_name.items():
        born_on = datetime.strptime(courses[0]["Date de naissance"], "%d/%m/%Y").replace(tzinfo=UTC).date()
        learnt = (
            Course(
                course["Discipline"],
                course["Niveau"],
                f"M. Professeur {chance.randrange(_TEACHERS)}",
                f"{course['Jour']} {course['Horaire']}",
                course["Lieu"],
            )
            for course in courses
        )
        yield Pupil(name, born_on, tuple(learnt))


def _enrolment(account: Account) -> Enrolment | None:
    chance = Random(account.ref.identifier)  # noqa: S311 - the same each time is what is wanted
    at = NOW - timedelta(days=chance.randrange(1, 8))
    if chance.random() < 0.2:
        return None
    saved = SavedBy(account.household.guardians[0].name, at)
    payer = account.household.guardians[0].name
    answers = HouseholdAnswers(
        coordinates_exact=True,
        payer=payer,
        emergency_name=payer,
        emergency_telephone="06 99 00 00 01",
        rules_accepted=True,
    )
    enrolment = Enrolment(EnrolmentRef(account.ref, SEASON)).with_household(answers, saved)
    for key, pupil in account.household.pupils_by_key.items():
        stays = chance.random() < 0.9
        wishes = tuple(CourseWish(course.discipline, "keep") for course in pupil.courses) if stays else ()
        given = PupilAnswers(stays=stays, wishes=wishes, image_rights=False if stays else None)
        enrolment = enrolment.with_pupil(PupilFile(key, pupil.name, given, saved), at)
    for code in ("quotient-familial", "certificat-danse"):
        if chance.random() < 0.6:
            key = "foyer" if code == "quotient-familial" else enrolment.pupils[0].key
            name = f"documents/2027/{SITE}/{'p' * 20}/{code}/{key}/noted_{'e' * 32}" if chance.random() < 0.7 else ""
            enrolment = enrolment.with_document(ProvidedDocument(code, key, saved, name))
    if chance.random() < 0.2:
        return enrolment
    enrolment = submit(enrolment, enrolment.pupils, f"R27-{chance.randrange(10**8):08}", saved)
    for pupil in enrolment.pupils if chance.random() < 0.5 else ():
        decision = Decision(chance.choice(_VERDICTS), "Mme Houx", NOW, "")  # type: ignore[arg-type]  # one of three
        enrolment = record_decision(enrolment, pupil.key, decision) or enrolment
    return enrolment


if __name__ == "__main__":
    main()
