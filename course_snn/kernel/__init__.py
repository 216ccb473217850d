"""How the neurons are made fast: whole sequences in one compiled pass, behind ``neuron``, ``pooling`` and others."""

from course_snn.kernel.plan import available, compiled, fits, pools, run

__all__ = ["available", "compiled", "fits", "pools", "run"]
