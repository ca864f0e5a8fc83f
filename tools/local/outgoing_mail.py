"""Initial work on the desk of `make run`: submitted re-enrolments, and a family with failed logins."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.periods import EnrolmentRef, season_of
from chalicelib.domain.enrolment.submissions import new_number, submit
from chalicelib.flows.family.login import tries_of
from chalicelib.services.family import Client
from chalicelib.services.office import OfficeServices

SENT: Final = (
    AccountRef("evry-xenakis", "xen3101"),
    AccountRef("evry-xenakis", "xen3102"),
    AccountRef("evry-magnard", "mag2101"),
)
STUCK: Final = AccountRef("evry-xenakis", "xen3103")
# How long ago: each as soon as the limits allowed. The last wait is not over.
TRIES: Final = tuple(timedelta(minutes=minutes) for minutes in (40, 39, 38, 37, 36, 34, 31, 26, 17, 1))


def store_what_awaits(services: OfficeServices) -> None:
    """Store the submitted re-enrolments: complete, a day old, documents promised on paper."""
    now = services.clock()
    for ref in SENT:
        account = services.accounts.find(ref)
        if account:
            _send(services, account, now - timedelta(days=1))
    if stuck := services.accounts.find(STUCK):
        tries = tries_of(stuck, Client("", "make run"), now)
        for ago in TRIES:
            services.attempts.reserve(tries, LOGIN_OF_ACCOUNT, now - ago)


def _send(services: OfficeServices, account: Account, at: datetime) -> None:
    (guardian, *_), pupils = account.household.guardians, account.household.pupils_by_key
    saved_by = SavedBy(guardian.name, at)
    season = season_of(services.periods.read().of(account.ref.site), at)
    household = HouseholdAnswers(
        coordinates_exact=True,
        payer=guardian.name,
        emergency_name=guardian.name,
        emergency_telephone=guardian.telephone,
        rules_accepted=True,
    )
    draft = Enrolment(EnrolmentRef(account.ref, season)).with_household(household, saved_by)
    for key, pupil in pupils.items():
        wishes = tuple(CourseWish(course.discipline, "keep") for course in pupil.courses)
        answers = PupilAnswers(stays=True, wishes=wishes, image_rights=False)
        draft = draft.with_pupil(PupilFile(key, pupil.name, answers, saved_by), at)
    enrolment = submit(draft, draft.pupils, new_number(season), saved_by)
    services.enrolments.change(Enrolment(draft.ref), enrolment)
