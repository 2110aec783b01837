r"""The theorems and the methods that results rest on, by key.

A claim such as *complete* is a theorem about a method. Each `Theorem` says in a sentence or two what is used, which
works have it, and for which methods, concepts and commands; `theorems_for` gives the keys for one result. Works are
keys of `cite`; what is in every textbook, or was derived for this package, names none.

>>> theorem("kreps-wilson-consistency").literature
('kreps_wilson1982',)
>>> theorems_for({"method": "vertices", "concept": "nash"}, "solve")
('nash-existence', 'sequence-form', 'maximal-nash-subsets', 'double-description')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .errors import UnknownNameError

__all__ = ["THEOREMS", "Theorem", "theorem", "theorems_for"]


@dataclass(frozen=True)
class Theorem:
    """Something that is proved, and what rests on it.

    Attributes
    ----------
    key : its name here.
    title : what it is called.
    statement : what it says, in a sentence or two.
    literature : keys of `cite`.
    methods, concepts, refinements, commands : the results that rest on it.
    """

    key: str
    title: str
    statement: str
    literature: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    refinements: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


_AGREEMENTS: Final = "trigger conditions"
_SAMPLED: Final = ("sensitivity", "robust", "discover")

_LISTED: Final = (
    Theorem(
        "nash-existence", "Existence of Nash equilibria",
        "Every finite game has an equilibrium in mixed strategies, so that an empty list would be a mistake.",
        ("nash1951",), methods=("vertices",), concepts=("nash",),
    ),
    Theorem(
        "sequential-existence", "Existence of sequential equilibria",
        "Every finite game with perfect recall has a sequential equilibrium, and each is a perfect Bayesian one, so "
        "that a complete atlas covers every admissible point.",
        ("kreps_wilson1982",), methods=("atlas",), concepts=("pbe", "sequential"),
    ),
    Theorem(
        "one-shot-deviation", "Principle of one-shot deviations",
        "Where beliefs are consistent at the information sets of one player, a strategy is sequentially rational if "
        "and only if no change of action at a single information set pays; with discounting the same holds of play "
        "without an end, and a plan that single changes do not improve is a best one.",
        ("hendon_jacobsen_sloth1996", "howard1960"),
        methods=("atlas", "supports", "homotopy", "backward induction", _AGREEMENTS, "two phases"),
    ),
    Theorem(
        "perfect-bayesian", "Perfect Bayesian equilibrium with independent types",
        "Beliefs follow Bayes' rule wherever it applies, and where types are independent a belief about one player's "
        "type does not depend on what others do and is common to all who have seen the same.",
        ("fudenberg_tirole1991",), concepts=("pbe",),
    ),
    Theorem(
        "kreps-wilson-consistency", "Consistency of assessments",
        "An assessment is consistent where it is a limit of assessments in which every action has positive "
        "probability and beliefs follow Bayes' rule; whether it is can be decided by exponents and coefficients of "
        "the trembles.",
        ("kreps_wilson1982",), concepts=("sequential",),
    ),
    Theorem(
        "support-enumeration", "Enumeration of supports",
        "Every equilibrium has one support at each information set that is reached; for given supports the "
        "equilibria are the solutions of polynomial equations and inequalities. A search that leaves supports out "
        "only where these have provably no solution leaves out no equilibrium.",
        methods=("atlas", "supports"), commands=("prove",),
    ),
    Theorem(
        "real-closed-fields", "Decidability of polynomial conditions over the reals",
        "Whether finitely many polynomial equations and inequalities with rational coefficients have a common real "
        "solution can be decided (Tarski). A proof is a negation found to have none.",
        methods=("atlas", "supports"), commands=("prove",),
    ),
    Theorem(
        "isolating-intervals", "Real algebraic numbers by isolating intervals",
        "A real root of an irreducible polynomial is given by the polynomial and rational bounds that hold no other "
        "root; sums, products, quotients and signs of such numbers are computed exactly.",
        methods=("atlas", "supports", _AGREEMENTS, "horizon roots", "cutpoint equations", "two phases",
                 "cutoff equations", "symmetric polynomial"),
        commands=("frontier",),
    ),
    Theorem(
        "sequence-form", "Equilibria in sequence form",
        "Two realization plans are an equilibrium exactly where, for some values of the information sets, every "
        "sequence has probability zero or meets its inequality with equality; the vertices of two polyhedra give all "
        "extreme equilibria.",
        ("koller1996",), methods=("vertices",),
    ),
    Theorem(
        "maximal-nash-subsets", "Connected sets of Nash equilibria",
        "Sets of vertices all of whose pairs are equilibria span products of polytopes of equilibria; the largest are "
        "the maximal Nash subsets, and those that share a vertex make up the connected sets.",
        ("avis2010",), methods=("vertices",),
    ),
    Theorem(
        "double-description", "Double description of polyhedra",
        "Adding inequalities one by one, and combining adjacent rays on the two sides of each, gives every extreme ray "
        "of a pointed cone; in whole numbers, so that ties need no perturbation.",
        methods=("vertices",),
    ),
    Theorem(
        "intuitive-criterion", "Intuitive criterion",
        "An equilibrium of a signalling game fails where some type would gain by an unused signal under every best "
        "reply to beliefs on the types that could gain by it at all.",
        ("cho_kreps1987",), refinements=("intuitive",),
    ),
    Theorem(
        "d1", "Criterion D1",
        "After an unused signal no belief is put on a type that is willing to send it under fewer replies than another "
        "type.",
        ("cho_kreps1987", "banks_sobel1987"), refinements=("d1",),
    ),
    Theorem(
        "backward-induction", "Backward induction",
        "In a game with finitely many periods, what is best in the last one, then in the one before given that, and so "
        "on to the first, is an equilibrium, with nothing resting on an empty threat.",
        ("selten1975", "kreps_wilson1982b"), methods=("backward induction",),
    ),
    Theorem(
        "markov-existence", "Stationary equilibria of stochastic games",
        "A discounted stochastic game with finitely many states and actions has an equilibrium in stationary "
        "strategies: one in which what is done depends on the state alone.",
        ("shapley1953", "fink1964", "maskin_tirole2001"), methods=("supports", "homotopy"),
    ),
    Theorem(
        "rational-univariate-representation", "Rational univariate representation",
        "The finitely many solutions of a system of polynomials are rational functions of the roots of one polynomial, "
        "so that all real ones are found exactly.",
        ("rouillier1999",), methods=("supports",),
    ),
    Theorem(
        "logit-path", "Path of logit equilibria",
        "Quantal response equilibria form, for almost all payoffs, a path from uniform play to an equilibrium as "
        "precision grows. It suggests equilibria, of which each is proved by itself; it finds not all.",
        ("mckelvey_palfrey1995",), methods=("homotopy",),
    ),
    Theorem(
        "krawczyk", "Krawczyk's test",
        "Where the Krawczyk operator, computed with every rounding enclosed, takes a box into its inside, the box "
        "holds exactly one solution; what lies in no image of its box is none.",
        ("johansson2017",), methods=("homotopy", "cutoff equations"),
    ),
    Theorem(
        "ball-arithmetic", "Ball arithmetic",
        "Each operation on intervals given by a middle and a radius widens the radius by what rounding may have cost, "
        "so that the interval holds the true number.",
        ("johansson2017",),
        methods=("homotopy", "cutoff equations", "horizon roots", "shape", "symmetric polynomial",
                 "rates of concession"),
    ),
    Theorem(
        "descartes-bernstein", "Descartes' rule in the Bernstein basis",
        "A polynomial has in (0, 1) at most as many zeros as its coefficients in the Bernstein basis have changes of "
        "sign, and as many up to an even number; one change proves one zero, none proves none.",
        methods=("symmetric polynomial",),
    ),
    Theorem(
        "regime-change", "Monotone equilibria of regime change",
        "Equilibria in which attackers attack up to a signal are the zeros of one condition on the resolve up to which "
        "an attack succeeds. It falls, or falls, rises and falls: its signs at two known places count its zeros.",
        ("morris_shin1998", "angeletos_hellwig_pavan2007"), methods=("shape",),
    ),
    Theorem(
        "horizon-uniqueness", "One horizon in a crisis before audiences",
        "In equilibria in which neither state concedes at once for certain both may quit up to one and the same time, "
        "the horizon, which solves an equation with one positive root.",
        ("fearon1994",), methods=("horizon roots",),
    ),
    Theorem(
        "indifference-of-the-marginal-type", "The type that is indifferent",
        "Where signals of any size can be sent and types above a cutpoint signal, fight and are believed, the type at "
        "the cutpoint is indifferent, which fixes the signal; each technology has one outcome.",
        ("fearon1997",), methods=("closed form",),
    ),
    Theorem(
        "cutpoint-fixed-points", "Best replies are cutpoints",
        "Where costs are private and a reply is worth more to lower ones, every best reply is a cutpoint, so that "
        "equilibria are the solutions of equations in cutpoints.",
        ("baliga_sjostrom2012", "baliga_bueno_wolitzky2020"), methods=("cutpoint equations", "cutoff equations"),
    ),
    Theorem(
        "two-phase-control", "Two phases of indirect control",
        "The best stationary control without commitment alternates between a phase of rewards and a phase of "
        "punishment of one best intensity, the only positive root of the condition of the first order.",
        ("padro_yared2012",), methods=("two phases",),
    ),
    Theorem(
        "attrition-indifference", "Rates of concession",
        "In a war of attrition a player that mixes over dates is indifferent, so that its rival concedes at one rate, "
        "what waiting costs over what is at stake.",
        ("hendricks_weiss_wilson1988", "maynard_smith1974", "nalebuff1986"), methods=("rates of concession",),
    ),
    Theorem(
        "public-perfection", "Perfect public equilibria by automata",
        "Play by a public automaton is a perfect public equilibrium exactly where at no state, reached or not, a "
        "single deviation pays, given the values of the states.",
        ("abreu_pearce_stacchetti1990", "friedman1971", "green_porter1984"), methods=(_AGREEMENTS,),
    ),
    Theorem(
        "commitment-linear-programs", "Commitment by linear programs",
        "The best commitment to a mixed plan is the best of finitely many linear programs, one for each pure plan of "
        "those who answer; duality turns \"is a best answer\" into linear inequalities in values of their information "
        "sets.",
        ("conitzer_sandholm2006", "stengel_zamir2010", "koller1996"), commands=("frontier",),
    ),
    Theorem(
        "forward-error-bound", "Forward error bound of floating-point evaluation",
        "A sum of products in floating point is off by at most a known multiple of the sum of the absolute values; a "
        "sign beyond that bound is the true sign, and every other is decided in exact arithmetic.",
        ("higham2002",), commands=("sweep", *_SAMPLED, "frontier", "confront"),
    ),
    Theorem(
        "sobol-indices", "Sobol' indices",
        "The variance of a function of independent quantities is a sum over sets of them; the first index of one is "
        "the share that it explains alone, the total index the share in which it takes part.",
        ("sobol2001", "saltelli2010"), commands=("sensitivity",),
    ),
    Theorem(
        "peeling", "Bump hunting by peeling",
        "A box in which a target is frequent is found by cutting off the ends of one parameter at a time; it is a "
        "search without a proof, and its coverage and density are counted on a second sample.",
        ("friedman_fisher1999",), commands=("discover",),
    ),
    Theorem(
        "binomial-record", "Counts of independent plays",
        "If plays are independent and alike the number of plays with an event is binomial; a count to which no "
        "reading gives more than a level rules an equilibrium out at that level.",
        commands=("confront",),
    ),
)
THEOREMS: Final[Mapping[str, Theorem]] = {one.key: one for one in _LISTED}
"""Every theorem by its key."""


def theorem(key: str) -> Theorem:
    """One theorem.

    Raises
    ------
    UnknownNameError
        with the nearest key.
    """
    if key not in THEOREMS:
        raise UnknownNameError("theorem", key, THEOREMS)
    return THEOREMS[key]


def theorems_for(
    document: Mapping[str, Any], command: str | None = None, *, model: str | None = None, refine: str | None = None
) -> tuple[str, ...]:
    """The keys of what a result rests on, in the order of `THEOREMS`.

    Parameters
    ----------
    document : the result; its method and concept count, and what it says under ``made``.
    command : the verb that made it; None for what the document says.
    model : the built-in game, whose method made a result that does not name one.
    refine : a refinement that was asked for; None for what the document says.
    """
    made = document.get("made", {})
    verb = command or str(made.get("command", ""))
    options = made.get("options", {})
    filters = {str(word) for word in (refine, *(options.get(name) for name in ("refine", "select"))) if word}
    methods, concepts = _ways(document, model)
    return tuple(
        one.key for one in _LISTED
        if verb in one.commands or methods.intersection(one.methods) or concepts.intersection(one.concepts)
        or filters.intersection(one.refinements)
    )


def _ways(document: Mapping[str, Any], model: str | None) -> tuple[set[str], set[str]]:
    """The methods that made a result, those of the equilibria that it looks at among them, and its concepts."""
    from . import models

    about = models.get(model) if model else None
    own = getattr(about, "method", None)
    method, concept = document.get("method"), document.get("concept")
    if own is not None:
        # A search for all supports that is given up goes over to a path.
        return {str(method) if method == "homotopy" else str(own)}, {str(concept or getattr(about, "concept", ""))}
    found = {"atlas"} if method in (None, "solve") else {str(method)}
    return found, {str(concept or "pbe")}
