"""An assessment in a test's world: of a pupil, for a period."""

from datetime import UTC, datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.households import Course, Pupil
from chalicelib.wings.teaching.domain.assessments import Assessment, AssessmentRef, PupilAssessments
from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.teaching import PINSON, VIOLIN, ZELIE, ref_of, stores
from tests.support.world import ROSSIGNOL, World

PERIOD: Final = "semestre-1"
BEFORE: Final = datetime(2027, 2, 14, 22, 59, 59, tzinfo=UTC)  # the last second before it is published
PUBLISHED: Final = datetime(2027, 2, 14, 23, tzinfo=UTC)  # 15 February, 0 h in Paris
WORDS: Final = "Un beau son, très juste.\nLe rythme est à travailler."


def write(  # noqa: PLR0913 - text, pupil and period
    world: World,
    words: str = WORDS,
    *,
    ref: AccountRef = ROSSIGNOL,
    pupil: Pupil = ZELIE,
    course: Course = VIOLIN,
    year: str = "2026",
    period: str = PERIOD,
) -> PupilAssessments:
    """Write an assessment as a teacher."""
    of = ref_of(ref, pupil)
    text = Assessment(words, f"{PINSON} <roitelet@example.org>", world.now, "1er semestre", course.discipline, PINSON)
    place = AssessmentRef(year, period, course_key(course))
    file = stores(world).assessments.find(ref.site, of)
    return stores(world).assessments.revise(file, lambda before: before.with_text(place, text))[1]
