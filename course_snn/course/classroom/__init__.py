"""A class: notebooks handed out, collected, graded and reported; `course-snn classroom`."""
