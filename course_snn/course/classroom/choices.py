"""What a teacher can choose; the commands name it before anything heavy is loaded."""

FORMATS = PLAIN, NBGRADER, OTTER = "plain", "nbgrader", "otter"  # of what is handed out
BELOW = 60  # per cent passed, below which a student needs help: the usual mark to pass with in China
