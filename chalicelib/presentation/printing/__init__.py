"""Printing: fonts, fitted lines, pages and letters as PDFs, loaded on first use."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.presentation.office.postal_letter import PostalLetter
    from chalicelib.settings.network import Network


def pdf_of(html: str, title: str, network: "Network") -> str:
    """Make the PDF of a page. It is ASCII, so that it passes through any text channel unchanged (decision 52)."""
    # Imported here: it takes longer than most pages, and PDFs are rare (docs/performance.md).
    from chalicelib.presentation.printing.paper import write_pdf  # noqa: PLC0415

    return write_pdf(html, title, network)


def letter_pdf_of(letter: "PostalLetter", title: str, network: "Network") -> tuple[str, str]:
    """Make the PDF of one letter by post, in ASCII too. If unprintable, it is empty, with the reason in French."""
    from chalicelib.presentation.printing.letters import write_letter  # noqa: PLC0415 - as above

    return write_letter(letter, title, network)
