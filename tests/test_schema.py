"""The JSON Schema of scenario files: it takes what the reader takes, and refuses typical mistakes."""

from __future__ import annotations

import datetime
import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from deterrence import models
from deterrence.errors import ScenarioError
from deterrence.scenario import KEYS, PARAMETER_KEYS, SOURCE_KEYS, SWEEP_KEYS, loads
from deterrence.schema import schema
from deterrence.written import GAME_KEYS, MOVE_KEYS, RULE_KEYS

from .test_scenario import LONG

ROOT = Path(__file__).parent.parent
FILES = sorted([*ROOT.glob("tests/canon/*.toml"), *ROOT.glob("scenarios/*.toml"), ROOT / "tests" / "restraint.toml"])
VALIDATOR = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())


def plain(value):
    """As an editor hands TOML to a schema: dates are texts."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else value


def valid(text: str) -> bool:
    return VALIDATOR.is_valid(plain(tomllib.loads(text)))


def test_it_is_a_schema_and_plain_json():
    jsonschema.Draft202012Validator.check_schema(schema())
    assert json.loads(json.dumps(schema())) == schema()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_real_scenario_is_valid(file):
    errors = [error.message for error in VALIDATOR.iter_errors(plain(tomllib.loads(file.read_text(encoding="utf-8"))))]
    assert errors == []


def test_there_are_files_to_validate():
    assert len(FILES) >= 44
    assert valid(LONG)


MISTAKES = [
    ("format = 1", "format = 2"), ("format = 1\n", ""), ("format = 1", 'format = "1"'),
    ('title = "Half a game"\n', ""), ('title = "Half a game"', 'title = ""'), ("as_of = 2023-10-31", "as_of = 2023"),
    ("as_of = 2023-10-31", 'model = "signaling"'), ("as_of = 2023-10-31", 'model = "signalling"'),
    ("as_of = 2023-10-31", "as_off = 2023-10-31"), ("gain = 0.1", "gain = true"), ("gain = 0.1", 'gain = "a tenth"'),
    ("gain = 0.1", 'gain = "1/2/3"'), ("gain = 0.1", "gain = []"), ("gain = 0.1", "gain = 0.1\nlambda = 1"),
    ("gain = 0.1", 'gain = 0.1\n"a-b" = 1'), ('value  = "3/5"\n', ""), ("range  =", "rnage  ="),
    ('["1/10", 0.9]', '["1/10"]'), ('"uncertainty"', '"uncertain"'), ('"observed"', '"seen"'),
    ('source = "afp-2023-10.31"\n', ""), ('title = "US, Iran and restraint"\n', ""), ("https://", "file://"),
    ("page = 3", "pages = 3"), ("[sources.unused]", '[sources."../x"]'), ('bold = "yes', '"b c" = "yes'),
    ('bold = "yes, strike"', "bold = [1]"), ("points = 11", "points = 1"), ("points = 11", "steps = 11"),
    ("points = 11", "points = 1.5"),
    ('players = ["A", "B"]', 'players = "A"'), ('players = ["A", "B"]', "players = []"),
    ('players = ["A", "B"]', 'players = ["A", "A"]'), ('players = ["A", "B"]', 'players = ["A", "B:C"]'),
    ('gain = ""', "gain = 0"), ('information = "a"\n', ""), ('player = "A"\n', ""),
    ('["strike", "hold"]', '{ strike = 1, hold = 0 }'), ('["strike", "hold"]', '["strike", "strike"]'),
    ('["strike", "hold"]', '["strike", "hold, on"]'), ('{ yes = "p", no = "1 - p" }', '["yes", "no"]'),
    ('{ yes = "p", no = "1 - p" }', '{ yes = "p; q", no = "1 - p" }'), ('after = ["strike"]', 'after = "strike"'),
    ('after = ["strike"]', "after = []"), ('when = ["yes"]', 'when = "yes"'), ("B = 0.25", "B = [1]"),
    ("B = 0.25", 'B = "__import__(\'os\')"'),
    ("[[game.move]]\nplayer = \"chance\"", "[[game.mvoe]]\nplayer = \"chance\""),
]


@pytest.mark.parametrize(("old", "new"), MISTAKES, ids=range(len(MISTAKES)))
def test_typical_mistakes_are_refused_here_and_by_the_reader(old, new):
    assert LONG.count(old) >= 1
    text = LONG.replace(old, new, 1)
    assert not valid(text)
    with pytest.raises(ScenarioError):
        loads(text)


def test_a_model_brings_its_options_and_parameters():
    model = models.get("signalling")
    lines = "\n".join(f'{parameter.name} = "1/2"' for parameter in model.parameters)
    text = f'format = 1\ntitle = "m"\nmodel = "signalling"\n[parameters]\n{lines}\n'
    assert valid(text)
    assert valid(text + '[options]\nsignals = ["silence", "strike"]\n')
    assert not valid(text + '[options]\nsignals = ["silence"]\n')
    assert not valid(text + '[options]\nsignals = ["silence", "bomb"]\n')
    assert not valid(text + '[options]\nsingals = ["silence", "strike"]\n')
    assert not valid(text.replace("resolve =", "reslove ="))
    assert not valid(text + "[game]\nplayers = ['A']\nmove = []\n")


def test_every_key_of_the_reader_is_in_the_schema_and_described():
    top = schema()["properties"]
    game = top["game"]["properties"]
    parameter = schema()["$defs"]["parameter"]["anyOf"][1]["properties"]
    source = top["sources"]["additionalProperties"]["properties"]
    axis = top["sweep"]["properties"]["over"]["additionalProperties"]["properties"]
    move, rule = game["move"]["items"]["properties"], game["payoff"]["items"]["properties"]
    for properties, keys in (
        (top, KEYS), (game, GAME_KEYS), (parameter, PARAMETER_KEYS), (source, SOURCE_KEYS), (axis, SWEEP_KEYS),
        (move, MOVE_KEYS), (rule, RULE_KEYS),
    ):
        assert tuple(sorted(properties)) == tuple(sorted(keys))
        for name, entry in properties.items():
            assert entry.get("description") or "$ref" in entry, name
