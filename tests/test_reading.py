"""Checked reading of single values."""

from __future__ import annotations

import datetime
from fractions import Fraction

import pytest

from deterrence.errors import MAX_PROBLEMS, ScenarioError
from deterrence.reading import MAX_TEXT, Reader, describe
from deterrence.toml import BadNumber


@pytest.fixture
def reader():
    return Reader("", "a.toml")


def messages(reader):
    return [(problem.key, problem.message) for problem in reader.problems]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "true or false"), (1, "a whole number"), (Fraction(1, 2), "a decimal number"),
        (BadNumber("nan", "x"), "a decimal number"), ("x", "a text"), ({}, "a table"), ([], "a list"),
        (datetime.date(2023, 10, 31), "a date or time"), (datetime.time(7), "a date or time"),
    ],
)
def test_kinds_in_words(value, words):
    assert describe(value) == words


def test_good_values_come_back(reader):
    assert reader.table({"a": 1}, "k") == {"a": 1}
    assert reader.tables([{"a": 1}], "k") == [("k[0]", {"a": 1})]
    assert reader.text("t\u00eate-\u00e0-t\u00eate \u2013 \u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "k")
    assert reader.text("", "k", blank=True) == ""
    assert reader.texts(["a", "b"], "k") == ("a", "b")
    assert reader.number("1/3", "k") == Fraction(1, 3)
    assert reader.choice("lever", "k", ("lever", "constant")) == "lever"
    assert reader.name("cost", "k")
    assert reader.date(datetime.date(2023, 10, 31), "k") == datetime.date(2023, 10, 31)
    assert reader.problems == []
    reader.stop()


def test_bad_values_are_noted(reader):
    assert reader.table([], "a") is None
    assert reader.tables({}, "b") == []
    assert reader.tables([{}, 1], "c") == [("c[0]", {})]
    assert reader.text(1, "d") is reader.text("", "e") is reader.text("x" * (MAX_TEXT + 1), "f") is None
    assert reader.text("a\u202eb", "g") is reader.text("a\x07", "h") is None
    assert reader.texts(["a", 1], "i") is reader.texts("a", "j") is None
    assert reader.number(True, "k") is reader.number([], "l") is reader.number("x", "m") is None
    assert reader.number(BadNumber("nan", "not finite"), "n") is None
    assert reader.choice("levr", "o", ("lever",)) is reader.choice(1, "p", ("lever",)) is None
    assert not reader.name("1a", "q")
    assert reader.date(datetime.datetime(2023, 10, 31, 7), "r") is reader.date("2023-10-31", "s") is None
    assert [key for key, _ in messages(reader)] == [
        "a", "b", "c[1]", "d", "e", "f", "g", "h", "i[1]", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s",
    ]
    assert reader.problems[14].suggestion == "lever"


def test_keys(reader):
    reader.keys({"a": 1, "tilte": 2}, "", ("a", "title"), needed=("a", "title"))
    reader.keys({"x": 1}, "game", ("y",), needed=("y",))
    assert messages(reader) == [
        ("tilte", "there is no key 'tilte' here; there are a, title"), ("title", "the key 'title' is missing"),
        ("game.x", "there is no key 'x' here; there are y"), ("game", "the key 'y' is missing"),
    ]
    assert reader.problems[0].suggestion == "title"


def test_mistakes_come_in_the_order_of_the_file_each_once():
    reader = Reader("a = 1\nb = 2\n", "a.toml")
    for key in ("b", "a", "b"):
        reader.wrong(key, "wrong")
    with pytest.raises(ScenarioError) as caught:
        reader.stop()
    assert str(caught.value) == "a.toml:1: a: wrong\na.toml:2: b: wrong"


def test_reading_ends_at_many_mistakes(reader):
    for i in range(MAX_PROBLEMS - 1):
        reader.wrong(f"k{i}", "wrong")
    with pytest.raises(ScenarioError) as caught:
        reader.wrong("last", "wrong")
    assert len(caught.value.problems) == MAX_PROBLEMS
