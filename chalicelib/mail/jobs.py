"""What is dropped in the post box: enough to write a letter later, and nothing worth stealing."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

STALE = timedelta(hours=1)


class _Job(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    request: str  # the id of the HTTP request, or of the command, for the record
    asked_at: datetime

    def is_stale(self, now: datetime) -> bool:
        """Tell whether nobody waits for it any more."""
        return now - self.asked_at > STALE


class LostPassword(_Job):
    """Somebody asked for a password: the identifier as normalised, and the pseudonym of the address typed."""

    kind: Literal["lost_password"] = "lost_password"
    identifier: str
    mailbox: str


class PasswordChanged(_Job):
    """A change is about to be written: tell this mailbox, if the account then carries this stamp."""

    kind: Literal["password_changed"] = "password_changed"
    site: str
    identifier: str
    mailbox: str
    stamp: str


class CampaignNotice(_Job):
    """A campaign tells the families of one mailbox, each by its site and identifier, in their order.

    `again`: the office decided to write once more where, before it asked, nobody could say whether the mail left.
    """

    kind: Literal["notice"] = "notice"
    campaign: str
    mailbox: str
    accounts: tuple[tuple[str, str], ...]
    again: bool = False


Job = LostPassword | PasswordChanged | CampaignNotice

job_from_json = TypeAdapter[Job](Annotated[Job, Field(discriminator="kind")]).validate_json
