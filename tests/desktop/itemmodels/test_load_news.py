"""How far loads are, and what one would cost: from what the host tells, in words that claim no more."""

from __future__ import annotations

from typing import Any

import pytest

from boocontrol.core.control import LoadPreview
from boocontrol.desktop.itemmodels.load_news import LoadNews, cost_lines, load_news, loses, progress_text
from boocontrol.desktop.itemmodels.model_rows import sections
from tests.desktop.itemmodels.fleets import NOW, small
from tests.desktop.stores.test_loads import den, load

AT = NOW.timestamp()


def queued(model: str) -> dict[str, Any]:
    return {"ref": f"den/{model}", "asked_at": NOW, "by": "panel"}


def test_each_waits_behind_the_one_before_it() -> None:
    starting = {"ref": "den/qwen3", "state": "starting", "since": NOW, "usual_load_s": 38.0}
    host = den(load("loading", began_at=NOW), loaded=[starting], queue=[queued("gemma"), queued("phi")])
    news = load_news([host])
    assert news["den/qwen3"].state == "starting" and news["den/qwen3"].usual == 38.0
    assert (news["den/gemma"].behind, news["den/phi"].behind) == ("den/qwen3", "den/gemma")
    assert progress_text(news["den/phi"], AT, short=False) == "queued behind gemma"


def test_a_load_that_the_host_has_not_begun_is_asked_and_says_why() -> None:
    host = den(load("loading", began_at=NOW, reason="It lets running requests end first."))
    (news,) = load_news([host]).values()
    assert (news.state, progress_text(news, AT + 3)) == ("asked", "asked, 3 s")
    assert news.reason.startswith("It lets")


def test_of_a_host_that_does_not_answer_nothing_is_known() -> None:
    assert not load_news([den(load("loading", began_at=NOW), state="down")])


def test_loads_that_ended_are_no_news() -> None:
    assert not load_news([den(load("failed")), den(load("loaded"))])


@pytest.mark.parametrize(
    ("news", "words", "fraction"),
    [
        (LoadNews("starting", AT, 38.0), "starting, 14 of 38 s", 14 / 38),
        (LoadNews("starting", AT, 10.0), "starting, 14 of 10 s", 1.0),
        (LoadNews("starting", AT, 300.0), "starting, 14 s of 5 min", 14 / 300),
        (LoadNews("starting", AT), "starting, 14 s", None),
        (LoadNews("starting"), "starting", None),
        (LoadNews("waits", AT, behind="den/gemma"), "queued", None),
    ],
)
def test_elapsed_of_the_usual_time(news: LoadNews, words: str, fraction: float | None) -> None:
    assert progress_text(news, AT + 14) == words
    assert news.fraction(AT + 14) == fraction


def test_a_row_with_a_load_can_be_cancelled_and_shows_no_old_failure() -> None:
    news = {"den/gemma-3": LoadNews("waits", AT, behind="den/qwen3")}
    problems, asked = {"den/gemma-3": "It failed."}, {"den/gemma-3": AT}
    _, section, *_ = sections(small(), (), problems=problems, asked=asked, loads=news)
    row = next(row for row in section.rows if row.ref == "den/gemma-3")
    assert row.loading and row.can_unload and not row.can_load
    assert (row.problem, row.asked, row.shape) == ("", None, "stopped")


def cost(*unloads: dict[str, Any], **more: Any) -> LoadPreview:
    given = {"ref": "den/gemma", "state": "stopped", "unloads": unloads, "certain": False}
    return LoadPreview.model_validate(given | more)


USED = {"ref": "den/qwen3", "state": "ready", "in_flight": 2}
MAYBE = {"ref": "den/phi", "state": "ready", "in_flight": 0}
SURE = {"ref": "den/phi", "state": "ready", "in_flight": 0, "certain": True}


def test_only_what_is_in_use_or_surely_goes_is_worth_a_question() -> None:
    assert [out.ref for out in loses(cost(USED, MAYBE))] == ["den/qwen3"]
    assert [out.ref for out in loses(cost(SURE))] == ["den/phi"]
    assert not loses(cost(MAYBE)) and not loses(cost())


def test_what_is_not_told_is_said() -> None:
    assert cost_lines(cost(USED, MAYBE, queue=1)) == (
        "It may unload qwen3 (2 requests run).",
        "It may unload phi.",
        "llama-swap does not tell what it unloads.",
        "1 load comes first.",
        "How long it takes is not known yet.",
    )
    sure = cost(SURE, certain=True, usual_load_s=38.2, load_samples=5)
    assert cost_lines(sure) == ("It unloads phi.", "It usually takes 38 s (5 loads seen).")
