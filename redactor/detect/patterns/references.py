"""Numbers of people and cases in the systems of councils, hospitals and regulators, told by the word before them."""

from __future__ import annotations

import re

from redactor.detect.identifier import Identifier, form
from redactor.model import Label

_NUMBER = r"(?P<v>[A-Z]{0,5}[-/ ]?\d[\dA-Z]*(?:[-/.]?[\dA-Z]+)*)"


class SystemReference(Identifier):
    """LCS, Mosaic, hospital, housing and other record numbers after the word that names the system."""

    label = Label.CASE_REF
    forms = (
        form(
            r"\b(?:LCS|Mosaic|Liquidlogic|ICS|Azeus|SystmOne|EMIS|RiO|EHM|Capita One|Synergy|CPOMS|MyConcern|hospital|patient|record|case|file|client|person|"
            r"tenancy|tenant|claim|policy|member(?:ship)?|referral|contact|incident|complaint|unit|MRN|NRM|MARAC|MAPPA|LADO|DBS|CRN|URN|prison|prisoner|"
            r"candidate|staff|employee|payroll|account|customer|licen[cs]e|certificate|permit|UTR|invoice|EHCP|CIC|benefit|UC|housing|application)"
            r"(?: (?:id|no|num|number|ref(?:erence)?|record|case|file))*\.?[:#]? ?"
            r"(?P<v>(?:[A-Z]{1,5}[-/]?)?\d[\dA-Z]{3,}(?:[-/.][\dA-Z]+)*)(?![\w])",
            0.8,
            flags=re.IGNORECASE,
        ),
        form(
            r"(?i:\b(?:our|your|my|their|its)? ?ref(?:erence)?(?: no| number)?)[.:]*[ ]?" + _NUMBER + r"(?![\w])", 0.8
        ),
        form(r"(?i:\b(?:ID|number|no))[.:#] ?(?P<v>[A-Z]{0,4}[-/]?\d[\dA-Z]{3,}(?:[-/][\dA-Z]+)*)(?![\w])", 0.6),
        form(
            r"\b(?i:MARAC|MAPPA|panel|referral|case)(?: (?i:case|no|number|ref))*[.:#]? (?P<v>\d{1,5}/(?:20)?\d\d)(?![\w/])",
            0.8,
        ),
        form(r"(?<![\w/.-])(?:[A-Z]{2,5}[-/])(?:[A-Z\d]{1,6}[-/])?\d{2,}(?:[-/][\dA-Z]+)*(?![\w/-])", 0.6),
    )
    why = "a number after the word that names a system or register"

    def accept(self, text: str, start: int, end: int) -> bool:
        """Court forms, ordinary years and sums of money are no references."""
        found = text[start:end]
        digits = sum(character.isdigit() for character in found)
        return digits >= 3 and not re.fullmatch(r"(?:19|20)\d\d", found) and text[start - 1 : start] not in "£$"


class Registration(Identifier):
    """Professional registration: Social Work England, NMC, GMC, HCPC, teachers."""

    label = Label.CASE_REF
    forms = (
        form(r"(?<!\w)SW ?\d{5,6}(?!\w)", 0.85),
        form(
            r"\b(?:Social Work England|SWE|NMC|GMC|HCPC|SRA|BACP|GDC|GPhC|TRN|QTS|BPS|PIN)(?: (?:registration|reg|no|number|PIN|pin|ref))*[.:]? ?"
            r"(?P<v>[A-Z]{0,3}\d[\dA-Z]{4,9})(?!\w)",
            0.85,
        ),
        form(r"(?<!\w)\d{2}[A-L]\d{4}[A-Z](?!\w)", 0.6),
    )
    why = "a professional registration names its holder"


class LongNumber(Identifier):
    """Any long number that no other rule knows."""

    label = Label.CASE_REF
    forms = (
        form(r"(?<![\w£$/.,:-])\d{7,14}(?![\w/%-]|[.,:]\d)", 0.5),
        form(r"(?<![\w/.-])[A-Z]{1,3}\d{5,10}[A-Z]?(?![\w/-])", 0.5),
        form(r"(?<![\w/.-])\d{2,4}[-/]\d{3,6}[-/]\d{2,6}(?![\w/-])", 0.5),
    )
    why = "a long number, probably a reference"
