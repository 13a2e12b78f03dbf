"""The Models list without a window: what it shows, and how it changes in place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from boocontrol.core.catalog import Catalog
from boocontrol.desktop.itemmodels.model_filter import ModelQuery
from boocontrol.desktop.itemmodels.model_rows import sections
from boocontrol.desktop.itemmodels.model_words import COLUMNS, CONTEXT, MODEL, STATE, short_tokens
from boocontrol.desktop.itemmodels.models import ROW_ROLE, ModelsItemModel
from tests.desktop.itemmodels.fleets import catalog, large, model, provider, small

Role = Qt.ItemDataRole
Made = Callable[..., ModelsItemModel]


@pytest.fixture
def made(qapp: object) -> Made:
    """A list under the eye of Qt's own tester, which complains through a failed assertion."""
    kept = []

    def make(given: Catalog | None = None, favorites: tuple[str, ...] = ()) -> ModelsItemModel:
        item_model = ModelsItemModel(clock=lambda: 1000.0)
        kept.append(
            (item_model, QAbstractItemModelTester(item_model, QAbstractItemModelTester.FailureReportingMode.Fatal))
        )
        if given is not None:
            item_model.take(given, favorites)
        return item_model

    return make


def shown(item_model: ModelsItemModel) -> dict[str, list[str]]:
    """Titles and what stands under them."""
    return {
        str(head.data()): [str(item_model.index(at, MODEL, head).data()) for at in range(item_model.rowCount(head))]
        for head in item_model.section_indexes()
    }


def test_favorites_come_first_then_providers_in_order(made: Made) -> None:
    item_model = made(small(), ("mac/coder", "den/qwen3"))
    assert shown(item_model) == {
        "Favorites": ["coder", "qwen3"],
        "den": ["qwen3", "gemma-3", "nomic"],
        "mac": ["qwen3", "coder"],
        "attic": ["mistral"],
    }
    assert item_model.columnCount() == COLUMNS


def test_a_favorite_that_nobody_offers_stays_and_says_why(made: Made) -> None:
    item_model = made(small(), ("attic/mistral", "den/gone", "elsewhere/thing", "any/qwen3"))
    rows = [item_model.row_at(item_model.index(at, 0, item_model.index(0, 0))) for at in range(4)]
    assert [row.available for row in rows] == [False, False, False, True]
    assert [item_model.words.why_not(row) for row in rows] == ["host is down", "not offered now", "not offered now", ""]
    assert not any(row.can_load for row in rows[:3])
    assert rows[3].entry.state == "ready"


def test_states_contexts_and_tooltips(made: Made) -> None:
    item_model = made(small())
    here = item_model.index_of("den/qwen3")
    assert here.siblingAtColumn(STATE).data() == "ready"
    assert here.siblingAtColumn(CONTEXT).data() == "32k"
    assert "32,768 tokens, told by the running model" in here.siblingAtColumn(CONTEXT).data(Role.ToolTipRole)
    attic = item_model.index_of("attic/mistral")
    assert attic.siblingAtColumn(STATE).data() == "unknown"
    assert "unknown" in attic.data(Role.AccessibleTextRole)
    assert item_model.row_at(attic).stale


def test_old_news_of_a_lost_gateway(made: Made) -> None:
    item_model = made()
    item_model.take(small(), ("den/qwen3",), stale=True)
    row = item_model.row_at(item_model.index_of("den/qwen3"))
    assert row.stale and not row.can_unload and row.entry.state == "ready"
    assert item_model.index_of("den/qwen3", "den").siblingAtColumn(STATE).data() == "was ready"


def test_what_was_asked_shows_how_long_ago(made: Made) -> None:
    item_model = made()
    item_model.take(small(), (), asked={"den/gemma-3": 997.0})
    assert item_model.index_of("den/gemma-3").siblingAtColumn(STATE).data() == "asked, 3 s"


def test_new_models_come_in_at_the_end_and_others_stay(made: Made) -> None:
    item_model = made(catalog(provider("den", "b", "d")))
    held = QPersistentModelIndex(item_model.index_of("den/d"))
    item_model.take(catalog(provider("den", "a", "b", "c", "d")), ())
    assert shown(item_model)["den"] == ["b", "d", "a", "c"]
    item_model.take(catalog(provider("den", "a", "c", "d")), ())
    assert shown(item_model)["den"] == ["d", "a", "c"]
    assert QModelIndex(held).data(ROW_ROLE).ref == "den/d"


def test_sections_come_go_and_change_places(made: Made) -> None:
    item_model = made(catalog(provider("a", "x"), provider("b", "y"), provider("c", "z")))
    held = QPersistentModelIndex(item_model.index_of("c/z"))
    item_model.take(catalog(provider("c", "z"), provider("n", "w"), provider("a", "x")), ("c/z",))
    assert list(shown(item_model)) == ["Favorites", "c", "n", "a"]
    assert QModelIndex(held).data(ROW_ROLE).ref == "c/z"


def test_favorites_move_as_the_user_says(made: Made) -> None:
    item_model = made(small(), ("den/qwen3", "mac/coder", "den/nomic"))
    moves: list[object] = []
    item_model.rowsMoved.connect(lambda *args: moves.append(args))
    item_model.take(small(), ("den/nomic", "den/qwen3", "mac/coder"))
    assert shown(item_model)["Favorites"] == ["nomic", "qwen3", "coder"]
    assert len(moves) == 1


def test_an_unchanged_catalog_tells_nothing(made: Made) -> None:
    item_model = made(small(), ("den/qwen3",))
    told: list[object] = []
    item_model.dataChanged.connect(lambda *args: told.append(args))
    item_model.layoutChanged.connect(lambda *args: told.append(args))
    item_model.take(small(), ("den/qwen3",))
    assert not told


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (ModelQuery(text="QWEN mac"), ["mac/qwen3"]),
        (ModelQuery(text="pictures"), ["den/gemma-3"]),
        (ModelQuery(text="embedder"), ["den/nomic"]),
        (ModelQuery(text="nomic embed"), ["den/nomic"]),
        (ModelQuery(loaded=True), ["den/qwen3"]),
        (ModelQuery(capabilities=frozenset({"vision"})), ["den/gemma-3"]),
        (ModelQuery(provider="attic"), ["attic/mistral"]),
        (ModelQuery(least_context=32000), ["den/qwen3"]),
        (ModelQuery(favorites=True), ["mac/coder"]),
        (ModelQuery(text="nothing at all"), []),
    ],
)
def test_finding(made: Made, query: ModelQuery, found: list[str]) -> None:
    item_model = made(small(), ("mac/coder",))
    item_model.show(query)
    sections = [h for h in item_model.section_indexes() if h.data() != "Favorites"]
    refs = [item_model.row_at(item_model.index(at, 0, h)).ref for h in sections for at in range(item_model.rowCount(h))]
    assert refs == found
    assert item_model.hidden == 6 - len(found)
    item_model.show(ModelQuery())
    assert item_model.hidden == 0 and len(shown(item_model)) == 4


def test_a_row_that_stops_matching_stays_until_the_query_changes(made: Made) -> None:
    item_model = made(small())
    item_model.show(ModelQuery(loaded=True))
    cold = catalog(provider("den", "qwen3", "gemma-3", "nomic"), provider("mac", "qwen3", "coder"))
    item_model.take(cold, ())
    assert shown(item_model) == {"den": ["qwen3"]}
    warm = catalog(
        cold.providers[0], provider("mac", models=(model("mac", "qwen3"), model("mac", "coder", state="ready")))
    )
    item_model.take(warm, ())
    assert shown(item_model) == {"den": ["qwen3"], "mac": ["coder"]}
    item_model.show(ModelQuery(loaded=True, text="e"))
    assert shown(item_model) == {"mac": ["coder"]}


def test_the_current_row_is_kept_through_a_search(made: Made) -> None:
    item_model = made(small(), ("mac/coder",))
    held = QPersistentModelIndex(item_model.index_of("mac/coder", "mac"))
    for text in ("c", "co", "cod", ""):
        item_model.show(ModelQuery(text=text))
        assert QModelIndex(held).data(ROW_ROLE).ref == "mac/coder"
    item_model.show(ModelQuery(text="gemma"))
    assert not held.isValid()


def test_dropping_a_favorite_asks_for_its_new_position(made: Made) -> None:
    item_model = made(small(), ("den/qwen3", "mac/coder", "den/nomic"))
    asked: list[tuple[str, int]] = []
    item_model.favorite_dropped.connect(lambda key, at: asked.append((key, at)))
    favorites = item_model.index(0, 0)
    data = item_model.mimeData([item_model.index(0, 0, favorites)])
    for row in (0, 1, 2, 3, -1):
        assert item_model.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, favorites)
    assert asked == [("den/qwen3", at) for at in (0, 0, 1, 2, 2)]
    assert not item_model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, item_model.index(1, 0))
    assert shown(item_model)["Favorites"][0] == "qwen3", "the store decides"


def test_a_favorite_moves_past_what_is_seen_also_in_a_search(made: Made) -> None:
    refs = ("den/nomic", "den/qwen3", "den/big", "mac/coder", "mac/qwen3")
    item_model = made(small(), refs)

    def moved(name: str, step: int) -> int | None:
        rows = shown(item_model)["Favorites"]
        return item_model.position_beside(item_model.index(rows.index(name), 0, item_model.index(0, 0)), step)

    assert [moved("nomic", step) for step in (-1, 1)] == [None, 1]
    item_model.show(ModelQuery(text="o"))
    seen = shown(item_model)["Favorites"]
    assert seen == ["nomic", "coder"]
    assert moved("nomic", 1) == 3, "behind coder, which is the fourth, and that is the third without nomic"
    assert moved("coder", -1) == 0
    assert moved("coder", 1) is None


def test_many_hosts_with_many_models(made: Made) -> None:
    item_model = ModelsItemModel()
    item_model.take(large(), ("host-001/model-01",))
    assert sum(item_model.rowCount(h) for h in item_model.section_indexes()) == 5001
    item_model.show(ModelQuery(text="host-099 model-49"))
    assert shown(item_model) == {"host-099": ["model-49"]}


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (None, ""),
        (512, "512"),
        (32768, "32k"),
        (131072, "128k"),
        (128000, "128k"),
        (1048576, "1M"),
        (2048, "2k"),
        (40960, "40k"),
    ],
)
def test_token_counts_are_short(length: int | None, text: str) -> None:
    assert short_tokens(length) == text


def test_of_a_lost_gateway_everything_is_told_as_it_was() -> None:
    fleet = catalog(provider("den", "qwen3"), provider("attic", "phi", state="down", stale=True))
    words = ModelsItemModel().words
    now = [words.section_line(section.head) for section in sections(fleet, ())[1:]]
    assert now[0].endswith(" · Up") and now[1].endswith(" · Down")
    known = {section.head.key: section for section in sections(fleet, ())}
    then = [words.section_line(section.head) for section in sections(fleet, (), stale=True, before=known)[1:]]
    assert then[0].endswith(" · was up") and then[1].endswith(" · was down")
