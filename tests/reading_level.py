"""The reading level of a sentence by Flesch and Kincaid (1975), with syllables counted by the vowels heard."""

import re

WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
SENTENCE = re.compile(r"[.?!]+(?:\s|$)")
VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(
    r"(?<=[^aeiouyl])e(?=(?:ness|ful|less|ly|ment|s)?$)|(?<=[^aeioutdy])e(?=d$)|(?<=^ev)e(?=ry)|(?<=^som)e(?=\w)"
)
HEARD = re.compile(r"(?<=[sxz])es$|(?<=[cs]h)es$|(?<=[cg])es$|^the$")  # an "e" of its own after all
TWO_VOWELS = re.compile(r"(?<=[aeouy])ing\b")  # see-ing, carry-ing


def grade(text: str) -> float:
    """0.39·words/sentences + 11.8·syllables/words − 15.59: the school year that can read the text."""
    words = WORD.findall(text.lower())
    sentences = max(1, len(SENTENCE.findall(text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """How many are heard in a word of small letters; 1 at least."""
    heard = word if HEARD.search(word) else SILENT.sub("", word)
    return max(1, len(VOWELS.findall(heard)) + len(TWO_VOWELS.findall(heard)))
