"""Saved results: form, fingerprint, recomputation, certificates, and every way to tamper with them."""

import hashlib
import json
import random
import re
import shutil
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import deterrence as dt
from deterrence import saved, verification
from deterrence.cli import main
from deterrence.errors import ExpressionError, ProblemsError
from deterrence.sealing import joined, pieces, seal, sweep_fingerprint

from .resealing import reseal

SMALL = Path(__file__).with_name("restraint.toml").read_text(encoding="utf-8")


def digest(document):
    """The fingerprint, from its definition."""
    rest = {key: document[key] for key in sorted(document) if key != "fingerprint"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def stamp(path, change):
    """Change a saved result, and give it the fingerprint that its new content has."""
    document = json.loads(path.read_text())
    change(document)
    document["fingerprint"] = digest(document)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


@pytest.fixture(name="scenario")
def _scenario(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


@pytest.fixture(name="result")
def _result(scenario):
    path = scenario.with_name("result.json")
    assert main(["solve", str(scenario), "-o", str(path)]) == 0
    return path


def test_the_fingerprint_is_that_of_the_definition(result):
    document = json.loads(result.read_text())
    assert document["fingerprint"] == digest(document)
    assert document["made"]["files"] == {"small.toml": SMALL}


def test_a_saved_result_is_the_document_with_two_more_keys(scenario, result, capsys):
    capsys.readouterr()
    assert main(["solve", str(scenario), "--json"]) == 0
    shown, document = json.loads(capsys.readouterr().out), json.loads(result.read_text())
    assert set(document) - set(shown) == {"made", "fingerprint"}
    assert {key: document[key] for key in shown} == shown


def test_what_was_saved_is_verified(result):
    found = dt.verify(result)
    assert found
    assert found.verdict == "verified"
    assert [(check.of, check.holds) for check in found.checks] == [("F1", True), ("F2", True)]


def test_the_same_bytes_twice(scenario, result):
    again = scenario.with_name("again.json")
    dt.save(dt.solve(dt.load(scenario)), again)
    assert again.read_bytes() == result.read_bytes()


def test_every_changed_digit_is_found(result, capsys):
    text = result.read_text()
    places = [match.start() for match in re.finditer(r"[0-9]", text)]
    draw = random.Random(7)
    for place in draw.sample(places, 100):
        other = draw.choice([d for d in "0123456789" if d != text[place]])
        result.write_text(text[:place] + other + text[place + 1 :])
        assert main(["verify", str(result)]) in (1, 2), text[place - 30 : place + 30]
    capsys.readouterr()


@pytest.mark.parametrize("change", ["\n", " "])
def test_a_blank_more_is_found(result, change):
    result.write_text(result.read_text().replace('"format"', f'{change}"format"', 1))
    found = dt.verify(result)
    assert found.verdict == "changed"
    assert "not as this package writes it" in found.changes[0]


def test_another_answer_with_a_right_fingerprint_is_found(result):
    def change(document):
        document["equilibria"][0]["payoffs"]["US"] = "1"

    stamp(result, change)
    found = dt.verify(result)
    assert found.verdict == "other answer"
    assert [str(d) for d in found.differences] == [
        'equilibria[0].payoffs.US: the file says "1", computed again it is "0"'
    ]


def test_an_empty_threat_with_a_right_fingerprint_fails_its_certificate(result):
    # F1: both types hold; nobody strikes, so an attack in answer to a strike has no weight, and is no best answer for
    # Iran, which believes that a strike comes from the resolved type (it loses harm > 0 by attacking).
    def change(document):
        document["equilibria"][0]["strategy"]["after strike"] = {"attack": "1", "refrain": "0"}

    stamp(result, change)
    found = dt.verify(result)
    assert found.verdict == "other answer"
    assert [check.holds for check in found.checks] == [False, True]
    assert "after strike" in found.checks[0].said


def test_another_version_with_the_same_answer(result):
    def change(document):
        document["made"]["versions"]["deterrence"] = "0.0.9"
        document["provenance"]["package"] = "deterrence 0.0.9"

    stamp(result, change)
    found = dt.verify(result)
    assert found.verdict == "same answer, other version"
    assert found.saved_by["deterrence"] == "0.0.9"


def test_another_version_with_another_answer(result):
    def change(document):
        document["made"]["versions"]["deterrence"] = "0.0.9"
        document["equilibria"].pop()

    stamp(result, change)
    found = dt.verify(result)
    assert found.verdict == "other answer"
    assert str(found.differences[0]) == "equilibria: the file says 2 entries, computed again it is 1" or (
        found.differences[0].at == "equilibria" and found.differences[0].saved == "1 entries"
    )


def test_another_python_excuses_nothing_else(result):
    def change(document):
        document["made"]["versions"]["python"] = "3.10.1"
        document["provenance"]["python"] = "3.10.1"

    stamp(result, change)
    assert dt.verify(result).verdict == "verified"
    stamp(result, lambda document: document["made"].update(literature=["nobody-1900"]))
    assert [d.at for d in dt.verify(result).differences] == ["made.literature"]
    stamp(result, lambda document: document["provenance"].update(package="better 9.9"))
    assert [d.at for d in dt.verify(result).differences] == ["made.literature", "provenance"]


def test_what_is_put_in_beside_the_answer_costs_no_more_than_the_answer(result):
    def change(document):
        row = {"strike": "root(x**1999 - 3*x**1000 + 7*x**777 - 1, 0, 2)", "hold": "0"}
        document["equilibria"] = 10_000 * document["equilibria"]
        document["equilibria"][0]["strategy"]["resolved"] = row

    stamp(result, change)
    found = dt.verify(result)
    assert not found.holds
    assert [check.said for check in found.checks[:1]] == ["20000 are stated, computed again there are 2"]
    assert "no number of the answer computed again" in found.checks[1].said
    assert len(found.checks) == 3


@pytest.mark.parametrize(("old", "new", "says"), [
    ('"format": 1', '"format": 1e999', "a number or a character"),
    ("A small game", "A \\ud800 game", "a number or a character"),
    ('"values": {', '"values": {"cost": "\\udfff"', "a number or a character"),
    ('"files": {', '"files": {"small.toml/x": "", ', "cannot be laid out"),
    ('"files": {', f'"files": {{"{300 * "a"}": "", ', "cannot be laid out"),
])
def test_what_no_file_can_hold_is_said_so(result, old, new, says, capsys):
    text = result.read_text()
    assert old in text
    result.write_text(text.replace(old, new, 1))
    assert main(["verify", str(result)]) == (1 if "laid out" in says else 2)
    shown = capsys.readouterr()
    assert says in " ".join((shown.out + shown.err).split())
    assert "internal error" not in shown.err


def test_numbers_of_any_kind_are_options_that_can_be_kept(tmp_path):
    path = tmp_path / "x.json"
    scenario = dt.load("scenarios/iraq-syria-2023-10-retaliation.toml")
    found = dt.robust(scenario, "limited_cost", values=np.array([0.5, 1.0]), threshold=Fraction(1, 2), rows=16)
    dt.save(found, path)
    options = json.loads(path.read_text())["made"]["options"]
    assert options == {"lever": "limited_cost", "values": [0.5, 1.0], "threshold": "1/2", "rows": 16}
    scenario = dt.load("scenarios/iraq-syria-2023-10.toml")
    dt.save(dt.confront(scenario, level=Fraction(1, 20), rows=32), path)
    assert dt.verify(path).verdict == "verified"
    stamp(path, lambda document: document["made"]["options"].update(rng=-1))
    with pytest.raises(ProblemsError, match="expected non-negative"):
        dt.verify(path)


@pytest.mark.parametrize(("key", "value", "says"), [
    ("options", {"output": "elsewhere.json"}, "has no option 'output'"),
    ("options", {"client": "tcp://127.0.0.1:1"}, "has no option 'client'"),
    ("options", {"concept": 3}, ""),
    ("options", {"concept": {"a": []}}, ""),
    ("options", {"beliefs": 7}, ""),
    ("command", "system", "is none of"),
    ("command", "__class__", "is none of"),
    ("files", {"../../small.toml": SMALL}, "made.scenario"),
    ("scenario", "/etc/passwd", "made.scenario"),
    ("files", {"small.toml": 3}, "made.files"),
    ("values", {"resolve": 3}, "made.values"),
    ("values", {"resolve": "3"}, "resolve"),
    ("values", {"nobody": "3"}, "nobody"),
    ("files", {"small.toml": "format = 2"}, "format"),
])
def test_a_hostile_origin_ends_in_a_sentence(result, key, value, says):
    def change(document):
        document["made"][key] = value
        if key == "files" and "small.toml" not in value:
            document["made"]["scenario"] = "small.toml"

    stamp(result, change)
    with pytest.raises((ProblemsError, dt.DeterrenceError)) as raised:
        dt.verify(result)
    assert says in str(raised.value)


def test_a_file_inside_may_not_lie_outside(result):
    def change(document):
        document["made"]["files"]["../outside.toml"] = SMALL

    stamp(result, change)
    with pytest.raises(ProblemsError, match="no place of a file inside"):
        dt.verify(result)


@pytest.mark.parametrize(("name", "text", "says"), [
    ("a.json", "{", "is not JSON"),
    ("a.json", '{"format": 1}', "holds no saved result"),
    ("a.json", "[" * 100_000, "is not JSON"),
    ("a.json", '{"made": {}, "fingerprint": "sha256:1"}', "64 digits"),
    ("a.json", '{"made": NaN, "fingerprint": "x"}', "NaN"),
    ("a.html", "<p>", "does not say how it was made"),
    ("a.toml", SMALL, "save a result first"),
    ("a.nc", "no netCDF", "cannot be read as netCDF"),
])
def test_what_is_no_result_is_said_so(tmp_path, name, text, says, capsys):
    path = tmp_path / name
    path.write_text(text)
    assert main(["verify", str(path)]) == 2
    assert says in capsys.readouterr().err


def test_a_result_of_a_game_alone_cannot_be_saved(scenario, tmp_path):
    game = dt.load(scenario).game
    with pytest.raises(ExpressionError, match="does not come from a scenario"):
        dt.save(dt.atlas(game), tmp_path / "x.json")


@pytest.mark.parametrize("command", [
    ["atlas"], ["atlas", "--over", "resolve,cost"], ["prove", "P[attack] decreases in resolve"],
    ["prove", "P[attack] <= P[strike]"], ["solve", "--set", "resolve=1/7", "--concept", "nash"],
    ["solve", "--refine", "d1"], ["solve", "--belief", "after strike: resolved, strike = 1"],
])
def test_every_answer_can_be_verified(scenario, command):
    place = scenario.with_name("x.json")
    verb, *rest = command
    first = [verb, str(scenario)] + ([rest.pop(0)] if verb == "prove" else [])
    assert main([*first, *rest, "-o", str(place), "--quiet"]) in (0, 1)
    found = dt.verify(place)
    assert found.verdict == "verified", repr(found)


def test_studies_and_policies_can_be_verified(tmp_path):
    source = "scenarios/canon/tying_hands.toml"
    for verb, options in [("sensitivity", ["--rows", "16"])]:
        place = tmp_path / f"{verb}.json"
        shutil.copy(source, tmp_path)
        assert main([verb, str(tmp_path / "tying_hands.toml"), *options, "-o", str(place), "--quiet"]) == 0
        assert dt.verify(place).verdict == "verified"


def test_the_record_goes_with_a_confrontation(tmp_path):
    place = tmp_path / "x.json"
    assert main(["confront", "scenarios/iraq-syria-2023-10-retaliation.toml", "--rows", "0", "-o", str(place)]) == 0
    document = json.loads(place.read_text())
    assert set(document["made"]["files"]) == {
        "iraq-syria-2023-10-retaliation.toml", "record/record.toml", "record/events.csv"
    }
    assert dt.verify(place).verdict == "verified"

    def change(told):
        files = told["made"]["files"]
        files["record/record.toml"] = files["record/record.toml"].replace("attacks = [27, 27]", "attacks = [26, 27]")

    stamp(place, change)
    assert dt.verify(place).verdict == "other answer"


def test_linked_scenarios_go_with_a_result(tmp_path):
    place = tmp_path / "x.json"
    assert main(["solve", "scenarios/iraq-syria-2023-10-wave.toml", "-o", str(place), "--quiet"]) == 0
    document = json.loads(place.read_text())
    assert list(document["made"]["files"]) == ["iraq-syria-2023-10-wave.toml", "iraq-syria-2023-10-swarm.toml"]
    assert dt.verify(place).verdict == "verified"


# Sweeps


@pytest.fixture(name="grid")
def _grid(scenario):
    path = scenario.with_name("grid.nc")
    assert main(["sweep", str(scenario), "--over", "resolve=1/20:19/20:19", "--over", "cost=0.1,1/3", "-o", str(path),
                 "--quiet"]) == 0
    return path


def test_a_sweep_is_verified_with_points_solved_anew(grid):
    found = dt.verify(grid)
    assert found.verdict == "verified", repr(found)
    assert found.stated == found.found == sweep_fingerprint(grid)
    assert all(check.holds for check in found.checks)


def test_every_changed_byte_of_a_sweep_is_found(grid, capsys):
    data = grid.read_bytes()
    draw = random.Random(11)
    for _ in range(25):
        place = draw.randrange(len(data))
        grid.write_bytes(data[:place] + bytes([data[place] ^ (1 << draw.randrange(8))]) + data[place + 1 :])
        assert main(["verify", str(grid)]) in (1, 2), place
    capsys.readouterr()


def test_a_sealed_change_of_a_value_is_found(grid):
    import h5py

    with h5py.File(grid, "r+") as file:
        file["P_max[attack]"][3, 1] = 0.125
    assert dt.verify(grid).verdict == "changed"
    seal(grid)
    found = dt.verify(grid)
    assert found.verdict == "other answer"
    assert found.differences[0].at == "P_max[attack][3]"
    assert found.differences[0].saved == "0.125"


def restated(path, **versions):
    """Let a sweep say that other versions made it, in every place where it says which."""
    import h5py

    with h5py.File(path, "r+") as file:
        made = json.loads(joined(file.attrs, "made"))
        made["versions"].update(versions)
        told = json.loads(file.attrs["provenance"])
        if "deterrence" in versions:
            file.attrs["source"] = told["package"] = f"deterrence {versions['deterrence']}"
        told["python"] = made["versions"]["python"]
        file.attrs.update({"provenance": json.dumps(told), "plan": "0" * 64, "_NCProperties": "version=2,hdf5=1.0"})
        for key in [key for key in file.attrs if key.startswith("made")]:
            del file.attrs[key]
        file.attrs.update(pieces(json.dumps(made), "made"))
    seal(path)


def test_a_sweep_of_other_versions_is_told_from_another_answer(grid):
    import h5py

    restated(grid, python="3.10.1")
    assert dt.verify(grid).verdict == "verified"
    restated(grid, deterrence="0.0.9")
    assert dt.verify(grid).verdict == "same answer, other version"
    with h5py.File(grid, "r+") as file:
        file["P_max[attack]"][3, 1] = 0.125
    seal(grid)
    found = dt.verify(grid)
    assert found.verdict == "other answer"
    assert [d.at for d in found.differences] == ["P_max[attack][3]"]


@pytest.mark.parametrize(("change", "at"), [
    (lambda file: file["count"].attrs.update(units="metres"), "count.units"),
    (lambda file: file["count"].attrs.update(_Netcdf4Dimid=77), "count._Netcdf4Dimid"),
    (lambda file: file.attrs.update(history="better"), "history"),
    (lambda file: file.attrs.update(provenance="{}"), "provenance"),
    (lambda file: file.attrs.update(nobody=file["count"].ref), "nobody"),
    (lambda file: file.create_group("more"), "more"),
    (lambda file: file["P_min[attack]"].write_direct(-file["P_min[attack]"][...]), "P_min[attack][0] (2 values"),
])
def test_what_a_sealed_sweep_says_beside_its_values_is_compared(grid, change, at):
    import h5py

    with h5py.File(grid, "r+") as file:
        change(file)
    seal(grid)
    found = dt.verify(grid)
    assert found.verdict == "other answer"
    assert found.differences[0].at.startswith(at)


def test_bytes_behind_a_sweep_are_found(grid):
    with open(grid, "ab") as file:
        file.write(b"more")
    assert [d.at for d in dt.verify(grid).differences] == ["the bytes of the file"]


@pytest.mark.parametrize("shape", [(10**12,), None])
def test_a_variable_without_end_or_values_is_refused_at_once(grid, shape):
    import h5py

    with h5py.File(grid, "r+") as file:
        if shape is None:
            file.create_dataset("more", data=h5py.Empty("f"))
        else:
            file.create_dataset("more", shape=shape, dtype="i1", chunks=(10**6,))
    with pytest.raises(ProblemsError, match="is damaged"):
        dt.verify(grid)


# Pictures


def test_pictures_of_results_with_options_are_drawn_again(scenario, grid):
    study, listed = scenario.with_name("study.json"), scenario.with_name("listed.nc")
    points = scenario.with_name("p.csv")
    points.write_text("resolve,cost\n1/3,0.2\n0.75,1/7\n")
    ranged = scenario.with_name("ranged.toml")
    ranged.write_text(SMALL.replace('resolve = "3/5"', 'resolve = { value = "3/5", range = ["1/5", "4/5"] }'))
    assert main(["sensitivity", str(ranged), "--rows", "16", "-o", str(study), "--quiet"]) == 0
    assert main(["sweep", str(scenario), "--points", str(points), "-o", str(listed), "--quiet"]) == 0
    for source in (study, listed, grid):
        picture = source.with_suffix(".svg")
        assert main(["plot", str(source), "-o", str(picture)]) == 0
        assert dt.verify(picture).verdict == "verified"


@pytest.mark.parametrize("title", [
    "deterrence-made: {}", 'deterrence-made: {\\"command\\": \\"x\\"} -->', "deterrence-made: {",
])
def test_a_title_that_holds_the_mark_misleads_nobody(scenario, title):
    scenario.write_text(SMALL.replace("A small game of restraint", title))
    for command, name in (("plot", "x.svg"), ("explore", "x.html")):
        path = scenario.with_name(name)
        assert main([command, str(scenario), "-o", str(path)]) == 0
        assert dt.verify(path).verdict == "verified"


@pytest.mark.parametrize("options", [
    {"output": "pwned.nc"}, {"client": "tcp://127.0.0.1:1"}, {"nobody": 1}, {"keep": 5}, {"points": "/etc/passwd"},
])
def test_a_hostile_picture_writes_and_connects_nowhere(grid, options, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    picture = grid.with_suffix(".svg")
    assert main(["plot", str(grid), "-o", str(picture)]) == 0
    text = picture.read_text()
    old = '"options":{"of":"sweep","options":{'
    assert old in text
    picture.write_text(text.replace(old, old + json.dumps(options)[1:-1] + ","))
    reseal(picture)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ProblemsError):
        dt.verify(picture)
    assert sorted(tmp_path.iterdir()) == before


def test_a_list_of_points_goes_with_its_sweep(scenario):
    points, path = scenario.with_name("p.csv"), scenario.with_name("p.nc")
    points.write_text("resolve,cost\n1/3,0.2\n0.75,1/7\n")
    assert main(["sweep", str(scenario), "--points", str(points), "-o", str(path), "--quiet"]) == 0
    assert saved.read(path).made["files"]["points.csv"] == "resolve,cost\n1/3,0.2\n0.75,1/7\n"
    points.unlink()
    assert dt.verify(path).verdict == "verified"


@pytest.mark.parametrize("text", ["", "short", "é" * 40_000, "a" * 15_000, "b" * 15_001])
def test_long_attributes_are_taken_apart_and_joined(text):
    parts = pieces(text, "made")
    assert joined(parts, "made") == text
    assert all(len(part.encode()) < 64_000 for part in parts.values())


# Numbers


@pytest.mark.parametrize(("text", "between"), [
    ("root(x**2 - 2, 1, 2)", ("1.41421", "1.41422")),
    ("root(-x**2 + 2, -2, -1)", ("-1.41422", "-1.41421")),
    ("root(2*x**3 - 3/2*x - 1, 1, 2)", ("1.0975", "1.0985")),  # the polynomial is -0.002 and 0.003 there
    ("root(x**10 - 1/1024, 0, 1)", ("0.49999", "0.50001")),
])
def test_roots_are_read(text, between):
    low, high = map(Fraction, between)
    assert low < verification.number(text) < high


@pytest.mark.parametrize("text", [
    "", "1/0", "0x1", "1e5", "root(x**2 + 1, 0, 1)", "root(x**2 - 2, -2, 2)", "root(y - 1, 0, 2)", "root(, 0, 1)",
    "root(x**99999 - 2, 0, 1)", "__import__('os')", "root(x, 0, 1", 3, None, 0.5,
])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r"is no|has [02] roots"):
        verification.number(text)


def test_a_picture_of_another_version_is_told_from_one_that_was_changed(scenario, monkeypatch):
    place = scenario.with_name("tree.svg")
    with monkeypatch.context() as patched:
        patched.setattr(dt, "__version__", "0.0.9")
        assert main(["plot", str(scenario), "-o", str(place), "--quiet"]) == 0
    assert dt.verify(place).verdict == "same answer, other version"
    text = place.read_text()
    place.write_text(text.replace("pooling", "poolinq", 1))
    assert dt.verify(place).verdict == "changed"
    reseal(place)
    assert dt.verify(place).verdict == "other answer"
    assert main(["plot", str(scenario), "-o", str(place), "--quiet"]) == 0
    assert dt.verify(place).verdict == "verified"
    place.write_text(place.read_text().replace("pooling", "poolinq", 1))
    assert dt.verify(place).verdict == "changed"
