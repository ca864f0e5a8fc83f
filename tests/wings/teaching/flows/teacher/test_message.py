"""A teacher's message counts families and addresses as they are when it is sent."""

from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.course_messages import TEXT, send, shown_form
from tests.support.teaching import SITE, VIOLIN, enter_as_teacher, stores
from tests.support.world import Visitor, World


def test_what_is_kept_says_who_wrote_and_how_many_it_was_for(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)

    send(visitor, shown_form(visitor))

    words = stores(world).messages.find(SITE, course_key(VIOLIN), world.now.date())
    (message,) = words.messages
    assert (words.teacher, words.discipline, words.slot) == (VIOLIN.teacher, VIOLIN.discipline, VIOLIN.slot)
    assert (message.by, message.text, message.families, message.addresses) == ("Gaspard Roitelet", TEXT, 2, 3)
