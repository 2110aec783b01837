"""Bounded reading of TOML, and the lines of its keys."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from pathlib import Path

import pytest

from deterrence.errors import ScenarioError
from deterrence.toml import MAX_BYTES, MAX_KEY_PARTS, MAX_NESTING, BadNumber, KeyLines, decode, parse, read_bytes

TEXT = '''\
# a comment with [brackets] = and "quotes"
title = "a [b] # = c"
"quoted key" = 1
dotted.key.path = { x = 1, y.z = [
  2,   # two
  3, [4,
  5],
] }

[table]
long = """
line
[not.a.header]
"""
after = 'it''

[[list]]
a = 1
[list.sub]
b = 2
[[list]]
a = [
]
[[list.deep]]
c = 1
[[list.deep]]
c = 2
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("title", 2), ("quoted key", 3), ("dotted", 4), ("dotted.key.path", 4), ("dotted.key.path.x", 4),
        ("dotted.key.path.y.z", 4), ("dotted.key.path.y.z[0]", 5), ("dotted.key.path.y.z[1]", 6),
        ("dotted.key.path.y.z[2]", 6), ("dotted.key.path.y.z[2][1]", 7), ("table", 10), ("table.long", 11),
        ("table.after", 15), ("list", 17), ("list[0].a", 18), ("list[0].sub", 19), ("list[0].sub.b", 20),
        ("list[1]", 21), ("list[1].a", 22), ("list[1].deep[0]", 24), ("list[1].deep[1].c", 27),
        # what is not written has the line of what holds it
        ("list[1].deep[1].missing", 26), ("table.missing.key", 10), ("title[3].x", 2), ("list[0].sub.x", 19),
    ],
)
def test_lines(key, line):
    assert KeyLines(TEXT.replace("'it''", "'it'")).line(key) == line


def test_what_is_nowhere_has_no_line():
    assert KeyLines(TEXT).line("nothing") is None
    assert KeyLines("").line("") is None


def test_a_broken_text_has_the_lines_of_its_sound_part():
    lines = KeyLines('a = 1\nb = "open\nc = [1, 2\nd = }')
    assert (lines.line("a"), lines.line("b")) == (1, 2)


@pytest.mark.parametrize(
    "text", ["[", "[[", "a", "a =", "a = [", "a = {", "= 1", "{}", "]", "a = { , }", ",", "a.", "[]\n= ["]
)
def test_no_text_stops_the_search_for_lines(text):
    assert isinstance(KeyLines(text).lines, dict)


def _paths(value, path=""):
    """The key path of everything in a parsed document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _paths(inner, f"{path}[{i}]")
    if path:
        yield path


FILES = sorted([*Path(__file__).parent.rglob("*.toml"), *Path(__file__).parent.parent.glob("scenarios/*.toml")])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_key_of_real_files_has_its_own_line(file):
    text = file.read_text(encoding="utf-8")
    lines = KeyLines(text)
    rows = text.split("\n")
    paths = list(_paths(tomllib.loads(text)))
    assert len(paths) > 10
    for path in paths:
        assert path in lines.lines
        last = path.rpartition(".")[2].partition("[")[0]
        if not path.endswith("]"):
            assert last in rows[lines.lines[path] - 1]


def test_numbers_are_those_that_are_written():
    found = parse("a = 0.1\nb = 1_000.5\nc = 1e-3\nd = 7\ne = -0.0\nf = [0.30]")
    assert found == {"a": Fraction(1, 10), "b": Fraction(2001, 2), "c": Fraction(1, 1000), "d": 7, "e": 0,
                     "f": [Fraction(3, 10)]}


@pytest.mark.parametrize("text", ["nan", "+inf", "-inf", "1e400", "0." + "1" * 100])
def test_numbers_beyond_the_limits_are_kept_for_the_reader(text):
    value = parse(f"a = {text}")["a"]
    assert isinstance(value, BadNumber)
    assert value.text == text[:60]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = 1\na = 2", 2, "a: this is written twice, first on line 1"),
        ("[a]\nb = 1\n[a]\n", 3, "a: this is written twice, first on line 1"),
        ("a = { b = 1, b = 2 }", 1, "a.b: this is written twice"),
        ("a = 1\n[a]", 2, "not TOML: Cannot"), ("a = 1\n\nb == 2", 3, "not TOML"), ("a = [1,\n2", 2, "not TOML"),
        ("a = 01", 1, "not TOML"), ("a = 1979-13-01", 1, "not TOML"), ("a = '\x01'", 1, "not TOML"),
        (f"a = {'9' * 5000}", None, "too many digits"),
    ],
)
def test_what_is_not_toml_has_its_line(text, line, words):
    with pytest.raises(ScenarioError, match=words) as caught:
        parse(text, "x.toml")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("x.toml", line)


WITHOUT = "stands without quotes, as only numbers, dates, true and false do; write "


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        ("format = 1\nmodel = signalling\n", 2, "model", f'signalling {WITHOUT}"signalling"'),
        ("title = A game # of mine", 1, "title", f'A game {WITHOUT}"A game"'),
        ("title = \u201cA game\u201d", 1, "title", f'A game {WITHOUT}"A game"'),
        ("[parameters]\np = 3/5", 2, "parameters.p", f'3/5 {WITHOUT}"3/5"'),
        ("[[move]]\nactions = [\"a\",\n b, c]", 3, "move[0].actions", f'b {WITHOUT}"b"'),
        ("a = { yes = \"p\", no = 1 - p }", 1, "", "not TOML"),
        ("a = { yes = q }", 1, "a.yes", f'q {WITHOUT}"q"'),
        ("a = True", 1, "a", "True is not a value; write true"),
        ("a = ", 1, "", "not TOML"), ('a = x"y', 1, "", "not TOML"), ('a = "x" y', 1, "", "not TOML"),
        ("a =" + " " * 20_000 + "!" * 50_000, 1, "a", "!" * 57 + "... stands without quotes"),
    ],
)
def test_a_value_without_quotes_is_told_from_other_mistakes(text, line, key, words):
    with pytest.raises(ScenarioError) as caught:
        parse(text, "x.toml")
    (problem,) = caught.value.problems
    assert (problem.line, problem.key) == (line, key)
    assert words in problem.message


def test_nesting_up_to_the_limit():
    assert parse("a = " + "[" * MAX_NESTING + "]" * MAX_NESTING)
    with pytest.raises(ScenarioError, match="nested at most"):
        parse("a = " + "[" * (MAX_NESTING + 1) + "]" * (MAX_NESTING + 1))
    assert parse(".".join("a" * MAX_KEY_PARTS) + " = 1")
    with pytest.raises(ScenarioError, match="at most 16 parts"):
        parse("x = 1\n" + " . ".join("a" * (MAX_KEY_PARTS + 1)) + " = 1")


def test_brackets_in_texts_and_comments_do_not_nest():
    brackets = "[" * 50 + "{" * 50
    text = f'a = "{brackets}" # {brackets}\nb = \'{brackets}\'\nc = """\n{brackets}\n"""\nd = \'\'\'{brackets}\'\'\'\n'
    assert parse(text)["a"] == brackets


def test_bytes(tmp_path):
    file = tmp_path / "a.toml"
    file.write_bytes(b"a" * MAX_BYTES)
    assert len(read_bytes(file)) == MAX_BYTES
    file.write_bytes(b"a" * (MAX_BYTES + 1))
    with pytest.raises(ScenarioError, match="larger than 500000 bytes"):
        read_bytes(file)
    with pytest.raises(ScenarioError, match="larger than 500000 bytes"):
        decode(b"a" * (MAX_BYTES + 1), "a.toml")


def test_line_ends_of_windows():
    assert decode(b"a = 1\r\nb = 2\r\n", "a.toml") == "a = 1\nb = 2\n"
