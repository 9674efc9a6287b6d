"""Check a language's file, and see what it finds: ``python -m bot.reading hi ["a message" …]``."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from bot.reading.finder import Finders
from bot.reading.language import BadRules, problems, read_folder

FOLDER = Path("data/entities")


def main(arguments: list[str]) -> int:
    if not arguments:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    language, *texts = arguments
    try:
        rules = read_folder(FOLDER)
    except BadRules as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if language not in rules:
        sys.stderr.write(f"There is no {FOLDER / language}.yml\n")
        return 1
    for text in texts:
        sys.stdout.write(f"{text}\n")
        for one in Finders(rules).find(text, language, datetime.now().astimezone().date()):
            sys.stdout.write(f"  {one.entity:13} {text[one.start : one.end]!r} -> {one.value}\n")
    found = problems(rules[language], rules["en"]["words"]) if language != "en" and not texts else []
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
