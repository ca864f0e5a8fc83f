"""Paper: fonts, lines that fit, and a page of ours as a PDF. Nothing of it is loaded before somebody asks for one."""


def pdf_of(html: str, title: str, author: str) -> str:
    """Make the PDF of a page of ours. It is ASCII: wherever text may pass, it passes as it is (decision 52)."""
    # Imported here: it takes longer than most pages, and few ask for a PDF (docs/performance.md).
    from chalicelib.printing.paper import write_pdf  # noqa: PLC0415

    return write_pdf(html, title, author)
