"""Whose turn a file is, at the desk: on its page, on « Aujourd'hui » and in the list, with the right to act only."""

import html
import re

from chalicelib.domain.account.accounts import AccountRef
from tests.support.desk_acts import COLLEAGUE
from tests.support.desk_family import FILE, form_of, said
from tests.support.enrolled_families import NUMBERS, open_for_rossignol, submitted_alone
from tests.support.staff import DESK, PASSWORD, READER, SECRETARY, enter, member
from tests.support.world import Visitor, World

LIST = f"{DESK}/reinscriptions?site=evry-xenakis&suivi=moi"


def forms(visitor: Visitor) -> dict[str, dict[str, str]]:
    """Read the hidden fields of each form of the turn, by its action."""
    page = visitor.get(FILE).text.partition('aria-label="Suivi du dossier"')[2].partition("</section>")[0]
    values = [dict(re.findall(r'name="(\w+)" value="([^"]*)"', part)) for part in page.split("<form")[1:]]
    return {fields["action"]: fields for fields in values}


def families(visitor: Visitor, path: str = LIST) -> set[str]:
    return set(re.findall(r"Famille (?:Rossignol|Alouette)", visitor.get(path).text))


def test_a_file_taken_and_given_is_on_the_pages_of_who_has_it(world: World, visitor: Visitor) -> None:
    open_for_rossignol(world)
    submitted_alone(world, AccountRef("evry-xenakis", "xen9"), "Famille Alouette", "Ana Alouette", NUMBERS[1])
    enter(world, visitor)
    member(world, COLLEAGUE, "secretary")
    assert families(visitor) == set()

    visitor.post(f"{FILE}/suivi", forms(visitor)["prendre"])
    visitor.post(f"{FILE}/suivi", forms(visitor)["rappeler"] | {"rappel": str(world.now.date())})

    today = visitor.get(DESK).text
    assert all(f">{words} : 1</h2>" in today for words in ("Mes dossiers", "À rappeler"))
    assert families(visitor) == {"Famille Rossignol"}
    export = {"site": "evry-xenakis", "suivi": "moi", "mot_de_passe": PASSWORD}
    lines = visitor.post(f"{DESK}/reinscriptions/export", form_of(visitor.get(LIST), "etat") | export).text
    assert ("Zélie" in lines, "Alouette" in lines) == (True, False)
    page = visitor.get(FILE).text
    (name,) = re.findall(r'<option value="(\w+)">Gaspard Roitelet</option>', page)
    answer = visitor.post(f"{FILE}/suivi", forms(visitor)["confier"] | {"collegue": name})
    assert "Le dossier est confié" in said(visitor, answer)
    page = html.unescape(visitor.get(FILE).text)
    assert "Gaspard Roitelet s'occupe de ce dossier depuis le" in page
    assert "par Basile Troglodyte, à Gaspard Roitelet" in page
    assert (families(visitor), "Mes dossiers" in visitor.get(DESK).text) == (set(), False)

    enter(world, visitor, COLLEAGUE)
    assert families(visitor) == {"Famille Rossignol"}
    enter(world, visitor, READER)
    assert "Gaspard Roitelet s" in visitor.get(FILE).text
    assert forms(visitor) == {}


def test_a_form_of_a_former_turn_and_an_unknown_colleague_are_refused(world: World, visitor: Visitor) -> None:
    open_for_rossignol(world)
    enter(world, visitor)
    member(world, COLLEAGUE, "secretary")
    form = forms(visitor)
    visitor.post(f"{FILE}/suivi", form["prendre"])
    pseudonyms = world.services.record.pseudonyms
    outcomes = {
        "an old page": (form["confier"] | {"collegue": pseudonyms.of_mailbox(COLLEAGUE)}, "vient de changer"),
        "no choice": (forms(visitor)["confier"], "Choisissez à qui"),
        "a reader": (forms(visitor)["confier"] | {"collegue": pseudonyms.of_mailbox(READER)}, "Choisissez à qui"),
    }
    member(world, READER)

    for name, (fields, words) in outcomes.items():
        answer = visitor.post(f"{FILE}/suivi", fields)
        assert (answer.status_code, words in answer.text) == (422, True), name
    assert world.services.staff.turns.find("evry-xenakis", "xen1").holder == SECRETARY
