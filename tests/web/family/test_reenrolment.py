"""GET /extranet/compte/reinscription: the steps, before, during and after the period."""

from datetime import timedelta

from tests.support.enrolment import CONTINUES, FOYER, HOUSEHOLD, IN_JUNE, LAST_SECOND, LEO_KEY, ZELIE_KEY, open_season
from tests.support.enrolment_pages import PAGE, page_html, version_of_page
from tests.support.world import Visitor, World


def test_it_lists_the_steps_and_where_to_begin(inside: Visitor) -> None:
    page = page_html(inside)

    assert "La réinscription 2027-2028 est ouverte jusqu'au 15 juin 2027 inclus." in page
    places = [page.index(f">{label}</a>") for label in ("Mon foyer", "Zélie Rossignol", "Léo Rossignol")]
    assert places == sorted(places)
    assert f'href="{PAGE}/foyer">Commencer : Mon foyer</a>' in page


def test_each_step_leads_to_the_next_and_one_comes_back_to_the_last(inside: Visitor) -> None:
    answer = inside.post(f"{PAGE}/foyer", FOYER | {"vu": version_of_page(inside, f"{PAGE}/foyer")})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}/eleves/{ZELIE_KEY}")
    path = f"{PAGE}/eleves/{ZELIE_KEY}"

    answer = inside.post(path, CONTINUES | {"vu": version_of_page(inside, path)})

    assert answer.headers["Location"] == f"{PAGE}/eleves/{LEO_KEY}"
    assert "Continuer : Léo Rossignol" in page_html(inside)


def test_each_step_says_which_one_of_how_many_it_is(inside: Visitor) -> None:
    paths = (f"{PAGE}/foyer", *(f"{PAGE}/eleves/{key}" for key in HOUSEHOLD.pupils_by_key), f"{PAGE}/pieces")
    pages = [page_html(inside, path) for path in (*paths, f"{PAGE}/recapitulatif")]

    for place, page in enumerate(pages, 1):
        assert f'<span class="place">Étape {place} sur 6</span>' in page
        assert f"<title>Étape {place} sur 6 : " in page
        assert " - Réinscription 2027-2028 - " in page.partition("</title>")[0]
    assert "Étape 1" not in page_html(inside)
    refusal = inside.post(f"{PAGE}/foyer", {"vu": version_of_page(inside, f"{PAGE}/foyer")}).text
    assert "<title>Erreur - Étape 1 sur 6 : Mon foyer - " in refusal


def test_who_finishes_later_comes_back_here(inside: Visitor) -> None:
    form = {"payeur": "Mme Rossignol", "plus_tard": "oui", "par": "1", "vu": version_of_page(inside, f"{PAGE}/foyer")}

    answer = inside.post(f"{PAGE}/foyer", form)

    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert "Continuer : Mon foyer" in page_html(inside)


def test_before_the_period_it_says_from_when_and_after_it_whom_to_call(world: World, inside: Visitor) -> None:
    inside.post(f"{PAGE}/foyer", FOYER | {"vu": version_of_page(inside, f"{PAGE}/foyer")})
    for now, parts in (
        (IN_JUNE - timedelta(days=30), ["La réinscription 2027-2028 ouvrira le 1er juin 2027"]),
        (LAST_SECOND + timedelta(seconds=1), ["est conservé", "01 99 00 10 03"]),
    ):
        world.now = now
        inside.log_in()
        page = page_html(inside)
        assert [part for part in parts if part not in page] == []
        assert "Commencer" not in page


def test_a_family_without_pupils_is_told_whom_to_call(world: World, visitor: Visitor) -> None:
    open_season(world)
    world.settle()
    visitor.log_in()

    assert "Aucun élève n'est à votre dossier" in page_html(visitor)

    visitor.post(f"{PAGE}/foyer", FOYER | {"vu": version_of_page(visitor, f"{PAGE}/foyer")})

    summary = page_html(visitor, f"{PAGE}/recapitulatif")
    assert "Aucun élève n'est à votre dossier, donc rien ne peut être envoyé" in summary
    assert "Tout est envoyé" not in summary
    assert "Récapitulatif et envoi</a>" not in summary
