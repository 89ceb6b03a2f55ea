"""PESEL numbers are known in any writing, and other long numbers are not taken for one."""

import pytest
from django.core.exceptions import ValidationError

from portal.content.personal_data import contains_pesel, refuse_pesel


# Made up: dates in three centuries with the right check digit; nobody was born on them under these numbers.
@pytest.mark.parametrize(
    "text", ["44051401359", "mój PESEL: 02270803624.", "440514-01359", "44 05 14 013 59", "a44051401359b"]
)
def test_a_pesel_is_found(text):
    assert contains_pesel(text)
    with pytest.raises(ValidationError):
        refuse_pesel(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "44051401358",  # another check digit
        "99999999999",  # no date
        "00000000000",
        "+48 600 100 200",
        "61 1090 1014 0000 0712 1981 2874",  # a bank account
        "144051401359",  # twelve digits
        "13 000 10 20 i 13 000 10 21",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert not contains_pesel(text)
    refuse_pesel(text)
