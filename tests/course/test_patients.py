"""The patients of chapter 10: each has the illness it is meant to have, and the same weights every time."""

import pytest
import torch

from course_snn import diagnosis
from course_snn.course import patients


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("A", ["healthy", "silent", "silent", "silent"]),
        ("B", ["vanishing", "vanishing", "vanishing", "healthy"]),
        ("C", ["healthy", "saturated", "silent", "silent"]),
    ],
)
def test_each_patient_is_ill_in_its_own_way(name, found):
    assert diagnosis.examine(patients.patient(name), *patients.digits(), T=4).findings == found


def test_without_the_fault_the_network_is_healthy():
    assert diagnosis.examine(patients.healthy(), *patients.digits(), T=4).healthy


def test_patients_share_their_weights_and_leave_the_random_numbers_alone():
    torch.manual_seed(3)
    one, other = patients.patient("A"), patients.patient("B")
    drawn = torch.rand(1)
    torch.manual_seed(3)
    assert torch.equal(drawn, torch.rand(1))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_unknown_patient():
    with pytest.raises(ValueError, match='"A", "B" and "C", got \'D\''):
        patients.patient("D")
