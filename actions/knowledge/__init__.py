"""What the shop knows in words: help articles, found by their words and by their meaning.

* :mod:`.articles` reads ``data/knowledge/<language>/<slug>.md`` into articles and passages (pure)
* :mod:`.words` cuts texts of any of our scripts into terms (pure)
* :mod:`.index` one language's passages, found by BM25 and by vectors (pure)
* :mod:`.certainty` how probable it is that what was found answers (pure)
* :mod:`.vectors` fetches vectors from the bot and keeps those of passages on disk
* :mod:`.search` puts them together: ``await Knowledge(…).search(text, language)``

The action server answers from it, the gateway shows its pages and suggests from it.
"""
