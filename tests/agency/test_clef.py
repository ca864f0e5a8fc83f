"""The command `clef` in a process of its own, beside a running service: its errors, and its exit codes."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import typer

from agency.cli import command_line, main
from agency.console.french import describe_usage_error
from agency.console.lazy_group import LazyGroup
from chalicelib.presentation.rendering import environment
from tests.support.clef import CommandResult, every_command
from tests.support.french import plain
from tests.support.office import clef
from tests.support.service import Running
from tests.support.template_files import template_files

ROOT = Path(__file__).parents[2]
CLEF = [sys.executable, "-m", "agency"]
KEPT = ("PATH", "CLEF_NETWORK_FILE", "LD_PRELOAD", "CLEF_AHEAD")  # the last two: tools/anyday.c
NOBODY = {
    **{name: os.environ[name] for name in KEPT if name in os.environ},
    "HOME": "/nowhere",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def run(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*CLEF, *words], cwd=ROOT, env={**NOBODY, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("encoding", "title"), [("utf-8", "Clef, côté"), ("ascii", "Clef, cote")])
def test_help_is_shown_in_french_to_who_types_nothing(encoding: str, title: str) -> None:
    result = run(PYTHONIOENCODING=encoding)

    assert (result.returncode, result.stderr) == (2, "")
    assert f"{title} administration" in result.stdout
    assert "Montrer cette aide." in result.stdout
    assert "Codes de sortie" in result.stdout
    assert not [word for word in ("Show this", "Commands", "required", "<str>", "default") if word in result.stdout]


@pytest.fixture
def run_here(capsys: pytest.CaptureFixture[str]) -> Callable[..., CommandResult]:
    """Type a command in this process, for tests that need no other."""

    def type_in(*words: str) -> CommandResult:
        with pytest.raises(SystemExit) as error:
            main(words)
        result = capsys.readouterr()
        return CommandResult(int(error.value.code or 0), result.out, result.err)

    return type_in


def test_the_version_is_told(run_here: Callable[..., CommandResult]) -> None:
    result = run_here("--version")

    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("clef ")


def words_of(*words: str, **environment: str) -> list[str]:
    """Type a command that prints the modules imported, PARSED each time that it reads AWS's list of endpoints.

    And WALKED if it looks into the folder of a service that no command uses.
    """
    listing = "import atexit, sys; from agency import cli; atexit.register(lambda: print(*sys.modules)); "
    listing += "sys.addaudithook(lambda _, on: 'endpoints.json' in str(on) and print('PARSED')); "
    listing += "sys.addaudithook(lambda _, on: 'botocore/data/ec2' in str(on) and print('WALKED')); "
    listing += "cli.main(sys.argv[1:])"
    command, env = [sys.executable, "-c", listing, *words], {**NOBODY, **environment}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_what_runs_no_command_imports_none(word: str) -> None:
    modules = set(words_of(word))
    assert "agency.cli" in modules
    assert not modules & {
        "botocore.session",
        "pydantic",
        "openpyxl",
        "reportlab",
        "chalicelib.wiring",
        "agency.console.connection",
        "agency.console.sentences",
    }
    assert not [name for name in modules if name.startswith(("agency.campaign.", "agency.enrolment."))]


def test_the_help_of_each_command_ends_with_an_example_that_parses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "docs/exemple")
    for words, command in every_command():
        example = re.search(r"^Exemple : clef (.+)\Z", command.help, re.MULTILINE)
        assert example, words
        arguments = shlex.split(example[1])
        assert arguments[: len(words)] == words
        command.make_context(words[-1], arguments[len(words) :])


@pytest.mark.wing("campaign")
@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("period s", ["set", "show"]),
        ("period show --stage lo", ["local", "local-2"]),
        ("campaign letters --site evry-", ["evry-magnard", "evry-xenakis"]),
    ],
)
def test_a_shell_completes_commands_stages_and_sites(
    text: str, options: list[str], run_here: Callable[..., CommandResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_CLEF_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"clef {text}")
    monkeypatch.setenv("COMP_CWORD", str(len(text.split())))

    assert run_here().out.split() == options


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["period", "sat"], "Commande inconnue : « sat ». Vouliez-vous dire « set » ? Aide : clef period --help\n"),
        (["period", "set", "2027-06-01"], "Il manque « DERNIER_JOUR ». Aide : clef period set --help\n"),
        (["period", "show", "--quoi"], "Option inconnue : --quoi. Aide : clef period show --help\n"),
        (["period", "show", "x", "y"], "En trop : (x y). Aide : clef period show --help\n"),
        (["period", "show", "--stage"], "Option « --stage » demande une valeur. Aide : clef --help\n"),
    ],
)
def test_slips_are_told_in_french(words: list[str], sentence: str, run_here: Callable[..., CommandResult]) -> None:
    assert run_here(*words) == CommandResult(2, "", sentence)


def test_a_former_command_says_where_its_work_is_done_now(run_here: Callable[..., CommandResult]) -> None:
    tabs = {tab[1] for tab in vars(environment().get_template("office/tab_list.html").module)["tabs"]}
    root = command_line()
    groups = {"clef": root} | {name: group for name, group in root.commands.items() if isinstance(group, LazyGroup)}
    former = {(name, word) for name, group in groups.items() for word in group.former}
    assert {("clef", "desk"), ("clef", "draw"), ("enrolments", "accept"), ("staff", "roles")} < former
    for name, word in former:
        words = [word] if name == "clef" else [name, word]
        result = run_here(*words, "MAG 3001", "--why", "x")
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(f"« clef {' '.join(words)} » n'existe plus : ")
        assert word not in groups[name].commands, words
        place = re.search("sous « ([^»]+) »", result.err)
        assert place[1] in tabs if place else word == "timetables", result.err


@pytest.mark.wing("admission", "billing", "campaign")
def test_each_command_that_a_text_names_exists() -> None:
    commands: defaultdict[str, set[str]] = defaultdict(set)
    for words, _ in every_command():
        commands[words[0]] |= set(words[1:])
    folders = (("agency", "*.py"), ("chalicelib", "*.py"), ("docs", "*.md"))
    files = [path for folder, ending in folders for path in (ROOT / folder).rglob(ending)]
    options = {
        (str(path.relative_to(ROOT)), *match.groups())
        for path in (*files, *template_files())
        if "decisions" not in path.parts
        for match in re.finditer(r"(?:«\s|`|\$\s)clef ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?", path.read_text("utf-8"))
    }
    wrong = [
        place
        for place in options
        if place[1] not in commands or (commands[place[1]] and place[2] and place[2] not in commands[place[1]])
    ]
    assert len(options) > 50
    assert wrong == []


ENGLISH = re.compile(r"\b(is|not|of|one|from|choose|should|input|valid|takes?|value|missing|such|invalid|unable)\b")


def test_no_error_of_usage_keeps_an_english_word() -> None:
    slips: set[str] = set()
    for words, command in every_command():
        context = typer.Context(command)
        options = [parameter.opts[0] for parameter in command.get_params(context) if parameter.opts[0] != "--help"]
        for option in options:
            tries = [[f"{option}={value}"] for value in ("zzz", "-5", "1.5", "1e999", "9" * 5000)]
            for arguments in ([], ["--zzz"], ["-z"], [option], ["zzz"] * 9, *tries):
                try:
                    command.make_context(words[-1], list(arguments))
                except typer.TyperException as error:
                    slips.add(describe_usage_error(error).partition(" Aide : ")[0])

    assert len(slips) > 50
    assert [slip for slip in slips if ENGLISH.search(re.sub("« [^»]* »|--?[a-z-]+", "", slip).casefold())] == []


def test_without_a_running_service_one_is_told_how_to_start_it(
    run_here: Callable[..., CommandResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLEF_LOCAL", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]

    monkeypatch.setenv("PORT", str(free))
    result = run_here("period", "show")

    assert (result.code, result.out) == (1, "")
    assert result.err.count("\n") == 1
    assert result.err.startswith(f"Rien ne répond à http://127.0.0.1:{free} : lancez « make run »")


def test_a_stage_that_is_not_described_is_told(run_here: Callable[..., CommandResult]) -> None:
    result = run_here("period", "show", "--stage", "nulle")

    assert (result.code, result.err.count("\n")) == (1, 1)
    assert result.err.startswith("Le fichier stages.toml ne décrit pas de déploiement « nulle »")


@pytest.fixture
def silent() -> Iterator[str]:
    """Open a server that takes calls and never answers. Yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


class _AnotherCheckout(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert self.path == "/_local/stage.json"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"checkout": "0123456789abcdef", "credentials": {}, "environment": {}}).encode())

    def log_message(self, *_: object) -> None:
        pass


def test_another_checkout_is_refused(run_here: Callable[..., CommandResult], monkeypatch: pytest.MonkeyPatch) -> None:
    with HTTPServer(("127.0.0.1", 0), _AnotherCheckout) as server:
        monkeypatch.setenv("CLEF_LOCAL", f"http://127.0.0.1:{server.server_port}")
        Thread(target=server.handle_request, daemon=True).start()
        result = run_here("period", "clear", "--apply", "--yes")

    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(
        f"Le service de http://127.0.0.1:{server.server_port} est celui d'un autre dossier de Clef"
    )
    assert "« export »" in result.err


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM"])
def test_a_ctrl_c_or_a_shutdown_is_a_sentence_and_130(silent: str, how: str) -> None:
    environment = {**NOBODY, "CLEF_LOCAL": silent}
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, how], cwd=ROOT, env=environment, stdout=-1, stderr=-1, text=True
    ) as process:
        out, err = process.communicate(timeout=60)

    assert (process.returncode, out) == (130, "")
    assert (
        err == "Interrompu : ce qui est fait est fait, rien n'est à moitié. Relancez la même commande : elle reprend.\n"
    )


# Types a command, and sends it the signal once it waits for its stage.
INTERRUPTED = """
import os, signal, sys
from agency import cli
def wait(event, about):
    if event == "socket.connect":
        os.kill(os.getpid(), signal.Signals[sys.argv[1]])
sys.addaudithook(wait)
cli.main(["period", "show"])
"""


# Beside a running service.


@pytest.fixture
def beside(running: Running) -> Iterator[dict[str, str]]:
    yield {"CLEF_LOCAL": running.url}
    clef(running, "period", "clear", "--apply", "--yes")


def page(running: Running) -> str:
    with urllib.request.urlopen(f"{running.url}/extranet/usager", timeout=10) as answer:
        return plain(answer.read().decode())


def test_a_period_is_announced_to_the_running_service(running: Running, beside: dict[str, str]) -> None:
    result = run("period", "set", "2027-06-01", "2027-06-15", "--apply", "--yes", **beside)

    assert (result.returncode, result.stderr) == (
        0,
        f"Déploiement : local, Réseau des conservatoires 91, {running.public_url}\n",
    )
    assert "\x1b" not in result.stdout
    assert re.search(r"^[45] pages publiées", result.stdout, re.MULTILINE)  # of another month, security.txt too
    assert "Réinscription 2027-2028 : du 1er juin 2027 au 15 juin 2027 inclus." in page(running)
    answer: dict[str, Any] = json.loads(clef(running, "period", "show", "--json"))
    assert answer["sites"]["evry-xenakis"]["closes_on"] == "2027-06-15"
    clef(running, "period", "clear", "--apply", "--yes")
    assert "juin 2027" not in page(running)


@pytest.mark.wing("campaign")
def test_a_list_imports_what_it_shows_and_parses_the_data_of_botocore_once(beside: dict[str, str]) -> None:
    slow = {
        "rich",
        "jinja2",
        "operations.pages",
        "chalicelib.wings.campaign.office.campaign_job",
        "agency.console.sentences",
        "operations.deploy.stages",
    }
    for command in ("status", "families imports", "campaign list", "period show"):
        words = words_of(*command.split(), **beside)
        assert not {*slow, "chalicelib.office.roster.import_families"} & set(words), command
        assert (words.count("PARSED"), words.count("WALKED")) == (1, 0), command


@pytest.mark.parametrize("more", [{}, {"NO_COLOR": "1"}])
def test_in_a_pipe_it_is_plain(beside: dict[str, str], more: dict[str, str]) -> None:
    result = run("period", "show", **beside, TERM="xterm-256color", **more)

    assert "\x1b" not in result.stdout
    lines = result.stdout.splitlines()
    assert len(lines) == 6, "a heading, and one line for each site"
    assert [line.find("Les dates de la réinscription") for line in lines[1:]] == [lines[0].find("Ce que lisent")] * 5


def test_an_aws_profile_of_ones_own_does_not_matter_here(beside: dict[str, str]) -> None:
    assert run("period", "show", **beside, AWS_PROFILE="nulle", AWS_DEFAULT_REGION="us-east-1").returncode == 0
