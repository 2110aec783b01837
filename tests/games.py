"""Small games as data, with assessments whose certificates are derived by hand beside them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random

from deterrence.expressions import exact
from deterrence.game import Game, Move, PayoffRule, build_game
from deterrence.parameters import Parameter, ParameterSpace

Table = Mapping[str, Mapping[str, Fraction]]


def table(rows: Mapping[str, str]) -> dict[str, dict[str, Fraction]]:
    """``{"SET": "KEY = 1/2; KEY = 1/2"}`` as numbers; keys that are not named are left to the caller."""
    found = {}
    for name, text in rows.items():
        pairs = [part.rsplit("=", 1) for part in text.split(";")]
        found[name] = {key.strip(): Fraction(value.strip()) for key, value in pairs}
    return found


def full(game: Game, strategy: Mapping[str, str], beliefs: Mapping[str, str]) -> tuple[Table, Table]:
    """A strategy and beliefs with zeros where nothing is said."""
    mixed, believed = table(strategy), table(beliefs)
    for infoset in game.infosets:
        given = mixed[infoset.name]
        mixed[infoset.name] = {action: given.pop(action, Fraction(0)) for action in infoset.actions}
        assert not given, f"{infoset.name} has no actions {given}"
        if len(infoset.histories) > 1 and infoset.name in believed:
            stated = believed[infoset.name]
            keys = [", ".join(history) for history in infoset.histories]
            believed[infoset.name] = {key: stated.pop(key, Fraction(0)) for key in keys}
            assert not stated, f"{infoset.name} has no histories {stated}"
    return mixed, believed


def make(
    title: str, players: Sequence[str], moves: Sequence[Move], payoffs: Sequence[tuple[str, Mapping[str, str]]]
) -> Game:
    """A game without parameters; a payoff rule is a conjunction of labels (``!label``: not this one) and amounts."""
    rules = []
    for text, amounts in payoffs:
        labels = [label.strip() for label in text.split(",") if label.strip()]
        when = tuple(label for label in labels if not label.startswith("!"))
        unless = tuple(label[1:] for label in labels if label.startswith("!"))
        rules.append(PayoffRule(when=when, unless=unless, amounts=dict(amounts)))
    return build_game(title, players, ParameterSpace(()), moves, rules)


def chance(after: str | None = None, **probabilities: str) -> Move:
    return Move("chance", after=None if after is None else (after,), actions=probabilities)


def choice(player: str, information: str, after: str | None, actions: str) -> Move:
    """Histories separated by ``|``, actions by blanks."""
    patterns = None if after is None else tuple(pattern.strip() for pattern in after.split("|"))
    return Move(player, information, patterns, dict.fromkeys(actions.split()))


ENTRY = make(
    "Entry deterrence", ["Entrant", "Incumbent"],
    [choice("Entrant", "entry", None, "out in"), choice("Incumbent", "reply", "in", "fight accommodate")],
    [("out", {"Incumbent": "2"}), ("fight", {"Entrant": "-1", "Incumbent": "-1"}),
     ("accommodate", {"Entrant": "1", "Incumbent": "1"})],
)

# The worked game of the contract at its values.
RESTRAINT = make(
    "A small game of restraint", ["US", "Iran"],
    [chance(resolved="3/5", irresolute="2/5"),
     choice("US", "resolved", "resolved", "strike hold"), choice("US", "irresolute", "irresolute", "strike hold"),
     choice("Iran", "after strike", "*, strike", "attack refrain"),
     choice("Iran", "after hold", "*, hold", "attack refrain")],
    [("strike", {"US": "-1/5"}), ("attack, !irresolute", {"US": "-1/2", "Iran": "-2"}),
     ("irresolute, attack", {"US": "-1", "Iran": "1"})],
)

# Selten (1975): the horse.
HORSE = make(
    "The horse", ["One", "Two", "Three"],
    [choice("One", "one", None, "D C"), choice("Two", "two", "C", "d c"),
     choice("Three", "three", "D | C, d", "L R")],
    [("c", {"One": "1", "Two": "1", "Three": "1"}), ("D, L", {"One": "3", "Two": "3", "Three": "2"}),
     ("d, L", {"One": "4", "Two": "4"}), ("d, R", {"Three": "1"})],
)

# Cho and Kreps (1987): a wimp with probability 1/10; breakfast is worth 1, being left alone 2.
BEER_QUICHE = make(
    "Beer and quiche", ["Sender", "Receiver"],
    [chance(strong="9/10", weak="1/10"),
     choice("Sender", "strong", "strong", "beer quiche"), choice("Sender", "weak", "weak", "beer quiche"),
     choice("Receiver", "after beer", "*, beer", "duel leave"),
     choice("Receiver", "after quiche", "*, quiche", "duel leave")],
    [("strong, beer", {"Sender": "1"}), ("weak, quiche", {"Sender": "1"}), ("leave", {"Sender": "2"}),
     ("strong, duel", {"Receiver": "-1"}), ("weak, duel", {"Receiver": "1"})],
)

# Staying pays 0; after acting the two replies pay type 1 -2 and 1, type 2 the reverse; the receiver wants to match.
MIXED_THREAT = make(
    "A mixed reply off the path", ["Sender", "Receiver"],
    [chance(one="1/2", two="1/2"),
     choice("Sender", "type 1", "one", "act stay"), choice("Sender", "type 2", "two", "act stay"),
     choice("Receiver", "after act", "*, act", "left right")],
    [("one, left", {"Sender": "-2", "Receiver": "1"}), ("one, right", {"Sender": "1"}),
     ("two, left", {"Sender": "1"}), ("two, right", {"Sender": "-2", "Receiver": "1"})],
)

# Three replies to an action that is never taken: the third is worse than a mixture of the others, not than either.
DOMINATED_BY_MIXTURE = make(
    "A reply that only a mixture beats", ["Sender", "Receiver"],
    [choice("Sender", "sender", None, "left right stay"), choice("Receiver", "reply", "left | right", "a b c")],
    [("stay", {"Sender": "1"}), ("left, a", {"Receiver": "2"}), ("right, b", {"Receiver": "2"}),
     ("c", {"Receiver": "1/2"})],
)

# A player looks twice at the same draw; nothing is at stake for it.
TWO_LOOKS = make(
    "Two looks", ["Looker", "Other"],
    [chance(good="1/2", bad="1/2"), choice("Looker", "first", "*", "stop open"),
     choice("Other", "other", "*, open", "pass quit"), choice("Looker", "second", "*, open, pass", "act rest")],
    [("good, quit", {"Other": "1"}), ("bad, pass", {"Other": "1"})],
)

# The draw comes after a move; nothing is at stake for the one who does not see it.
DRAW_IN_SUBGAME = make(
    "A draw in a subgame", ["Mover", "Guesser"],
    [choice("Mover", "mover", None, "out in"), chance("in", good="1/4", bad="3/4"),
     choice("Guesser", "guess", "in, *", "yes no")],
    [("in", {"Mover": "-1"})],
)

_TWO_SIDED = [
    choice("US", "US hard", "hh | hs", "act wait"), choice("US", "US soft", "sh | ss", "act wait"),
    choice("Iran", "Iran hard", "hh, act | sh, act", "yield stand"),
    choice("Iran", "Iran soft", "hs, act | ss, act", "yield stand"),
]
# The first letter is the type of the US, the second that of Iran; acting never pays.
TWO_SIDED = make(
    "Types of both sides, independent", ["US", "Iran"],
    [chance(hh="1/6", hs="1/3", sh="1/6", ss="1/3"), *_TWO_SIDED], [("act", {"US": "-1"})],
)
TWO_SIDED_CORRELATED = make(
    "Types of both sides, correlated", ["US", "Iran"],
    [chance(hh="1/3", hs="1/6", sh="1/6", ss="1/3"), *_TWO_SIDED], [("act", {"US": "-1"})],
)
# The same independent types by two chance moves, one after the other.
TWO_DRAWS = make(
    "Types of both sides, drawn in turn", ["US", "Iran"],
    [chance(h="1/2", s="1/2"), chance("*", hard="1/3", soft="2/3"),
     choice("US", "US hard", "h, *", "act wait"), choice("US", "US soft", "s, *", "act wait"),
     choice("Iran", "Iran hard", "*, hard, act", "yield stand"),
     choice("Iran", "Iran soft", "*, soft, act", "yield stand")],
    [("act", {"US": "-1"})],
)

# Somebody speaks or not, a witness hears it and nods or not, a third person sees both.
WITNESS = make(
    "A witness", ["Speaker", "Witness", "Judge"],
    [chance(honest="1/2", liar="1/2"),
     choice("Speaker", "honest", "honest", "speak silent"), choice("Speaker", "liar", "liar", "speak silent"),
     choice("Witness", "witness", "*, speak", "nod shrug"),
     choice("Judge", "after nod", "*, speak, nod", "yes no"),
     choice("Judge", "after shrug", "*, speak, shrug", "yes no")],
    [("speak", {"Speaker": "-1"}), ("shrug", {"Witness": "-1"}), ("yes", {"Speaker": "0", "Judge": "0"})],
)

# Somebody uninformed moves before anybody who is informed; a third person then judges, in one variant after an
# unseen move of the informed.
UNINFORMED_FIRST = make(
    "An uninformed first move", ["First", "Informed", "Judge"],
    [chance(high="1/3", low="2/3"), choice("First", "first", "*", "left right"),
     choice("Judge", "judge left", "*, left", "yes no"), choice("Judge", "judge right", "*, right", "yes no"),
     choice("Informed", "high", "high, *, *", "go stay"), choice("Informed", "low", "low, *, *", "go stay")],
    [("right", {"First": "-1"}), ("yes", {"Judge": "0", "Informed": "0"}), ("go", {"Informed": "-1"})],
)
UNSEEN = make(
    "An unseen move", ["First", "Informed", "Judge"],
    [chance(high="1/3", low="2/3"), choice("First", "first", "*", "left right"),
     choice("Informed", "high", "high, right", "go stay"), choice("Informed", "low", "low, right", "go stay"),
     choice("Judge", "judge", "*, right, *", "yes no")],
    [("right", {"First": "-1"}), ("go", {"Informed": "-1"}), ("yes", {"Judge": "0"})],
)

# The judge cannot tell two actions of the informed apart, but can tell both from a third.
HALF_SEEN = make(
    "A move half seen", ["Informed", "Judge"],
    [chance(high="1/3", low="2/3"),
     choice("Informed", "high", "high", "go wander stay"), choice("Informed", "low", "low", "go wander stay"),
     choice("Judge", "judge", "*, go | *, wander", "yes no")],
    [("stay", {"Informed": "1"}), ("yes", {"Judge": "0"})],
)

# Somebody speaks or not; the listener asks back, and hears an answer that may say more.
ASK_BACK = make(
    "Asking back", ["Speaker", "Listener"],
    [chance(honest="1/2", liar="1/2"),
     choice("Speaker", "honest", "honest", "speak silent"), choice("Speaker", "liar", "liar", "speak silent"),
     choice("Listener", "heard", "*, speak", "ask leave"),
     choice("Speaker", "honest asked", "honest, speak, ask", "repeat falter"),
     choice("Speaker", "liar asked", "liar, speak, ask", "repeat falter"),
     choice("Listener", "heard again", "*, speak, ask, repeat", "yes no")],
    [("speak", {"Speaker": "-1"}), ("yes", {"Listener": "0"})],
)

# Two players in turn judge the same tremble of a third.
SHARED_TREMBLE = make(
    "A shared tremble", ["One", "Two", "Three"],
    [choice("One", "one", None, "L M R"), choice("Two", "two", "L | M", "a b"),
     choice("Three", "three", "L, a | M, a", "x y")],
    [("R", {"One": "1"}), ("b", {"Two": "-1"}), ("x", {"Three": "0"})],
)

# Entering pays 1, less 2 where both of two others, to whom nothing matters, say yes.
BOTH_YES = make(
    "Both say yes", ["A", "B", "C"],
    [choice("A", "a", None, "out in"), choice("B", "b", "in", "yes no"), choice("C", "c", "in, *", "yea nay")],
    [("in", {"A": "1"}), ("yes, yea", {"A": "-2"}), ("no", {"B": "0", "C": "0"})],
)


@dataclass(frozen=True)
class Example:
    """An assessment with its certificate; `why` is the derivation."""

    name: str
    game: Game
    strategy: Mapping[str, str]
    beliefs: Mapping[str, str]
    concept: str
    holds: bool
    nash_regret: str
    sequential_regret: str
    fails_at: tuple[str, ...]
    why: str


_HOLD = {"resolved": "hold = 1", "irresolute": "hold = 1", "after strike": "refrain = 1", "after hold": "refrain = 1"}
_STRIKE = {"resolved": "strike = 1", "irresolute": "strike = 1", "after strike": "refrain = 1",
           "after hold": "attack = 1"}
_ON_HOLD = "resolved, hold = 3/5; irresolute, hold = 2/5"
_ON_STRIKE = "resolved, strike = 3/5; irresolute, strike = 2/5"
_BEER = {"strong": "beer = 1", "weak": "beer = 1", "after beer": "leave = 1", "after quiche": "duel = 1"}
_QUICHE = {"strong": "quiche = 1", "weak": "quiche = 1", "after beer": "duel = 1", "after quiche": "leave = 1"}
_BEER_PRIOR = "strong, beer = 9/10; weak, beer = 1/10"
_QUICHE_PRIOR = "strong, quiche = 9/10; weak, quiche = 1/10"
_STAY = {"type 1": "stay = 1", "type 2": "stay = 1"}
_LOOKS = {"first": "stop = 1", "other": "pass = 1/2; quit = 1/2", "second": "rest = 1"}
_WAIT = {"US hard": "wait = 1", "US soft": "wait = 1", "Iran hard": "stand = 1", "Iran soft": "stand = 1"}
_US_PRIOR = {"US hard": "hh = 1/3; hs = 2/3", "US soft": "sh = 1/3; ss = 2/3"}
_SILENT = {"honest": "silent = 1", "liar": "silent = 1", "witness": "nod = 1", "after nod": "no = 1",
           "after shrug": "no = 1"}
_ASK = {"honest": "silent = 1", "liar": "silent = 1", "heard": "leave = 1", "honest asked": "repeat = 1",
        "liar asked": "repeat = 1/2; falter = 1/2", "heard again": "no = 1"}
_TREMBLE = {"one": "R = 1", "two": "a = 1", "three": "y = 1"}

EXAMPLES: tuple[Example, ...] = (
    Example("entry", ENTRY, {"entry": "in = 1", "reply": "accommodate = 1"}, {}, "pbe", True, "0", "0", (),
            "the incumbent gets 1 > -1 from accommodating, so the entrant gets 1 > 0 from entering"),
    Example("empty threat as nash", ENTRY, {"entry": "out = 1", "reply": "fight = 1"}, {}, "nash", True, "0", "2",
            ("reply",), "given fight, in pays -1 < 0; reply is not reached; there accommodating gains 1 - (-1) = 2"),
    Example("empty threat as pbe", ENTRY, {"entry": "out = 1", "reply": "fight = 1"}, {}, "pbe", False, "0", "2",
            ("reply",), "the same regrets, and pbe asks for rationality off the path"),
    Example("no nash", ENTRY, {"entry": "out = 1", "reply": "accommodate = 1"}, {}, "nash", False, "1", "1",
            ("entry",), "entering would pay 1 instead of 0"),
    Example("F1", RESTRAINT, _HOLD, {"after hold": _ON_HOLD, "after strike": "resolved, strike = 1"}, "pbe", True,
            "0", "0", (), "contract, section 4: attacking after hold pays 2/5 - 2*3/5 < 0, after strike -2 < 0"),
    Example("F1, the end of the other piece", RESTRAINT, {**_HOLD, "after strike": "attack = 1/2; refrain = 1/2"},
            {"after hold": _ON_HOLD, "after strike": "resolved, strike = 1/3; irresolute, strike = 2/3"}, "pbe",
            True, "0", "0", (), "at 1/3 attacking pays -2/3 + 2/3 = 0, so both replies are best"),
    Example("F1 beyond the piece", RESTRAINT, {**_HOLD, "after strike": "attack = 1"},
            {"after hold": _ON_HOLD, "after strike": "resolved, strike = 1/2; irresolute, strike = 1/2"}, "pbe",
            False, "0", "1/2", ("after strike",), "at 1/2 attacking pays -1 + 1/2 = -1/2 and refraining 0"),
    Example("F1 with a belief off the prior", RESTRAINT, _HOLD,
            {"after hold": "resolved, hold = 1", "after strike": "resolved, strike = 1"}, "pbe", False, "0", "0",
            ("after hold",), "(b): hold is certain, so the belief after it is the prior 3/5, 2/5"),
    Example("F2", RESTRAINT, _STRIKE, {"after strike": _ON_STRIKE, "after hold": "irresolute, hold = 1"}, "pbe", True,
            "0", "0", (), "contract, section 4: strike costs 1/5, an attack after hold 1/2 or 1"),
    Example("F2 at its least threat", RESTRAINT, {**_STRIKE, "after hold": "attack = 2/5; refrain = 3/5"},
            {"after strike": _ON_STRIKE, "after hold": "resolved, hold = 1/3; irresolute, hold = 2/3"}, "pbe", True,
            "0", "0", (), "the resolved lose 2/5*1/2 = 1/5 by holding: exactly the cost of a strike"),
    Example("F2 below its least threat", RESTRAINT, {**_STRIKE, "after hold": "attack = 3/10; refrain = 7/10"},
            {"after strike": _ON_STRIKE, "after hold": "resolved, hold = 1/3; irresolute, hold = 2/3"}, "pbe", False,
            "3/100", "1/20", ("resolved",),
            "the resolved lose 3/10*1/2 = 3/20 by holding, 1/20 less than a strike costs; with probability 3/5: 3/100"),
    Example("horse, the perfect one", HORSE, {"one": "C = 1", "two": "c = 1", "three": "R = 1"},
            {"three": "D = 1/3; C, d = 2/3"}, "sequential", True, "0", "0", (),
            "Selten 1975: at 1/3 L pays 2/3 and R pays 2/3; D and d pay 0 < 1; trembles 1 to 2 give the belief"),
    Example("horse, the other one", HORSE, {"one": "D = 1", "two": "c = 1", "three": "L = 1"}, {}, "nash", True, "0",
            "3", ("two",), "Selten 1975: two is not reached; there d pays 4 and c pays 1"),
    Example("beer", BEER_QUICHE, _BEER, {"after beer": _BEER_PRIOR, "after quiche": "weak, quiche = 1"}, "sequential",
            True, "0", "0", (), "Cho and Kreps 1987: the weak get 2 > 1, the strong 3; a duel after quiche pays 1"),
    Example("quiche", BEER_QUICHE, _QUICHE, {"after quiche": _QUICHE_PRIOR, "after beer": "weak, beer = 1"},
            "sequential", True, "0", "0", (), "Cho and Kreps 1987: the strong get 2 > 1; a duel after beer pays 1"),
    Example("quiche, believed strong", BEER_QUICHE, _QUICHE,
            {"after quiche": _QUICHE_PRIOR, "after beer": "strong, beer = 1"}, "pbe", False, "0", "1",
            ("after beer",), "a duel with the strong pays -1, leaving them 0"),
    Example("quiche as nash", BEER_QUICHE, _QUICHE, {}, "nash", True, "0", "0", (),
            "the belief that beer means weak makes the duel rational"),
    Example("pooling by a mixed threat", MIXED_THREAT, {**_STAY, "after act": "left = 1/3; right = 2/3"},
            {"after act": "one, act = 1/2; two, act = 1/2"}, "pbe", True, "0", "0", (),
            "acting pays type 1 -2/3 + 2/3 = 0 and type 2 1/3 - 4/3 = -1; the interval is [1/3, 2/3]"),
    Example("pooling by a threat too lopsided", MIXED_THREAT, {**_STAY, "after act": "left = 1/4; right = 3/4"},
            {"after act": "one, act = 1/2; two, act = 1/2"}, "pbe", False, "1/8", "1/4", ("type 1",),
            "acting pays type 1 -2/4 + 3/4 = 1/4, who is there half of the time"),
    Example("pooling by a pure threat", MIXED_THREAT, {**_STAY, "after act": "right = 1"}, {}, "nash", False, "1/2",
            "1", ("type 1",), "acting pays type 1 1; after act the belief that it is type 2 makes right rational"),
    Example("a reply that no belief supports", DOMINATED_BY_MIXTURE, {"sender": "stay = 1", "reply": "c = 1"}, {},
            "nash", True, "0", "1/2", ("reply",),
            "max(2m, 2(1 - m)) - 1/2 is least at m = 1/2, where it is 1 - 1/2"),
    Example("own deviation, Bayes kept", TWO_LOOKS, _LOOKS,
            {"first": "good = 1/2; bad = 1/2", "other": "good, open = 1/2; bad, open = 1/2",
             "second": "good, open, pass = 1/2; bad, open, pass = 1/2"}, "pbe", True, "0", "0", (),
            "nobody has a type: the draw is seen by nobody, and nothing is at stake"),
    Example("own deviation, Bayes broken", TWO_LOOKS, _LOOKS,
            {"first": "good = 1/2; bad = 1/2", "other": "good, open = 1/2; bad, open = 1/2",
             "second": "good, open, pass = 1"}, "pbe", False, "0", "0", ("second",),
            "(b): from first, opening taken as given, both draws pass with equal weight"),
    Example("subgame, Bayes kept", DRAW_IN_SUBGAME, {"mover": "out = 1", "guess": "yes = 1"},
            {"guess": "in, good = 1/4; in, bad = 3/4"}, "pbe", True, "0", "0", (),
            "(b) from the root of the subgame after in"),
    Example("subgame, Bayes broken", DRAW_IN_SUBGAME, {"mover": "out = 1", "guess": "yes = 1"},
            {"guess": "in, good = 1/2; in, bad = 1/2"}, "pbe", False, "0", "0", ("guess",),
            "(b): the subgame after in gives 1/4 and 3/4 though in has probability 0"),
    Example("common beliefs", TWO_SIDED, _WAIT,
            {**_US_PRIOR, "Iran hard": "hh, act = 3/4; sh, act = 1/4", "Iran soft": "hs, act = 3/4; ss, act = 1/4"},
            "pbe", True, "0", "0", (), "both types of Iran believe the US hard with 3/4 after the surprise"),
    Example("beliefs that differ with the believer", TWO_SIDED, _WAIT,
            {**_US_PRIOR, "Iran hard": "hh, act = 3/4; sh, act = 1/4", "Iran soft": "hs, act = 1/4; ss, act = 3/4"},
            "pbe", False, "0", "0", ("Iran soft",), "(c): the belief about the US depends on Iran's own type"),
    Example("beliefs that may differ", TWO_SIDED_CORRELATED, _WAIT,
            {"US hard": "hh = 2/3; hs = 1/3", "US soft": "sh = 1/3; ss = 2/3",
             "Iran hard": "hh, act = 3/4; sh, act = 1/4", "Iran soft": "hs, act = 1/4; ss, act = 3/4"},
            "pbe", True, "0", "0", (), "P(hh) = 1/3 is not 1/2 * 1/2: (c) asks nothing"),
    Example("beliefs that differ, types drawn in turn", TWO_DRAWS, _WAIT,
            {"US hard": "h, hard = 1/3; h, soft = 2/3", "US soft": "s, hard = 1/3; s, soft = 2/3",
             "Iran hard": "h, hard, act = 3/4; s, hard, act = 1/4",
             "Iran soft": "h, soft, act = 1/4; s, soft, act = 3/4"},
            "pbe", False, "0", "0", ("Iran soft",), "the same game as with one draw of both types"),
    Example("a witness believed alike", WITNESS, _SILENT,
            {"witness": "honest, speak = 1/5; liar, speak = 4/5",
             "after nod": "honest, speak, nod = 1/5; liar, speak, nod = 4/5",
             "after shrug": "honest, speak, shrug = 1/5; liar, speak, shrug = 4/5"}, "pbe", True, "0", "0", (),
            "all three sets have seen the speaker speak, and nothing else of the speaker"),
    Example("a belief moved by another's action", WITNESS, _SILENT,
            {"witness": "honest, speak = 1/5; liar, speak = 4/5",
             "after nod": "honest, speak, nod = 1/5; liar, speak, nod = 4/5",
             "after shrug": "honest, speak, shrug = 1"}, "pbe", False, "0", "0", ("after shrug",),
            "(c): the witness knows nothing of the type, and its shrug moves nothing"),
    Example("a belief that is not common", WITNESS, _SILENT,
            {"witness": "honest, speak = 1", "after nod": "liar, speak, nod = 1",
             "after shrug": "honest, speak, shrug = 1"}, "pbe", False, "0", "0", ("after nod",),
            "(c): the witness and the judge have seen the same of the speaker"),
    Example("the prior where nobody informed has moved", UNINFORMED_FIRST,
            {"first": "left = 1", "judge left": "no = 1", "judge right": "no = 1", "high": "stay = 1",
             "low": "stay = 1"},
            {"first": "high = 1/3; low = 2/3", "judge left": "high, left = 1/3; low, left = 2/3",
             "judge right": "high, right = 1/2; low, right = 1/2",
             "high": "high, left, no = 1", "low": "low, left, no = 1"},
            "pbe", False, "0", "0", ("judge right",), "(c): right has probability 0, but is a move of the uninformed"),
    Example("a move half seen says something", HALF_SEEN,
            {"high": "stay = 1", "low": "stay = 1", "judge": "no = 1"},
            {"judge": "high, go = 1/2; low, wander = 1/2"}, "pbe", True, "0", "0", (),
            "not staying is seen, and is a move of the informed: the prior 1/3 need not be kept"),
    Example("Bayes from an own set that is not reached", ASK_BACK, _ASK,
            {"heard": "honest, speak = 1/2; liar, speak = 1/2",
             "heard again": "honest, speak, ask, repeat = 2/3; liar, speak, ask, repeat = 1/3"},
            "pbe", True, "0", "0", (), "the honest repeat, half of the liars do: 1/2 to 1/4"),
    Example("Bayes broken from an own set that is not reached", ASK_BACK, _ASK,
            {"heard": "honest, speak = 1/2; liar, speak = 1/2",
             "heard again": "honest, speak, ask, repeat = 1/2; liar, speak, ask, repeat = 1/2"},
            "pbe", False, "0", "0", ("heard again",), "(b) from heard, asking taken as given: 2/3"),
    Example("an unseen move changes no marginal", UNSEEN,
            {"first": "left = 1", "high": "stay = 1", "low": "stay = 1", "judge": "no = 1"},
            {"first": "high = 1/3; low = 2/3",
             "judge": "high, right, stay = 1/2; low, right, stay = 1/2"}, "pbe", False, "0", "0", ("judge",),
            "(c): what the informed do after right is unseen, so the belief about the type is the prior 1/3"),
    Example("an unseen move, the prior kept", UNSEEN,
            {"first": "left = 1", "high": "stay = 1", "low": "stay = 1", "judge": "no = 1"},
            {"first": "high = 1/3; low = 2/3",
             "judge": "high, right, stay = 1/3; low, right, stay = 2/3"}, "pbe", True, "0", "0", (),
            "go has probability 0, so all weight lies on stay"),
    Example("one tremble seen in two ways as pbe", SHARED_TREMBLE, _TREMBLE,
            {"two": "L = 1/2; M = 1/2", "three": "L, a = 1/3; M, a = 2/3"}, "pbe", True, "0", "0", (),
            "nobody has a type, and neither set follows an own one or starts a subgame"),
    Example("one tremble seen in two ways as sequential", SHARED_TREMBLE, _TREMBLE,
            {"two": "L = 1/2; M = 1/2", "three": "L, a = 1/3; M, a = 2/3"}, "sequential", False, "0", "0", (),
            "the trembles towards L and M would be as 1 to 1 and as 1 to 2"),
    Example("one tremble of two orders", SHARED_TREMBLE, _TREMBLE,
            {"two": "L = 1", "three": "L, a = 1/2; M, a = 1/2"}, "sequential", False, "0", "0", (),
            "L would be infinitely likelier than M, and as likely"),
    Example("one tremble seen alike", SHARED_TREMBLE, _TREMBLE,
            {"two": "L = 1/3; M = 2/3", "three": "L, a = 1/3; M, a = 2/3"}, "sequential", True, "0", "0", (),
            "trembles as 1 to 2; a has probability 1"),
)


def read_canon(path: Path) -> Game:
    """A game file of the canon at its own values."""
    with path.open("rb") as file:
        text = tomllib.load(file)
    game = text["game"]
    domains = dict(game["parameters"])
    assume = tuple(domains.pop("assume", ()))
    space = ParameterSpace(tuple(Parameter(name, domain) for name, domain in domains.items()), assume)
    moves = [
        Move(
            move["player"], move.get("information", ""), tuple(move["after"]) if "after" in move else None,
            move["actions"] if isinstance(move["actions"], dict) else dict.fromkeys(move["actions"]),
        )
        for move in game["move"]
    ]
    rules = [
        PayoffRule(
            tuple(rule.pop("when", ())), tuple(rule.pop("unless", ())),
            tuple(rule.pop("after")) if "after" in rule else None, rule,
        )
        for rule in game["payoff"]
    ]
    point = {name: exact(value) for name, value in text["parameters"].items()}
    return build_game(text["title"], game["players"], space, moves, rules).at(point)


def random_signalling(rng: Random, types: int, signals: int, replies: int, size: int) -> Game:
    """Types x signals x replies with whole payoffs from ``-size`` to ``size``: ties are common where it is small."""
    weights = [rng.randint(1, 4) for _ in range(types)]
    moves = [Move("chance", actions={f"t{i}": Fraction(w, sum(weights)) for i, w in enumerate(weights)})]
    menu = " ".join(f"m{m}" for m in range(signals))
    moves += [choice("Sender", f"sender {t}", f"t{t}", menu) for t in range(types)]
    for m in range(signals):
        moves.append(choice("Receiver", f"after m{m}", f"*, m{m}", " ".join(f"m{m}r{r}" for r in range(replies))))
    rules = [
        PayoffRule(
            after=(f"t{t}, m{m}, m{m}r{r}",),
            amounts={"Sender": rng.randint(-size, size), "Receiver": rng.randint(-size, size)},
        )
        for t in range(types) for m in range(signals) for r in range(replies)
    ]
    # A player who is never paid would be a mistake of the description.
    if all(rule.amounts["Receiver"] == 0 for rule in rules):
        rules[0] = PayoffRule(after=rules[0].after, amounts={**rules[0].amounts, "Receiver": 1})
    return build_game("random signalling", ["Sender", "Receiver"], ParameterSpace(()), moves, rules)
