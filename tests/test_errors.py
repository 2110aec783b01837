"""Problems, their text, and the nearest names."""

from __future__ import annotations

import pytest

from deterrence.errors import (
    DeterrenceError,
    ExpressionError,
    GameError,
    LimitError,
    NotSupportedError,
    Problem,
    ProblemsError,
    ScenarioError,
    UnknownNameError,
    nearest,
)


def test_a_problem_reads_as_the_contract_says():
    problem = Problem("what is wrong", "parameters.cost", 6, "a.toml", "costs")
    assert str(problem) == "a.toml:6: parameters.cost: what is wrong (did you mean 'costs'?)"
    assert str(Problem("what is wrong", file="a.toml")) == "a.toml: what is wrong"
    assert str(Problem("what is wrong", "key")) == "key: what is wrong"


def test_a_problem_is_placed_without_losing_what_it_has():
    problem = Problem("wrong", "key", 3, "a.toml")
    assert problem.at(file="b.toml") == Problem("wrong", "key", 3, "b.toml")
    assert problem.at(line=4, key="other") == Problem("wrong", "other", 4, "a.toml")


def test_an_error_holds_every_problem():
    error = ScenarioError([Problem("one"), Problem("two")])
    assert [problem.message for problem in error.problems] == ["one", "two"]
    assert str(error) == "one\ntwo"


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (ExpressionError("x"), ValueError),
        (GameError([]), ValueError),
        (ScenarioError([]), ValueError),
        (UnknownNameError("model", "x", ()), KeyError),
        (NotSupportedError("x"), NotImplementedError),
        (LimitError("x"), RuntimeError),
    ],
)
def test_each_error_is_a_builtin_too(error, builtin):
    assert isinstance(error, builtin)
    assert isinstance(error, DeterrenceError)
    assert issubclass(GameError, ProblemsError)


@pytest.mark.parametrize(
    ("name", "choices", "found"),
    [
        ("stirke", ["hold", "strike"], "strike"),
        ("COST", ["gain", "cost"], "cost"),
        ("zzz", ["hold", "strike"], None),
        ("a" * 10_000, ["a" * 9_999], "a" * 9_999),
        ("x", [], None),
    ],
)
def test_the_nearest_name(name, choices, found):
    assert nearest(name, choices) == found


def test_the_nearest_of_very_many_is_found():
    assert nearest("name_04999x", ["name_04999xy", *(f"name_{i:05}" for i in range(6_000))]) == "name_04999xy"


def test_an_unknown_name_shows_what_there_is():
    error = UnknownNameError("family", "poling", ["pooling", "separating"])
    assert str(error) == "no family 'poling'; did you mean 'pooling'? (there are: 'pooling', 'separating')"
    assert error.suggestion == "pooling"
