"""Names in addresses: no Latin letter is lost."""

import unicodedata

import pytest

from lib.slugs import LETTERS, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Łucja Wałęsa", "lucja-walesa"), ("Işık Yıldız", "isik-yildiz"), ("İpek", "ipek"), ("Đorđe", "dorde"),
        ("Søren Ægir", "soren-aegir"), ("Ħal", "hal"), ("Þóra Sigurðardóttir", "thora-sigurdardottir"),
        ("Weiß", "weiss"), ("GROẞ", "gross"), ("Cœur", "coeur"), ("Ŋaro", "naro"), ("Əli", "eli"), ("Ƙaura", "kaura"),
        ("Mara L.", "mara-l"), ("Zoë", "zoe"), ("Наташа", ""),
    ],
)  # fmt: skip
def test_letters_without_a_decomposition_stay(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_each_letter_is_one_that_does_not_decompose() -> None:
    """Others need no entry, so that addresses made before stay what they were."""
    for letter in map(chr, LETTERS):
        assert unicodedata.normalize("NFKD", letter) == letter == letter.lower()
