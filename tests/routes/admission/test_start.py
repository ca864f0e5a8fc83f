"""« Pré-inscription »: the page where a family that has no account begins."""

from tests.support.world import Visitor


def test_the_page_says_whom_to_call(visitor: Visitor) -> None:
    page = visitor.get("/extranet/pre-inscription")

    assert page.status_code == 200
    assert "adressez-vous à l'administration du conservatoire de votre choix" in page.text
