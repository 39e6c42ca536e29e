"""No French in the package but in its catalogue: the library hands out codes and figures."""

import re

from amazing_assets_tests.language.sentences import PACKAGE

FILES = [
    file
    for file in sorted(PACKAGE.rglob("*"))
    if file.suffix in {".py", ".j2", ".typ", ".css"}
    and file.relative_to(PACKAGE).parts[0] != "language"
]

# None of these is a word of English, of Python or of a library, as `sans` and `constant` are.
TELLING = """
    achat achats acheteur acheteurs ainsi animaux assidu aucun aucune aussi autre autres avec baisse
    beaucoup castors cela chaque cher chers chez chouettes clients dans depensier depuis des deux
    donc econome ecureuils elle entre fidele fideles fois habitude habitudes heure heures jamais
    jour jours les leur leurs ligne lignes loup mais meilleur meilleurs mois moins montant nombre
    nous panier paniers parce pas petit petits peu pour prix produit produits quand que qui quoi
    renards ses seuil seuils sont sous sur tortues toujours tous toute toutes trop une vers visite
    visites vous vue vues
"""

ACCENTED = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0153]")

# What the service answers is read by other programs: both languages, whoever asks.
ANSWERED = {"name_fr", "name_en"}

# Authors whom a comment cites.
NAMES = {"perpi\u00f1\u00e1n"}


def french(text):
    """The French words of a text, those within a name such as `nombre_de_visites` too."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    telling = set(TELLING.split())
    return [w for w in words if w not in NAMES and (w in telling or ACCENTED.search(w))]


def test_french_is_recognised():
    assert french('PANIERS = "Les clients fid\u00e8les"  # du mois') == [
        "paniers",
        "les",
        "clients",
        "fid\u00e8les",
        "mois",
    ]
    assert french("def visits_of(customers): ...  # Carreira-Perpi\u00f1\u00e1n (2015)") == []


def test_no_french_is_written_outside_the_catalogue():
    assert len(FILES) > 100
    found = [
        f"{file.relative_to(PACKAGE)}:{number}: {word}"
        for file in FILES
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        for word in french(line)
    ]
    assert found == []


def test_no_name_of_a_column_or_function_says_in_which_language_it_is():
    found = {
        f"{file.relative_to(PACKAGE)}: {name}"
        for file in FILES
        for name in re.findall(r"\w+_(?:french|english|fr|en)\b", file.read_text(encoding="utf-8"))
        if name not in ANSWERED
    }
    assert found == set()
