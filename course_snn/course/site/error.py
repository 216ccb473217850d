"""What can be wrong with the folder of a site."""

from course_snn.course.chapters import ChapterError


class SiteError(ChapterError):
    """A folder that cannot take the site, or a part of it that is missing; the message is for the learner."""
