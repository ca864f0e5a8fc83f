"""Makes `chalicelib/known_words.txt`, and the passwords that its test reads, from two packages of the npm registry.

    npm pack @zxcvbn-ts/language-common@4.1.3 @zxcvbn-ts/language-fr@4.1.2
    python -m tools.known_words zxcvbn-ts-language-common-4.1.3.tgz zxcvbn-ts-language-fr-4.1.2.tgz

Both are under the MIT licence; the words of subtitles in the second are under ODC-BY (docs/decisions/0038).
"""

import json
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from chalicelib.domain.account.guessing import fold, is_common

ROOT: Final = Path(__file__).parents[1]
WORDS: Final = ROOT / "chalicelib/known_words.txt"
PASSWORDS: Final = ROOT / "tests/domain/known_passwords.txt"
ASKED: Final = 3000  # OWASP ASVS 5.0, 6.2.4: the most common that obey the rule
_BASES: Final = 8000  # of as many passwords, whatever rule they obey, the word that is left without digits
_FRENCH: Final = 2000  # words of films that are passwords too
_LENGTHS: Final = range(8, 21)
_SHORTEST: Final = 4

# What French families, and those of a conservatoire, think of before anything else.
_OURS: Final = """
azerty azertyuiop motdepasse motdepass mdpasse monmotdepasse nouveaumotdepasse passe secret changezmoi changemoi bonjour
bonsoir bienvenue salut coucou soleil etoile licorne papillon doudou loulou chouchou cheri cherie moncoeur amour
jetaime jtaime bisous bisou calin bebe maman papa mamie papi famille mafamille enfant enfants monfils mafille ecole
maison vacances noel paques printemps automne hiver janvier fevrier mars avril juin juillet aout septembre octobre
novembre decembre lundi mardi mercredi jeudi vendredi samedi dimanche france paris marseille lyon toulouse bordeaux
lille nantes nice rennes strasbourg montpellier evry essonne ile iledefrance bretagne normandie corse chocolat fraise
fromage baguette croissant chat chaton chien cheval lapin tigre dragon football rugby tennis psg olympique marseillais
conservatoire conservatoires ecoledemusique musique musiques lamusique musicien musicienne solfege partition orchestre
chorale concert audition gamme accord harmonie rythme melodie symphonie sonate opera chant chanteur chanteuse danse
danseur danseuse theatre piano violon violoncelle alto contrebasse guitare harpe flute flutetraversiere clarinette
hautbois basson saxophone saxo trompette trombone tuba cor accordeon batterie percussion percussions orgue clavecin
mandoline instrument eleve professeur prof formationmusicale eveilmusical doremi doremifasol mozart beethoven bach
chopin vivaldi debussy ravel berlioz bizet haydn brahms schubert verdi satie
aqwzsx aqwxsz azeqsd azsxdc toutlemonde bonjourtoutlemonde jaimelamusique onsenfout motpasse essonnes clef
ete joyeuxnoel rentree bonneannee bonnefete fete anniversaire joyeuxanniversaire mdp nouveaumdp monmdp connexion portail
imuse enseignant directeur directrice secretaire secretariat administration scolarite mairie agglo agglomeration
pianoforte guitareclassique danseclassique dansecontemporaine musiqueclassique musiqueetdanse choeur lechoeur eveil
doremifasolla doremifasollasi doremifasollasido sollasido sollasi clavier archet soliste jaimelepiano
jaimeleviolon jaimeladanse mamanpapa papamaman papaetmaman mamanetpapa monamour monamourdemavie
monbebe mesenfants mesbebes mesamours mesfilles mesgarcons minou monchat monchien mamandamour mapuce marraine parrain
mbappe messi griezmann dembele zidane allezlesbleus allezpsg allezlom allezparis allezlesverts vivelafrance vivement
ordinateur liberte egalite fraternite libertegalite libertegalitefraternite libertegalitefrat ouvretoi sesameouvretoi
root contrasena parisien banlieue lamaison lavieestbelle cestlavie jenesaispas jesaispas jaioublie
jeanpierre jeanmarc jeanclaude jeanmarie jeanpaul jeanluc jeanfrancois jeanlouis jeanjacques jeanmichel jeanphilippe
jeanyves jeanbaptiste jeanne jeancharles marieclaude mariefrance mariechristine marieclaire marietherese mariepierre
marieanne mariehelene marielaure mariejose annemarie annelaure annesophie mariesophie aissatou
ain aisne allier alpes hautesalpes alpesmaritimes ardeche ardennes ariege aube aude aveyron bouchesdurhone calvados
cantal charente charentemaritime cher correze corsedusud hautecorse cotedor cotesdarmor creuse dordogne doubs drome eure
eureetloir finistere gard hautegaronne gers gironde herault illeetvilaine indre indreetloire isere jura landes
loiretcher loire hauteloire loireatlantique loiret lotetgaronne lozere maineetloire manche marne hautemarne mayenne
meurtheetmoselle meuse morbihan moselle nievre nord oise orne pasdecalais puydedome pyrenees hautespyrenees
pyreneesatlantiques pyreneesorientales basrhin hautrhin rhone hautesaone saoneetloire sarthe savoie hautesavoie
seinemaritime seineetmarne yvelines deuxsevres somme tarn tarnetgaronne vaucluse vendee vienne hautevienne vosges
yonne territoiredebelfort hautsdeseine seinesaintdenis valdemarne valdoise guadeloupe martinique guyane reunion
lareunion mayotte alsace lorraine auvergne aquitaine limousin picardie provence occitanie bourgogne franchecomte
champagne centre paysdelaloire paca paysbasque antilles algerie maroc tunisie senegal mali portugal
corbeil corbeilessonnes courcouronnes evrycourcouronnes grigny massy palaiseau savigny viry vigneux draveil brunoy
yerres montgeron athismons juvisy morsang etampes arpajon bretigny dourdan mennecy lisses saintry saintgermain
soisy tigery versailles creteil bobigny nanterre melun pontoise
compte moncompte extranet inscription reinscription identifiant utilisateur usager administrateur invite test essai
""".split()  # noqa: SIM905 - a list of words reads best as words

_HEAD: Final = """\
# What is left of well-known passwords without case, accents, digits and signs; made by `python -m tools.known_words`.
# From @zxcvbn-ts/language-common 4.1.3 and @zxcvbn-ts/language-fr 4.1.2, MIT licence:
{licence}
# Contains information from OpenSubtitles 2024, made available by OPUS (Helsinki-NLP) under ODC-BY 1.0.
"""


def main(packages: list[str]) -> None:
    """Write both files."""
    common, french = map(Path, packages)
    leaked = _read(common, "passwords.json")
    asked = list(_obeying(leaked))[:ASKED]
    bases = {_base(password) for password in leaked[:_BASES]}
    known = set(map(fold, leaked))
    spoken = [word for word in dict.fromkeys(map(fold, _read(french, "commonWords.json"))) if word in known]
    first_names = map(fold, _read(french, "lastnames.json"))  # so the package calls first names
    words = {word for word in (*bases, *spoken[:_FRENCH], *first_names) if _is_word(word)} | {*_OURS}
    words |= {_base(each) if _is_word(_base(each)) else fold(each) for each in asked if not is_common(each, words)}
    PASSWORDS.write_text("".join(f"{password}\n" for password in asked), encoding="utf-8")
    WORDS.write_text(_head(common) + "".join(f"{word}\n" for word in sorted(words)), encoding="utf-8")


def _read(package: Path, name: str) -> list[str]:
    with tarfile.open(package) as packed:
        file = packed.extractfile(f"package/src/{name}")
        found: list[str] = json.load(file) if file else []
    return found


def _head(package: Path) -> str:
    with tarfile.open(package) as packed:
        file = packed.extractfile("package/LICENSE.txt")
        licence = file.read().decode() if file else ""
    return _HEAD.format(licence="\n".join(f"# {line}".rstrip() for line in licence.strip().splitlines()))


def _obeying(passwords: Iterable[str]) -> Iterator[str]:
    """Give those that obey the rule once one of their letters is a capital, as the list has none."""
    for password in passwords:
        letters = sum(character.isalpha() for character in password)
        if len(password) in _LENGTHS and letters > 1 and any(character in "0123456789" for character in password):
            yield password


def _base(password: str) -> str:
    return "".join(character for character in fold(password) if character.isalpha())


def _is_word(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isascii() and word.isalpha()


if __name__ == "__main__":
    main(sys.argv[1:])
