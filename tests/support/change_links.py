"""The links « Ce n'est pas moi » of the mails that came, as who reads them finds them."""

import re
from typing import Final

from tests.support.world import World

NOT_ME: Final = "/extranet/compte/ce-n-est-pas-moi"
_LINK: Final = re.compile(rf"https?://\S+{NOT_ME}/([\w-]+)")


def links(world: World, to: str) -> list[str]:
    """List the sealed links in the mails to an address, oldest first."""
    return [sealed for mail in world.mails() if mail.to == to for sealed in _LINK.findall(mail.text)]


def last_link(world: World, to: str) -> str:
    """Give that of the last notice to an address."""
    return links(world, to)[-1]
