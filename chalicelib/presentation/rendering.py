"""Templates: one Jinja environment for pages and letters, loaded on first use."""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.presentation import login_methods, papers, texts, wish_texts
from chalicelib.settings.look import Look
from chalicelib.settings.wings import WINGS, with_links
from chalicelib.wings import ALL_WINGS

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.nodes import EvalContext


TEMPLATES = Path(__file__).parents[2] / "templates"
# A wing may have its own in its folder, under the same names: « family/NAME.html ».
SOURCES = (TEMPLATES, *(TEMPLATES.parent / "chalicelib/wings" / wing.name / "templates" for wing in ALL_WINGS))
COMPILED = TEMPLATES.with_name("compiled")  # the templates compiled by `operations/package`, only in a package
ASSETS = TEMPLATES / "assets"
ASSETS_PATH = "/extranet/assets/"
_STYLES = TEMPLATES / "styles"
SHEETS = {"clef.css": ("ground.css", "steps.css", "families.css"), "desk.css": ("ground.css", "steps.css", "staff.css")}
USUAL = Look()
LOGO = "logo.svg"
ICON = "icon.svg"
_TILE = '<rect width="48" height="48" rx="9" fill="#fff"/>'
_UNSENT = re.compile(r"/\*.*?\*/\s*|;?\s+(?=[{}])|(?<=[{};:,>~])\s+|\s+(?=[>~])", re.DOTALL)


@cache
def environment() -> "Environment":
    """Build the environment: everything is escaped, and an unknown name is an error."""
    # Imported here: a successful login renders nothing, and its cold start need not load Jinja (docs/performance.md).
    from jinja2 import Environment, FileSystemLoader, ModuleLoader, StrictUndefined, select_autoescape  # noqa: PLC0415
    from jinja2.utils import pass_eval_context  # noqa: PLC0415
    from markupsafe import Markup, escape  # noqa: PLC0415

    from chalicelib.presentation.typography import Exact, whole_words, with_plain_dashes, words  # noqa: PLC0415

    @pass_eval_context
    def with_straight_apostrophes(context: "EvalContext", value: object) -> object:
        """Escape all but « ' », frequent in French: a test checks that attributes have double quotes."""
        if not context.autoescape or hasattr(value, "__html__"):
            return value
        return Markup(str(escape(value)).replace("&#39;", "'"))  # noqa: S704 - escaped on this very line

    jinja = Environment(
        loader=ModuleLoader(COMPILED) if COMPILED.is_dir() else FileSystemLoader(SOURCES),
        # Pages and the HTML of letters are escaped, the text of a letter is not.
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        finalize=with_straight_apostrophes,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    if not COMPILED.is_dir():
        from chalicelib.presentation.typesetter import French  # noqa: PLC0415 - a package has no use for it

        jinja.code_generator_class = French
    jinja.globals["wings"] = frozenset(wing.name for wing in WINGS)
    jinja.globals["with_wings"] = with_links
    jinja.globals["asset"] = asset_path
    jinja.globals["most"] = texts.most
    jinja.globals["differences"] = texts.differences
    jinja.globals["field_words"] = texts.field_words
    jinja.filters["words"] = words
    jinja.filters["exact"] = Exact
    jinja.filters["whole_words"] = whole_words
    jinja.filters["plain_dashes"] = with_plain_dashes
    jinja.filters["de"] = texts.de
    jinja.filters["day"] = texts.day
    jinja.filters["full_day"] = texts.full_day
    jinja.filters["euros"] = texts.euros
    jinja.filters["hour"] = texts.hour
    jinja.filters["day_and_hour"] = texts.day_and_hour
    jinja.filters["proof_text"] = login_methods.proof_text
    jinja.filters["method_lines"] = login_methods.method_lines
    jinja.filters["until"] = texts.until
    jinja.filters["paper"] = papers.paper_text
    jinja.filters["document"] = papers.document_text
    jinja.filters["accepted_course"] = wish_texts.accepted_course
    jinja.filters["wishes_on_receipt"] = wish_texts.wishes_on_receipt
    jinja.filters["answer_line"] = texts.answer_line
    jinja.filters["answer_lines"] = texts.answer_lines
    jinja.filters["describe_change"] = texts.describe_change
    jinja.filters["school_year"] = texts.school_year
    jinja.filters["campaign"] = texts.campaign
    jinja.filters["spell"] = texts.spell
    jinja.filters["size"] = texts.size
    jinja.filters["role"] = texts.role
    jinja.filters["access_change"] = texts.access_change
    return jinja


@cache
def asset_path(name: str, look: Look = USUAL) -> str:
    """Return the public path of an asset. It has the hash of its content, so that caches may keep it for ever."""
    stem, dot, suffix = name.rpartition(".")
    content_hash = hashlib.sha256(asset_bytes(name, look)).hexdigest()[:16]
    return f"{ASSETS_PATH}{stem}.{content_hash}{dot}{suffix}"


@cache
def asset_bytes(name: str, look: Look = USUAL) -> bytes:
    """Read an asset. A style sheet is joined from its parts, without comments and blanks, after the look's colours.

    The icon is the logo on a white tile, or a note on the accent.
    """
    if name in SHEETS:
        sources = "".join((_STYLES / part).read_text(encoding="utf-8") for part in SHEETS[name])
        return (look.sheet + _UNSENT.sub("", sources).strip()).encode()
    if name == LOGO:
        return (look.logo or "").encode()
    if name != ICON:
        return (ASSETS / name).read_bytes()
    if look.logo:
        inner = look.logo.replace("<svg ", '<svg x="4" y="4" width="40" height="40" ', 1)
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">{_TILE}{inner}</svg>'.encode()
    note = (ASSETS / name).read_text(encoding="utf-8")
    return re.sub(r"var\(--(\w+)\)", lambda role: look.light[role[1]], note).encode()
