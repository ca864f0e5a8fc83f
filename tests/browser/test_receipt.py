"""A receipt printed by a browser: complete, on one sheet for one pupil."""

from dataclasses import replace
from io import BytesIO

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from chalicelib.presentation.rendering import asset_bytes
from tests.support.answers import WHOLE
from tests.support.enrolment import ZELIE_KEY, open_season
from tests.support.french import plain
from tests.support.receipts import NUMBER, send_enrolment
from tests.support.world import Visitor, World

pytestmark = pytest.mark.browser


def test_a_pupil_and_a_full_household_take_one_sheet(chromium: Browser, world: World, visitor: Visitor) -> None:
    open_season(world)
    household = replace(WHOLE, payer="M. et Mme Rossignol-Desvignes, par moitié", pickup_persons="Mme Merle, M. Houx")
    send_enrolment(world, ZELIE_KEY, household=household)
    visitor.log_in()
    style = f"<style>{asset_bytes('clef.css').decode()}</style></head>"
    page = chromium.new_page()
    page.set_content(visitor.get(f"/extranet/compte/reinscription/recus/{NUMBER}").text.replace("</head>", style))

    pdf = page.pdf(format="A4", margin={"top": "1cm", "bottom": "1cm", "left": "1cm", "right": "1cm"})

    (sheet,) = PdfReader(BytesIO(pdf)).pages
    words = " ".join(plain(sheet.extract_text()).split())
    for part in (NUMBER, "Hautbois : change pour Alto", "Mme Merle, M. Houx", "01 99 00 10 03", "15 juin 2027 inclus"):
        assert part in words
    for part in ("Imprimer", "Télécharger", "Déconnexion", "Mot de passe"):
        assert part not in words
    page.close()
