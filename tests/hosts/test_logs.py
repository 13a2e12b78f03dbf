"""Lines cut from the bytes of a log."""

from __future__ import annotations

import pytest

from boocontrol.hosts.logs import BATCH, LONGEST_LINE, TAIL, LineCutter, Lines, Lost, Place, clean


def cut(*pieces: bytes) -> list[Lines | Lost]:
    cutter = LineCutter()
    return [item for piece in pieces for item in cutter.feed(piece)] + list(cutter.close())


def text(*pieces: bytes) -> str:
    return "\n".join(item.text for item in cut(*pieces) if isinstance(item, Lines))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_borders_of_pieces_make_no_difference(size: int) -> None:
    whole = "[INFO] erste Zeile: größer – 漢字 🎉\n\x1b[31mred\x1b[0m\n\nlast without an end".encode()
    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    assert text(*pieces) == whole.decode()


def test_a_begun_line_is_held() -> None:
    cutter = LineCutter()
    assert list(cutter.feed(b"one\ntw")) == [Lines("one")]
    assert list(cutter.feed(b"o")) == []
    assert list(cutter.feed(b"!\n")) == [Lines("two!")]
    assert list(cutter.close()) == []


def test_broken_utf8_is_shown_as_such() -> None:
    assert text(b"a\xff\xe2\x82\n") == "a\ufffd\ufffd"
    assert text(b"\x82\xacafter a cut\n").endswith("after a cut")


@pytest.mark.parametrize("size", [1 << 12, 1 << 20])
def test_a_giant_line_is_cut_and_told(size: int) -> None:
    whole = b"x" * 300_000 + b"\nnext\n"
    found = cut(*(whole[at : at + size] for at in range(0, len(whole), size)))
    assert found == [
        Lines("x" * LONGEST_LINE),
        Lost(300_000 - LONGEST_LINE, "cut off: the line is too long"),
        Lines("next"),
    ]


def test_a_giant_line_without_an_end_is_told_at_the_end() -> None:
    assert [type(item) for item in cut(b"y" * 100_000)] == [Lines, Lost]


def test_a_burst_comes_in_parts() -> None:
    lines = b"".join(b"line %d\n" % n for n in range(20_000))
    found = cut(lines)
    assert all(isinstance(item, Lines) and len(item.text) <= BATCH for item in found)
    assert text(lines) == lines.decode().rstrip("\n")


def test_what_the_host_dropped_stands_in_its_place() -> None:
    assert cut("before\n— 1,204 bytes dropped —\nafter\n".encode()) == [
        Lines("before"),
        Lost(1204, "dropped by the host"),
        Lines("after"),
    ]
    assert cut("— 7 bytes dropped —\n".encode()) == [Lost(7, "dropped by the host")]


def test_colours_stay_and_what_steers_a_terminal_goes() -> None:
    assert clean("\x1b[1;31mred\x1b[0m\x1b[38;5;12mblue\x1b[m") == "\x1b[1;31mred\x1b[0m\x1b[38;5;12mblue\x1b[m"
    steering = (
        "\x1b[2J\x1b[1;1H\x1b]0;title\x07\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\\x1bc\x1b(B\x08\x07\u202e\x9b31m"
    )
    assert clean(steering) == "link31m"
    assert clean("tab\tstays") == "tab\tstays"


def test_progress_shows_its_last_state() -> None:
    assert text(b" 10%\r 20%\r 30%\nnext\r\n") == " 30%\nnext"


def test_no_text_hangs_the_cleaning() -> None:
    for bad in ("\x1b" * 60_000, "\x1b[" * 30_000, "\x1b]" * 30_000, "\x1b[0;" * 15_000, "\r" * 60_000, "— " * 30_000):
        clean(bad)
        cut(bad.encode() + b"bytes dropped\n")


def test_the_place_is_found_again() -> None:
    place, log = Place(), b"".join(b"line %d\n" % n for n in range(1000))
    assert not place.known and place.after(log) is None
    place.read(log[:5000])
    assert place.after(log) == log[5000:]
    assert place.after(log[1000:]) == log[5000:]
    assert place.after(b"another log\n" * TAIL) is None
    assert place.after(log[:5000]) == b""
    place.forget()
    assert place.after(log) is None
