"""Items about one pupil, keyed by their kind, the family's identifier and the pupil's key: absences, assessments."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from chalicelib.domain.family.households import PupilRef
from chalicelib.infra.dynamo.codec import Codec, Shape
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.store import DefaultStore
from chalicelib.infra.dynamo.values import moment_or_none
from chalicelib.wings.teaching.domain.announcements import LessonKey, PupilAbsences
from chalicelib.wings.teaching.domain.assessments import AssessmentRef, PupilAssessments

if TYPE_CHECKING:
    from chalicelib.wings.teaching.domain.calendars import PupilCalendar
    from chalicelib.wings.teaching.domain.rolls import UnexcusedAbsences

S = TypeVar("S", bound="PupilAbsences | PupilAssessments | PupilCalendar | UnexcusedAbsences")


def _lesson(name: str) -> LessonKey:
    course, _, day = name.partition("#")
    return course, date.fromisoformat(day)


LESSON: Final = Shape(lambda lesson: f"{lesson[0]}#{lesson[1].isoformat()}", _lesson)


class PupilItems(DefaultStore[str, PupilRef, S]):
    """Finds the item of a pupil and changes it, without overwriting concurrent changes. TTL deletes it."""

    facts = frozenset({"version"})
    prefix: ClassVar[str]

    def key(self, site: str, pupil: PupilRef) -> Key:
        """Build the key of a pupil's item."""
        return {"site": site, "identifier": f"{self.prefix}{pupil.name}"}

    def key_fields(self, key: Key) -> tuple[str, PupilRef]:
        """Parse the key of a pupil's item."""
        return key["site"], PupilRef.parse(key["identifier"].removeprefix(self.prefix))

    def computed(self, value: S) -> dict[str, Any]:
        """Let an item expire with its last content, also after that was removed."""
        return {"expires": value.expires_at or moment_or_none(value.item.get("expires"))}

    def of_family(self, site: str, identifier: str) -> Iterator[S]:
        """List the items of a family's pupils (Query)."""
        return self.all(site, identifier)

    def all(self, site: str, identifier: str = "") -> Iterator[S]:
        """List the items of a site's pupils, or of one family's (Query)."""
        return self.under(site, f"{self.prefix}{identifier}\t" if identifier else self.prefix)


class Announcements(PupilItems[PupilAbsences]):
    """Finds a pupil's announced absences, in the table of lessons: read by their family and teachers."""

    codec = Codec(PupilAbsences, "site", "pupil", shapes={LessonKey: LESSON})
    prefix = "absences\t"


class Assessments(PupilItems[PupilAssessments]):
    """Finds a pupil's assessments, in the table of lessons: written by their teachers and read by their family."""

    codec = Codec(
        PupilAssessments, "site", "pupil", shapes={AssessmentRef: Shape(lambda ref: ref.name, AssessmentRef.parse)}
    )
    prefix = "assessments\t"
