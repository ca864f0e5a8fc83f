"""GET /extranet/bureau/textes: a manager reads each text of the network, and where it shows."""

import re

from chalicelib.settings.texts import texts_of
from tests.support.staff import DESK, MANAGER, enter
from tests.support.world import Visitor, World


def test_a_manager_reads_each_text_what_differs_and_where_it_shows(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)
    texts = list(texts_of(world.services.settings.network))

    page = visitor.get(f"{DESK}/textes").text

    assert re.findall(r"<code>([^<]+)</code></th>", page) == [text.key for text in texts]
    assert page.count("<strong>Modifié</strong>") == sum(text.is_changed for text in texts) > 0
    assert {text.place[1] for text in texts} - {""} <= {*re.findall(r'<a href="([^"]+)"', page)}
    assert "<form" not in page[page.index("<main") : page.index("</main")]
    assert f'href="{DESK}/textes"' in visitor.get(f"{DESK}/saison").text
