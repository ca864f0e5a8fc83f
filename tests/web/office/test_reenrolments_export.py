"""POST /extranet/bureau/reinscriptions/export: the file for the school's software, after the password again."""

import pytest
from werkzeug.test import TestResponse

from chalicelib.office.enrolment.export import EXPORT_TRAIL
from tests.support.desk_list import LIST, form_to
from tests.support.enrolled_families import CANARI, open_for_rossignol, submitted_alone
from tests.support.staff import MANAGER, PASSWORD, enter
from tests.support.world import Visitor, World


@pytest.fixture(autouse=True)
def season(world: World, visitor: Visitor) -> None:
    open_for_rossignol(world, days=1)
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", "R27-MMMM-4444")
    enter(world, visitor)


def export(visitor: Visitor, address: str = LIST, **values: str) -> TestResponse:
    form = form_to(visitor.get(address).text, "export")
    return visitor.post(f"{LIST}/export", form | {"mot_de_passe": PASSWORD} | values)


def test_the_file_has_the_rows_of_the_list_and_who_took_it_is_noted(world: World, visitor: Visitor) -> None:
    answer = export(visitor, f"{LIST}?etat=envoyee")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="reinscriptions-evry-xenakis.csv"'
    lines = answer.get_data(as_text=True).split("\r\n")
    assert lines[0].startswith("\ufeffSite;Saison;Identifiant;")
    assert [line.split(";")[4:7:2] for line in lines[1:-1]] == [
        ["Zélie Rossignol", "Hautbois"],
        ["Zélie Rossignol", "Formation musicale"],
    ]
    (act,) = world.services.audit_trail.on("evry-xenakis", EXPORT_TRAIL)
    assert act.author.who == "Basile Troglodyte <troglodyte@example.org>"
    assert act.author.why == "export des réinscriptions (etat : envoyee)"


def test_all_of_one_s_sites_leave_together_where_that_is_asked(world: World, visitor: Visitor) -> None:
    assert "Ana Canari" not in export(visitor, sites="tous").get_data(as_text=True)

    enter(world, visitor, MANAGER)
    answer = export(visitor, sites="tous")

    assert "Ana Canari" in answer.get_data(as_text=True)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="reinscriptions-tous.csv"'
    assert visitor.post(f"{LIST}/export", {"site": "ailleurs", "mot_de_passe": PASSWORD}).status_code == 404
