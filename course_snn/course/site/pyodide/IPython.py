"""In the page there is no IPython; a verdict is asked for its HTML."""

import sys
import types


def get_ipython() -> None:
    """Return None, as outside a notebook."""


display = types.ModuleType("IPython.display")
display.HTML = display.Code = display.display = None
sys.modules["IPython.display"] = display
