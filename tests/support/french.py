"""French as it is shown: a page's words without its tags, and the slips of typography and of manner in them."""

import html
import re
from functools import lru_cache
from typing import Final

FIRM: Final = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_OF_A_KEYBOARD: Final = str.maketrans(dict.fromkeys(FIRM, " ") | {"\N{RIGHT SINGLE QUOTATION MARK}": "'"})


def plain(shown: str) -> str:
    """Write a shown text with the blanks and apostrophes of a keyboard, as tests and sources have them."""
    return shown.translate(_OF_A_KEYBOARD)


def typographic(typed: str) -> str:
    """Write a text as a browser's locator finds it: any blank for another, and apostrophes as printed."""
    return typed.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")


def visible_text(page: str) -> str:
    """Extract the words of a page as they are shown without JavaScript."""
    shown = re.sub(r"(?s)<(head|option)\b.*?</\1>|<(\w+)[^>]* hidden[\s>].*?</\2>", " ", page)
    return " ".join(plain(html.unescape(re.sub(r"<[^>]+>", "", shown))).split())


def slips(text: str) -> list[str]:
    """List what a proof-reader would mark."""
    rules = {
        "a double blank": r"\s{2,}",
        "no blank before : ; ? !": r"[^\s\d/?!«][:;?!](?=\s|$)",
        "a blank before . or ,": r"\s[.,](?=\s|$)",
        "no blank inside « »": r"«\S|\S»",
        "straight quotation marks": r'"',
        "three dots": r"\.\.\.",
        "a blank after an apostrophe": r"['’]\s",
    }
    found = [name for name, pattern in rules.items() if re.search(pattern, text)]
    depth, unpaired = 0, False
    for character in text:
        depth += {"«": 1, "»": -1}.get(character, 0)
        unpaired |= depth not in {0, 1}
    return found + ["« without »"] * (unpaired or depth != 0)


_UNSAID: Final = re.compile(r"(?s)<(script|style|textarea|pre|code)\b.*?</\1>|<!--.*?-->")
_IN_A_LIST: Final = re.compile(r"<option\b[^>]*>[^<]*")  # one line each: the sites' names are as they are typed
_WITHIN: Final = re.compile(r"</?(?:a|abbr|b|em|i|small|span|strong|sup|time)\b[^>]*>")
_HEARD: Final = re.compile(r'\s(?:aria-label|alt|title|placeholder|data-(?:before|during|after))="([^"]*)"')
_COPIED: Final = re.compile(r"https?://\S+|\S+@\S+|(?<!\d)(?<!\d )\d{3} \d{3}(?! ?\d)")  # addresses, the code of a mail
_LOOSE: Final = re.compile(
    r"""(?x)(?: (?<![:;?!«])[\ \n]+ [:;?!»] | «[\ \n] | \w'[\w«]
    | \d[\ \n]+ (?:(?:[KMG]o|h|heures?|minutes?|jours?|ans?|caractères|\d+
                   |janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b|[€%])
    | \b\d+(?:er|re|e|nde?)\ \w | \w\ -\ \w | n°[\ ] | \dh\ \d )"""
)


def loose(text: str) -> list[str]:
    """List what of a text a line may break, or has a keyboard's apostrophe: « mot ? », « 8 Mo », « l'été »."""
    text = _COPIED.sub("…", text)
    return [text[max(0, slip.start() - 12) : slip.end() + 12] for slip in _LOOSE.finditer(text)]


def loose_in_subject(subject: str) -> list[str]:
    """List the same of a mail's subject, whose dashes have a keyboard's blanks: a header is folded there."""
    return loose(subject.replace(" - ", "|"))


@lru_cache(512)  # a test asks for the same mails again and again
def loose_in_page(page: str) -> list[str]:
    """List the same of what a page shows, and of what it says aloud."""
    text = _IN_A_LIST.sub(lambda option: option.group().replace(" - ", "|"), _UNSAID.sub("|", page))
    shown = re.sub(r"<[^>]+>", "|", _WITHIN.sub("", text))
    return loose(html.unescape("|".join([shown, *_HEARD.findall(text)])))
