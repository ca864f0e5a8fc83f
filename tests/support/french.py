"""Displayed French: a page's text without tags, and its slips of typography and style."""

import html
import re
from functools import lru_cache
from string import Formatter
from typing import Final


def plain(text: str) -> str:
    """Convert a displayed text to a keyboard's blanks and apostrophes, as in tests and sources.

    `str.translate` takes thirty times as long, and each page is converted.
    """
    text = text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def typographic(text: str) -> str:
    """Convert a text for a browser's locator: any blank matches another, and apostrophes are typographic."""
    return text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")


def visible_text(page: str) -> str:
    """Extract the text of a page as displayed without JavaScript."""
    text = re.sub(r"(?s)<(head|option)\b.*?</\1>|<(\w+)[^>]* hidden[\s>].*?</\2>", " ", page)
    return " ".join(plain(html.unescape(re.sub(r"<[^>]+>", "", text))).split())


def gaps_of(sentence: str) -> set[str]:
    """List the names of a sentence's gaps."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def slips(text: str) -> list[str]:
    """List a proof-reader's corrections."""
    rules = {
        "a double blank": r"\s{2,}",
        "no blank before : ; ? !": r"[^\s\d/?!«][:;?!](?=\s|$)",
        "a blank before . or ,": r"\s[.,](?=\s|$)",
        "no blank inside « »": r"«\S|\S»",
        "straight quotation marks": r'"',
        "three dots": r"\.\.\.",
        "a blank after an apostrophe": r"['’]\s",
    }
    faults = [name for name, pattern in rules.items() if re.search(pattern, text)]
    depth, is_unpaired = 0, False
    for character in text:
        depth += {"«": 1, "»": -1}.get(character, 0)
        is_unpaired |= depth not in {0, 1}
    return faults + ["« without »"] * (is_unpaired or depth != 0)


_UNSAID: Final = re.compile(r"(?s)<(script|style|textarea|pre|code)\b.*?</\1>|<!--.*?-->")
_IN_A_LIST: Final = re.compile(r"<option\b[^>]*>[^<]*")  # one line each: the sites' names are as typed
_WITHIN: Final = re.compile(r"</?(?:a|abbr|b|em|i|small|span|strong|sup|time)\b[^>]*>")
_HEARD: Final = re.compile(r'\s(?:aria-label|alt|title|placeholder|data-(?:before|during|after))="([^"]*)"')
_COPIED: Final = re.compile(r"https?://\S+|\S+@\S+|(?<!\d)(?<!\d )\d{3} \d{3}(?! ?\d)")  # addresses, the code of a mail
_LOOSE: Final = re.compile(
    r"""(?x)(?: (?<![:;?!«])[\ \n]+ [:;?!»] | «[\ \n] | \w'[\w«]
    | \d[\ \n]+ (?:(?:[KMG]o|h|heures?|minutes?|jours?|ans?|caractères|\d+
                   |janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b|[€%])
    | \b\d+(?:er|re|e|nde?)\ \w | \w\ -\ \w | -\u00a0 | n°[\ ] | \dh\ \d )"""
)


def loose(text: str) -> list[str]:
    """List the passages with a wrong line break or a keyboard's apostrophe: « mot ? », « 8 Mo », « l'été »."""
    text = _COPIED.sub("…", text)
    return [text[max(0, slip.start() - 12) : slip.end() + 12] for slip in _LOOSE.finditer(text)]


def loose_in_subject(subject: str) -> list[str]:
    """List the same for a mail's subject, whose dashes have plain blanks: a header is folded there."""
    return loose(subject.replace(" - ", "|"))


@lru_cache(512)  # tests request the same mails repeatedly
def loose_in_page(page: str) -> list[str]:
    """List the same for a page's displayed and spoken texts."""
    text = _IN_A_LIST.sub(lambda option: option.group().replace(" - ", "|"), _UNSAID.sub("|", page))
    text_there = re.sub(r"<[^>]+>", "|", _WITHIN.sub("", text))
    return loose(html.unescape("|".join([text_there, *_HEARD.findall(text)])))
