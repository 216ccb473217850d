"""Names that a caller gives: what is meant, what is taken, what is missing."""

import pytest
from together import each_of

from course_snn.spelling import accepted, chosen, known, meant, parameters


def sample(x, T, tau_m=8.0, *, v_th=1.0):
    """Takes four."""


class Sample:
    def __init__(self, num, name=None):
        self.num, self.name = num, name


class Open:
    def __init__(self, num, **more):
        self.num, self.more = num, more


@each_of(
    "wrong, allowed, said",
    [
        ("tau_n", ["tau_m", "v_th"], " Did you mean 'tau_m'?"),
        ("TAU_M", ["tau_m"], " Did you mean 'tau_m'?"),
        ("v_tresh", ["tau_m", "v_threshold"], " Did you mean 'v_threshold'?"),
        ("zzz", ["tau_m"], ""),
        ("x", [], ""),
        (3, ["tau_m"], ""),
        ("Lif", {"lif": 1, "if": 2}, " Did you mean 'lif'?"),
        ("vreset", ["Vreset"], " Did you mean 'Vreset'?"),
    ],
)
def test_meant(wrong, allowed, said):
    assert meant(wrong, allowed) == said


def test_parameters():
    assert list(parameters(sample)) == ["x", "T", "tau_m", "v_th"]
    assert list(parameters(sample, ["x", "T"])) == ["tau_m", "v_th"]
    assert list(parameters(Sample)) == ["num", "name"] and list(parameters(Open)) == ["num"]
    assert list(parameters(lambda *a, k=1, **more: 0)) == ["k"]


def test_accepted():
    take = lambda given, **more: accepted("Sample", sample, given, ("x", "T"), **more)  # noqa: E731
    assert (
        take({}) == {} and take({"V_TH": 2}) == {"v_th": 2} and take({"tau_m": 1, "v_th": 2}) == {"tau_m": 1, "v_th": 2}
    )
    with pytest.raises(
        TypeError, match=r"^Sample has no parameter 'tau_n'. Did you mean 'tau_m'\? It takes tau_m, v_th.$"
    ):
        take({"tau_n": 1})
    with pytest.raises(TypeError, match=r"^Sample has no parameter 'x'. It takes tau_m, v_th.$"):
        take({"x": 1})
    with pytest.raises(TypeError, match="Did you mean 'name'"):
        take({"nmae": 1}, beside=Sample)
    with pytest.raises(TypeError, match="Sample got 'v_th' twice"):
        take({"v_th": 1, "V_th": 2})
    with pytest.raises(TypeError, match=r"Sample needs 'x', 'T'. It takes x, T, tau_m, v_th"):
        accepted("Sample", sample, {})
    with pytest.raises(TypeError, match="It takes no parameters"):
        accepted("Sample", lambda x: x, {"a": 1}, ("x",))
    assert accepted("Sample", lambda a, A: 0, {"a": 1, "A": 2}) == {"a": 1, "A": 2}  # names of their own


def test_known():
    known(Sample, ["num", "name"]), known(Open, ["whatever"]), known(Sample, [])
    with pytest.raises(TypeError, match=r"^Sample has no parameter 'nam'. Did you mean 'name'\? It takes num, name.$"):
        known(Sample, ["nam"])


def test_chosen():
    table = {"lif": 1, "if": 2}
    assert chosen("model", "lif", table) == 1
    with pytest.raises(ValueError, match=r"^no model 'lft'. Did you mean 'lif'\? There are lif, if. Register it.$"):
        chosen("model", "lft", table, " Register it.")
    for bad in (None, 3, ["lif"], {}):
        with pytest.raises(ValueError, match="no model"):
            chosen("model", bad, table)
