"""Spellings folded: what is heard alike is compared alike."""

import re
import unicodedata


def folded(words: str) -> str:
    """Give what two spellings of a heading, a site or a name share: no accents, no case, no punctuation."""
    apart = unicodedata.normalize("NFKD", words.casefold().replace("œ", "oe").replace("æ", "ae"))
    return " ".join(re.findall(r"[^\W_]+", "".join(each for each in apart if not unicodedata.combining(each))))
