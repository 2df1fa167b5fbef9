# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a profile shows, in plain sentences that say no more than the figures do."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import asin, ceil, erfc, floor, log, sqrt
from typing import Any, TypeVar

from knopenkaart.monitor._margins import Z, z_of
from knopenkaart.monitor.estimates import Difference, Estimate
from knopenkaart.monitor.profile import Ring, Segment
from knopenkaart.vocabulary.catalogue import Catalogue

Named = TypeVar("Named")
# More sentences are not read.
MOST = 8
# So many names stand in a list before "and more".
LISTED = 3
# Money is told in euros, as pages and tables do.
_IN_FULL = {"eur_1000": 1000}
APART = ("better", "worse", "more", "less")
# How people live comes before who they are.
VALUED = ("better", "worse")
# Of the differences that are told one by one at most this share is expected to be chance.
FALSE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence. `theme` and `indicator` are empty where it is about several; `tone` as in the profile, or "caution"."""

    text: str
    theme: str
    indicator: str
    tone: str


@dataclass(frozen=True, slots=True)
class _Speech:
    """The sentences of one language, and how the two sides are called in it."""

    texts: Mapping[str, Any]
    language: str
    here: str
    there: str

    def say(self, sentence: str, *, slots: Mapping[str, str]) -> str:
        made = str(self.texts[sentence]).format(**{"here": self.here, "there": self.there, **slots})
        return made[:1].upper() + made[1:]


def findings(
    rings: Sequence[Ring],
    *,
    language: str,
    area_name: str,
    other_name: str,
    catalogue: Catalogue,
    group_name: str = "",
    other_group_name: str = "",
    most: int = MOST,
) -> list[Finding]:
    """Sentences about a profile in Dutch (nl) or English (en), at most `most` about one difference each: first what is more or less
    favourable, then what is only more or less, and of both what is surest to be large first.

    Only those that stay sure with so many looked at (`sure_together`), with a margin that reckons with that (`wider`).
    Then what else differs or may be chance, what cannot be told apart,
    what is of another kind or cannot be compared, which figures are not there, and that none of it is a cause.
    Without an `other_name` nothing is compared.

    Source: docs/method/comparing-areas.md.
    """
    texts = _texts()[language if language in ("nl", "en") else "en"]
    # Where one side is a group, the other is everybody: "in Delft" would say that of the area, not of its people.
    everybody = bool(group_name) != bool(other_group_name)
    here = _where(texts, area_name, group_name, everybody=everybody)
    speech = _Speech(texts, language, here, _where(texts, other_name, other_group_name, everybody=everybody))
    segments = [(ring.theme, segment) for ring in rings for segment in ring.segments]
    found: list[Finding] = []
    if other_name:
        sure = sure_together([segment for _, segment in segments])
        different = sorted((item for item in segments if item[1].tone in APART), key=lambda item: (-strength(item[1]), item[1].indicator))
        apart = sorted((item for item in different if item[1].indicator in sure), key=lambda item: item[1].tone not in VALUED)
        z = wider([segment for _, segment in segments], sure)
        found += [_compared(theme, segment, speech, catalogue, z) for theme, segment in apart[:most]]
        groups = (
            ("more", apart[most:]),
            ("chance", [item for item in different if item not in apart]),
            ("same", _of_tone(segments, "same")),
            ("other_kind", [item for item in segments if _of_other_kind(item[1])]),
            ("unknown", [item for item in _of_tone(segments, "unknown") if not _of_other_kind(item[1])]),
        )
        for name, rest in groups:
            found += _together(name, [segment for _, segment in rest], speech, catalogue)
    found += _absent(rings, speech, catalogue)
    caution = [Finding(speech.say("caution", slots={}), "", "", "caution")] if found else []
    return found + caution


def sure_together(segments: Sequence[Segment]) -> frozenset[str]:
    """The indicators that differ also when it is reckoned with how many were compared: of these at most 5 % are expected to be chance.

    Where no chance is in a difference (means of a register) it is as it was counted, and does not stand in the reckoning.

    Source: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300; docs/method/comparing-areas.md.
    """
    told = {segment.indicator for segment in segments if segment.tone in APART}
    chances = _chances(segments)
    counted = {
        segment.indicator for segment in _compared_in_kind(segments) if segment.indicator in told and segment.indicator not in chances
    }
    return frozenset(counted | (unlikely(chances) & told))


def wider(segments: Sequence[Segment], sure: frozenset[str]) -> float:
    """At how many standard deviations the intervals of the differences that are told hold together: 95 of 100 of those that are told.

    Who tells the largest of many tells those of which chance was the largest too: at 95 % each, more than one in twenty would miss.

    Source: Benjamini and Yekutieli (2005), Journal of the American Statistical Association 100, 71-81; docs/method/comparing-areas.md.
    """
    chances = _chances(segments)
    told = len(sure & set(chances))
    return z_of(1 - FALSE_SHARE * told / len(chances)) if told else Z


def of_many(found: Mapping[Named, tuple[Estimate, Estimate, Difference]]) -> dict[Named, Difference]:
    """Differences that were each looked at by themselves, as they stand together: of each the figure, the other one, and how they differ.

    What stays sure among so many has a margin that reckons with that (`sure_together`, `wider`); what does not is "same". Of forty pairs
    that are the same, two would differ by chance alone. Source: docs/method/comparing-areas.md.
    """
    tones = {"higher": "more", "lower": "less", "same": "same"}
    names = {str(number): name for number, name in enumerate(found)}
    segments = [Segment(key, *found[name], tones.get(found[name][2].verdict, "unknown")) for key, name in names.items()]
    sure = sure_together(segments)
    z = wider(segments, sure)
    return {name: _of_many(found[name][2], sure=key in sure, z=z) for key, name in names.items()}


def _of_many(apart: Difference, *, sure: bool, z: float) -> Difference:
    if sure:
        return _at(apart, z)
    return replace(apart, verdict="same") if apart.verdict in ("higher", "lower") and not apart.other_kind else apart


def _compared_in_kind(segments: Sequence[Segment]) -> list[Segment]:
    """Those of which can be said whether they differ, by figures of one kind."""
    return [item for item in segments if item.difference and not item.difference.other_kind and item.tone in (*APART, "same")]


def _chances(segments: Sequence[Segment]) -> dict[str, float]:
    """The chance of so large a difference where there is none, by indicator; those without chance in them are left out."""
    return {
        item.indicator: erfc(item.difference.z / sqrt(2))
        for item in _compared_in_kind(segments)
        if item.difference is not None and item.difference.z is not None
    }


def unlikely(chances: Mapping[Named, float]) -> frozenset[Named]:
    """Of many things, each with the chance that it is nothing, those of which at most 5 % together are expected to be nothing.

    Source: Benjamini and Hochberg (1995), as above.
    """
    ordered = sorted(chances.values())
    limit = max((chance for rank, chance in enumerate(ordered, start=1) if chance <= FALSE_SHARE * rank / len(ordered)), default=-1.0)
    return frozenset(name for name, chance in chances.items() if chance <= limit)


def _of_other_kind(segment: Segment) -> bool:
    return segment.difference is not None and segment.difference.other_kind and segment.tone == "unknown"


def strength(segment: Segment) -> float:
    """How large the difference of a segment is at least (see `size_of`)."""
    return size_of(segment.difference, segment.theirs)


def size_of(apart: Difference | None, theirs: Estimate | None) -> float:
    """How large a difference is at least, on one scale for all units: 0 where it may be nothing.

    Of the end of the interval nearest to nothing: for shares Cohen's h, for others the logarithm of the quotient. Source: Cohen (1988),
    Statistical Power Analysis, chapter 6; docs/method/comparing-areas.md.
    """
    if apart is None or apart.low is None or apart.high is None or theirs is None or theirs.value is None:
        return 0.0
    least = max(apart.low, 0.0) + min(apart.high, 0.0)
    if theirs.unit == "percent":
        one, two = (min(max(value / 100, 0.0), 1.0) for value in (theirs.value + least, theirs.value))
        return abs(2 * asin(sqrt(one)) - 2 * asin(sqrt(two)))
    if theirs.value <= 0 or theirs.value + least <= 0:
        return 0.0
    return abs(log((theirs.value + least) / theirs.value))


def decimals_of(greatest: float) -> int:
    """With how many decimals the far end of a difference is told: what is large and unsure is not told to a hundredth."""
    return 0 if greatest >= 10 else 1 if greatest >= 1 else 4


def number_text(value: float, language: str, *, decimals: int | None = None) -> str:
    """A number as people write it. Without `decimals`: none for whole and for large numbers, two below a tenth, else one."""
    texts = _texts()[language if language in ("nl", "en") else "en"]
    places = decimals if decimals is not None else 0 if float(value).is_integer() or abs(value) >= 1000 else 2 if abs(value) < 0.1 else 1
    text = f"{value:,.{places}f}"
    return text.translate({ord(","): texts["thousand"], ord("."): texts["decimal"]})


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads(files("knopenkaart.monitor").joinpath("findings.toml").read_text(encoding="utf-8"))


def _where(texts: Mapping[str, Any], area: str, group: str, *, everybody: bool) -> str:
    named = "in_group" if group else "in_everybody" if everybody else "in_area"
    return str(texts[named].format(group=group, area=area))


def _of_tone(segments: Iterable[tuple[str, Segment]], tone: str) -> list[tuple[str, Segment]]:
    return [item for item in segments if item[1].tone == tone]


def _compared(theme: str, segment: Segment, speech: _Speech, catalogue: Catalogue, z: float) -> Finding:
    """A difference that is sure, with both figures and its margin at so many standard deviations."""
    apart, theirs = segment.difference, segment.theirs
    if apart is None or theirs is None:
        raise ValueError("a segment without a comparison makes no finding")
    slots = {
        "indicator": catalogue.indicators[segment.indicator].name(speech.language),
        "year": str(segment.mine.year),
        "mine": _value(segment.mine, speech),
        "theirs": _value(theirs, speech),
        "word": speech.texts[apart.verdict],
        "span": _span(_at(apart, z), segment.mine.unit, speech),
    }
    kind = speech.texts.get(segment.mine.nature, "")
    only_rounding = speech.texts["rounding"] if segment.mine.basis == theirs.basis == "rounding" else ""
    return Finding(speech.say("compared", slots=slots) + kind + only_rounding, theme, segment.indicator, segment.tone)


def _value(item: Estimate, speech: _Speech) -> str:
    text = number_text((item.value or 0.0) * _IN_FULL.get(item.unit, 1), speech.language)
    return str(speech.texts["unit"].get(item.unit, "{value}").format(value=text))


def _at(apart: Difference, z: float) -> Difference:
    low, high = apart.at(z)
    return replace(apart, low=low, high=high)


def _span(apart: Difference, unit: str, speech: _Speech) -> str:
    """The size of a difference from its least to its most, rounded outward so that it never says more than is known."""
    least, greatest = sorted((abs(apart.low or 0.0), abs(apart.high or 0.0)))
    places = next((digits for digits in range(4) if floor(least * 10**digits) > 0), 4)
    upper = min(places, decimals_of(greatest))
    # Ends that are whole but for the last bit of a float stay what they are.
    low, high = floor(least * 10**places + 1e-9) / 10**places, ceil(greatest * 10**upper - 1e-9) / 10**upper
    full = _IN_FULL.get(unit, 1)
    ends = ((low, places), (high, upper))
    first, last = (number_text(end * full, speech.language, decimals=digits if full == 1 else 0) for end, digits in ends)
    both = first if first == last else speech.texts["span"].format(low=first, high=last)
    measured = speech.texts["span_unit"].get(unit, "{value}").format(value=both)
    return str(speech.texts["apart"].format(span=measured))


def _together(name: str, segments: Sequence[Segment], speech: _Speech, catalogue: Catalogue) -> list[Finding]:
    """Several figures in one sentence, by name."""
    if not segments:
        return []
    names = [catalogue.indicators[item.indicator].name(speech.language) for item in segments]
    slots = {"count": str(len(names)), "list": _listed(names, speech)}
    text = speech.say(f"{name}_one" if len(names) == 1 else f"{name}_many", slots=slots)
    tone = "more" if name == "more" else "same" if name in ("same", "chance") else "unknown"
    return [Finding(text, "", segments[0].indicator if len(names) == 1 else "", tone)]


def _listed(names: Sequence[str], speech: _Speech) -> str:
    """Names in a row; the last of a long row as a number."""
    if len(names) > LISTED:
        return str(speech.texts["list_more"].format(list=", ".join(names[:LISTED]), count=len(names) - LISTED))
    if len(names) == 1:
        return names[0]
    return str(speech.texts["list_and"].format(list=", ".join(names[:-1]), last=names[-1]))


def _absent(rings: Sequence[Ring], speech: _Speech, catalogue: Catalogue) -> list[Finding]:
    """What is not known: per theme where some of it is, in one sentence the themes of which nothing is."""
    found: list[Finding] = []
    empty: list[str] = []
    for ring in rings:
        absent, total = sum(item.tone == "absent" for item in ring.segments), len(ring.segments)
        if absent and absent == total:
            empty.append(ring.theme)
        elif absent:
            slots = {"theme": _theme(ring.theme, speech, catalogue), "absent": str(absent), "total": str(total)}
            text = speech.say("absent_some_one" if absent == 1 else "absent_some", slots=slots)
            found.append(Finding(text, ring.theme, "", "absent"))
    if empty:
        names = "; ".join(_theme(theme, speech, catalogue) for theme in empty)
        found.append(Finding(speech.say("absent_all", slots={"list": names}), empty[0] if len(empty) == 1 else "", "", "absent"))
    return found


def _theme(theme: str, speech: _Speech, catalogue: Catalogue) -> str:
    return catalogue.themes[theme].name(speech.language)
