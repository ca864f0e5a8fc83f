"""The texts of a network: each that a setting declares is listed, with its default and its place."""

import html
import re
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.settings.network import Network
from chalicelib.settings.texts import texts_of
from chalicelib.settings.wings import has
from operations.pages.build import build
from tests.support.world import World

# For machines, or shown by their own text: a new setting of words is either here or a text with a title.
NO_TEXTS = {
    *("Network.wings", "Network.other_origins", "Look.logo", "ProConnect.client_id", "ProConnect.acr_values"),
    *("FranceConnect.client_id", "FranceConnect.acr_values"),
    *("DocumentAsked.disciplines", "DocumentAsked.sites", "DisciplineOffered.sites"),
}


def _inner(hint: Any) -> set[Any]:
    return {hint} | {kind for argument in get_args(hint) for kind in _inner(argument)}


def _declared(part: type) -> dict[str, bool]:
    """Read each setting of words of a part and of those in it: whether it is a text."""
    is_text: dict[str, bool] = {}
    for about in fields(part):
        kinds = _inner(get_type_hints(part)[about.name])
        for kind in kinds:
            is_text |= _declared(kind) if is_dataclass(kind) else {}  # type: ignore[arg-type]
        if str in kinds and dict not in {getattr(kind, "__origin__", None) for kind in kinds}:
            has_title = "title" in about.metadata
            if has_title or "pattern" not in about.metadata:
                is_text[f"{part.__name__}.{about.name}"] = has_title
    return is_text


def test_a_setting_of_words_is_a_text_unless_it_is_for_machines() -> None:
    settings = _declared(Network)

    assert {name for name, is_text in settings.items() if not is_text} == NO_TEXTS
    assert len(settings) > 40


def test_each_text_has_a_key_of_its_own_and_a_place(world: World) -> None:
    texts = list(texts_of(world.services.settings.network))

    assert len({text.key for text in texts}) == len(texts)
    assert [text.key for text in texts if not (text.title and text.place[0])] == []
    assert any(text.key.startswith("admission.") for text in texts) == has("admission")


def test_a_text_differs_from_its_default_or_has_none(world: World) -> None:
    texts = {text.key: text for text in texts_of(world.services.settings.network)}

    title, days, name = (texts[key] for key in ("title", "enrolment.days", "sites.1.name"))
    assert (title.is_changed, title.default) == (True, ("Espace des familles",))
    assert (days.is_changed, days.default) == (False, days.lines)
    assert (name.is_changed, name.default) == (False, None)
    assert texts["enrolment.documents.1.hint"].subject == texts["enrolment.documents.1.title"].lines[0]


def _bare(text: str) -> str:
    """Take blanks, tags and typography away."""
    return "".join(re.sub(r"<[^>]+>", "", html.unescape(text)).replace("’", "'").split())


def test_a_text_shows_where_its_link_leads(world: World) -> None:
    network = world.services.settings.network
    pages = {f"/{page.key}": _bare(page.body.decode(errors="replace")) for page in build(network, Periods())}
    public = [text for text in texts_of(network) if text.place[1].partition("#")[0] in pages]

    missing = [
        text.key for text in public for line in text.lines if _bare(line) not in pages[text.place[1].partition("#")[0]]
    ]

    assert missing == []
    assert len(public) > 30
