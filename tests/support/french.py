"""French as it is shown: a page's words without its tags, and the slips of typography and of manner in them."""

import html
import re


def seen(page: str) -> str:
    """Give the words of a page as they are shown without JavaScript."""
    shown = re.sub(r"(?s)<(head|option)\b.*?</\1>|<(\w+)[^>]* hidden[\s>].*?</\2>", " ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", shown)).split())


def slips(said: str) -> list[str]:
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
    found = [name for name, pattern in rules.items() if re.search(pattern, said)]
    depth, unpaired = 0, False
    for character in said:
        depth += {"«": 1, "»": -1}.get(character, 0)
        unpaired |= depth not in {0, 1}
    return found + ["« without »"] * (unpaired or depth != 0)
