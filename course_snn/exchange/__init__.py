"""Taking a network elsewhere, and back: to and from SpikingJelly."""

from course_snn.exchange.spikingjelly import from_spikingjelly, to_spikingjelly

__all__ = ["from_spikingjelly", "to_spikingjelly"]
