"""A name from a cell that was not run: the error stays, and what to do stands below it."""

from IPython.core.interactiveshell import InteractiveShell
from together import each_of

from course_snn import first_cells
from course_snn.language import speaking


def said(code, capsys):
    shell = InteractiveShell()
    first_cells.load_ipython_extension(shell)
    with speaking("en"):
        shell.run_cell(code)
    return capsys.readouterr().out


@each_of(
    "code, advised",
    [
        ("course.check(1, 2)", True),
        ("def f():\n    return strong\nf()", True),
        ("1 / 0", False),
        ("def g():\n    print(x)\n    x = 1\ng()", False),
        ("print('well')", False),
    ],
)
def test_only_a_name_that_nobody_defined_is_explained(code, advised, capsys):
    out = said(code, capsys)
    assert ("Run All Above" in out) == advised
    assert "Error" in out or "well" in out
