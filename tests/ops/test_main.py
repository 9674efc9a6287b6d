import subprocess
import sys

import pytest

from handoff.ops import main, testing
from handoff.ops.console import Problem
from handoff.ops.paths import ROOT


def test_the_entrance_starts_with_the_standard_library_alone() -> None:
    told = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "setu"), "--help"], capture_output=True, text=True, check=True
    )
    assert "set up whatever is missing and run everything" in told.stdout


def test_a_problem_is_a_sentence_and_a_way_out_never_a_stack_trace(monkeypatch, capsys) -> None:
    def fails(simulators: bool) -> int:
        raise Problem("Port 8000 is taken.", "Stop what has it.")

    monkeypatch.setattr(main.up, "up", fails)
    assert main.main(["up"]) == 1
    told = capsys.readouterr().out
    assert "✘ Port 8000 is taken." in told
    assert "→ Stop what has it." in told


def test_ctrl_c_ends_calmly(monkeypatch, capsys) -> None:
    def interrupted(simulators: bool) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(main.up, "up", interrupted)
    assert main.main(["up"]) == 130
    assert "it goes on where it stopped" in capsys.readouterr().out


def test_an_unknown_stage_is_named_with_those_there_are(capsys) -> None:
    assert main.main(["test", "nonsense"]) == 1
    told = capsys.readouterr().out
    assert "nonsense" in told
    assert "stories" in told


def test_the_summary_counts_what_failed_and_the_command_fails(monkeypatch, capsys) -> None:
    stages = {
        "good": testing.Stage("good", lambda: [sys.executable, "-c", "print('3 passed in 0.1s')"]),
        "bad": testing.Stage("bad", lambda: [sys.executable, "-c", "raise SystemExit(1)"]),
    }
    monkeypatch.setattr(testing, "STAGES", stages)
    monkeypatch.setattr(testing.up, "prepare", lambda tests: {})
    monkeypatch.setattr(testing.model, "ensure_model", lambda env: ROOT)
    assert testing.test([]) == 1
    told = capsys.readouterr().out
    assert "1 passed, 1 failed" in told
    assert "3 passed" in told.split("Summary")[1]


def test_a_bench_takes_its_file_and_hands_on_its_own_options(monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(main.bench, "bench", lambda *words: asked.append(words) or 0)
    assert main.main(["bench", "nlu", "--json", "out.json", "--encoder", "folder", "clinc150"]) == 0
    assert main.main(["bench", "--json", "out.json", "turn"]) == 0
    assert asked == [
        ("nlu", "out.json", ["--encoder", "folder", "clinc150"]),
        ("turn", "out.json", []),
    ]


def test_an_unknown_option_is_refused(capsys) -> None:
    with pytest.raises(SystemExit):
        main.main(["up", "--nonsense"])
    assert "unrecognized arguments: --nonsense" in capsys.readouterr().err


def test_adding_a_person_hands_all_words_on(monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(main, "_module", lambda name, words: asked.append([name, *words]) or 0)
    words = ["user", "add", "lena@shop.example", "--name", "Lena", "--languages", "en,el"]
    assert main.main(words) == 0
    assert asked == [["handoff.cli", *words]]


@pytest.mark.parametrize(("system", "fetched"), [("chromium", []), (None, ["install", "chromium"])])
def test_a_browser_is_fetched_only_where_the_system_has_none(monkeypatch, system, fetched) -> None:
    commands = []
    monkeypatch.setattr(testing.shutil, "which", lambda name: system if name == system else None)
    monkeypatch.setattr(testing, "run_step", lambda command, *_: commands.extend(command[-2:]))
    testing._ensure_chromium({})
    assert commands == fetched
