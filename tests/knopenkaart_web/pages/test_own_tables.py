# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An editor sends an own table, corrects what was guessed, sees what stays hidden, brings it in, and takes it back."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from openpyxl import Workbook

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.monitor import catalogue, importing, queries, stamping
from knopenkaart_web.monitor.models import FigureSource, MonitorFigure, OwnIndicator, OwnRelease
from knopenkaart_web.places.models import FigureFile, Study
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.work import end

from .reading import factories, monitored, read

SLUG = factories.SLUG
AT = f"/{SLUG}/beheer/cijfers"
# Of Zuid three people: hidden, and with it one of the others, which would tell it.
TABLE = (
    "Gebied;Jaar;Groep;Schulden;Aantal personen\n"
    "Kleindorp;2024;Totaal;12,0;1000\nNoord;2024;Totaal;12,5;600\nZuid;2024;Totaal;6,0;50\nPolder;2024;Totaal;12;350\n"
    "Noord;2024;Martianen;50;100\n"
)


@pytest.fixture(autouse=True)
def at_once(runs_at_once: list[Any], study: Study) -> None:
    """Background work is done before the page answers; the monitor is loaded."""
    monitored.wijkmonitor()


def send(client: Client, text: str | bytes = TABLE, name: str = "schulden.csv") -> FigureFile:
    content = text if isinstance(text, bytes) else text.encode()
    answer = client.post(AT, {"kind": "indicators", "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, read(answer).text
    return FigureFile.objects.get(pk=answer["Location"].rsplit("/", 1)[1])


def step(client: Client, file: FigureFile, action: str, **more: Any) -> Any:
    return client.post(f"{AT}/{file.pk}", {"action": action, **more})


def as_shown(client: Client, file: FigureFile, **changed: Any) -> dict[str, Any]:
    """What the form of a file would send as it stands, with some of it changed."""
    form = client.get(f"{AT}/{file.pk}").context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    return {**values, **changed}


def corrected(client: Client, file: FigureFile, **changed: Any) -> FigureFile:
    answer = step(client, file, "read", **as_shown(client, file, **changed))
    assert answer.status_code == 302, read(answer).text
    file.refresh_from_db()
    return file


def ready(client: Client, text: str = TABLE) -> FigureFile:
    """A table that is read, with debts as a new indicator."""
    return corrected(client, send(client, text), column_4="indicator:new")


def test_a_load_and_a_table_that_comes_in_wait_for_one_another(editor: Client, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both hold the edition first: a load that began before would not see the figures, and lose them."""
    held: list[tuple[bool, int]] = []

    def lock() -> None:
        held.append((connection.in_atomic_block, FigureSource.objects.filter(study__isnull=False).count()))

    file = ready(editor)
    monkeypatch.setattr(stamping, "lock", lock)
    importing.bring_in_indicators(bob, SLUG, None, file.pk)
    importing.take_back_indicators(bob, SLUG, None, file.pk)
    monitored.wijkmonitor()
    assert held == [(True, 0), (True, 1), (True, 0)], "before anything is read or written"


def test_a_table_whose_figures_have_no_name_says_so_and_a_new_indicator_is_made_of_its_header(editor: Client) -> None:
    file = send(editor)
    page = read(editor.get(f"{AT}/{file.pk}"))
    assert "Geen kolom bevat cijfers. Zeg welke kolom dat doet." in page.text
    file = corrected(editor, file, column_4="indicator:new")
    assert (file.state, [item["id"] for item in file.columns["indicators"]]) == ("read", ["own_schulden"])
    page = read(editor.get(f"{AT}/{file.pk}"))
    assert "Nieuw onderwerp: Schulden" in page.text
    assert "Deze groep kennen we niet." in page.text
    file = corrected(editor, file, new_0_nl="problematische schulden", new_0_en="problem debts", new_0_theme="income", word_0="-")
    assert (file.columns["indicators"][0]["theme"], file.faults) == ("income", [])


def test_what_stays_hidden_is_told_before_it_comes_in(editor: Client) -> None:
    file = ready(editor)
    page = read(editor.get(f"{AT}/{file.pk}"))
    assert "2 cijfers blijven verborgen: 1 omdat het voor minder dan tien mensen geldt" in page.text
    assert not MonitorFigure.objects.exists(), "nothing changed yet"


def test_a_table_comes_in_as_it_may_be_shown_with_one_event_and_goes_out_again(editor: Client) -> None:
    file = ready(editor)
    before, stamp = Event.objects.count(), queries.stamp()
    assert step(editor, file, "bring_in").status_code == 302
    assert Event.objects.count() == before + 1
    assert queries.stamp() != stamp, "pages read the monitor anew"
    rows = {row.area.code: row for row in MonitorFigure.objects.select_related("area")}
    zuid = rows[factories.ZUID]
    assert (zuid.value, zuid.n, zuid.reason, len(rows)) == (None, None, "hidden", 4)
    assert sum(row.reason == "hidden" for row in rows.values()) == 2
    file.refresh_from_db()
    assert (bytes(file.content), file.found, file.state) == (b"", {}, "in")
    assert "4 cijfers staan in de Wijkmonitor; 2 daarvan blijven verborgen." in read(editor.get(f"{AT}/{file.pk}")).text
    assert catalogue.catalogue().indicators["own_schulden"].nl == "Schulden"
    assert step(editor, file, "take_back").status_code == 302
    assert Event.objects.count() == before + 2
    assert not MonitorFigure.objects.exists()
    assert not FigureSource.objects.filter(file_id=file.pk).exists()
    assert not OwnIndicator.objects.exists()
    assert OwnRelease.objects.count() == 1, "who saw the figures still knows them"


def test_the_figures_stand_among_those_of_their_area(editor: Client) -> None:
    step(editor, ready(editor), "bring_in")
    ref = queries.area(factories.ZUID)
    assert ref is not None
    value = queries.values([ref])[ref.code].value("own_schulden")
    assert value is not None
    assert (value.value, value.reason, value.nature) == (None, "hidden", "own")
    assert queries.sources()[value.source].own == SLUG


def test_the_same_table_again_hides_the_same(editor: Client) -> None:
    file = ready(editor)
    step(editor, file, "bring_in")
    first = sorted(MonitorFigure.objects.values_list("area__code", "value"))
    step(editor, file, "take_back")
    step(editor, ready(editor), "bring_in")
    assert sorted(MonitorFigure.objects.values_list("area__code", "value")) == first


def test_a_figure_about_everybody_that_is_published_as_well_is_named_before_and_after(editor: Client) -> None:
    """CBS tells of Noord, not of Zuid, how many have work; by origin nobody tells it."""
    rows = "Noord;2024;Totaal;61;600\nNoord;2024;herkomst Nederland;70;300\nZuid;2024;Totaal;60;50\n"
    file = corrected(editor, send(editor, f"Gebied;Jaar;Groep;Waarde;Aantal personen\n{rows}"), indicator="employment_rate")
    page = read(editor.get(f"{AT}/{file.pk}"))
    assert "Cijfers over iedereen die ook gepubliceerd zijn, van hetzelfde gebied en jaar, staan niet op de pagina's." in page.text
    assert "(2024): 1 cijfer" in page.text
    step(editor, file, "bring_in")
    told = "1 cijfer over iedereen is ook gepubliceerd: op de pagina's staat het gepubliceerde cijfer."
    assert told in read(editor.get(f"{AT}/{file.pk}")).text


def test_a_new_indicator_of_the_whole_table_is_called_as_the_column_of_its_figures(editor: Client) -> None:
    file = send(editor, "Gebied;Jaar;Problematische schulden (%);Aantal\nNoord;2024;12,5;600\n", "tabel 7.csv")
    assert "own_problematische_schulden" in {item["id"] for item in corrected(editor, file, indicator="new").columns["indicators"]}
    other = send(editor, "Gebied;Jaar;Percentage;Aantal\nNoord;2024;12,5;600\n", "eenzaamheid.csv")
    assert "own_eenzaamheid" in {item["id"] for item in corrected(editor, other, indicator="new").columns["indicators"]}


def workbook() -> bytes:
    """The first sheet has the figures, another one more words."""
    book, target = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (["Gebied", "Jaar", "Groep", "Waarde", "n"], ["Noord", 2024, "Totaal", 12.5, 600]):
        book.active.append(row)
    words = book.create_sheet("Toelichting")
    for _number in range(4):
        words.append(["over", "deze", "cijfers", "valt", "veel te zeggen"])
    book.save(target)
    return target.getvalue()


def test_another_sheet_and_row_of_headers_may_be_chosen(editor: Client) -> None:
    file = send(editor, workbook(), "schulden.xlsx")
    assert (file.state, file.columns["sheet"]) == ("refused", "Toelichting")
    assert "Werkblad" in read(editor.get(f"{AT}/{file.pk}")).text
    file = corrected(editor, file, sheet="Sheet", title="Schulden")
    assert [column["header"] for column in file.columns["columns"]] == ["Gebied", "Jaar", "Groep", "Waarde", "n"]
    assert (file.columns["header_row"], file.columns["title"]) == (1, "Schulden")
    file = corrected(editor, file, header_row="40")
    assert file.refusal == "own.no_header"
    assert "Zoveel rijen heeft het bestand niet." in read(editor.get(f"{AT}/{file.pk}")).text
    file = corrected(editor, file, header_row="1", indicator="new")
    file = corrected(editor, file, indicator="new")
    assert (file.state, len(file.found["rows"])) == ("read", 1)


def test_one_number_for_several_groups_is_refused_and_each_group_may_have_its_own(editor: Client) -> None:
    file = send(editor, "Gebied;Jaar;65+;15-24;n;jongeren\nNoord;2024;10;12;600;200\n")
    file = corrected(editor, file, indicator="new")
    assert file.refusal == "own.one_n"
    assert "Er staat één aantal mensen bij cijfers van meer groepen." in read(editor.get(f"{AT}/{file.pk}")).text
    file = corrected(editor, file, column_5="n:group:age_65_plus", column_6="n:group:age_15_24")
    assert (file.state, len(file.found["rows"])) == ("read", 2)


def test_of_many_faults_the_first_stand_on_the_page_and_their_number(editor: Client) -> None:
    rows = "".join(f"Elders {number};2024;12,5;600\n" for number in range(130))
    file = corrected(editor, send(editor, f"Gebied;Jaar;Waarde;n\n{rows}"), indicator="new")
    assert "Hier staan de eerste 100 van 130." in read(editor.get(f"{AT}/{file.pk}")).text


def test_a_table_of_many_new_indicators_can_be_corrected(editor: Client) -> None:
    names = [f"vraag {number}" for number in range(70)]
    file = send(editor, f"Gebied;Jaar;n;{';'.join(names)}\nNoord;2024;600;{';'.join(['12'] * 70)}\n")
    file = corrected(editor, file, **{f"column_{number}": "indicator:new" for number in range(4, 74)})
    file = corrected(editor, file, new_69_nl="de laatste vraag")
    assert file.columns["indicators"][69]["nl"] == "de laatste vraag"


def test_the_lowest_and_the_highest_figure_are_told_before_they_come_in(editor: Client) -> None:
    """Those that are shown: of Zuid (6 % of 50) nothing is told."""
    text = read(editor.get(f"{AT}/{ready(editor).pk}")).text
    assert re.search(r"Schulden\s+2024.*?\b12(,\d)? % tot 12(,\d)? %", text), text[-900:]
    assert "6 %" not in text
    assert "6,0 %" not in text


def test_the_largest_file_is_told_before_one_is_sent(editor: Client) -> None:
    assert "hoogstens 10 MB" in read(editor.get(AT)).text


def test_while_it_is_read_again_what_was_wrong_before_is_not_told(editor: Client) -> None:
    file = send(editor)
    assert file.state == "refused"
    assert "Dit is niet gelukt" in read(editor.get(f"{AT}/{file.pk}")).text
    FigureFile.objects.filter(pk=file.pk).update(state="sent")
    assert "Dit is niet gelukt" not in read(editor.get(f"{AT}/{file.pk}")).text


@pytest.mark.parametrize("code", ["run.time", "run.broken"])
def test_a_file_whose_reading_broke_off_says_so_and_does_not_wait_for_ever(editor: Client, study: Study, code: str) -> None:
    file = send(editor)
    FigureFile.objects.filter(pk=file.pk).update(state="sent", refusal="")
    asked = {"study": study, "kind": "read_figures", "params": {"file": str(file.pk)}, "revision": study.revision}
    first, second = (Run.objects.create(**asked, state="running") for _number in range(2))
    end(first.pk, "failed", code=code)
    file.refresh_from_db()
    assert file.state == "sent", "another run reads it"
    end(second.pk, "failed", code=code)
    file.refresh_from_db()
    assert (file.state, file.refusal) == ("refused", code)
    page = read(editor.get(f"{AT}/{file.pk}")).text
    assert "Dit is niet gelukt" in page
    assert "wordt gelezen" not in page


def test_editors_find_it_in_their_menu(editor: Client) -> None:
    assert AT in read(editor.get(f"/{SLUG}/beheer/")).links()
    assert f"/{SLUG}/beheer/" in read(editor.get(AT)).links()


def test_of_a_new_indicator_nothing_is_published(editor: Client) -> None:
    file = ready(editor)
    assert "ook gepubliceerd" not in read(editor.get(f"{AT}/{file.pk}")).text
    step(editor, file, "bring_in")
    assert "ook gepubliceerd" not in read(editor.get(f"{AT}/{file.pk}")).text


def test_a_table_that_changed_by_a_few_people_is_refused(editor: Client) -> None:
    step(editor, ready(editor), "bring_in")
    shown = MonitorFigure.objects.exclude(value=None).select_related("area").order_by("area__code").first()
    assert shown is not None
    lines = {"GM9001": ("12,0;1000", "12,1;1000"), "WK900101": ("12,5;600", "12,7;600"), "WK900103": ("12;350", "12,3;350")}
    file = ready(editor, TABLE.replace(*lines[shown.area.code]))
    assert (file.state, file.refusal) == ("refused", "own.changed")
    assert "veranderden met minder dan tien mensen" in read(editor.get(f"{AT}/{file.pk}")).text


def test_what_another_table_brought_stays_as_it_is(editor: Client) -> None:
    step(editor, ready(editor), "bring_in")
    again = ready(editor, TABLE + "Kleindorp;2023;Totaal;11;1000\n")
    assert step(editor, again, "bring_in").status_code == 302
    assert MonitorFigure.objects.count() == 5
    nothing = ready(editor, TABLE + "\n\n")
    assert "Er staat niets in dit bestand" in read(step(editor, nothing, "bring_in")).text or nothing.state != "read"


def test_a_table_read_before_another_came_in_is_read_again_first(editor: Client) -> None:
    one, other = ready(editor), ready(editor, TABLE + "Kleindorp;2023;Totaal;11;1000\n")
    step(editor, one, "bring_in")
    answer = step(editor, other, "bring_in")
    assert answer.status_code == 422
    assert "Er zijn andere cijfers bijgekomen" in read(answer).text


def test_an_indicator_of_another_municipality_is_not_taken(editor: Client, study: Study) -> None:
    elsewhere = Study.objects.create(slug="elders", name="Elders")
    OwnIndicator.objects.create(study=elsewhere, indicator="own_schulden", nl="schulden", en="debts", unit="percent", theme="income",
                                direction="neutral", aggregate="none", nature="own")  # fmt: skip
    answer = step(editor, ready(editor), "bring_in")
    assert answer.status_code == 422
    assert not MonitorFigure.objects.exists()


def test_only_editors_bring_in_and_a_visitor_reads_nothing_of_it(client: Client, editor: Client, charlie: User) -> None:
    file = ready(editor)
    with pytest.raises(PermissionDenied):
        importing.bring_in_indicators(charlie, SLUG, None, file.pk)
    assert Client().get(f"{AT}/{file.pk}").status_code == 302
    with pytest.raises(InputError, match="done already"):
        importing.take_back_indicators(None, SLUG, None, file.pk)


def test_without_a_monitor_of_the_municipality_a_table_cannot_be_read(editor: Client, study: Study) -> None:
    study.areas.filter(level="municipality").delete()
    file = send(editor)
    assert file.refusal == "own.no_monitor"
