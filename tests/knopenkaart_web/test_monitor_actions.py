# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Loading a monitor: all or nothing, once in the history, and a municipality's own tables outlive it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from knopenkaart.monitor.similar import Similar
from knopenkaart_web.accounts.models import User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.monitor import actions, queries, stamping
from knopenkaart_web.monitor.models import AreaLink, Edition, FigureSource, LevelFeatures, MonitorArea, MonitorFigure, Outline
from knopenkaart_web.monitor.models import PublishedFigures as Published
from knopenkaart_web.monitor.similar import LEVELS
from knopenkaart_web.places.models import Study

from . import factories as f
from . import monitored as m


def test_a_load_tells_what_it_did(db: Any) -> None:
    report = m.wijkmonitor()
    assert (report.areas, report.years, report.links, report.outlines) == (19, (2022, 2024), 7, 9)
    # Of 11 areas 13 figures, of 8 areas 3.
    assert report.figures == 11 * 13 + 8 * 3
    assert (report.own_figures, report.own_lost) == (0, 0)


def test_a_load_is_one_event_of_the_whole_installation(db: Any) -> None:
    m.wijkmonitor()
    event = Event.objects.get()
    assert (event.action, event.actor, event.role, event.study, event.object_type) == ("load_monitor", "system", "system", "", "monitor")
    assert (event.before["years"], event.after["years"]) == ([], [2022, 2024])


@pytest.mark.parametrize("who", ["bob", "alice", "charlie", "visitor"])
def test_nobody_of_one_municipality_loads_the_monitor_of_all(who: str, request: pytest.FixtureRequest, db: Any) -> None:
    with pytest.raises(PermissionDenied):
        actions.load(request.getfixturevalue(who), m.bundle())
    assert not Edition.objects.exists()
    assert not Event.objects.exists()


def test_a_manager_of_all_studies_may(db: Any) -> None:
    boss: User = f.user("boss", "manager", "*")
    assert actions.load(boss, m.bundle()).areas == 19
    assert Event.objects.get().actor == "boss"


def test_a_load_replaces_what_was_published(db: Any) -> None:
    m.wijkmonitor()
    old = m.bundle()
    only = {m.COUNTRY, f.MUNICIPALITY}
    actions.load(
        None,
        replace(
            old,
            areas=[area for area in old.areas if area.code in only and area.year == m.NOW],
            figures=[row._replace(value=1.0) for row in m.figures() if row.area_code in only and row.indicator == "population"],
            sources=old.sources[:1],
            links=(),
            outlines={},
        ),
    )
    assert sorted(MonitorArea.objects.values_list("code", flat=True)) == [f.MUNICIPALITY, m.COUNTRY]
    assert Published.objects.count() == 2
    assert [source.source_id for source in FigureSource.objects.all()] == [m.CBS]
    assert not AreaLink.objects.exists()
    assert not Outline.objects.exists()
    found = queries.edition()
    assert found is not None
    assert found.years == (2024,)
    (value,) = queries.values([queries.area(m.COUNTRY)])[m.COUNTRY].values  # type: ignore[list-item]
    assert value.value == 1.0


def test_own_tables_are_there_after_a_load_at_the_same_areas(monitor: Study) -> None:
    before = queries.values([queries.area(f.NOORD)])[f.NOORD]  # type: ignore[list-item]
    report = m.wijkmonitor()
    assert (report.own_figures, report.own_lost) == (5, 0)
    assert FigureSource.objects.get(study=monitor).source_id == "own-2024"
    assert queries.values([queries.area(f.NOORD)])[f.NOORD] == before  # type: ignore[list-item]


def test_own_figures_of_an_area_that_is_no_more_are_lost_and_counted(monitor: Study) -> None:
    old = m.bundle()
    gone = replace(
        old,
        areas=[area for area in old.areas if area.code != f.ZUID],
        figures=[row for row in old.figures if row.area_code != f.ZUID],
        outlines={key: text for key, text in old.outlines.items() if key[0] != f.ZUID},
    )
    report = actions.load(None, gone)
    assert (report.own_figures, report.own_lost) == (4, 1)
    assert set(MonitorFigure.objects.values_list("area__code", flat=True)) == {f.MUNICIPALITY, f.NOORD}


def test_a_load_that_fails_leaves_everything_as_it_was(monitor: Study) -> None:
    stamp = queries.stamp()
    wrong = replace(m.bundle(), figures=[*m.figures(), m.figures()[0]._replace(area_code="WK999999")])
    with pytest.raises(KeyError):
        actions.load(None, wrong)
    assert queries.stamp() == stamp
    assert MonitorArea.objects.count() == 19
    assert MonitorFigure.objects.count() == 5
    assert Event.objects.filter(action="load_monitor").count() == 1


def test_each_load_has_a_stamp_of_its_own(db: Any) -> None:
    m.wijkmonitor()
    first = queries.stamp()
    m.wijkmonitor()
    assert queries.stamp() != first != ""
    assert Edition.objects.count() == 1


def everywhere() -> dict[str, list[Similar]]:
    """What is like each area of the latest year."""
    refs = (queries.area(code) for code in MonitorArea.objects.filter(year=2024, level__in=LEVELS).values_list("code", flat=True))
    return {ref.code: queries.similar(ref) for ref in refs if ref is not None}


def test_what_areas_are_compared_by_is_kept_at_a_load_and_is_what_would_be_reckoned(db: Any) -> None:
    m.wijkmonitor()
    assert set(LevelFeatures.objects.values_list("level", "year")) == {(level, 2024) for level in LEVELS}
    kept = everywhere()
    LevelFeatures.objects.all().delete()
    stamping.renew()
    assert everywhere() == kept
    assert any(kept.values())


def test_what_names_an_indicator_that_is_no_more_is_reckoned_anew(db: Any) -> None:
    m.wijkmonitor()
    kept = everywhere()
    LevelFeatures.objects.filter(level="wijk").update(
        features='{"names":["gone"],"weights":[1],"raw":{},"scale":{},"homes":{},"left_out":{}}'
    )
    stamping.renew()
    assert everywhere() == kept


def test_wijken_elsewhere_are_sought_by_what_was_published_only(monitor: Study) -> None:
    noord = queries.area(f.NOORD)
    assert noord is not None
    found = queries.similar(noord)
    # Those of Grootdorp; Haven is younger and from farther away, as Noord is.
    assert [item.code for item in found] == [m.HAVEN, m.VELD]
    assert found[0].distance < found[1].distance
    MonitorFigure.objects.create(
        area=MonitorArea.objects.get(code=m.HAVEN, year=2024),
        source=FigureSource.objects.get(study=monitor),
        indicator="pop_0_14",
        year=2025,
        value=4999.0,
        unit="count",
        nature="own",
    )
    LevelFeatures.objects.all().delete()
    Edition.objects.update(stamp="00000000-0000-4000-8000-000000000000")
    assert queries.similar(noord) == found


def test_an_area_with_few_people_and_a_country_are_like_no_other(monitor: Study) -> None:
    for code in (f.ZUID, m.COUNTRY):
        ref = queries.area(code)
        assert ref is not None
        assert queries.similar(ref) == []


def test_areas_of_an_earlier_year_are_compared_with_those_of_that_year(monitor: Study) -> None:
    haven = queries.area(m.HAVEN, year=2022)
    assert haven is not None
    assert {item.code for item in queries.similar(haven)} <= {f.NOORD, f.ZUID}
