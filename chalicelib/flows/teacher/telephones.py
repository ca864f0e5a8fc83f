"""The guardians of a teacher's pupil, to telephone them: only where the network says so."""

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.teaching.courses import TaughtPupil
from chalicelib.flows.teacher.entry import OwnCourse
from chalicelib.flows.teacher.pupil import courses_on_file
from chalicelib.services.family import Services


def find_family(services: Services, own: OwnCourse, taught: TaughtPupil) -> Account:
    """Find the family of a pupil that takes the course on file. Raises `NotThere`, also where no teacher may call."""
    if not services.settings.network.teaching.telephones:
        raise NotThere
    account = services.accounts.find(AccountRef(own.site.code, taught.ref.identifier))
    if account is None or not courses_on_file(account, own, taught):
        raise NotThere
    return account
