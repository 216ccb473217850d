"""Whatever a learner's function does, the kernel lives on, and only its own time counts."""

import gc
import subprocess
import sys
import threading
import time
from types import ModuleType

from patience import PATIENCE
from toy import forever, hoard, never_reached, printing_forever, slow_sum

from course_snn.course import guard


def call(fn, seconds=0.3):
    return guard.call(lambda: fn(1), seconds, frozenset({fn.__code__.co_filename} if hasattr(fn, "__code__") else ()))


def test_a_value_and_an_error_come_back():
    assert call(lambda x: x + 1).value == 2
    assert isinstance(call(lambda x: 1 / 0).value, ZeroDivisionError)
    assert isinstance(call(lambda x: sys.exit(3)).value, SystemExit)


def test_a_thread_of_a_stopped_answer_does_not_live_on():
    before = set(threading.enumerate())
    assert call(forever).timed_out
    assert set(threading.enumerate()) <= before


def test_a_stopped_thread_ends_without_a_word(capsys):
    for _ in range(20):
        outcome = call(hoard, 0.02)
        assert outcome.timed_out and not outcome.stuck
    assert capsys.readouterr().err == ""


def test_a_thread_ends_although_the_garbage_collector_runs_python_code():
    listener, before = (lambda phase, info: sum(i for i in range(2000))), gc.get_threshold()
    gc.callbacks.append(listener)
    gc.set_threshold(1)
    try:
        outcome = call(hoard, 0.05)
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(listener)
    assert outcome.timed_out and not outcome.stuck
    assert gc.isenabled()


def test_code_that_cannot_be_interrupted_is_left_behind_and_said_so():
    over = threading.Event()
    outcome = guard.call(lambda: over.wait(PATIENCE), 0.05)  # the wait is one call that no exception ends
    over.set()
    assert outcome.timed_out and outcome.stuck and not outcome.endless


def test_one_call_that_lets_no_other_thread_run_is_found_out_of_time_afterwards():
    def hold(x):
        return sum(range(10**8))  # the lock of the interpreter is held throughout

    outcome = call(hold, 0.05)
    assert outcome.timed_out and outcome.seconds > 0.05


def test_time_counts_although_the_thread_ended_before_anybody_looked():
    watch = guard._Watch(frozenset())
    thread = threading.Thread(target=time.sleep, args=(0.05,))
    thread.start()
    thread.join()  # as `start` returns late where the answer's first call lets no other thread run
    watch.until_done(thread, 1.0)
    assert watch.seconds >= 0.05


def test_an_answer_in_which_python_is_traced_ends_like_any_other():
    def traced(x, hook):
        hook(lambda *event: None)
        return x

    for hook in (sys.settrace, sys.setprofile):
        assert call(lambda x, hook=hook: traced(x, hook), PATIENCE).value == 1


def test_python_can_be_traced_after_an_answer():
    code = "from course_snn.course import guard\nimport cProfile\nguard.call(lambda: 1)\ncProfile.run('len([])')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE)
    assert "function calls" in done.stdout, done.stderr


def test_variables_that_never_end_are_not_looked_into():
    class Endless(list):
        def __iter__(self):
            yield from iter(int, 1)

    deep, wide = [], [0]
    for _ in range(5000):
        deep = [deep]
    for _ in range(10):
        wide = [wide] * 100

    assert [guard._still(value) for value in (Endless([1]), deep, wide)] == [None, None, None]


def test_an_answer_may_close_its_stdout():
    outcome = call(lambda x: [print("said\ud800"), sys.stdout.close(), print("more")])
    assert outcome.printed == "said?\nmore\n"


def test_printed_output_is_kept_but_bounded():
    assert 0 < len(call(printing_forever, 0.1).printed) <= guard.PRINT_LIMIT


def test_only_a_loop_whose_variables_stand_still_is_called_endless():
    for loop in (forever, never_reached):
        assert any(call(loop, seconds).endless for seconds in (0.5, 2.0, 8.0, 32.0))  # a loaded machine looks rarely
    assert not call(slow_sum, 1.0).endless and not call(hoard, 0.2).endless


def test_the_line_where_the_time_was_up_is_told():
    first = never_reached.__code__.co_firstlineno
    assert call(never_reached).line in (str(first + 2), str(first + 3))


def loading(seconds):
    """A function that a compiler seems to be at work in, for so long."""
    module = ModuleType("numba.pretence")
    exec("import time\ndef load(seconds):\n    end = time.monotonic() + seconds\n"
         "    while time.monotonic() < end: time.sleep(.001)\n    return 'loaded'", vars(module))  # fmt: skip
    return lambda: module.load(seconds)


def test_time_of_loading_does_not_count_and_is_not_interrupted():
    outcome = guard.call(loading(0.6), 0.2)
    assert outcome.value == "loaded" and not outcome.timed_out


def test_an_import_that_runs_when_time_is_up_is_finished(tmp_path, monkeypatch):
    (tmp_path / "slow_to_load.py").write_text("import time\ntime.sleep(0.6)\nready = True\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    def learner():
        import slow_to_load

        return slow_to_load.ready

    assert guard.call(learner, 0.2).value is True
    del sys.modules["slow_to_load"]


def test_loading_is_waited_for_no_longer_than_a_limit(monkeypatch):
    monkeypatch.setattr(guard, "LOADING_SECONDS", 0.2)
    started = time.monotonic()
    outcome = guard.call(loading(600.0), 0.2)
    assert outcome.timed_out and time.monotonic() - started < 60
