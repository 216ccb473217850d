"""What is kept of the marks can be kept, whatever an answer said."""

from course_snn.course.classroom import marks
from course_snn.course.classroom.marks import Grades, Mark, Row
from course_snn.language import tr


def test_halves_of_characters_and_control_characters_stop_nothing(tmp_path):
    mark = Mark.of(marks.ERROR, tr("\ud800 错\x1b[31m", "half \udfff\x00\nnext"))
    assert mark.reason_zh == "\ufffd 错\ufffd[31m" and mark.reason_en == "half \ufffd\ufffd\nnext"
    grades = Grades(("01.euler_step",), (Row("a.ipynb", "1 张", {"01.euler_step": mark}, exam=True),), "s")
    marks.save(grades, tmp_path)
    assert marks.load(tmp_path) == grades
    marks.write_csv(grades, tmp_path / "marks.csv")
    assert (tmp_path / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbf")
