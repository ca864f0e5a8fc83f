"""Teachers' names in the yearly file, compared with the names linked to members: teaching's part of an import."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.roster.rows import Reading
from chalicelib.domain.roster.yearly_file import Anomaly, Column
from chalicelib.office.roster.survey import FilePart
from chalicelib.wings.teaching.domain.teachers import Link
from chalicelib.wings.teaching.office.timetables import rebuild
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services

_COLUMN: Column = ("teacher", 1)


class FileNames:
    """The names of a file, noted row by row. Then reports problems, once per name, at sites with linked teachers.

    A network whose teachers have no access gets no reports.
    """

    def __init__(self) -> None:
        self._links: dict[tuple[str, str], tuple[Link, int, AccountRef]] = {}
        self._nameless: Counter[str] = Counter()  # courses, by site
        self._unnamed_from: dict[str, tuple[int, AccountRef]] = {}

    def add(self, reading: Reading) -> None:
        """Add a row."""
        ref = reading.ref
        if ref is None or reading.family is None:
            return
        for course in (course for pupil in reading.family.pupils for course in pupil.courses):
            link = Link(ref.site, course.teacher)
            if link.key[1]:
                self._links.setdefault(link.key, (link, reading.line, ref))
                continue
            self._nameless[ref.site] += 1
            self._unnamed_from.setdefault(ref.site, (reading.line, ref))

    def report(self, services: Services, sites: Collection[str]) -> Iterator[Anomaly]:
        """Compare the file's names with those linked to members, at the file's sites."""
        links = (link for teacher in services.teaching.teachers.all() for link in teacher.links)
        return self.anomalies(link for link in links if link.site in sites)

    def anomalies(self, links: Iterable[Link]) -> Iterator[Anomaly]:
        """List unlinked names, courses without a teacher, and links whose name is no longer in the file."""
        links_by_key = {link.key: link for link in links}
        sites = {site for site, _ in links_by_key}
        for key, (link, line, ref) in self._links.items():
            if link.site in sites and key not in links_by_key:
                yield Anomaly("row_teacher_unlinked", "warning", line, _COLUMN, ref, {"name": link.name})
        for site, (line, ref) in self._unnamed_from.items():
            if site in sites:
                facts = {"site": site, "count": str(self._nameless[site])}
                yield Anomaly("row_courses_without_teacher", "warning", line, _COLUMN, ref, facts)
        for key, link in links_by_key.items():
            if key not in self._links:
                facts = {"name": link.name, "site": link.site}
                yield Anomaly("row_teacher_gone", "warning", 0, _COLUMN, None, facts)


FILE_PART: Final = FilePart(FileNames, rebuild)
