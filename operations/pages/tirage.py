"""Refait l'ordre d'un tirage au sort : python3 tirage.py LISTE.txt "LE NOMBRE" (Python 3.8 ou plus, rien d'autre).

Chaque numéro de la liste est mélangé au nombre publié (HMAC-SHA256). Les groupes passent dans leur ordre. Dans un
groupe, le plus petit résultat est le premier.
"""

import hashlib
import hmac
import sys
from pathlib import Path


def order(text: str, seed: str) -> "list[str]":
    """Range les numéros d'une liste : « tirage ANNÉE SITE », puis une ligne « GROUPE NUMÉRO » pour chacun."""
    heading, *lines = text.splitlines()
    _, season, site = heading.split(" ")

    def rank(line: str) -> "tuple[int, str, str]":
        group, ticket = line.split(" ")
        message = f"{season} {site} {ticket}"
        return int(group), hmac.new(seed.encode(), message.encode(), hashlib.sha256).hexdigest(), ticket

    return [line.split(" ")[1] for line in sorted(lines, key=rank)]


def main(path: str, seed: str) -> None:
    """Écrit l'empreinte de la liste (à part), puis un rang et un numéro par ligne."""
    content = Path(path).read_bytes()
    print("Empreinte de la liste :", hashlib.sha256(content).hexdigest(), file=sys.stderr)
    for place, ticket in enumerate(order(content.decode(), seed), start=1):
        print(place, ticket)


if __name__ == "__main__":
    main(*sys.argv[1:])
