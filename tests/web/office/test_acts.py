"""The contract of the described acts: each is confirmed, noted, done once, and if refused shows its input again."""

import html
import re
from collections.abc import Mapping

import pytest

from tests.support.desk_acts import DECLARED, TRIED, TriedAct
from tests.support.staff import PASSWORD
from tests.support.world import Visitor, World

# Acts proven by a passkey's own answer, a code, or a provider: `test_passkeys`, `test_access`, `test_agents`.
_ELSEWHERE = {"/extranet/bureau/mon-acces/cles/ajout", "/extranet/bureau/mon-acces/cles/retrait"} | {
    f"/extranet/bureau/mon-acces/{page}" for page in ("application", "proconnect")
}
# Acts that check the version of their page.
_VERSIONED = re.compile(
    r"/(adresses|telephone|\{membre\}.*|remplacement.*|periode.*|decision|fichiers/etude|application)$"
)
_REASONED = [tried for tried in TRIED if tried.act.has_reason]
_PROVEN = [tried for tried in TRIED if tried.act.is_proven_again]
each_act = pytest.mark.parametrize("tried", TRIED, ids=str)


def shows(tried: TriedAct, form: Mapping[str, str], page: str, *lacking: str) -> None:
    """Check that a refused form shows its texts again, and no password."""
    names = {*tried.shown, *({"raison"} if tried.act.has_reason else ())} - {*lacking}
    for name in names:
        assert f'value="{html.escape(form[name])}"' in page or form[name] in html.unescape(page), name
    assert PASSWORD not in page


def stored(world: World) -> str:
    """Read everything stored except for noted consultations, tries and proofs of sessions."""
    lines = world.aws.everything(world.resources).splitlines()
    return "\n".join(line for line in lines if not re.search("_read'|'@try'|'@session'", line))


def test_each_act_that_is_declared_is_tried() -> None:
    assert {tried.path for tried in TRIED} == {act.path for act in DECLARED} - _ELSEWHERE


@each_act
def test_an_act_is_done_confirmed_and_noted_with_its_author_and_reason(
    world: World, visitor: Visitor, tried: TriedAct
) -> None:
    action, form = tried.form(world, visitor)

    answer = visitor.post(action, form)

    if tried.done:
        assert answer.status_code == 303
        page = visitor.get(answer.headers["Location"])
        (information,) = re.findall(r"<h2>Information</h2>\s*<p>(.*?)</p>", page.text)
        assert tried.done in html.unescape(information)
    else:
        assert answer.status_code in {200, 303}, answer.text
    if tried.act.has_reason:
        assert form["raison"] in world.aws.everything(world.resources)


@each_act
def test_a_form_too_long_is_refused_and_changes_nothing(world: World, visitor: Visitor, tried: TriedAct) -> None:
    action, form = tried.form(world, visitor)
    before = stored(world)

    answer = visitor.post(action, form | {"vu": "x" * 5000})

    assert answer.status_code == 422
    assert stored(world) == before
    shows(tried, form, answer.text)


@pytest.mark.parametrize("tried", _REASONED, ids=str)
def test_without_a_reason_nothing_is_done(world: World, visitor: Visitor, tried: TriedAct) -> None:
    action, form = tried.form(world, visitor)
    before = stored(world)

    answer = visitor.post(action, form | {"raison": " "})

    assert answer.status_code == 422
    assert "Dites pourquoi" in answer.text
    assert stored(world) == before
    shows(tried, form, answer.text, "raison")


@pytest.mark.parametrize("typed", ["", "une autre phrase de passe"])
@pytest.mark.parametrize("tried", _PROVEN, ids=str)
def test_without_the_password_again_nothing_is_done(
    world: World, visitor: Visitor, tried: TriedAct, typed: str
) -> None:
    action, form = tried.form(world, visitor)
    before = stored(world)

    answer = visitor.post(action, form | {"mot_de_passe": typed})

    assert answer.status_code == 422
    assert stored(world) == before
    shows(tried, form, answer.text)


@pytest.mark.parametrize("tried", [tried for tried in TRIED if _VERSIONED.search(tried.path)], ids=str)
def test_a_form_of_an_old_page_is_refused(world: World, visitor: Visitor, tried: TriedAct) -> None:
    action, form = tried.form(world, visitor)
    assert form["vu"] is not None
    before = stored(world)

    answer = visitor.post(action, form | {"vu": "0123456789abcdef"})

    assert answer.status_code == 422
    assert stored(world) == before
    shows(tried, form, answer.text)
