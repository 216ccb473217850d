"""What goes wrong with a class, told to the teacher."""

from course_snn.course.chapters import ChapterError


class ClassroomError(ChapterError):
    """A roster, a folder or an archive that cannot be used; the message says why and what to do next."""
