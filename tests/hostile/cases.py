"""Hostile scenario files: what is in each, the key at fault, and words that the message must hold.

An edit changes the worked game of the contract in one place, so that the line at fault is the line of the edit.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

WORKED = (Path(__file__).parent.parent / "restraint.toml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Case:
    """A file, the key path of a mistake that must be reported, its line (None: any) and words of the message."""

    name: str
    data: bytes
    key: str
    line: int | None
    words: str


def edit(name: str, old: str, new: str, key: str, words: str, *, line_of: str | None = None) -> Case:
    """The worked game with `old` replaced by `new`; the mistake is expected where `line_of`, else `new`, stands."""
    assert WORKED.count(old) == 1, f"{name}: {old!r} occurs {WORKED.count(old)} times"
    text = WORKED.replace(old, new)
    place = text.index(line_of if line_of is not None else new)
    return Case(name, text.encode(), key, text.count("\n", 0, place) + 1, words)


def whole(name: str, text: str | bytes, key: str, words: str, line: int | None = None) -> Case:
    return Case(name, text.encode() if isinstance(text, str) else text, key, line, words)


HEAD = 'format = 1\ntitle = "x"\n'
COST = 'cost = "1/5"'
PLAYERS = 'players = ["US", "Iran"]'
PAID = 'US   = "-cost"'
CODE = (
    "__import__('os').system('touch owned')", "().__class__.__bases__[0].__subclasses__()", "cost.__class__",
    "lambda: cost", "open('x','w')", "cost if cost else gain", "[cost for cost in (1,)]", "cost; gain", "cost := 1",
    "exec(cost)", "cost**-1", "cost**gain", "cost**9", "2**(2**8)", "cost//gain", "cost % gain", "cost @ gain",
    "cost ^ 2", "cost = 1", "1e999999999*cost", "cost!", "`cost`", "0x10", "1_000", "cost\\u00d7gain", "\\uff11", "()",
    "(cost", "cost)", "cost cost", "2cost", "cost+", "cost/0", "cost/(gain-gain)", "((((1e50**8)**8)**8)**8)**8",
    "(cost+gain+harm+resolve+loss_resolved+loss_irresolute)**8*(cost-gain-harm-resolve-loss_resolved)**8",
    "9" * 61, "(" * 41 + "cost" + ")" * 41, "+".join(["cost"] * 500), "True", "nan", "inf", "e", "",
)


def _code() -> list[Case]:
    """Code, and arithmetic beyond the limits, in the place of a payoff."""
    return [
        edit(f"payoff-{i:02}", PAID, f'US   = "{code}"', "game.payoff[0].US", "")
        for i, code in enumerate(CODE)
    ]


def _values() -> list[Case]:
    key = "parameters.cost"
    return [
        edit("value-nan", COST, "cost = nan", key, "no finite number"),
        edit("value-inf", COST, "cost = -inf", key, "no finite number"),
        edit("value-nan-text", COST, 'cost = "nan"', key, "no finite number"),
        edit("value-1e400", COST, "cost = 1e400", key, "digits"),
        edit("value-1e-400", COST, "cost = 1e-400", key, "digits"),
        edit("value-huge-exponent", COST, "cost = 1e999999999", key, "1e999999999"),
        edit("value-long-decimal", COST, "cost = 0." + "1" * 5000, key, "digits"),
        edit("value-61-digits", COST, "cost = " + "9" * 61, key, "60 digits"),
        edit("value-hex", COST, "cost = 0x" + "f" * 4000, key, "60 digits"),
        whole("value-4301-digits", WORKED.replace(COST, "cost = " + "9" * 4301), "", "too many digits"),
        edit("value-zero-division", COST, 'cost = "1/0"', key, "divides by zero"),
        edit("value-expression", COST, 'cost = "1/5 + gain"', key, "no finite number"),
        edit("value-code", COST, "cost = \"__import__('os')\"", key, "no finite number"),
        edit("value-full-width", COST, 'cost = "\uff11/\uff15"', key, "no finite number"),
        edit("value-bool", COST, "cost = true", key, "true or false"),
        edit("value-list", COST, "cost = [1, 5]", key, "a list"),
        edit("value-date", COST, "cost = 2023-10-31", key, "a date"),
        edit("value-tables", COST, "cost = [{ value = 1 }]", key, "a list"),
        edit("value-none", COST, "cost = {}", key, "'value' is missing"),
        edit("value-unknown-key", COST, "cost = { value = 1, vaule = 2 }", f"{key}.vaule", "vaule"),
        edit("value-table-value", COST, "cost = { value = { value = 1 } }", f"{key}.value", "a table"),
        edit("role-unknown", COST, 'cost = { value = 1, role = "levre" }', f"{key}.role", "lever"),
        edit("basis-unknown", COST, 'cost = { value = 1, basis = 3 }', f"{key}.basis", "a whole number"),
        edit("source-missing", COST, 'cost = { value = 1, basis = "observed" }', key, "needs a `source`"),
        edit("source-unknown", COST, 'cost = { value = 1, source = "afp" }', f"{key}.source", "no key 'afp'"),
        edit("range-without-value", COST, "cost = { value = 1, range = [2, 3] }", f"{key}.range", "outside the range"),
        edit("range-reversed", COST, "cost = { value = 1, range = [3, 0.5] }", f"{key}.range", "above"),
        edit("range-of-three", COST, "cost = { value = 1, range = [1, 2, 3] }", f"{key}.range", "two numbers"),
        edit("range-nan", COST, "cost = { value = 1, range = [nan, 2] }", f"{key}.range[0]", "no finite number"),
        edit("range-out-of-domain", COST, "cost = { value = 1, range = [-1, 2] }", f"{key}.range[0]", "domain"),
        edit("value-negative-cost", COST, 'cost = "-1/5"', key, "-1/5 is outside the domain 'cost > 0'"),
        edit("value-probability", 'resolve = "3/5"', "resolve = 1.2", "parameters.resolve",
             "6/5 is outside the domain"),
        edit("value-joint", "loss_irresolute = 1\n", "loss_irresolute = 0.25\n", "parameters.loss_resolved",
             "loss_irresolute", line_of='loss_resolved = "1/2"'),
        edit("value-missing", f"{COST}\n", "", "parameters.cost", "has no value", line_of="[parameters]"),
        edit("value-undeclared", COST, f"{COST}\ncots = 1", "parameters.cots", "'cots'", line_of="cots"),
    ]


def _names() -> list[Case]:
    declared = 'cost    = "cost > 0"'
    return [
        edit("name-code", declared, f'{declared}\n"__import__(\'os\')" = ""', "game.parameters.__import__('os')",
             "no name", line_of='"__import__'),
        edit("name-keyword", declared, f'{declared}\nlambda = ""', "game.parameters.lambda", "keyword",
             line_of="lambda"),
        edit("name-long", declared, f'{declared}\n{"a" * 65} = ""', f"game.parameters.{'a' * 65}", "64",
             line_of="aaaa"),
        edit("name-greek", declared, f'{declared}\n"\u03b2" = ""', "game.parameters.\u03b2", "no name",
             line_of='"\u03b2"'),
        edit("name-empty", declared, f'{declared}\n"" = ""', "game.parameters.", "no name", line_of='"" ='),
        edit("name-assume", "assume  = [", 'assume  = "cost > 0" # [', "game.parameters.assume", "a list of texts"),
        edit("domain-number", declared, "cost    = 0", "game.parameters.cost", "a domain is a text"),
        edit("domain-code", declared, 'cost    = "exec(1) > 0"', "game.parameters.cost", "called like a function"),
        edit("domain-nothing-compared", declared, 'cost    = "cost"', "game.parameters.cost", "compares nothing"),
        edit("domain-false", declared, 'cost    = "1 > 2"', "game.parameters.cost", "can never hold"),
        edit("domain-misspelt", declared, 'cost    = "cots > 0"', "game.parameters.cost", "'cots'"),
        edit("label-bidi", 'information = "after strike"', 'information = "after \\u202estrike"',
             "game.move[3].information", "U+202E"),
        edit("label-colon", PLAYERS, 'players = ["US", "I:ran"]', "game.players[1]", "':'"),
        edit("label-newline", PLAYERS, 'players = ["US", "Ir\\nan"]', "game.players[1]", "printable"),
        edit("label-decomposed", PLAYERS, 'players = ["US", "Ira\\u0301n"]', "game.players[1]", "NFC"),
        edit("label-zero-width", PLAYERS, 'players = ["US", "Ir\\u200ban"]', "game.players[1]",
             "printable"),
        edit("label-no-break", PLAYERS, 'players = ["US", "\\u00a0Iran"]', "game.players[1]", "blanks"),
        edit("player-when", PLAYERS, 'players = ["US", "when"]', "game.players[1]", "'when'"),
        edit("player-chance", PLAYERS, 'players = ["US", "chance"]', "game.players[1]", "'chance'"),
        edit("player-twice", PLAYERS, 'players = ["US", "Iran", "US"]', "game.players[2]", "twice"),
        edit("player-idle", PLAYERS, 'players = ["US", "Iran", "UN"]', "game.players[2]",
             "never moves and is never paid"),
        edit("title-bidi", "A small game", "A \u202esmall game", "title", "U+202E"),
        edit("title-surrogate", "A small game", "A \\ud800 small game", "", "not TOML"),
        edit("title-control", "A small game", "A \\u0007small game", "title", "U+0007"),
    ]


def _moves() -> list[Case]:
    chance = 'actions = { resolved = "resolve", irresolute = "1 - resolve" }'
    after_strike = 'after       = ["*, strike"]'
    key = "game.move[0].actions"
    return [
        edit("chance-sum", chance, 'actions = { resolved = "1/2", irresolute = "1/3" }', key, "5/6"),
        edit("chance-sum-in-symbols", chance, 'actions = { resolved = "resolve", irresolute = "2 - resolve" }', key,
             "which is not 1"),
        edit("chance-sum-never", chance, 'actions = { resolved = "resolve", irresolute = "1" }', key,
             "at no admissible values"),
        edit("chance-sum-at-values", chance, 'actions = { resolved = "resolve", irresolute = "gain/2" }', key,
             "11/10 at these values, not 1"),
        edit("chance-negative", chance, 'actions = { resolved = "3/2", irresolute = "-1/2" }', f"{key}.irresolute",
             "-1/2"),
        edit("chance-negative-never", chance, 'actions = { resolved = "1 + cost", irresolute = "-cost" }',
             f"{key}.irresolute", "at no admissible values"),
        edit("chance-negative-at-values", chance, 'actions = { resolved = "harm", irresolute = "1 - harm" }',
             f"{key}.irresolute", "-1 at these values"),
        edit("chance-list", chance, 'actions = ["resolved", "irresolute"]', key, "a table of probabilities"),
        edit("chance-number", chance, "actions = 1", key, "a table of probabilities"),
        edit("chance-nan", chance, "actions = { resolved = nan, irresolute = 0 }", f"{key}.resolved",
             "no finite number"),
        edit("chance-denominator", chance,
             'actions = { resolved = "gain/(1 - gain)", irresolute = "(1 - 2*gain)/(1 - gain)" }', f"{key}.resolved",
             "0 at these values"),
        edit("move-unknown-key", 'information = "resolved"  ', 'informaton = "resolved"  ', "game.move[1].informaton",
             "informaton"),
        edit("move-no-history", after_strike, 'after       = ["*, stike"]', "game.move[3].after[0]", "stike"),
        edit("move-after-nothing", after_strike, "after       = []", "game.move[3].after", "leave `after` out"),
        edit("move-after-text", after_strike, 'after       = "*, strike"', "game.move[3].after", "a list of texts"),
        edit("move-after-numbers", after_strike, "after       = [1, 2]", "game.move[3].after[0]", "a whole number"),
        edit("move-empty-label", after_strike, 'after       = ["*, , strike"]', "game.move[3].after[0]", "empty label"),
        edit("move-too-long", after_strike, f'after       = ["{", ".join("*" * 101)}"]', "game.move[3].after[0]",
             "100 labels"),
        edit("move-two-claim", 'after       = ["*, hold"]', 'after       = ["*, hold", "resolved, *"]',
             "game.move[4].after", "claimed by two moves"),
        edit("move-second-first", 'after       = ["resolved"]        #', "#", "game.move[1]", "two moves are the first",
             line_of='[[game.move]]\nplayer      = "US"\ninformation = "resolved"'),
        edit("recall-imperfect", '["irresolute"]\nactions     = ["strike", "hold"]',
             '["irresolute"]\nactions     = ["strike", "hold"]\n[[game.move]]\nplayer = "US"\ninformation = "late"\n'
             'after = ["*, *, attack"]\nactions = ["on", "off"]', "game.move", "imperfect recall",
             line_of='[[game.move]]\nplayer  = "chance"'),
        edit("recall-absent-minded", 'after       = ["irresolute"]',
             'after       = ["irresolute", "irresolute, hold, attack"]', "game.move", "absent-mindedness",
             line_of='[[game.move]]\nplayer  = "chance"'),
        edit("actions-differ", 'information = "irresolute"', 'information = "resolved" #', "game.move[2].information",
             "used twice"),
        edit("when-unknown", 'when = ["strike"]                 #', 'when = ["stirke"] #', "game.payoff[0].when[0]",
             "stirke"),
        edit("when-wrong-player", 'when = ["strike"]                 #', 'when = ["Iran:strike"] #',
             "game.payoff[0].when[0]", "'Iran' has no action 'strike'"),
        edit("when-no-player", 'when = ["strike"]                 #', 'when = ["UN:strike"] #',
             "game.payoff[0].when[0]", "'UN' is no player"),
        edit("when-text", 'when = ["strike"]                 #', 'when = "strike" #', "game.payoff[0].when", "a list"),
        edit("rule-without-match", 'when = ["strike"]                 #', 'when = ["strike", "hold"] #',
             "game.payoff[0]", "matches no complete history", line_of='[[game.payoff]]                   #'),
        edit("rule-unknown-player", PAID, 'Amerika = "-cost"', "game.payoff[0].Amerika", "neither a player"),
        edit("rule-date", PAID, "US = 2023-10-31", "game.payoff[0].US", "a date"),
        edit("rule-incomplete-history", 'after = ["irresolute, *, attack"]', 'after = ["irresolute, *"]',
             "game.payoff[2].after[0]", "no complete history"),
        edit("rule-denominator", PAID, 'US   = "1/(gain - 1)"', "game.payoff[0].US", "0 at these values"),
    ]


def _documents() -> list[Case]:
    """Whole files."""
    wild = HEAD + '[game]\nplayers = ["A"]\n[[game.move]]\nplayer = "A"\ninformation = "i0"\n'
    wild += 'actions = ["a", "b", "c", "d"]\n'
    wild += "".join(
        f'[[game.move]]\nplayer = "A"\ninformation = "i{k}"\nafter = ["{", ".join("*" * k)}"]\n'
        'actions = ["a", "b", "c", "d"]\n'
        for k in range(1, 39)
    )
    return [
        whole("wildcards-4-to-39", wild, "game.move", "20000 histories"),
        whole("rules-15000", WORKED + "[[game.payoff]]\nUS = 1\n" * 15_000, "game.payoff", "10000 payoff rules"),
        whole("model-path", HEAD + 'model = "../../etc/passwd"\n', "model", "no built-in game", 3),
        whole("model-absolute", HEAD + 'model = "/etc/passwd"\n', "model", "no built-in game", 3),
        whole("model-module", HEAD + 'model = "os.system"\n', "model", "no built-in game", 3),
        whole("model-long", HEAD + f'model = "{"a/" * 50000}"\n', "model", "no built-in game", 3),
        whole("model-number", HEAD + "model = 7\n", "model", "a whole number", 3),
        whole("model-misspelt", HEAD + 'model = "signaling"\n', "model", "signalling", 3),
        whole("model-and-game", WORKED.replace("[parameters]", 'model = "signalling"\n[parameters]'), "model",
              "not both", 4),
        whole("model-option", HEAD + 'model = "signalling"\n[options]\nsignal = ["hold"]\n', "options.signal", "", 5),
        whole("model-option-entry", HEAD + 'model = "signalling"\n[options]\nsignals = ["silence", "bomb"]\n',
              "options.signals[1]", "bomb", 5),
        whole("model-option-table", HEAD + 'model = "signalling"\n[options.signals]\na = 1\n', "options.signals",
              "a table", 4),
        whole("neither-model-nor-game", HEAD, "model", "needs `model`"),
        whole("game-options", WORKED + '[options]\nsignals = ["a"]\n', "options", "has none"),
        whole("format-missing", WORKED.replace("format = 1\n", ""), "format", "'format' is missing"),
        whole("format-2", WORKED.replace("format = 1", "format = 2"), "format", "format 1", 1),
        whole("format-text", WORKED.replace("format = 1", 'format = "1"'), "format", "a text", 1),
        whole("format-true", WORKED.replace("format = 1", "format = true"), "format", "true or false", 1),
        whole("as-of-text", WORKED.replace("[parameters]", 'as_of = "today"\n[parameters]'), "as_of", "a date", 4),
        whole("as-of-time", WORKED.replace("[parameters]", "as_of = 2023-10-31T07:00:00Z\n[parameters]"), "as_of",
              "a date", 4),
        whole("top-key", WORKED.replace("[parameters]", "modle = 1\n[parameters]"), "modle", "modle", 4),
        whole("game-number", HEAD + "game = 1\n", "game", "a table is needed", 3),
        whole("game-tables", HEAD + "[[game]]\nplayers = []\n", "game", "a table is needed", 3),
        whole("move-table", HEAD + '[game]\nplayers = ["A"]\n[game.move]\nplayer = "A"\n', "game.move",
              "a list of tables", 5),
        whole("move-numbers", HEAD + '[game]\nplayers = ["A"]\nmove = [1, [2], "x"]\n', "game.move[1]", "a list", 5),
        whole("players-text", HEAD + '[game]\nplayers = "AB"\nmove = []\n', "game.players", "a list of texts", 4),
        whole("players-90000", HEAD + "[game]\nplayers = [" + '"a",' * 90_000 + "]\nmove = []\n", "game.players", "50"),
        whole("parameters-list", HEAD + "parameters = [1]\n", "parameters", "a table is needed", 3),
        whole("sources-text", HEAD + 'sources = "afp"\n', "sources", "a table is needed", 3),
        whole("source-dotted", WORKED + '[sources.a.b]\ntitle = "x"\n', "sources.a.b", "no key 'b'"),
        whole("source-no-title", WORKED + "[sources.a]\nissued = 2023\n", "sources.a", "'title' is missing"),
        whole("source-path", WORKED + '[sources."../a"]\ntitle = "x"\n', "sources.../a", "no key of a source"),
        whole("source-date", WORKED + '[sources.a]\ntitle = "x"\nissued = "last week"\n', "sources.a.issued", "a date"),
        whole("source-url", WORKED + '[sources.a]\ntitle = "x"\nURL = "file:///etc/passwd"\n', "sources.a.URL",
              "https://"),
        whole("event-name", WORKED + '[events]\n"a b" = "strike"\n', "events.a b", "no name"),
        whole("event-label", WORKED + '[events]\nbold = "strike, atack"\n', "events.bold", "atack"),
        whole("event-impossible", WORKED + '[events]\nboth = "strike, hold"\n', "events.both", "no complete history"),
        whole("event-taken", WORKED + '[events]\nstrike = "hold"\n', "events.strike", "already"),
        whole("event-list", WORKED + '[events]\nbold = ["strike"]\n', "events.bold", "a list"),
        whole("sweep-unknown", WORKED + "[sweep]\nover.cots = { from = 0, to = 1, points = 3 }\n", "sweep.over.cots",
              "cots"),
        whole("sweep-domain", WORKED + "[sweep]\nover.cost = { from = -1, to = 1, points = 3 }\n",
              "sweep.over.cost.from",
              "domain"),
        whole("sweep-points", WORKED + "[sweep]\nover.cost = { from = 0, to = 1, points = 1e3 }\n",
              "sweep.over.cost.points", "a whole number"),
        whole("sweep-many", WORKED + "[sweep]\nover.cost = { from = 0, to = 1, points = 1000000 }\n"
              "over.gain = { from = 0, to = 1, points = 1000000 }\n", "sweep.over", "at most"),
        whole("sweep-reversed", WORKED + "[sweep]\nover.cost = { from = 1, to = 0, points = 3 }\n", "sweep.over.cost",
              "below"),
        whole("duplicate-key", WORKED.replace("gain = 1\n", "gain = 1\ngain = 2\n"), "parameters.gain",
              "first on line 7", 8),
        whole("duplicate-table", WORKED + "[parameters]\n", "parameters", "first on line 4"),
        whole("duplicate-inline", WORKED.replace(COST, "cost = { value = 1, value = 2 }"), "parameters.cost.value",
              "first on line 6", 6),
        whole("not-toml", "this is not a scenario\n", "", "not TOML", 1),
        whole("json", '{"format": 1}\n', "", "not TOML", 1),
        whole("unclosed", HEAD + 'a = "x\n', "", "not TOML", 3),
        whole("bad-date", HEAD + "as_of = 2023-02-30\n", "", "not TOML", 3),
        whole("deep-arrays", HEAD + "a = " + "[" * 200_000, "", "nested at most", 3),
        whole("deep-tables", HEAD + "a = " + "{a = " * 90_000, "", "nested at most", 3),
        whole("deep-key", HEAD + "a" + ".a" * 200_000 + " = 1\n", "", "nested at most", 3),
        whole("deep-header", HEAD + "[" + "a." * 200_000 + "a]\n", "", "nested at most", 3),
        whole("many-keys", HEAD + "".join(f"a{i} = 1\n" for i in range(40_000)), "a0", "", 3),
        whole("many-elements", HEAD + "a = [" + "1," * 200_000 + "]\n", "", "100000"),
        whole("empty", b"", "", "is empty"),
        whole("blank", b"\n \n\t\n", "", "is empty"),
        whole("byte-order-mark", b"\xef\xbb\xbf" + WORKED.encode(), "", "byte order mark"),
        whole("utf-16", WORKED.encode("utf-16"), "", ""),
        whole("latin-1", WORKED.replace("small", "sm\xe4ll").encode("latin-1"), "", "UTF-8", 2),
        whole("nul", WORKED.encode().replace(b"small", b"sm\0ll"), "", "NUL", 2),
        whole("binary", bytes(range(256)) * 64, "", ""),
        whole("lone-surrogate-bytes", WORKED.encode().replace(b"small", b"\xed\xa0\x80"), "", "UTF-8", 2),
        whole("carriage-returns", WORKED.replace("\n", "\r"), "", "not TOML"),
        whole("windows-lines", WORKED.replace(COST, "cost = -1").replace("\n", "\r\n"), "parameters.cost", "domain", 6),
        whole("too-large", WORKED + "#" * 500_000, "", "limit"),
        whole("pickle", b"\x80\x04\x95\x1a\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix", "", ""),
        whole("elf", b"\x7fELF\x02\x01\x01\0\0\0", "", "NUL"),
    ]


CASES = [*_code(), *_values(), *_names(), *_moves(), *_documents()]
