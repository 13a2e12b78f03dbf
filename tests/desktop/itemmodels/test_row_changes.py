"""Steps from one order to another lead there, whatever the orders."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from boocontrol.desktop.itemmodels.row_changes import keep_order, steps

orders = st.lists(st.sampled_from("abcdefghij"), unique=True)


@given(orders, orders)
def test_steps_lead_to_the_new_order(old: list[str], new: list[str]) -> None:
    rows = list(old)
    for step in steps(old, new):
        if step.action == "remove":
            del rows[step.first : step.last + 1]
        elif step.action == "insert":
            rows[step.first : step.first] = new[step.first : step.last + 1]
        else:
            assert step.last < step.first, "rows only move up: Qt counts moves down otherwise"
            rows.insert(step.last, rows.pop(step.first))
    assert rows == new


@given(orders, orders)
def test_what_stays_keeps_its_order(old: list[str], new: list[str]) -> None:
    kept = keep_order(old, new)
    assert sorted(kept) == sorted(new)
    assert [k for k in kept if k in old] == [k for k in old if k in new]
