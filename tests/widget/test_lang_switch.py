"""The switch as a widget tells Python; what it does to the page is held by the browser tests."""

import pytest
import traitlets

from course_snn.language import language, set_language
from course_snn.widget import LangSwitch


@pytest.fixture(autouse=True)
def _forget():
    yield
    set_language(None)


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_python_follows_the_switch(lang):
    switch = LangSwitch()
    switch.lang = lang  # what the page sends
    assert language() == lang


def test_another_language_is_refused():
    with pytest.raises(traitlets.TraitError):
        LangSwitch().lang = "fr"
