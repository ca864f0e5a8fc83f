"""A family with a receipt."""

from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.submissions import sendable, submit
from tests.support.answers import WHOLE
from tests.support.enrolment import EVE_KEY, LEO_KEY, SAVED, ZELIE_KEY, answer_all
from tests.support.world import World

NUMBER = "R27-K4TN-8WCB"


def send_enrolment(world: World, *keys: str, number: str = NUMBER, household: HouseholdAnswers = WHOLE) -> Enrolment:
    """Submit some pupils of a family, or all."""
    before = answer_all(world, household=household)
    after = submit(before, sendable(before, keys or (ZELIE_KEY, LEO_KEY, EVE_KEY)), number, SAVED)
    return world.services.enrolments.change(before, after)
