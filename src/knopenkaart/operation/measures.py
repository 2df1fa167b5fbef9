# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the early warning looks at, one function per measure: the number with the figures behind it, or what is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from knopenkaart.operation.conventions import Conventions
from knopenkaart.operation.costs import YearMoney, money_years
from knopenkaart.operation.occupancy import Occupancy, occupancy
from knopenkaart.operation.records import PlaceFacts
from knopenkaart.operation.wording import LANGUAGES, Language, dated, said, thousands
from knopenkaart.vocabulary import Vocabulary

# The age group from which on a board is called ageing.
AGEING = "age_65_plus"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure behind a reason, with a stable name and where it comes from."""

    name: str
    value: float | str
    source: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A number, what it is about in words, and the figures behind it."""

    value: float
    figures: tuple[Figure, ...]
    subject_nl: str = ""
    subject_en: str = ""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """What would have to be filled in: names of parts (rooms, visits) or of categories of money (energy)."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoesNotApply:
    """The question does not arise: a place without subsidy cannot lose it."""


Outcome = Measured | NotKnown | DoesNotApply


@dataclass(frozen=True, slots=True)
class Look:
    """A place as the measures see it: its facts, with the use of its rooms and its years reckoned once."""

    facts: PlaceFacts
    vocabulary: Vocabulary
    conventions: Conventions
    use: Occupancy
    years: tuple[YearMoney, ...]

    def source(self, part: str) -> str:
        """What the web links to for this part of the facts."""
        return self.facts.sources.get(part, part)


def look_at(facts: PlaceFacts, vocabulary: Vocabulary, conventions: Conventions) -> Look:
    """Reckon once what several measures need. Raises InputError on hours or amounts that cannot be."""
    use = occupancy(facts.rooms, vocabulary.week(), conventions=conventions)
    years = tuple(year for year in money_years(facts.money, vocabulary.money) if year.year < facts.today.year)
    return Look(facts, vocabulary, conventions, use, years)


def measure(name: str, look: Look) -> Outcome:
    """One measure of a place. Every measure of the vocabulary has its function here."""
    return MEASURED[name](look)


def _used_share(look: Look) -> Outcome:
    use, source = look.use.whole, look.source("rooms")
    if use.share is None or use.known_share < look.conventions.known_share:
        return NotKnown(("rooms",))
    return Measured(use.share, (Figure("used_hours", use.used, source), Figure("known_hours", use.known, source)))


def _used_daypart_share(look: Look) -> Outcome:
    share = look.use.used_daypart_share
    if share is None or look.use.whole.known_share < look.conventions.known_share:
        return NotKnown(("rooms",))
    known = [use for use in look.use.slots.values() if use.known > 0]
    source = look.source("rooms")
    return Measured(share, (Figure("used_dayparts", sum(use.used > 0 for use in known), source), Figure("dayparts", len(known), source)))


def _made_a_loss(year: YearMoney) -> bool | None:
    """None where what is missing could turn it round."""
    if year.missing_income or not year.costs_by:
        return None
    if year.balance < 0:
        return True
    return None if year.missing_costs else False


def _loss_years(look: Look) -> Outcome:
    """How many years in a row, the latest first, the costs were above all income."""
    streak: list[YearMoney] = []
    for year in look.years:
        if streak and year.year != streak[-1].year - 1:
            break
        lost = _made_a_loss(year)
        if lost is None:
            return _enough(look, streak, year.missing or ("money",))
        if not lost:
            return _lost(look, streak)
        streak.append(year)
    return _enough(look, streak, ("money",))


def _enough(look: Look, streak: list[YearMoney], missing: tuple[str, ...]) -> Outcome:
    """Two known years of loss are enough, whatever came before; of fewer nothing can be said."""
    return _lost(look, streak) if len(streak) > 1 else NotKnown(missing)


def _lost(look: Look, streak: list[YearMoney]) -> Measured:
    source = look.source("money")
    figures = [Figure(f"{name}_{year.year}", amount, source) for year in streak for name, amount in _sides(year)]
    return Measured(float(len(streak)), tuple(figures), *(_both_sides(streak, language) for language in LANGUAGES))


def _both_sides(streak: list[YearMoney], language: Language) -> str:
    return "; ".join(f"{year.year}: {said(year.costs, 'euro', language)} / {said(year.income, 'euro', language)}" for year in streak)


def _sides(year: YearMoney) -> tuple[tuple[str, float], ...]:
    return ("costs", year.costs), ("income", year.income)


def _recovery_share(look: Look) -> Outcome:
    year = look.years[0] if look.years else None
    own = {name for name, category in look.vocabulary.money.items() if category.own and category.direction == "income"}
    if year is None or not year.costs_by:
        return NotKnown(("money",))
    missing = (*year.missing_costs, *(name for name in year.missing_income if name in own))
    if missing:
        return NotKnown(missing)
    if year.costs == 0:
        return DoesNotApply()
    source = look.source("money")
    return Measured(
        year.own_income / year.costs,
        (Figure(f"own_income_{year.year}", year.own_income, source), Figure(f"costs_{year.year}", year.costs, source)),
    )


def _largest_income_share(look: Look) -> Outcome:
    year = look.years[0] if look.years else None
    if year is None:
        return NotKnown(("money",))
    if year.missing_income:
        return NotKnown(year.missing_income)
    if year.income == 0:
        return DoesNotApply()
    name = max(year.income_by, key=lambda item: year.income_by[item])
    category, source = look.vocabulary.money[name], look.source("money")
    figures = (Figure(f"{name}_{year.year}", year.income_by[name], source), Figure(f"income_{year.year}", year.income, source))
    return Measured(year.income_by[name] / year.income, figures, category.nl, category.en)


def _subsidy_months_left(look: Look) -> Outcome:
    until, source = look.facts.subsidy_until, look.source("subsidy")
    if until is None:
        gets_none = bool(look.years) and look.years[0].subsidy == 0
        return DoesNotApply() if gets_none else NotKnown(("subsidy_until",))
    left = max(0, whole_months(look.facts.today, until))
    return Measured(float(left), (Figure("subsidy_until", until.isoformat(), source),), dated(until, "nl"), dated(until, "en"))


def _vacant_seat_share(look: Look) -> Outcome:
    board, source = look.facts.board, look.source("board")
    missing = tuple(name for name, number in (("seats", board.seats), ("vacant", board.vacant)) if number is None)
    if board.seats is None or board.vacant is None:
        return NotKnown(missing)
    if board.seats == 0:
        return DoesNotApply()
    figures = (Figure("vacant", board.vacant, source), Figure("seats", board.seats, source))
    return Measured(board.vacant / board.seats, figures, f"{board.vacant} van {board.seats}", f"{board.vacant} of {board.seats}")


def _ageing_board(look: Look) -> Outcome:
    board, source = look.facts.board, look.source("board")
    if board.seats == 0:
        return DoesNotApply()
    if board.ages is None or (board.ages == AGEING and board.successors is None):
        return NotKnown(("ages",) if board.ages is None else ("successors",))
    figures = (Figure("ages", board.ages, source), Figure("successors", "yes" if board.successors else "no", source))
    return Measured(float(board.ages == AGEING and not board.successors), figures)


def _condition_score(look: Look) -> Outcome:
    score = look.facts.building.condition
    if score is None:
        return NotKnown(("condition",))
    found = next((item for item in look.vocabulary.conditions.values() if item.score == score), None)
    names = (found.nl, found.en) if found else ("", "")
    return Measured(float(score), (Figure("condition", score, look.source("building")),), *names)


def _postponed_eur(look: Look) -> Outcome:
    amount = look.facts.building.postponed_eur
    return NotKnown(("postponed",)) if amount is None else Measured(amount, (Figure("postponed", amount, look.source("building")),))


def _uncovered_eur(look: Look) -> Outcome:
    building, source = look.facts.building, look.source("building")
    if building.investment_eur is None:
        return NotKnown(("investment",))
    if building.investment_eur == 0:
        return Measured(0.0, (Figure("investment", 0.0, source),))
    if building.covered_eur is None:
        return NotKnown(("covered",))
    figures = (Figure("investment", building.investment_eur, source), Figure("covered", building.covered_eur, source))
    year = building.investment_year
    words = (f"in {year}", f"in {year}") if year else ("jaar niet bekend", "year not known")
    return Measured(max(0.0, building.investment_eur - building.covered_eur), figures, *words)


def _visits_fall_share(look: Look) -> Outcome:
    """The last twelve months against the same months a year before, as far as both are known."""
    known = {12 * item.year + item.month: item.visits for item in look.facts.months if item.visits is not None}
    last = max(known, default=0)
    pairs = [(known[month], known[month - 12]) for month in range(last - 11, last + 1) if month in known and month - 12 in known]
    now, before = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    if len(pairs) < look.conventions.fewest_months or before <= 0:
        return NotKnown(("series",))
    source = look.source("series")
    figures = (Figure("visits_now", now, source), Figure("visits_before", before, source), Figure("months", len(pairs), source))
    words = (
        f"{thousands(now, 'nl')} tegen {thousands(before, 'nl')} in {len(pairs)} dezelfde maanden",
        f"{thousands(now, 'en')} against {thousands(before, 'en')} in {len(pairs)} of the same months",
    )
    return Measured(1 - now / before, figures, *words)


def _volunteer_hours_unpaid(look: Look) -> Outcome:
    hours, year = look.facts.board.volunteer_hours, look.years[0] if look.years else None
    staff = year.costs_by.get("staff") if year else None
    if staff is not None and staff > 0:
        return DoesNotApply()
    missing = tuple(name for name, value in (("volunteer_hours", hours), ("staff", staff)) if value is None)
    if hours is None or staff is None:
        return NotKnown(missing)
    return Measured(hours, (Figure("volunteer_hours", hours, look.source("board")), Figure("staff", staff, look.source("money"))))


def _largest_group_share(look: Look) -> Outcome:
    """The largest age group in all visits that are told of; groups that are hidden make the whole no smaller than it is."""
    shown = {name: value for name, value in look.facts.group_visits.items() if value}
    if not shown:
        return NotKnown(("groups",))
    whole = max(sum(shown.values()), look.facts.visits.value if look.facts.visits else 0.0)
    name = max(shown, key=lambda item: shown[item])
    group, source = look.vocabulary.groups.get(name), look.source("groups")
    words = (group.nl, group.en) if group else (name, name)
    return Measured(shown[name] / whole, (Figure(name, shown[name], source), Figure("visits", whole, source)), *words)


def _regular_share(look: Look) -> Outcome:
    share = look.facts.regular_share
    return NotKnown(("cards",)) if share is None else Measured(share, (Figure("regular_share", share, look.source("cards")),))


def _months_since_checked(look: Look) -> Outcome:
    checked = look.facts.checked
    if checked is None:
        return NotKnown(("checked",))
    months = max(0, whole_months(checked, look.facts.today))
    return Measured(float(months), (Figure("checked", checked.isoformat(), look.source("checked")),))


def whole_months(start: date, end: date) -> int:
    """Whole months from one day to another; below zero where the end comes first.

    >>> whole_months(date(2025, 1, 31), date(2025, 2, 28)), whole_months(date(2025, 1, 15), date(2026, 1, 15))
    (0, 12)
    """
    return 12 * (end.year - start.year) + end.month - start.month - (end.day < start.day)


MEASURED: Mapping[str, Callable[[Look], Outcome]] = {
    "used_share": _used_share,
    "used_daypart_share": _used_daypart_share,
    "loss_years": _loss_years,
    "recovery_share": _recovery_share,
    "largest_income_share": _largest_income_share,
    "subsidy_months_left": _subsidy_months_left,
    "vacant_seat_share": _vacant_seat_share,
    "ageing_board": _ageing_board,
    "condition_score": _condition_score,
    "postponed_eur": _postponed_eur,
    "uncovered_eur": _uncovered_eur,
    "visits_fall_share": _visits_fall_share,
    "volunteer_hours_unpaid": _volunteer_hours_unpaid,
    "largest_group_share": _largest_group_share,
    "regular_share": _regular_share,
    "months_since_checked": _months_since_checked,
}
