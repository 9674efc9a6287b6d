"""The shop's names in a message, by spaCy's phrase matcher on words whatever their endings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.reading.finder import KINDS, Name
from bot.reading.forms import Endings
from bot.reading.language import Rules, phrases_of
from bot.reading.phrases import ways
from bot.reading.tokens import JOINTS, Token


class SpacyNames:
    """Finds the words for colours, categories, brands and cities of one language and English.

    ``rules``: the language's own first. The tokens are :mod:`reading`'s: spaCy's would be cut by the
    tokeniser of one language, while messages mix two.
    """

    def __init__(self, rules: Iterable[Rules]) -> None:
        self._vocab = Vocab()
        self._matcher = PhraseMatcher(self._vocab, attr="NORM")
        self._meant: dict[str, tuple[str, str]] = {}
        self._forms: list[tuple[Endings, dict[str, str]]] = []
        for one in rules:
            endings, forms = Endings(one.get("endings") or (), one.get("changes")), dict[str, str]()
            for kind in KINDS:
                for phrase, name in phrases_of(one, kind).items():
                    for way in ways(phrase):
                        key = f"{kind} {' '.join(way)}"
                        if way and key not in self._meant:
                            self._meant[key] = (kind, name)
                            self._matcher.add(key, [self._doc(way, way)])
                            forms |= {word: word for word in way}
            for word in list(forms):
                for stem in endings.listed(word):
                    forms.setdefault(stem, word)
            self._forms.append((endings, forms))

    def __call__(self, tokens: Sequence[Token]) -> list[Name]:
        places = [i for i, token in enumerate(tokens) if token.kind != "sign" or token.text not in JOINTS]
        said = [tokens[i].text for i in places]
        matches = self._matcher(self._doc(said, [self._known(word) for word in said]))
        found = []
        for key, start, end in matches:
            kind, name = self._meant[self._vocab.strings[key]]
            found.append(Name(kind, name, places[start], places[end - 1] + 1))
        return found

    def _doc(self, said: Sequence[str], norms: Sequence[str]) -> Doc:
        doc = Doc(self._vocab, words=list(said))
        for token, norm in zip(doc, norms, strict=True):
            token.norm_ = norm
        return doc

    def _known(self, word: str) -> str:
        """The listed word that this one is a form of, or itself."""
        for _, forms in self._forms:
            if forms.get(word) == word:
                return word
        for endings, forms in self._forms:
            for form in (word, *endings.stems(word)):
                if form in forms:
                    return forms[form]
        return word
