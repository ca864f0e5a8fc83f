"""Templates set in French as they are compiled: their own text once, and a filter on the text that they show.

A package has compiled templates and never loads this module: a page sets its values only.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from jinja2 import nodes
from jinja2.compiler import CodeGenerator

from chalicelib.presentation.typography import APART, VALUE, WITHIN, in_words

_INLINE: Final = frozenset(
    ("a", "abbr", "b", "cite", "em", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "time", "u")
)
_LEFT_ALONE: Final = frozenset(["code", "kbd", "pre", "samp", "script", "style", "textarea"])
_READ_OR_HEARD: Final = frozenset(
    ("alt", "aria-label", "data-after", "data-before", "data-during", "label", "placeholder", "title")
)
_MARKUP: Final = re.compile(r'(<!--|-->|</?[a-z][a-z0-9]*|(?<=\s)[a-z-]+="|"|>)')


class French(CodeGenerator):
    """Compiles a template with its typography set."""

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: ANN401, N802 - Jinja's own
        """Set the typography of the template, then compile it."""
        _Setter(is_html=(self.name or "").endswith(".html")).visit(node)
        super().visit_Template(node, frame)


class _Setter:
    """Walks through a template, and tracks whether it is in text, in a tag or in an attribute."""

    def __init__(self, *, is_html: bool) -> None:
        self._is_html = is_html
        self._tag = ""  # the current one, with its `/`
        self._attribute = ""  # the current one
        self._has_value = False  # an <option> without one submits its text
        self._left_alone = ""  # the current element, or comment, left unchanged

    def visit(self, node: nodes.Node) -> None:
        """Set the typography of all nodes under a node."""
        for child in node.iter_child_nodes():
            if isinstance(child, nodes.Output):
                child.nodes = list(self._set(child.nodes))
            else:
                self.visit(child)

    def _set(self, expressions: list[nodes.Expr]) -> Iterator[nodes.Expr]:
        """Set adjacent nodes as the single text that they form for a reader. A value may be next to it at both ends."""
        whole, parts = VALUE, []
        for mark, part in (part for node in expressions for part in self._parts(node)):
            whole += mark or part.data
            parts += [part] if mark else []
        blanks = r" \n" if self._is_html else " "
        texts = re.split(f"[{WITHIN}{VALUE}{APART}]", in_words(whole + VALUE, blanks))[1:-1]
        for place, text in enumerate(texts):
            yield from [nodes.TemplateData(text)] if text else []
            yield from parts[place : place + 1]

    def _parts(self, node: nodes.Expr) -> Iterator[tuple[str, Any]]:
        """Split a node into words, without a mark, and other parts, each with its mark."""
        if isinstance(node, nodes.TemplateData):
            for place, part in enumerate(_MARKUP.split(node.data) if self._is_html else [node.data]):
                mark = self._mark(part, may_be_markup=place % 2 == 1)
                yield from [(mark, nodes.TemplateData(part))] if part else []
        elif self._is_words:
            yield VALUE, nodes.Filter(node, "words", [], [], None, None, lineno=node.lineno)
        else:
            yield APART, node

    def _mark(self, part: str, *, may_be_markup: bool) -> str:
        within = WITHIN if self._tag.strip("/") in _INLINE else ""
        if not (may_be_markup and self._read(part)) and self._is_words:
            return ""
        return within or (WITHIN if self._tag.strip("/") in _INLINE else APART)

    @property
    def _is_words(self) -> bool:
        return not self._left_alone and (self._attribute in _READ_OR_HEARD if self._tag else True)

    def _read(self, part: str) -> bool:
        """Advance past possible markup. Returns whether it is markup."""
        if self._left_alone:
            self._leave(part)
        elif self._attribute:
            if part != '"':
                return False
            self._attribute = ""
        elif self._tag:
            self._read_in_tag(part)
        elif part.startswith("<"):
            self._left_alone = "-->" if part == "<!--" else ""
            self._tag = "" if part == "<!--" else part[1:]
            self._has_value = False
        else:
            return False
        return True

    def _leave(self, part: str) -> None:
        if part in {"-->", f"</{self._left_alone}"} and (part == "-->") is (self._left_alone == "-->"):
            self._tag = "" if part == "-->" else part[1:]
            self._left_alone = ""

    def _read_in_tag(self, part: str) -> None:
        if part.endswith('="'):
            self._attribute = part[:-2]
            self._has_value |= part == 'value="'
        elif part == ">":
            sends_its_text = self._tag == "option" and not self._has_value
            self._left_alone = self._tag if self._tag in _LEFT_ALONE or sends_its_text else ""
            self._tag = ""
