import io
import threading

import pytest

from handoff.ops.console import Problem, Step, only_one, wait_until


def test_a_step_tells_its_end_and_its_time() -> None:
    out = io.StringIO()
    with Step("training", out):
        pass
    assert "✔ training (0 s)" in out.getvalue()


def test_a_step_that_fails_says_so_and_lets_the_problem_through() -> None:
    out = io.StringIO()
    with pytest.raises(Problem, match="disk is full"), Step("training", out):
        raise Problem("The disk is full.", "Free some space.")
    assert "✘ training" in out.getvalue()


def test_a_terminal_that_knows_no_unicode_still_sees_the_step() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with Step("training", out):
        pass
    out.seek(0)
    assert "? training" in out.read()


def test_waiting_ends_early_when_what_we_wait_for_has_died() -> None:
    assert not wait_until(lambda: False, seconds=60, alive=lambda: False)


def test_waiting_sees_the_condition_come_true() -> None:
    ready = threading.Event()
    threading.Timer(0.05, ready.set).start()
    assert wait_until(ready.is_set, seconds=10, every=0.01)


def test_a_second_run_in_the_same_folder_is_told_who_has_it(tmp_path) -> None:
    with (
        only_one(tmp_path / "lock", "running"),
        pytest.raises(Problem, match=r"Another \./setu is running"),
        only_one(tmp_path / "lock", "running"),
    ):
        pass
    with only_one(tmp_path / "lock", "running"):
        assert (tmp_path / "lock").exists()
