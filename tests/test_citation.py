"""Citing: BibTeX by a real parser, CSL, text, macros for every number, tables; whatever a scenario says."""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

import deterrence as dt
from deterrence import models
from deterrence.citation import cited, csl, macros, tabular
from deterrence.citation.bibtex import entry
from deterrence.citation.items import AUTHORS, TITLE, Cited, items, result_key
from deterrence.citation.latex import condition, decimals, escaped, formula, is_number, one_line
from deterrence.cite import entry as work
from deterrence.cite import keys
from deterrence.cli import main
from deterrence.solvers import METHODS, OWN
from deterrence.theorems import THEOREMS, theorem, theorems_for

from .worked import FILE

SCENARIOS = Path(__file__).parents[1] / "scenarios"
FILES = [*sorted(SCENARIOS.glob("*.toml")), *sorted((SCENARIOS / "canon").glob("*.toml"))]
PRINT = "sha256:" + "0123456789abcdef" * 4
HOSTILE = st.text(alphabet=st.characters() | st.sampled_from("\\{}%#$&_~^@\"',=\n\r`-"), max_size=40)


@pytest.fixture(scope="module")
def solved() -> Cited:
    return cited(dt.solve(dt.load(FILE)))


def numbers(value: Any, key: str = "") -> list[str]:
    """Every number of a document but those that say how the document is made up."""
    if isinstance(value, dict):
        left_out = ("format", "made", "fingerprint", "provenance", "sha256", "label", "title", "latex", "trace")
        return [n for k, v in value.items() if k not in left_out for n in numbers(v, k)]
    if isinstance(value, list):
        return [n for v in value for n in numbers(v, key)]
    if isinstance(value, bool) or key in ("rows", "note", "notes", "pieces", "region"):
        return []
    return [str(value)] if is_number(value) else []


# Bibliography -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_bibliography_of_every_shipped_scenario(path: Path) -> None:
    scenario = dt.load(path)
    found = cited(dt.solve(scenario))
    listed = found.theorems
    parsed = parse_string(dt.cite(found, "bibtex"), "bibtex")
    wanted = {f"deterrence-{dt.__version__}", result_key(found)}
    wanted |= set(scenario.sources) | set(models.get(scenario.model).literature)
    wanted |= {key for one in listed for key in one.literature}
    assert set(parsed.entries) == wanted
    for key, one in parsed.entries.items():
        assert re.fullmatch(r"\{.*\}", one.fields["title"]), key
        assert one.fields["year"] == "n.d." or re.fullmatch(r"[0-9]{4}", one.fields["year"])
    shown = dt.cite(found)
    assert all(f"[{key}]" in shown for key in wanted | {one.key for one in listed})
    document = dict(found.document)
    exact = [m.body for m in macros.macros(found) if not m.about.endswith("in decimals")]
    for number in set(numbers(document)):
        assert rf"\ensuremath{{{macros.exactly(number)}}}" in exact


def test_authors_titles_and_pages_are_those_of_the_works() -> None:
    parsed = parse_string("\n".join(entry({"id": key, **dict(work(key))}) for key in keys()), "bibtex")
    assert set(parsed.entries) == set(keys())
    for key, one in parsed.entries.items():
        people = one.persons["author"]
        assert len(people) == len(work(key)["author"])
        for person, told in zip(people, work(key)["author"], strict=True):
            assert person.last_names == [f"{{{escaped(told['family'])}}}"]
        assert one.fields.get("doi", "") == work(key).get("DOI", "")
        assert one.fields.get("pages", "") == work(key).get("page", "").replace("-", "--")


def test_a_body_as_author_stays_whole() -> None:
    item = {"id": "a", "type": "report", "title": "T", "author": [{"literal": "Department of State, Bureau of Arms"}],
            "publisher": "State", "issued": {"date-parts": [[2023, 10, 31]]}, "URL": "https://example.org/a b?c={1}",
            "accessed": {"date-parts": [[2024, 1]]}}
    one = parse_string(entry(item), "bibtex").entries["a"]
    assert one.type == "techreport"
    assert [str(person) for person in one.persons["author"]] == ["{Department of State, Bureau of Arms}"]
    assert (one.fields["institution"], one.fields["year"], one.fields["month"]) == ("{State}", "2023", "31 October")
    assert one.fields["note"] == r"\url{https://example.org/a%20b?c=%7B1%7D}. Accessed January 2024"


def test_what_lacks_a_part_that_styles_ask_for_is_of_the_kind_that_lacks_none() -> None:
    one = parse_string(entry({"id": "a", "type": "book", "title": "T", "publisher": "P"}), "bibtex").entries["a"]
    assert (one.type, one.fields["howpublished"], one.fields["key"]) == ("misc", "P", "P")


@given(text=HOSTILE, other=HOSTILE)
def test_no_text_breaks_out_of_bibtex(text: str, other: str) -> None:
    people = [{"literal": text}, {"family": other, "given": text}]
    item = {"id": "s", "type": "webpage", "title": text, "author": people, "publisher": other, "note": text,
            "URL": f"https://example.org/{text}", "container-title": text, "issued": {"date-parts": [[2023]]}}
    source = entry(item) + "\n\n@misc{last, title = {{end}}}"
    parsed = parse_string(source, "bibtex")
    assert list(parsed.entries) == ["s", "last"]
    found = parsed.entries["s"]
    assert set(found.fields) <= {"title", "howpublished", "year", "note"}
    assert source.isascii()
    assert all(len(line) == len(line.rstrip("\r\n")) for line in source.split("\n"))


COMMANDS = re.compile(
    r"\\[&%$#_\"'`^~=.]|\\(?:textbackslash|textbraceleft|textbraceright|textasciitilde|"
    r"textasciicircum|textless|textgreater|textbar|textbullet|ldots|copyright|pounds|times|cdot|pm|le|ge|circ|ss|ae|AE|"
    r"oe|OE|o|O|l|L|i|S)(?![A-Za-z])|\\[uvHtcdbrk](?=\{)"
)


@given(HOSTILE)
def test_escaped_text_has_no_command_of_its_own(text: str) -> None:
    shown = escaped(text)
    rest = COMMANDS.sub("", shown.replace(r"$^{\circ}$", ""))
    assert "\\" not in rest
    assert not set(rest) & set("%#&_~^\n\r")
    assert rest.count("$") % 2 == 0
    depth = 0
    for char in re.sub(r"\\[&%$#_]", "", shown):
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0
    assert shown.isascii()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("50 % & more_or #1 $2", r"50 \% \& more\_or \#1 \$2"),
        (r"\input{x}", r"\textbackslash{}input\textbraceleft{}x\textbraceright{}"),
        ("Sjöström, Łódź, Çelik, Ångström, Škoda", r"Sj{\"{o}}str{\"{o}}m, {\L}{\'{o}}d{\'{z}}, {\c{C}}elik, "
                                                     r"{\r{A}}ngstr{\"{o}}m, {\v{S}}koda"),
        ("a--b", "a-{}-b"), ("a\nb\u2028c\x00d", "a b c d"), ("\u202eabc\u200b", "abc"), ("π", "[U+03C0]"),
        ("1914\u20131918 “quoted”", "1914--1918 {``}quoted''"),
    ],
)
def test_text_is_set_as_it_is(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_csl_has_the_shape_of_its_schema(solved: Cited) -> None:
    found = csl([solved, cited_case()])
    assert json.loads(dt.cite([solved, cited_case()], "csl")) == found
    ids = [item["id"] for item in found]
    assert len(ids) == len(set(ids))
    texts = {"id", "type", "title", "version", "number", "note", "publisher", "container-title", "volume", "issue",
             "page", "DOI", "ISBN", "URL", "language"}
    for item in found:
        assert set(item) <= texts | {"author", "editor", "issued", "accessed"}
        assert all(isinstance(item[key], str) and "\n" not in item[key] for key in texts & set(item))
        for name in ("issued", "accessed"):
            for parts in item.get(name, {"date-parts": []})["date-parts"]:
                assert 1 <= len(parts) <= 3
                assert all(isinstance(part, int) for part in parts)
        assert all(set(one) in ({"literal"}, {"family", "given"}) for one in item.get("author", []))


def cited_case() -> Cited:
    scenario = dt.load(SCENARIOS / "iraq-syria-2023-10.toml")
    return Cited({}, scenario, PRINT, "solve", dt.__version__)


def test_keys_stay_apart_where_two_scenarios_share_one(tmp_path: Path) -> None:
    source = '\n[sources.{}]\ntitle = "{}"\n'
    text = FILE.read_text(encoding="utf-8")
    results = []
    for number, (key, title) in enumerate([("afp", "One"), ("AFP", "Two"), ("afp", "One"), ("nash1951", "Press")]):
        scenario = dt.loads(text + source.format(key, title))
        results.append(Cited({}, scenario, f"sha256:{number}" + "0" * 63, "solve", "0.1.0"))
    found = [item["id"] for item in items(results)["sources"]]
    assert found[0] == "afp"
    assert found[1] == "source-AFP"
    assert found[2:] == ["source-nash1951"]
    assert len(parse_string(dt.cite(results, "bibtex"), "bibtex").entries) == 1 + 4 + 3


# Numbers ----------------------------------------------------------------------------------------------------------


LARGE = st.fractions(min_value=-(10**12), max_value=10**12, max_denominator=10**7)
SMALL = st.fractions(min_value=-1, max_value=1, max_denominator=10**12)


@given(LARGE | SMALL)
def test_decimals_are_those_of_the_decimal_module(value: Fraction) -> None:
    shown = decimals(value)
    if value.denominator == 1:
        assert shown == str(value)
        return
    context = Context(prec=60)
    near = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    digits = max(4, near.adjusted() + 1) if near.adjusted() < 7 else 4
    wanted = Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(near)
    number, _, exponent = shown.partition(r" \times 10^{")
    told = Decimal(number).scaleb(int(exponent.rstrip("}") or 0))
    assert told == wanted
    assert ("." in number and number.endswith("0")) <= (Fraction(told) != value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [  # the square root of 2, the golden ratio less one, and what is no root of this form
        ("root(x**2 - 2, 1, 2)", "1.414"), ("root(x**2 - 2, -2, -1)", "-1.414"), ("root(x**2 + x - 1, 0, 1)", "0.6180"),
        ("root(1000000*x**2 - 2, 0, 1)", "0.001414"),
        ("root(x**3 - 10**9, 0, 1)", r"\mathrm{root}(x^{3} - 10^{9};\, 0,\, 1)"),
        ("1/3", "0.3333"), ("-2/3", "-0.6667"), ("1/2", "0.5"), ("0.25", "0.25"),
        ("1/3000000", r"3.333 \times 10^{-7}"),
    ],
)
def test_decimals(text: str, shown: str) -> None:
    assert decimals(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("harm*resolve/(gain + harm)", r"\frac{\mathrm{harm} \, \mathrm{resolve}}{\mathrm{harm} + \mathrm{gain}}"),
        ("loss_resolved**2", r"\mathrm{loss\_resolved}^{2}"), ("3/5", "3/5"),
        ("__import__('os').system('x')", r"\mbox{\_\_import\_\_('os').system('x')}"),
    ],
)
def test_formulas(text: str, shown: str) -> None:
    assert formula(text, ("resolve", "harm", "gain")) == shown.replace(r"\mathrm{harm} \, \mathrm{resolve}", (
        r"\mathrm{resolve} \, \mathrm{harm}"))


def test_conditions_keep_their_form() -> None:
    assert condition("2/5 <= y") == r"2/5 \le \mathrm{y}"
    assert condition(r"\input{x} >= 0") == r"\mbox{\textbackslash{}input\textbraceleft{}x\textbraceright{} " + (
        r"\textgreater{}= 0}")


# Macros -----------------------------------------------------------------------------------------------------------


def test_the_macros_of_the_worked_example(solved: Cited) -> None:
    """The values are those of the contract, section 4."""
    found = {one.name: one.body for one in macros.macros(solved)}
    assert found["GameSolveCount"] == "2"
    assert found["GameSolveFOneLabel"] == "pooling on hold"
    assert found["GameSolveFTwoPayoffUS"] == r"\ensuremath{-1/5}"
    assert found["GameSolveFTwoPayoffUSDecimal"] == r"\ensuremath{-0.2}"
    assert found["GameSolveFOneProbStrike"] == r"\ensuremath{0}"
    assert found["GameSolveFOneBeliefAfterHoldResolvedHold"] == r"\ensuremath{3/5}"
    assert found["GameSolveFTwoPlayAfterHoldAttack"] == r"\ensuremath{1}"
    assert found["GameSolveParamLossResolvedDecimal"] == r"\ensuremath{0.5}"
    assert found["GameSolveComplete"] == "yes"
    assert found["GameSolveKey"] == result_key(solved) == "deterrence-game-" + solved.fingerprint[7:17]
    assert found["GameSolveFingerprint"].replace(r"\allowbreak ", "") == rf"\texttt{{{solved.fingerprint}}}"


def has_every_number(found: Cited) -> None:
    listed = macros.macros(found)
    assert all(re.fullmatch("[A-Za-z]+", macro.name) for macro in listed)
    assert len({macro.name for macro in listed}) == len(listed)
    exact = [m.body for m in listed if m.body.startswith(r"\ensuremath") and not m.about.endswith("in decimals")]
    shown = sorted(body for body in exact if not re.search(r"\\mathrm\{(?!root)|\\wedge|\\le|\\ge|=", body))
    assert shown == sorted(rf"\ensuremath{{{macros.exactly(n)}}}" for n in numbers(dict(found.document)))
    lines = macros.source(listed).splitlines()
    assert len(lines) == len(listed)
    assert all(re.fullmatch(r"\\newcommand\{\\[A-Za-z]+\}\{.*\}% [ -~]+", line) for line in lines)


def test_every_number_has_a_macro_and_every_macro_a_word(solved: Cited) -> None:
    scenario = dt.load(FILE)
    atlas = dt.atlas(scenario)
    for found in (solved, cited(atlas), cited(dt.prove(atlas, "P[attack] decreases in resolve"))):
        has_every_number(found)


def test_the_frontier_has_its_numbers_and_its_table() -> None:
    """The numbers of F2 are derived by hand in tests/test_paper.py."""
    found = cited(dt.frontier(dt.load(SCENARIOS / "iraq-syria-2023-10.toml"), rows=0, jobs=1))
    has_every_number(found)
    body = {table.name: table.body for table in tabular.tables(found, {"austin-2023-03-28": "key"})}
    assert r"$7/9$ & $4/15$ & $-4/5$" in body["SignallingFrontierFrontierTable"]
    assert r"estimated~\cite{key}" in body["SignallingFrontierAssumptionsTable"]


def test_names_that_would_be_one_are_told_apart(solved: Cited) -> None:
    document = {"equilibria": [{"id": "F1", "events": {"a b": "1/2", "a_b": "1/3", "A b": "1/4", "aB2": "1"}}]}
    found = [m.name for m in macros.macros(Cited(document, solved.scenario, PRINT, "solve", "0.1.0"))]
    assert found[6:] == [
        "GameSolveFOneProbAB", "GameSolveFOneProbABDecimal", "GameSolveFOneProbABThree",
        "GameSolveFOneProbABDecimalTwo", "GameSolveFOneProbABFour", "GameSolveFOneProbABDecimalThree",
        "GameSolveFOneProbABTwo", "GameSolveFOneProbABTwoDecimal",
    ]


@given(HOSTILE, HOSTILE)
def test_no_name_of_a_game_breaks_out_of_a_macro(label: str, action: str) -> None:
    document = {"equilibria": [{"id": label, "label": action, "strategy": {label: {action: "1/2"}},
                                "events": {action: "1"}, "payoffs": {}}],
                "families": [], "scenario": {"title": label}}
    found = Cited(document, dt.load(FILE), PRINT, "solve", "0.1.0")
    listed = [*macros.macros(found), *tabular.tables(found, {})]
    source = macros.source(listed)
    names = [macro.name for macro in listed]
    assert re.findall(r"^\\newcommand\{\\([A-Za-z]+)\}", source, re.MULTILINE) == names
    assert source.isascii()
    assert not {"input", "write", "immediate", "csname"}.intersection(re.findall(r"\\([A-Za-z]+)", source)) - set(names)
    for macro in listed:
        bare = re.sub(r"\\[&%$#_\\]", "", macro.body)
        assert bare.count("{") == bare.count("}")
        assert not re.search(r"%(?!\n)", bare)


def test_a_prefix_is_a_word(solved: Cited) -> None:
    assert r"\newcommand{\CaseCount}{2}" in dt.cite(solved, macros=True, prefix="case")
    for wrong in ("a b", "", "x1", "\\x", "a" * 41, "é"):
        with pytest.raises(dt.ExpressionError, match="a prefix is a word"):
            dt.cite(solved, macros=True, prefix=wrong)


def test_two_results_of_one_kind_have_names_apart(solved: Cited) -> None:
    source = dt.cite([solved, solved], macros=True)
    names = re.findall(r"\\newcommand\{\\([A-Za-z]+)\}", source)
    assert len(names) == len(set(names))
    assert "GameSolveTwoCount" in names


def test_tables_have_a_row_for_each_entry(solved: Cited) -> None:
    found = {table.name: table.body for table in tabular.tables(solved, {})}
    assert list(found) == ["GameSolveAssumptionsTable", "GameSolveEquilibriaTable", "GameSolveTheoremsTable"]
    rows = found["GameSolveEquilibriaTable"].split("\\midrule%\n")[1].split("%\n")[:2]
    assert rows[1].startswith(r"F2 & pooling on strike & strike~$1$; hold~$0$; attack~$0$; refrain~$1$ & US~$-1/5$;")


# Theorems ---------------------------------------------------------------------------------------------------------


def test_every_method_has_its_theorems() -> None:
    used = {method for one in THEOREMS.values() for method in one.methods}
    own = {models.get(name).method for name in OWN}
    assert used == {method.name for method in METHODS} | own | {"homotopy"}
    for name in OWN:
        about = models.get(name)
        found = theorems_for({"method": about.method, "concept": about.concept}, "solve", model=name)
        assert any(about.method in theorem(key).methods for key in found)
        assert found == theorems_for({"concept": about.concept}, "atlas", model=name)
    assert {key for one in THEOREMS.values() for key in one.literature} <= set(keys())


def test_what_a_result_rests_on_follows_what_was_asked() -> None:
    assert "intuitive-criterion" in theorems_for({"method": "atlas", "concept": "pbe"}, "solve", refine="intuitive")
    assert "d1" in theorems_for({"made": {"command": "atlas", "options": {"refine": "d1"}}})
    assert "kreps-wilson-consistency" in theorems_for({"method": "atlas", "concept": "sequential"}, "solve")
    assert "kreps-wilson-consistency" not in theorems_for({"method": "atlas", "concept": "pbe"}, "solve")
    assert "sobol-indices" in theorems_for({"method": "atlas"}, "sensitivity")
    assert "commitment-linear-programs" in theorems_for({}, "frontier")
    assert "logit-path" in theorems_for({"method": "homotopy"}, "solve", model="ladder")
    with pytest.raises(dt.UnknownNameError, match="sobol-indices"):
        theorem("sobol_indices")


# Ways in ----------------------------------------------------------------------------------------------------------


def test_a_file_and_an_object_are_cited_alike(tmp_path: Path) -> None:
    found = dt.solve(dt.load(FILE))
    dt.save(found, tmp_path / "a.json")
    for style in ("text", "bibtex", "csl"):
        assert dt.cite(tmp_path / "a.json", style) == dt.cite(found, style) == dt.cite([found], style)


def test_what_cannot_be_cited_is_told(solved: Cited, tmp_path: Path) -> None:
    with pytest.raises(dt.ExpressionError, match="did you mean 'bibtex'"):
        dt.cite(solved, "bibtexx")
    with pytest.raises(dt.ExpressionError, match="this int cannot"):
        dt.cite(3)
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    with pytest.raises(dt.ProblemsError, match="holds no saved result"):
        dt.cite(tmp_path / "a.json")


def test_a_sweep_is_cited_from_its_file(tmp_path: Path) -> None:
    """Of nine points six are at or above 1/3, where Iran refrains after hold; below it attacks."""
    dt.sweep(dt.load(FILE), over={"resolve": ("1/10", "9/10", 9)}, output=tmp_path / "s.nc", jobs=1)
    found = {one.name: one.body for one in macros.macros(cited(tmp_path / "s.nc"))}
    assert found["GameSweepFOneShareDecimal"] == r"\ensuremath{0.6667}"
    assert found["GameSweepPointsAll"] == r"\ensuremath{9}"
    assert found["GameSweepPMaxAttackGreatestDecimal"] == r"\ensuremath{1}"
    assert found["GameSweepPMaxAttackLeastDecimal"] == r"\ensuremath{0}"
    # The worst of the US: the resolved loses 1/2 with chance 1/10, the irresolute 1 with chance 9/10.
    assert found["GameSweepPayoffMinUSLeastDecimal"] == r"\ensuremath{-0.95}"


def test_one_line_keeps_no_control_characters() -> None:
    assert one_line("a\r\n\tb\u0085c\u2029d\ud800e\x7f") == "a b c de"


def test_the_software_is_called_what_its_citation_file_says() -> None:
    said = (SCENARIOS.parent / "CITATION.cff").read_text(encoding="utf-8")
    assert f'title: "{TITLE}"' in said
    assert f'- name: "{AUTHORS}"' in said


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = dt.solve(dt.load(FILE))
    path = str(tmp_path / "a.json")
    dt.save(found, path)
    assert main(["cite", path]) == 0
    assert capsys.readouterr().out == dt.cite(found)
    assert main(["cite", path, "--style", "csl", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "format": 1, "style": "csl", "citation": json.loads(dt.cite(found, "csl")),
    }
    assert main(["cite", path, "--macros", "--prefix", "Mine", "-o", str(tmp_path / "a.tex")]) == 0
    assert r"\newcommand{\MineCount}{2}" in (tmp_path / "a.tex").read_text(encoding="utf-8")
    for words, wrong in ((["--macros", "--style", "csl"], "--style is for the bibliography"),
                         (["--prefix", "Mine"], "add --macros or --tables"), (["-o", path], "would overwrite")):
        assert main(["cite", path, *words]) == 2
        assert wrong in capsys.readouterr().err
