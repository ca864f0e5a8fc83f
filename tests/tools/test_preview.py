"""`make preview`: a network with its own sites and wings is shown whole, and no link leads nowhere."""

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from chalicelib.settings.environment import NETWORK_FILE, load_network
from tools.preview.__main__ import with_made_up_sites
from tools.preview.beside import write_page

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z"/></svg>'
LOOK = '[look]\nlogo = "logo.svg"\n\n[publisher]'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write a network of two sites with codes of their own, and without teaching."""
    text = NETWORK_FILE.read_text("utf-8").replace("evry-xenakis", "massy-ravel").replace("evry-magnard", "ravel")
    parts = text.split("[[sites]]")
    sites = [part for part in parts[1:] if "ravel" in part.partition("name")[0]]
    text = re.sub(r"(?m)^wings = .*$", 'wings = ["admission"]', "[[sites]]".join([parts[0], *sites]), count=1)
    text = re.sub(r'(?m)^orders = .*$|, "ris-orangis-messiaen"', "", text).replace("Évry - Xénakis", "Massy - Ravel")
    path = tmp_path / "saclay.toml"
    path.write_text(text.replace("[publisher]", LOOK, 1), "utf-8")
    (tmp_path / "logo.svg").write_text(LOGO, "utf-8")
    return path


def test_made_up_people_are_at_the_network_s_own_sites(file: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    names = [site.name for site in load_network(path=file).sites]

    network = load_network(path=with_made_up_sites(file, tmp_path / "copy"))

    assert [site.name for site in network.sites] == [*names, "Site inventé 3", "Site inventé 4", "Site inventé 5"]
    assert {site.code for site in network.sites} == {site.code for site in load_network().sites}
    assert network.look.logo
    assert [one.sites for one in network.admission.disciplines if one.name == "Harpe"] == [("evry-magnard",)]


def test_pages_mails_and_prints_are_listed_and_lead_to_each_other(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "preview"
    environment = {**os.environ, "START": "bare"}
    command = [sys.executable, "-m", "tools.preview", str(folder), str(file)]

    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr[-2000:]
    index = unescape((folder / "index.html").read_text("utf-8"))
    pages = {path.name: path.read_text("utf-8") for path in folder.glob("*.html")}
    links = {name: re.findall(r'(?:href|src)="(?!\w+:)([^"#?]+)', page) for name, page in pages.items()}
    assert [f"{name}: {link}" for name, there in links.items() for link in there if not (folder / link).exists()] == []
    assert {path.name for path in folder.iterdir() if path.is_file()} <= {"index.html", *links["index.html"]}
    for words in ("/extranet/compte/reinscription", "/extranet/bureau/textes", "lost_password", "/pdf"):
        assert words in index
    assert not re.search("/extranet/enseignant/|lesson_changed", index), "of a wing left out"


def test_a_look_stands_on_our_texts_under_its_own_name(tmp_path: Path) -> None:
    look = Path("docs/exemple/looks/aubrane/look.toml")

    network = load_network(path=with_made_up_sites(look, tmp_path))

    assert (network.name, network.look.accent) == ("Conservatoires du Val d'Aubrane", "#1d4f8c")
    assert len(network.sites) >= 5


def test_pages_that_all_networks_have_stand_side_by_side(tmp_path: Path) -> None:
    for name in ("1/000-extranet.html", "2/000-extranet.html", "1/4-recus-numero-pdf.pdf", "2/9-recus-numero-pdf.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "1/1-extranet-bureau.html").touch()

    write_page(tmp_path, ["a.toml", "b.toml"])

    frames = re.findall(r'src="(\S+)".* width="(\d+)".*scheme: (\w+)', (tmp_path / "index.html").read_text("utf-8"))
    views = [(width, scheme) for width in ("360", "1280") for scheme in ("light", "dark")]
    pages = [(f"{number}/000-extranet.html", *view) for view in views for number in (1, 2)]
    prints = [(name, "1280", "light") for name in ("1/4-recus-numero-pdf.pdf", "2/9-recus-numero-pdf.pdf")]
    assert frames == pages + prints


def test_a_file_that_is_no_network_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.toml").write_text('name = "Rien"')
    command = [sys.executable, "-m", "tools.preview", str(tmp_path / "there"), str(tmp_path / "empty.toml")]

    run = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (run.returncode, "empty.toml is not a complete network" in run.stderr) == (1, True)
