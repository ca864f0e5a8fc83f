"""The local front plays the CDN, and answers every request with a page of ours."""

import pytest

from chalicelib.web.responses import SECURITY_HEADERS
from tests.support.world import PUBLIC_URL, ROSSIGNOL, Visitor, World


@pytest.mark.parametrize("method", ["TRACE", "FOO", "PROPFIND", "CONNECT"])
@pytest.mark.parametrize(
    "path", ["/extranet", "/extranet/compte", "/extranet/compte/connexion", "/extranet/pre-inscription"]
)
def test_a_method_of_no_browser_gets_405_in_french(visitor: Visitor, path: str, method: str) -> None:
    answer = visitor.send(method, path)

    assert (answer.status_code, '<html lang="fr">' in answer.text) == (405, True)


def test_line_ends_in_a_path_make_no_header(visitor: Visitor) -> None:
    answer = visitor.send("GET", "/", environ_overrides={"PATH_INFO": "/\r\nX-A: b/"})

    assert answer.headers["Location"] == PUBLIC_URL + "/%0D%0AX-A%3A%20b"
    assert "X-A" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == SECURITY_HEADERS["X-Content-Type-Options"]


def test_a_form_posted_with_a_slash_too_many_is_not_lost(world: World, visitor: Visitor) -> None:
    world.settle()
    form = {"site": ROSSIGNOL.site, "identifiant": "xen1", "mot_de_passe": "Loriot6Jaune"}

    assert visitor.post("/extranet/compte/connexion/", form).location == "/extranet/compte"


def test_credentials_of_another_kind_are_dropped(visitor: Visitor) -> None:
    answer = visitor.get("/extranet/compte/rien", headers={"Authorization": "\xe9"})

    assert (answer.status_code, '<html lang="fr">' in answer.text) == (404, True)


def test_pages_and_assets_say_how_long_they_may_be_kept(visitor: Visitor) -> None:
    page = visitor.get("/extranet/usager")
    css = page.text.split('rel="stylesheet" href="')[1].split('"')[0]

    assert page.headers["Cache-Control"] == "public, max-age=300"
    assert visitor.get(css).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert visitor.get(css).headers["Content-Type"] == "text/css; charset=utf-8"
    assert visitor.get("/extranet/rien").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/extranet", "/extranet/usager", "/extranet/usager/mot-de-passe-perdu", "/extranet/aide"]
)
def test_a_public_page_is_given_to_head_and_refused_to_post(visitor: Visitor, path: str) -> None:
    assert visitor.send("HEAD", path).status_code == 200
    assert visitor.post(path).status_code == 405
    assert "Set-Cookie" not in visitor.get(path).headers
