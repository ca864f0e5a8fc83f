"""Leave: the cookie is cleared, the session over, and no other site can trigger it."""

from tests.support.admission import COOKIE, START, applicant
from tests.support.world import Visitor, World

LEAVE = f"{START}/quitter"


def test_leaving_forgets_the_cookie_and_leads_to_the_start(world: World, visitor: Visitor) -> None:
    applicant(world, visitor)

    answer = visitor.post(LEAVE)

    assert (answer.status_code, answer.headers["Location"]) == (303, START)
    assert not visitor.cookie(COOKIE)


def test_another_site_ends_no_session_and_an_old_browser_shows_its_proof(world: World, visitor: Visitor) -> None:
    applicant(world, visitor)

    assert visitor.post(LEAVE, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    visitor.headers = {}
    assert visitor.post(LEAVE, {"jeton": "x"}).status_code == 403
    assert visitor.cookie(COOKIE)
