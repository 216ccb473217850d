"""How the neurons are made fast: whole sequences in one compiled pass, behind ``neuron``, ``pooling`` and others."""

from course_snn.kernel.normal import drive as drive_normalised
from course_snn.kernel.plan import available, compiled, fits
from course_snn.kernel.rows import pools
from course_snn.kernel.sequence import drive, run

__all__ = ["available", "compiled", "drive", "drive_normalised", "fits", "pools", "run"]
