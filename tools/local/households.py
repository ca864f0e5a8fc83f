"""The households of the fictitious families: who answers for whom, where they live, and what each pupil learns."""

from datetime import date
from typing import Final

from chalicelib.domain.family.households import Course, Guardian, Household, Pupil

_SOLFEGE: Final = Course(
    "Formation musicale", "Cycle 1 - 2e année", "M. Platane", "mercredi 10 h - 11 h", "salle Ravel"
)
_EGLANTINE: Final = Guardian("Mme Solène D'Églantine-Noël", "eglantine@example.org", "01 99 00 30 07")
_SARRIETTE: Final = Guardian("Mme Iris Sarriette", "sarriette@example.org", "01 99 00 30 14")
_GENEVRIER: Final = (
    Guardian("Mme Anaïs Genévrier", "genevrier@example.org", "01 99 00 30 06"),
    Guardian("M. Hugo Sorbier", "sorbier@example.fr", "01 99 00 31 06 / +352 99 00 31"),
)


HOUSEHOLDS: Final[dict[tuple[str, str], Household]] = {
    ("bondoufle-gounod", "GOU1001"): Household(
        (Guardian("Mme Claire Lavandier", "lavandier@example.org", "01 99 00 30 01"),),
        ("4 rue du Contre-Ut", "91070 Bondoufle"),
        (Pupil("Maël Lavandier", date(2017, 5, 2), (Course("Éveil musical", "Éveil", slot="samedi 10 h"),)),),
    ),
    ("bondoufle-gounod", "GOU1002"): Household(
        (Guardian("M. Octave Pommerel", "pommerel@example.org", "01 99 00 30 02"),),
        ("12 allée des Demi-Soupirs", "91070 Bondoufle"),
        (
            Pupil(
                "Nour Pommerel",
                date(2014, 11, 30),
                (Course("Trompette", "Cycle 1 - 4e année", "Mme Verveine", "lundi 17 h 30 - 18 h", "salle Cuivre"),),
            ),
        ),
    ),
    ("bondoufle-gounod", "GOU1003"): Household(
        (Guardian("Mme Zoé Tournesol", "tournesol@example.fr", "01 99 00 30 03"),),
        ("7 place du Bémol", "91070 Bondoufle"),
        (Pupil("Basile Tournesol", date(2016, 1, 9), (Course("Guitare", "Cycle 1 - 1re année"),)),),
    ),
    ("evry-magnard", "MAG2001"): Household(
        (Guardian("Mme Flore Bruyère", "bruyere@example.org", "01 99 00 30 04"),),
        ("Bâtiment C", "30 chemin de l'Anacrouse", "91000 Evry"),
        (Pupil("Théo Bruyère", date(2013, 6, 21), (Course("Percussions", "Cycle 2 - 1re année"),)),),
    ),
    ("evry-magnard", "MAG2002"): Household(
        (Guardian("M. Gaspard Cormoran", "cormoran@example.fr", "01 99 00 30 05"),),
        ("2 quai de la Quinte-Juste", "91000 Evry"),
        (Pupil("Irène Cormoran", date(2012, 2, 28), (Course("Violoncelle", "Cycle 2 - 4e année", "M. Cyprès"),)),),
    ),
    ("evry-magnard", "MAG2003"): Household(
        _GENEVRIER,
        ("18 avenue du Point-d'Orgue", "91000 Evry"),
        (
            Pupil(
                "Éloïse Genévrier-Sorbier",
                date(2015, 9, 12),
                (
                    Course("Violon", "Cycle 1 - 3e année", "Mme Tilleul", "mardi 17 h - 17 h 45", "salle Lully"),
                    _SOLFEGE,
                ),
            ),
        ),
        payer="M. Hugo Sorbier",
    ),
    ("evry-xenakis", "XEN3001"): Household(
        (_EGLANTINE,),
        ("9 rue de l'Appoggiature", "91000 Evry"),
        (
            Pupil(
                "Solène D'Églantine-Noël",
                date(1984, 4, 17),
                (Course("Chant", "Cycle 3", "M. Olivier", "jeudi 19 h - 20 h", "auditorium"),),
            ),
        ),
        payer="Mme Solène D'Églantine-Noël",
    ),
    ("evry-xenakis", "XEN3002"): Household(
        (Guardian("Mme Ondine Alizé", "alize@example.org", "01 99 00 30 08"),),
        ("1 square du Da-Capo", "91000 Evry"),
        (Pupil("Yanis Alizé", date(2016, 8, 17), (Course("Alto", "Cycle 1 - 1re année"),)),),
    ),
    ("ris-orangis-messiaen", "MES4001"): Household(
        (Guardian("Mme Aimée Rossignol", "rossignol@example.org", "01 99 00 30 09"),),
        ("3 allée des Platanes", "91130 Ris-Orangis"),
        (
            Pupil(
                "Jeanne Rossignol",
                date(2015, 3, 9),
                (
                    Course(
                        "Clarinette", "Cycle 1 - 3e année", "Mme Sorbier", "mercredi 14 h 30 - 15 h 15", "salle Anche"
                    ),
                    _SOLFEGE,
                ),
            ),
            Pupil(
                "Paul Rossignol",
                date(2012, 12, 25),
                (Course("Piano", "Cycle 2 - 1re année", "M. Charme", "vendredi 18 h - 18 h 45", "salle Satie"),),
            ),
            Pupil(
                "Inès Rossignol",
                date(2018, 7, 4),
                (Course("Danse classique", "Initiation", "Mme Frêne", "samedi 9 h 30 - 10 h 30", "studio de danse"),),
            ),
        ),
        payer="Mme Aimée Rossignol",
    ),
    ("ris-orangis-messiaen", "MES4002"): Household(
        (Guardian("Mme Hélène Mésange", "nid@example.org", "01 99 00 30 10"),),
        ("21 impasse de la Double-Croche", "91130 Ris-Orangis"),
        (Pupil("Colette Mésange", date(2014, 10, 3), (Course("Harpe", "Cycle 1 - 3e année"),)),),
    ),
    ("ris-orangis-messiaen", "MES4003"): Household(
        (Guardian("M. Lucien Fauvette", "nid@example.org", "01 99 00 30 11"),),
        ("21 impasse de la Double-Croche", "91130 Ris-Orangis"),
        (Pupil("Ulysse Fauvette", date(2013, 5, 11), (Course("Théâtre", "Cycle 1 - 1re année"),)),),
    ),
    ("villabe-yves-henry", "HEN5001"): Household(
        (Guardian("Mme Sylve Peuplier", "peuplier@example.fr", "01 99 00 30 12"),),
        ("1 rue du Contre-Ut", "91100 Villabé"),
        (Pupil("Félix Peuplier", date(2016, 2, 29), (Course("Guitare", "Cycle 1 - 1re année"),)),),
    ),
    ("villabe-yves-henry", "HEN5002"): Household(
        (Guardian("M. Rémi Charme", "charme@example.org", "01 99 00 30 13"),),
        ("4 rue de l'Appoggiature", "91100 Villabé"),
        (Pupil("Manon Charme", date(2011, 4, 23), (Course("Flûte traversière", "Cycle 2 - 4e année"),)),),
    ),
    ("evry-magnard", "DUO6001"): Household(
        (_SARRIETTE,),
        ("6 allée des Demi-Soupirs", "91000 Evry"),
        (
            Pupil("Léonie Sarriette", date(2013, 3, 30), (Course("Piano", "Cycle 2 - 1re année", slot="mardi 18 h"),)),
            Pupil("Désiré Sarriette", date(2017, 9, 1), (Course("Éveil musical", "Éveil"),)),
        ),
    ),
    ("evry-xenakis", "DUO6001"): Household(
        (_SARRIETTE,),
        ("6 allée des Demi-Soupirs", "91000 Evry"),
        (Pupil("Léonie Sarriette", date(2013, 3, 30), (Course("Danse contemporaine", "Cycle 1 - 3e année"),)),),
    ),
    ("bondoufle-gounod", "DUO6002"): Household(
        (Guardian("Mme Gaëlle Cyprès", "cypres@example.org", "01 99 00 30 15"),),
        ("8 place du Bémol", "91070 Bondoufle"),
        (Pupil("Émile Cyprès", date(2015, 12, 8), (Course("Basson", "Cycle 1 - 3e année"),)),),
    ),
    ("villabe-yves-henry", "DUO6002"): Household(
        (Guardian("M. Quentin Olivier", "olivier@example.fr", "01 99 00 30 16"),),
        ("5 chemin de l'Anacrouse", "91100 Villabé"),
        (Pupil("Aïcha Olivier", date(2014, 7, 19), (Course("Cor", "Cycle 1 - 3e année"),)),),
    ),
    ("ris-orangis-messiaen", "MES4009"): Household(
        (Guardian("M. Joël Sansadresse", telephone="01 99 00 30 17"),),
        ("2 place du Bémol", "91130 Ris-Orangis"),
        (Pupil("Noémie Sansadresse", date(2016, 6, 6), (Course("Tuba", "Cycle 1 - 1re année"),)),),
    ),
    ("villabe-yves-henry", "HEN5009"): Household(
        (Guardian("Mme Adèle Fermée", "fermee@example.org", "01 99 00 30 18"),),
        ("3 rue de l'Appoggiature", "91100 Villabé"),
        (Pupil("Paulin Fermée", date(2012, 9, 14)),),
    ),
}
