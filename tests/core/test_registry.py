"""What a provider's entry says of itself."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from boocontrol.core.registry import Provider


@pytest.mark.parametrize("label", ["", "  ", "\t"])
def test_a_provider_without_a_name_is_called_by_its_id(label: str) -> None:
    assert Provider(id="den", base_url="http://h:1", label=label).label == "den"
    assert Provider(id="den", base_url="http://h:1").label == "den"
    assert Provider(id="den", base_url="http://h:1", label="The den").label == "The den"


@pytest.mark.parametrize("mac", ["3c:52:82:1a:0f:77", "3C-52-82-1A-0F-77"])
def test_a_network_card_is_named_as_people_write_it(mac: str) -> None:
    assert Provider(id="den", base_url="http://h:1", mac_address=mac).mac_address == mac


@pytest.mark.parametrize("mac", ["", "zz", "3c:52:82:1a:0f", "3c52821a0f77", "3c:52:82:1a:0f:77\n"])
def test_what_is_no_network_card_is_told_with_an_example(mac: str) -> None:
    with pytest.raises(ValidationError, match="looks like 3c:52:82:1a:0f:77"):
        Provider(id="den", base_url="http://h:1", mac_address=mac)
