"""The filters of lists: each at most once, with a known value. Any other query is not found."""

import pytest

from chalicelib.settings.wings import has
from tests.support.desk_acts import settle_application, settle_family_file, settle_reenrolment
from tests.support.desk_routes import DOORS
from tests.support.staff import DESK, MANAGER, enter
from tests.support.wing_examples import lists_here
from tests.support.world import Visitor, World

FILES = {
    "familles/{site}/{famille}": settle_family_file,
    "reinscriptions/{site}/{famille}": settle_reenrolment,
    **({"demandes/{numero}": settle_application} if has("admission") else {}),
}
# By list: its filters with a closed set of values.
FILTERS = {
    "recherche": (),
    "reinscriptions": ("site", "etat", "piece", "avis", "tri"),
    "demandes": ("site", "etat", "tri"),
    "demandes/csv": ("site", "etat", "tri"),
    "cours": ("site", "jour", "tri"),
    "cours/csv": ("site", "jour", "tri"),
    "absences": ("site", "tri"),
    "absences/csv": ("site", "tri"),
    "absences/appels": ("site", "tri"),
    "absences/appels/csv": ("site", "tri"),
    "mots": ("site", "mois", "tri"),
    "mots/csv": ("site", "mois", "tri"),
    "personnel": ("acces", "tri"),
    "personnel/csv": ("acces", "tri"),
    "fichiers": ("sorte", "etat", "tri"),
    "fichiers/csv": ("sorte", "etat", "tri"),
    "fichiers/appliques": ("tri",),
    "fichiers/appliques/csv": ("tri",),
    "saison": (),
    "saison/avancement": ("site",),
    "saison/bilan": ("site",),
    "saison/periode": ("quoi",),
    "changements": ("site", "par", "depuis", "tri"),
    "changements/csv": ("site", "par", "depuis", "tri"),
    "saison/envois": (),
    "saison/places": ("site",),
    "saison/tirages": (),
    "saison/envois/annonce": ("site", "incertains", "reprise"),
    **{f"{path}{end}": filters for path, filters in lists_here().items() for end in ("", "/csv")},
}


@pytest.mark.wing("admission", "campaign", "teaching")
def test_a_filter_or_a_value_that_a_list_does_not_have_is_not_there(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)

    paths = [f"{path}?{name}=inconnu" for path, names in FILTERS.items() for name in (*names, "filtre")]
    paths += [f"{path}?{name}=&{name}=" for path, names in FILTERS.items() for name in names]
    paths.append(f"personnel/{world.services.record.pseudonyms.of_mailbox(MANAGER)}/journal?filtre=inconnu")
    paths += ["absences?site=evry-xenakis&famille=xen99", "reinscriptions?fait=a&fait=b"]

    assert {query: visitor.get(f"{DESK}/{query}").status_code for query in paths} == dict.fromkeys(paths, 404)
    assert 404 not in {visitor.get(f"{DESK}/{path}?fait=").status_code for path in FILTERS}


def test_a_form_of_a_list_has_no_other_filters_than_the_list(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    for name in ("site", "etat", "piece", "avis"):
        form = {"site": "evry-xenakis", "saison": "2027", "mot_de_passe": "x", name: "inconnu"}
        for act in ("export", "decisions"):
            assert visitor.post(f"{DESK}/reinscriptions/{act}", form).status_code == 404, (act, name)


@pytest.mark.wing("admission", "campaign", "teaching")
def test_each_list_declares_its_filters() -> None:
    paths = {path for (method, path), door in DOORS.items() if method == "GET" and door.filters is not None}

    lists = {path.removeprefix(f"{DESK}/").replace("{etape}", "annonce") for path in paths}
    assert {path for path in lists if "{" not in path} == FILTERS.keys()


@pytest.mark.parametrize("file", FILES)
def test_the_timeline_of_a_file_has_known_filters_only(world: World, visitor: Visitor, file: str) -> None:
    page = FILES[file](world, visitor)
    enter(world, visitor)

    codes = {query: visitor.get(f"{page}?{query}").status_code for query in ("fil=inconnu", "filtre=tout", "fil=tout")}

    assert codes == {"fil=inconnu": 404, "filtre=tout": 404, "fil=tout": 200}
