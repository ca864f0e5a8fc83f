"""Assessments, in the table of lessons: one item per pupil, written by its teachers and read by its family."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from chalicelib.domain.teaching.assessments import Assessment, AssessmentRef, PupilAssessments
from chalicelib.domain.teaching.courses import PupilRef
from chalicelib.infra.dynamo.change import Change
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.revise import nothing, revise
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none

_PREFIX: Final = "assessments\t"  # followed by the family's identifier and the pupil's key
_FACTS: Final = frozenset({"version"})


class Assessments:
    """Finds a pupil's assessments and changes them, without overwriting concurrent changes."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, site: str, pupil: PupilRef) -> Lookup[PupilAssessments]:
        """Look up a pupil's assessments. Empty without an item."""
        return Lookup(self._table, _key(site, pupil), lambda item: _assessments(site, pupil, item))

    def find(self, site: str, pupil: PupilRef) -> PupilAssessments:
        """Find a pupil's assessments."""
        return self._database.read(self.lookup(site, pupil))

    def of_family(self, site: str, identifier: str) -> Iterator[PupilAssessments]:
        """List the assessments of a family's pupils, published or not (Query)."""
        for item in self._database.items_of(self._table, site, f"{_PREFIX}{identifier}\t"):
            yield _assessments(site, PupilRef.parse(item["identifier"].removeprefix(_PREFIX)), item)

    def revise(
        self,
        known: PupilAssessments,
        decide: Callable[[PupilAssessments], PupilAssessments],
    ) -> tuple[PupilAssessments, PupilAssessments]:
        """Change a pupil's assessments, deciding again each time that another writer came first. Return both states."""
        return revise(lambda: self.find(known.site, known.pupil), self._change, decide, known, nothing)

    def _change(self, before: PupilAssessments, after: PupilAssessments) -> PupilAssessments:
        Change(item_of(before), item_of(after), _FACTS, read=before.item).write(self._database, self._table)
        return after


def _key(site: str, pupil: PupilRef) -> dict[str, str]:
    return {"site": site, "identifier": f"{_PREFIX}{pupil.name}"}


def item_of(assessments: PupilAssessments) -> dict[str, Any]:
    """Encode a pupil's assessments. The item expires with the last one, withdrawn or not."""
    return _key(assessments.site, assessments.pupil) | {
        "texts": {
            ref.name: {
                "text": one.text,
                "by": one.by,
                "at": one.at,
                "title": one.title,
                "discipline": one.discipline,
                "teacher": one.teacher,
            }
            for ref, one in assessments.texts.items()
        }
        or None,
        "version": assessments.version or None,
        "expires": max(
            (ref.expires_at for ref in assessments.texts), default=moment_or_none(assessments.item.get("expires"))
        ),
    }


def _assessments(site: str, pupil: PupilRef, item: Item | None) -> PupilAssessments:
    if item is None:
        return PupilAssessments(site, pupil)
    texts = {
        AssessmentRef.parse(name): Assessment(
            one["text"], one["by"], moment(one["at"]), one["title"], one["discipline"], one["teacher"]
        )
        for name, one in item.get("texts", {}).items()
    }
    return PupilAssessments(site, pupil, texts, item.get("version", ""), item)
