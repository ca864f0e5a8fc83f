"""The contract of the described acts: each is confirmed, noted, done once, and if refused shows its input again."""

import html
import re
from collections.abc import Mapping

import pytest

from chalicelib.domain.staff.members import allows
from tests.support.desk_acts import DECLARED, TRIED, TriedAct
from tests.support.desk_routes import DOORS
from tests.support.forms import Form, closed_choices, forms_of
from tests.support.staff import PASSWORD, READER, enter
from tests.support.world import Visitor, World

# Acts proven by a passkey's own answer, a code, or a provider: `test_passkeys`, `test_access`, `test_agents`.
_ELSEWHERE = {"/extranet/bureau/mon-acces/cles/ajout", "/extranet/bureau/mon-acces/cles/retrait"} | {
    f"/extranet/bureau/mon-acces/{page}" for page in ("application", "proconnect")
}
# An act whose form is on the page of a look before it: `test_draws`.
_AFTER_A_LOOK = {"/extranet/bureau/saison/tirages/{site}/liste"}
# Acts that check the version of their page.
_VERSIONED = re.compile(
    r"/(adresse.*|telephone|payeur|urgence|eleve|piece|\{membre\}.*|remplacement.*|periode.*|decision|annulation|suivi|fichiers/etude|application)$"
)
# The addresses of the forms that no reader may send.
FOR_OTHERS = re.compile(
    "|".join(
        re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        for (method, path), door in DOORS.items()
        if method == "POST" and door.right and not allows("reader", door.right)
    )
)
each_act = pytest.mark.parametrize("tried", TRIED, ids=str)


def shows(act: TriedAct, form: Mapping[str, str], page: str, *lacking: str) -> None:
    """Check that a refused form shows its texts again, no password, and no id twice."""
    names = {*act.shown, *({"raison"} if act.act.has_reason else ())} - {*lacking}
    for name in names:
        assert f'value="{html.escape(form[name])}"' in page or form[name] in html.unescape(page), name
    assert PASSWORD not in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def chooses(after: Form, form: Mapping[str, str]) -> bool:
    """Whether a form shown again has the choices that were made."""
    choices = [name for name, kind in after.kinds.items() if kind in {"radio", "checkbox", "select"} and name in form]
    return [after.fields.get(name) for name in choices] == [form[name] for name in choices]


def stored(world: World) -> str:
    """Read everything stored except for noted consultations, tries and proofs of sessions."""
    lines = world.aws.everything(world.resources).splitlines()
    return "\n".join(line for line in lines if not re.search("_read'|'@try'|'@session'", line))


def test_each_act_that_is_declared_is_tried() -> None:
    assert {tried.path for tried in TRIED} == {act.path for act in DECLARED} - _ELSEWHERE - _AFTER_A_LOOK


@each_act
def test_an_act_is_done_confirmed_and_noted_with_its_author(world: World, visitor: Visitor, tried: TriedAct) -> None:
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


# Calls of AWS by an act that finds less than its page, and before.
_CALLS = {
    "/reinscriptions/{site}/{famille}/decision": 6,  # 7
    "/reinscriptions/{site}/{famille}/piece": 5,  # 6
    "/demandes/{numero}/place": 15,  # 20
    "/factures/{site}/{famille}/retrait": 8,  # 11
    "/absences/excuser": 7,  # 8
    "/personnel/{membre}": 10,  # 13
    "/personnel/{membre}/reinitialiser": 10,  # 12
    "/personnel/{membre}/relier": 14,  # 19
    "/personnel/{membre}/detacher": 12,  # 15
    "/saison/tirages/{site}/tirage": 11,  # 13
    "/cours/{site}/{cours}/annuler": 6,  # 7
}


@pytest.mark.parametrize("act", [tried for tried in TRIED if str(tried) in _CALLS], ids=str)
def test_an_act_reads_what_it_decides_on_and_not_its_page(world: World, visitor: Visitor, act: TriedAct) -> None:
    action, form = act.form(world, visitor)
    world.aws.calls.clear()

    visitor.post(action, form)

    assert len(world.aws.calls) <= _CALLS[str(act)], world.aws.calls


@pytest.mark.parametrize("act", {tried.settle: tried for tried in TRIED}.values(), ids=str)
def test_a_reader_is_shown_no_form_of_others(world: World, visitor: Visitor, act: TriedAct) -> None:
    enter(world, visitor, act.by)
    page = act.settle(world, visitor)
    enter(world, visitor, READER)

    answer = visitor.get(page)

    assert answer.status_code in {200, 404}
    assert [form.path for form in forms_of(answer.text) if FOR_OTHERS.fullmatch(form.path)] == []


@each_act
def test_a_refused_act_changes_nothing_and_shows_its_input(world: World, visitor: Visitor, tried: TriedAct) -> None:
    """Too long a form, without its reason, without the password again, of an old page."""
    action, form = tried.form(world, visitor)
    before = stored(world)
    lacking = [{"vu": "x" * 5000}]
    lacking += [{"raison": " "}] if tried.act.has_reason else []
    lacking += (
        [{"mot_de_passe": ""}, {"mot_de_passe": "une autre phrase de passe"}] if tried.act.is_proven_again else []
    )
    lacking += [{"vu": "0123456789abcdef"}] if _VERSIONED.search(tried.path) else []

    for fields in lacking:
        answer = visitor.post(action, form | fields)

        assert answer.status_code == 422, fields
        assert stored(world) == before, fields
        assert "Dites pourquoi" in answer.text or "raison" not in fields
        shows(tried, form, answer.text, *fields)
        sent_again = [shown for shown in forms_of(answer.text) if shown.path == action and shown.is_in_sight]
        assert any(chooses(shown, form) for shown in sent_again), fields

    kinds = {name: kind for page in forms_of(answer.text) if page.path == action for name, kind in page.kinds.items()}
    failures = []
    for name in sorted(closed_choices(kinds) - {"compte", "connexion"}):  # of an acceptance; ended meanwhile
        answer = visitor.post(action, form | {name: "zzz"})
        if answer.status_code not in {400, 404, 422} or stored(world) != before:
            failures.append((name, answer.status_code))
            break
    assert failures == []
