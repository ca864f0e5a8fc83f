"""Paper: fonts, lines that fit, a page of ours and a letter as PDFs. Nothing of it is loaded before somebody asks."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.campaign.audience import PostalLetter


def pdf_of(html: str, title: str, author: str) -> str:
    """Make the PDF of a page of ours. It is ASCII: wherever text may pass, it passes as it is (decision 52)."""
    # Imported here: it takes longer than most pages, and few ask for a PDF (docs/performance.md).
    from chalicelib.presentation.printing.paper import write_pdf  # noqa: PLC0415

    return write_pdf(html, title, author)


def letter_pdf_of(letter: "PostalLetter", title: str, author: str) -> tuple[str, str]:
    """Make the PDF of one letter by post, in ASCII too; empty where it cannot be printed, with why, in French."""
    from chalicelib.presentation.printing.letters import write_letter  # noqa: PLC0415 - as above

    return write_letter(letter, title, author)
