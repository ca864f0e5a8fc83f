"""Two members of staff who decide on the same pupil at once, each on a page opened before."""

from collections.abc import Callable

from werkzeug.test import TestResponse

from tests.support.staff import MANAGER, NAMES, SECRETARY, enter, in_parallel
from tests.support.world import Visitor, World
from tools.local.cdn import LocalCdn

VERDICTS = ("accepted", "declined")  # the secretary's, and the manager's


def decide_at_once(
    world: World,
    secretary: Visitor,
    front: LocalCdn,
    form_of: Callable[[Visitor], dict[str, str]],
    decide: Callable[[Visitor, dict[str, str], str], TestResponse],
) -> tuple[str, str, str]:
    """Let a secretary accept and a manager decline. Returns the verdict, its author, and the other one's page."""
    manager = Visitor(front, world=world)
    enter(world, manager, MANAGER)
    sent = [(who, form_of(who), verdict) for who, verdict in zip((secretary, manager), VERDICTS, strict=True)]
    answers = [one for one in in_parallel(2, lambda which: decide(*sent[which])) if isinstance(one, TestResponse)]
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    won = int(answers[0].status_code != 303)
    return VERDICTS[won], NAMES[(SECRETARY, MANAGER)[won]], answers[1 - won].text
