"""Typer's own words in French: the headings of a command's help, and its errors of usage."""

import re
from typing import Any, Final

import typer
from typer.core import TyperGroup

_TYPES: Final = {"<str>": "<texte>", "<int>": "<nombre>", "<float>": "<nombre>", "<path>": "<fichier>", "<bool>": ""}
_HELP: Final = {
    "help": "Montrer cette aide.",
    "install_completion": "Compléter ce que vous tapez, par la touche Tab, dans ce terminal.",
    "show_completion": "Montrer ce que --install-completion écrirait.",
}
# Replaced in this order. A test makes each error of each command: none keeps an English word.
_WORDS: Final = (
    ("No such command", "Commande inconnue :"),
    ("No such option:", "Option inconnue :"),
    ("Did you mean", "Vouliez-vous dire"),
    ("Possible options:", "Options possibles :"),
    (r"Missing command\.", "Il manque une commande."),
    ("Missing argument", "Il manque"),
    ("Missing option", "Il manque l'option"),
    (r"Got unexpected extra argument\(s\)", "En trop :"),
    ("Invalid value for", "Valeur refusée pour"),
    ("Invalid value:", "Valeur refusée :"),
    ("Value error, ", ""),
    (r" requires an argument\.", " demande une valeur."),
    (r" does not take a value\.", " ne prend pas de valeur."),
    (" is not one of ", " n'est pas un de ces mots : "),
    (r"Choose from:\s+", "À choisir : "),
    (r",\s+", ", "),
    ("Input should be greater than or equal to ", "au moins "),
    ("Input should be less than or equal to ", "au plus "),
    ("(Input should be a valid|Unable to parse input string as an) integer.*", "donnez un nombre entier"),
    ("Input should be a (valid|finite) number.*", "donnez un nombre"),
)
_QUOTED: Final = re.compile(r"(?<!\w)'([^']*)'(?!\w)")


def describe_usage_error(error: typer.TyperException) -> str:
    """Describe an error of usage, with the place of the help. Empty if the help was shown."""
    sentence = error.format_message()
    if not sentence:
        return ""
    for words, french in _WORDS:
        sentence = re.sub(words, french, sentence)
    sentence = _QUOTED.sub(r"« \1 »", sentence).replace("»:", "» :").replace("»?", "» ?")
    stop = "" if sentence.endswith((".", "?", "!")) else "."
    ctx = getattr(error, "ctx", None)
    return f"{sentence}{stop} Aide : {ctx.command_path if ctx else 'clef'} --help"


def translate(command: Any, ctx: typer.Context) -> None:  # noqa: ANN401 - a command of Typer's own kind
    """Translate the help of a command or a group into French, before it is shown."""
    from typer import rich_utils  # noqa: PLC0415 - 65 ms of CPU, which only help pays

    rich_utils.COMMANDS_PANEL_TITLE = "Commandes"
    rich_utils.DEFAULT_STRING = "[par défaut : {}]"
    rich_utils.ENVVAR_STRING = "[ou la variable {}]"
    rich_utils.REQUIRED_LONG_STRING = "[obligatoire]"
    for parameter in command.get_params(ctx):
        parameter.metavar = parameter.metavar or _TYPES.get(parameter.display_type(ctx))
        parameter.help = _HELP.get(parameter.name, parameter.help)
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = "COMMANDE …"
