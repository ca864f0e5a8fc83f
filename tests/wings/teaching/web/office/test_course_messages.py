"""The office reads teachers' messages to families, a month at a time, at their own sites."""

from datetime import timedelta

from chalicelib import wiring
from tests.support.course_messages import send, shown_form
from tests.support.staff import DESK, MANAGER, READER, enter
from tests.support.teaching import SITE, enter_as_teacher, teaching
from tests.support.world import Visitor, World

PAGE = f"{DESK}/mots"


def test_the_office_reads_what_teachers_wrote_the_newest_first(world: World, visitor: Visitor) -> None:
    teaching(world, words_a_day=2)
    enter_as_teacher(world, visitor)
    with wiring.using(world.services):
        for text in ("Apportez votre archet.", "<i>Et</i> votre pupitre."):
            send(visitor, shown_form(visitor), text)
            world.wait(timedelta(minutes=1))
    enter(world, visitor, READER)

    page = visitor.get(PAGE).text

    assert page.index("&lt;i&gt;Et&lt;/i&gt; votre pupitre.") < page.index("Apportez votre archet.")
    assert "Gaspard Roitelet, pour le cours de Mme Pinson" in page
    assert "mercredi 14 h 30 - 15 h 15" in page
    assert 'data-label="Adresses" class="num">3</td>' in page
    assert "Aucun mot" in visitor.get(f"{PAGE}?enseignant={'0' * 16}").text
    assert "Aucun mot ce mois-là" in visitor.get(f"{PAGE}?mois=2026-10").text
    assert "Mois : octobre 2026" in visitor.get(f"{PAGE}?mois=2026-10&site={SITE}").text
    world.wait(timedelta(days=365))
    enter(world, visitor, READER)
    assert "Aucun mot ce mois-là" in visitor.get(f"{PAGE}?mois=2026-11").text


def test_another_site_or_no_month_is_not_there(world: World, visitor: Visitor) -> None:
    enter(world, visitor, READER)
    paths = (f"{PAGE}?site=ris-orangis-messiaen", f"{PAGE}?mois=2026-13", f"{PAGE}?mois=hier")
    assert [visitor.get(path).status_code for path in paths] == [404, 404, 404]

    enter(world, visitor, MANAGER)
    assert visitor.get(f"{PAGE}?site=ris-orangis-messiaen").status_code == 200
