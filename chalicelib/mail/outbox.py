"""Mails posted before the change that they announce, and sent once it is written, so that none is missed (record 6)."""

from datetime import timedelta
from typing import Final

from chalicelib.mail.jobs import QueuedJob
from chalicelib.mail.post_box import PostBox

# The consumer first looks when the write is surely done. A write missing at the end of its patience never happened.
DELAY: Final = timedelta(seconds=2)
PATIENCE: Final = timedelta(minutes=2)
UNDO_LASTS: Final = timedelta(seconds=30)  # an act taken back within it has no mail
MAILED_AFTER: Final = UNDO_LASTS + timedelta(seconds=5)  # when an undo of the last second is surely written


class Outbox:
    """The jobs of one request, each posted once, even if its decision is taken again after a conflict."""

    def __init__(self, post_box: PostBox, delay: timedelta = DELAY) -> None:
        self._post_box, self._delay = post_box, delay
        self._jobs: set[QueuedJob] = set()

    def post(self, *jobs: QueuedJob) -> None:
        """Post the jobs not posted yet. Raises `Unavailable`: then nothing may be written."""
        new = [job for job in jobs if job not in self._jobs]
        self._post_box.post(*new, delay=self._delay)
        self._jobs.update(new)
