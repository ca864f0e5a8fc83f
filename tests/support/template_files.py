"""The files of templates, of the core and of wings."""

from pathlib import Path

from chalicelib.presentation.rendering import SOURCES


def template_files(pattern: str = "**/*.*") -> list[Path]:
    """List the files that match a pattern in the folder of the core or of a wing: « letters/*.txt »."""
    return [file for folder in SOURCES for file in sorted(folder.glob(pattern))]


def template_name(file: Path) -> str:
    """Name a file as templates do: « family/home.html »."""
    return next(str(file.relative_to(folder)) for folder in SOURCES if file.is_relative_to(folder))
