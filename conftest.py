"""Settings for all tests, those of the notebooks (nbval) included, before any kernel starts."""

import os
import tempfile

_scratch = tempfile.mkdtemp(prefix="course-snn-tests-")
os.environ |= {
    "COURSE_SNN_HOME": os.path.join(_scratch, "home"),  # a replayed check must not count as the learner's
    "COURSE_SNN_LANG": "both",  # stored outputs were made so
    "COURSE_SNN_PRESET": "laptop",
    "IPYTHONDIR": os.path.join(_scratch, "ipython"),
    "PYTHONHASHSEED": "0",
}
for _name in ("COURSE_SNN_RECORD", "COURSE_SNN_NOTEBOOKS", "MPLBACKEND"):
    os.environ.pop(_name, None)


def pytest_unconfigure() -> None:
    import shutil

    shutil.rmtree(_scratch, ignore_errors=True)
