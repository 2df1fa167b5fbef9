# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How each page of meeting is reckoned, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from knopenkaart_web.pages.meeting.words import Text


@dataclass(frozen=True, slots=True)
class Section:
    """What one page is about: its id is that of the tab, so that a page can link to its own method."""

    id: str
    title: Text
    lines: tuple[Text, ...]


# The same in full: docs/method/choice.md, encounters.md, curve.md, verdict.md and recognition.md.
SECTIONS: tuple[Section, ...] = (
    Section(
        "meeting",
        gettext_lazy("Who meets whom"),
        (
            gettext_lazy("We know how many people live where, and how far it is on foot to each place."),
            gettext_lazy(
                "For each function, such as meeting or sport, we reckon who goes to which place. A place that is near or attractive draws"
                " more people. Some people stay at home."
            ),
            gettext_lazy(
                "Residents are made up one by one: some come often, most hardly ever. Whoever comes often mostly has a place and a daypart"
                " of their own."
            ),
            gettext_lazy(
                "Of every two people we reckon the chance that they are in a place together and notice one another. In a crowd one notices"
                " only some."
            ),
            gettext_lazy("Who has noticed one another often enough recognises the other. How often that must be is a convention."),
            gettext_lazy("Counts and answers of visitors that were released make the choices fit. Without them everything is assumed."),
        ),
    ),
    Section(
        "margin",
        gettext_lazy("The margin"),
        (
            gettext_lazy(
                "Much is not known. So we reckon the same for many towns that may be: each with other values of what is assumed, and with"
                " other conventions."
            ),
            gettext_lazy(
                "The margin is where nine of ten of these towns lie. It is wide, because the conventions alone move the level tenfold."
            ),
            gettext_lazy(
                "For the margins all who are alike are taken together, which is quicker. People who share no place of their own are then"
                " left out, so the lower end may be too low."
            ),
            gettext_lazy("Something is called more or less only where that is so in at least four of five towns."),
        ),
    ),
    Section(
        "place",
        gettext_lazy("One place"),
        (
            gettext_lazy("The same, for one place: who comes, in which daypart, and who recognises whom there."),
            gettext_lazy(
                "For closing, everybody chooses again among the places that are left. Once some stay at home, and once all go elsewhere."
                " The truth lies between both."
            ),
            gettext_lazy(
                "For what more it could do, three changes are tried with the same visitors: a shared foyer, sessions right after one"
                " another, and another layout. The best is told."
            ),
            gettext_lazy("Whether visitors are one-sided is told beside what chance gives with so many visitors."),
        ),
    ),
    Section(
        "curve",
        gettext_lazy("How many places"),
        (
            gettext_lazy("For each number of places those stay open with which residents together have the least far to go."),
            gettext_lazy("Then everybody chooses again, and all measures are reckoned anew, in each of the towns that may be."),
            gettext_lazy(
                "Numbers with which recognition is within ten per cent of the most, in four of five towns, make no difference to the model."
            ),
            gettext_lazy(
                "More places give fewer encounters where visits grow less than the crowd at each place shrinks. The chance is the part of"
                " the towns in which that is so. Without counts of one's own it stays undecided."
            ),
            gettext_lazy(
                "Costs are one assumed amount for each place of a kind that a municipality usually pays for. They say nothing of the"
                " budget."
            ),
        ),
    ),
    Section(
        "measured",
        gettext_lazy("Measured"),
        (
            gettext_lazy(
                "Visitors choose a class, such as 3 to 5 people. From the classes that may be shown we reckon an average, with its margin."
            ),
            gettext_lazy("What is hidden, because fewer than 10 people gave that answer, makes the margin wider."),
            gettext_lazy("The model gives the same number: how many of those who are there one recognises during a visit."),
            gettext_lazy("From ten places on we reckon whether both have the same order, and whether differences are as large."),
        ),
    ),
    Section(
        "sceptic",
        gettext_lazy("What drives the answer"),
        (
            gettext_lazy("Each assumption is set to its lowest and then its highest value, with all others as they are."),
            gettext_lazy("What the answer becomes then is the length of its bar. Assumptions that work together are not seen that way."),
            gettext_lazy("Lowest and highest come from the source that stands in the table, or are our own estimate."),
        ),
    ),
    Section(
        "private",
        gettext_lazy("What is not told"),
        (
            gettext_lazy("Of fewer than 10 people nothing is told, and nothing from which it would follow. People are in tens."),
            gettext_lazy("Of counts and answers only what was released for everybody goes in."),
            gettext_lazy("No one is followed: the residents of the model do not exist."),
        ),
    ),
)
