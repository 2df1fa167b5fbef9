# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Studies that several tests look at; each is built once in a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from turns import of_the_run, once

from knopenkaart.example import ExampleFiles, write_example
from knopenkaart.study import Request, Study, build

from .hamlet import Hamlet


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Request], Study]:
    """The study of that name, built once for all processes of a run."""
    return lambda name, request: Study.open(once(of_the_run(tmp_path_factory) / "studies" / name, lambda folder: build(folder, request)))


@pytest.fixture(scope="session")
def example_files(tmp_path_factory: pytest.TempPathFactory) -> ExampleFiles:
    """The sources of the invented municipality."""
    return write_example(tmp_path_factory.mktemp("example"), seed=2012)


@pytest.fixture(scope="session")
def example_study(example_files: ExampleFiles, built: Callable[[str, Request], Study]) -> Study:
    """The invented municipality, built by the same road as a real one."""
    request = Request(
        osm=example_files.osm,
        areas=example_files.areas,
        figures=example_files.figures,
        lists=((example_files.list, None),),
        municipalities=(example_files.municipality_code,),
        invented=True,
    )
    return built("voorbeeld", request)


@pytest.fixture(scope="session")
def delft_study(real_data: Callable[[str], Path], built: Callable[[str, Request], Study]) -> Study:
    """South-east Delft with the wijken and figures of 2022."""
    request = Request(
        osm=real_data("osm/delft_tudelft.osm.pbf"),
        areas=(real_data("cbs/wijken_2022.gpkg"), real_data("cbs/gemeenten_2022.gpkg")),
        year=2022,
        municipalities=("GM0503",),
    )
    return built("delft", request)


@pytest.fixture(scope="session")
def liechtenstein_study(real_data: Callable[[str], Path], built: Callable[[str, Request], Study]) -> Study:
    """The whole of Liechtenstein, with the boundaries inside the extract."""
    return built("liechtenstein", Request(osm=real_data("osm/liechtenstein_valhalla.osm.pbf")))


@pytest.fixture(scope="session")
def hamlet_study(built: Callable[[str, Request], Study], tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A hamlet of fifteen homes and two places (see hamlet.py); nobody may change its folder."""
    return built("gehucht", Hamlet(tmp_path_factory.mktemp("hamlet") / "files").request())


@pytest.fixture
def hamlet(tmp_path: Path) -> Hamlet:
    """The files of the hamlet in a folder of the test's own."""
    return Hamlet(tmp_path / "files")
