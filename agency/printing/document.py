"""The PDF of a site's letters, as a file for its owner only; an earlier one gives way."""

from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

from agency.console.private_file import private_file, remove
from chalicelib.domain.campaign.postal_letters import PostalLetter
from chalicelib.presentation.printing.letters import Unprinted, write_letters


def print_letters(
    path: Path, title: str, author: str, letters: Iterable[PostalLetter], advance: Callable[[], None]
) -> list[Unprinted]:
    """Write the letters that can be printed into a PDF, in their order; without any, no PDF is left there."""
    content = BytesIO()
    unprinted = write_letters(content, title, author, letters, advance)
    if content.getbuffer().nbytes:
        with private_file(path) as file:
            file.write(content.getbuffer())
    else:
        remove(path)
    return unprinted
