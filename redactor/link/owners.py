"""Whose detail it is: the person of the same table row, of the kin word before it, or named just before it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from redactor.language.lexicon import lexicon
from redactor.link.mentions import Layout, Mention
from redactor.link.parts import fold
from redactor.link.people import Someone
from redactor.model import Finding, Label, PersonId, Relation

_NEAR = 90  # characters before a detail within which a name owns it
_JUST_AFTER = 24
_PERSONAL = frozenset(
    {
        Label.DOB, Label.AGE, Label.NHS_NUMBER, Label.NINO, Label.UPN, Label.PNC, Label.PASSPORT, Label.DRIVING_LICENCE, Label.BANK, Label.PHONE,
        Label.ADDRESS, Label.EMAIL, Label.USERNAME, Label.SPECIAL, Label.SCHOOL, Label.SCHOOL_YEAR, Label.CASE_REF, Label.VEHICLE_REG, Label.DEVICE, Label.IP,
        Label.POSTCODE, Label.ORG, Label.LOCATION, Label.HEALTH, Label.OFFENCE, Label.DESCRIPTOR, Label.EXPLICIT,
    }
)  # fmt: skip
_LAY = frozenset(
    {
        Label.SPECIAL, Label.HEALTH, Label.DOB, Label.AGE, Label.NHS_NUMBER, Label.NINO, Label.UPN, Label.PNC, Label.PASSPORT,
        Label.OFFENCE, Label.DESCRIPTOR, Label.ADDRESS, Label.VEHICLE_REG,
    }
)  # fmt: skip
_FIRST = frozenset({Label.PNC, Label.OFFENCE})  # belong to the one an entry begins with, not to whom it was done to
_FAR = 320  # characters before a private detail, in its paragraph, within which somebody outside the job owns it
_HOME = re.compile(
    r"\b(?:(?:family home|family (?:move|moved) to|home address)\b[^.\n\t]{0,16}"
    r"|knocked (?:at|on the door (?:at|of))\s+|home visit (?:to|at)\s+"
    r"|the family (?:lets?|rents?|rented|sublets?|lives?|lived|stays?|stayed)\b[^.\n\t]{0,12}\b(?:at|in)\s+)$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"(?<![\w'’])(?P<pronoun>he|she)(?![\w-])", re.IGNORECASE)
_WHOSE_AFTER = re.compile(
    r"^[\s,(–-]*(?:(?:it|this|that|which|number) )?(?:(?:is|was|belongs to|being) )?(?:(?:his|her|their|the) )?(?P<who>[^\W\d_][\w-]*)['’]s\b"
)
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been|being|got)\b[^.;]*\bby\b", re.IGNORECASE)
_KIN_WORD = re.compile(r"(?<![\w-])(?:mother|mum|mam|mummy|father|dad|daddy)(?![\w-])", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z\"'“‘\[(])|\n")
_KIN_BEFORE = re.compile(
    r"(?<![\w-])(?P<kin>[A-Za-z-]+)(?:'s|’s)?(?: (?:own|new|old|current|home|work|contact|mobile|phone|telephone|number|address|postcode|DOB|date of birth|NHS|no\.?|is|lives at|tel|email|e-mail|landline))*[ :(,.]*$"
)
_OF_THE_CASE = re.compile(
    r"(?:[.;:!?,(–•-]\s*|\b(?:of|for|to|with|from|the|by|at|on|via|call|ring|contact|birth)\s+)$", re.IGNORECASE
)
_OF_ONE = re.compile(r"(?P<name>[^\W\d_][\w-]*)['’]s?\s+$")
_CHILDREN = frozenset({Relation.SUBJECT_CHILD, Relation.SIBLING})
_SEXES = {"mother": "f", "father": "m"}
_TITLES = {"mother": frozenset({"mrs", "ms", "miss"}), "father": frozenset({"mr"})}
_ALIKE = {
    "mother": frozenset({"mother", "mum", "mam", "mummy", "bm"}),
    "father": frozenset({"father", "dad", "daddy", "bf"}),
}


def owners(
    findings: Sequence[Finding],
    found: Sequence[Mention],
    person_of: Mapping[int, PersonId],
    everyone: Mapping[PersonId, Someone],
    layout: Layout,
) -> dict[int, PersonId]:
    """Return the owner of each finding that is no name, by the finding's index; those in doubt are left out."""
    starts = [mention.start for mention in found]
    rows: dict[tuple[int, int], list[Mention]] = {}
    tables: dict[int, list[Mention]] = {}
    for mention in found:
        if mention.row is not None:
            rows.setdefault(mention.row, []).append(mention)
            tables.setdefault(mention.row[0], []).append(mention)
    owned: dict[int, PersonId] = {}
    for index, finding in enumerate(findings):
        if finding.label not in _PERSONAL:
            continue
        owner = (
            _by_mail(finding, everyone, layout)
            or _by_whose(finding, everyone, layout.text)
            or _by_row(finding, rows, tables, person_of, layout)
            or _by_line(finding, found, starts, person_of, everyone, layout)
        )
        if finding.label in _LAY and (owner is None or everyone[owner].professional):
            owner = _by_paragraph(finding, found, starts, person_of, everyone, layout) or owner
        if owner is not None:
            owned[index] = owner
    return owned


def _by_paragraph(
    finding: Finding,
    found: Sequence[Mention],
    starts: Sequence[int],
    person_of: Mapping[int, PersonId],
    everyone: Mapping[PersonId, Someone],
    layout: Layout,
) -> PersonId | None:
    """A private detail in a professional's sentence is that of whom the paragraph speaks of: a name, or 'mum'."""
    start = finding.span.start
    line = max(layout.text.rfind("\n", 0, start) + 1, start - _FAR)
    if finding.label is Label.ADDRESS:
        return _family_child(everyone) if _HOME.search(layout.text, line, start) else None
    registered = any(someone.known is not None for someone in everyone.values())
    kin = max(_KIN_WORD.finditer(layout.text, line, start), key=lambda match: match.start(), default=None)
    by_kin = None
    said = _said_to_be(layout.text, line, start)
    if kin is not None:
        beside = _last_named(found, starts, person_of, everyone, line, kin.start())
        by_kin = _by_kin(layout.text[line : kin.end()], everyone, beside)
        if by_kin is not None and _other_sex(everyone[by_kin], said):
            by_kin = None
    for mention in reversed(found[: bisect_left(starts, start)]):
        if mention.start < line:
            break
        identity = person_of.get(mention.index)
        if (
            identity is not None
            and not everyone[identity].professional
            and (everyone[identity].known or not registered)
            and not _other_sex(everyone[identity], said)
        ):
            later = kin is not None and kin.start() > mention.start
            return by_kin if by_kin is not None and later else identity
    return by_kin


def _said_to_be(text: str, line: int, start: int) -> str:
    """Return 'm' for 'He has ...' and 'f' for 'She has ...' in the sentence of a detail, else ''."""
    sentence = max((match.end() for match in _SENTENCE_END.finditer(text, line, start)), default=line)
    told = [match["pronoun"].lower() for match in _SUBJECT.finditer(text, sentence, start)]
    return {"he": "m", "she": "f"}[told[-1]] if told else ""


def _other_sex(someone: Someone, said: str) -> bool:
    return bool(said and someone.sex) and someone.sex != said


def _family_child(everyone: Mapping[PersonId, Someone]) -> PersonId | None:
    """Return the case's first child, whose home the family home is."""
    return next(
        (
            identity
            for identity, someone in everyone.items()
            if someone.known is not None and someone.known.relation is Relation.SUBJECT_CHILD
        ),
        None,
    )


def _by_mail(finding: Finding, everyone: Mapping[PersonId, Someone], layout: Layout) -> PersonId | None:
    """'jane.winter@' is Jane Winter's."""
    if finding.label is not Label.EMAIL:
        return None
    local = fold(layout.text[finding.span.start : finding.span.end].partition("@")[0])
    parts = set(re.split(r"[._-]", local))
    scored = []
    for identity, someone in everyone.items():
        for name in someone.names:
            if len(name.words) < 2 or name.initials:
                continue
            first, last = name.words[0], name.words[-1].split("-")[-1]
            if (
                {first, last} <= parts
                or local in {first + last, first[0] + last, last + first[0]}
                or (last in parts and first[0] in parts)
            ):
                scored.append(identity)
    return scored[0] if scored else None


def _by_row(
    finding: Finding,
    rows: Mapping[tuple[int, int], list[Mention]],
    tables: Mapping[int, list[Mention]],
    person_of: Mapping[int, PersonId],
    layout: Layout,
) -> PersonId | None:
    piece = layout.piece_at(finding.span.start)
    if piece is None or piece.cell is None:
        return None
    row = rows.get((piece.cell.table, piece.cell.row), [])
    same_cell = [mention for mention in row if piece.span.start <= mention.start < finding.span.start]
    if same_cell:
        return person_of.get(same_cell[0 if finding.label in _FIRST else -1].index)
    if row:
        return person_of.get(row[0].index)
    columns = len(layout.cells.get((piece.cell.table, piece.cell.row), {}))
    if columns > 2:
        return None
    above = [mention for mention in tables.get(piece.cell.table, []) if mention.start < finding.span.start]
    return person_of.get(above[0].index) if above else None


def _by_line(
    finding: Finding,
    found: Sequence[Mention],
    starts: Sequence[int],
    person_of: Mapping[int, PersonId],
    everyone: Mapping[PersonId, Someone],
    layout: Layout,
) -> PersonId | None:
    start = finding.span.start
    text = layout.text
    here = bisect_left(starts, start) - 1
    before = found[here] if here >= 0 else None
    gap = text[before.end : start] if before is not None and start - before.end <= _NEAR else None
    near = before is not None and gap is not None and not _SENTENCE_END.search(gap)
    line = max(text.rfind("\n", 0, start) + 1, start - _NEAR)
    kin = _by_kin(text[line:start], everyone, _last_named(found, starts, person_of, everyone, line, start))
    if kin is not None and not (near and gap is not None and len(gap) < 4):
        return kin
    if near and before is not None:
        doer = _who_drives(finding, found, here, text) if finding.label is Label.VEHICLE_REG else before
        return person_of.get(doer.index)
    if finding.label is Label.ADDRESS and _HOME.search(text, line, start):
        return _family_child(everyone)
    after = found[here + 1] if here + 1 < len(found) else None
    if (
        after is not None
        and 0 <= after.start - finding.span.end <= _JUST_AFTER
        and not _SENTENCE_END.search(text[finding.span.end : after.start])
    ):
        return person_of.get(after.index)
    return None


def _by_whose(finding: Finding, everyone: Mapping[PersonId, Someone], text: str) -> PersonId | None:
    """'07700 900807, it is dad's': the detail is that of the relative named after it."""
    match = _WHOSE_AFTER.search(text[finding.span.end : finding.span.end + _JUST_AFTER * 2])
    return _by_kin(match["who"], everyone, None) if match is not None else None


def _who_drives(finding: Finding, found: Sequence[Mention], here: int, text: str) -> Mention:
    """Return who is named first in the sentence: he 'followed Ann in a blue Golf', unless she 'was followed by' him."""
    start = finding.span.start
    low = max(text.rfind("\n", 0, start) + 1, start - _FAR)
    sentence = max((match.end() for match in _SENTENCE_END.finditer(text, low, start)), default=low)
    first = here
    while first > 0 and found[first - 1].start >= sentence:
        first -= 1
    passive = _PASSIVE.search(text, found[first].end, found[here].start) if first != here else None
    return found[here if passive else first]


def _last_named(
    found: Sequence[Mention],
    starts: Sequence[int],
    person_of: Mapping[int, PersonId],
    everyone: Mapping[PersonId, Someone],
    low: int,
    high: int,
) -> Someone | None:
    """Return who is named last between two offsets."""
    here = bisect_left(starts, high) - 1
    identity = person_of.get(found[here].index) if here >= 0 and found[here].start >= low else None
    return everyone[identity] if identity is not None else None


def _by_kin(before: str, everyone: Mapping[PersonId, Someone], beside: Someone | None) -> PersonId | None:
    """'Mum's mobile ...' is the mobile of the one person who is called mum.

    Args:
        before: the line up to the detail.
        beside: who is named last before it there; a mother may be another child's.
    """
    match = _KIN_BEFORE.search(before)
    word = match.group("kin").lower() if match else ""
    if match is None or word not in lexicon().kinship:
        return None
    group = next((words for words in _ALIKE.values() if word in words), frozenset({word}))
    fitting = [
        identity for identity, someone in everyone.items() if any(mention.kin in group for mention in someone.mentions)
    ]
    if len(fitting) == 1:
        return fitting[0]
    by_title = _by_title(group, everyone)
    if by_title is not None or fitting or not _of_the_case(before[: match.start("kin")], everyone, beside):
        return by_title
    return _by_register(group, everyone)


def _of_the_case(before: str, everyone: Mapping[PersonId, Someone], beside: Someone | None) -> bool:
    """Say whether a kin word means the family of the case: it stands by itself, or after the name of its child."""
    one = _OF_ONE.search(before)
    if one is not None:
        return any(
            someone.known is not None
            and someone.known.relation in _CHILDREN
            and any(name.words[:1] == (fold(one["name"]),) for name in someone.names)
            for someone in everyone.values()
        )
    if beside is not None and beside.is_child and (beside.known is None or beside.known.relation not in _CHILDREN):
        return False
    return not before.strip() or _OF_THE_CASE.search(before) is not None


def _by_register(group: frozenset[str], everyone: Mapping[PersonId, Someone]) -> PersonId | None:
    """'Mum' is the one parent of the register whose name or title tells a woman, if the sex of every parent is told."""
    registered = {identity: someone for identity, someone in everyone.items() if someone.known is not None}
    called = [
        identity
        for identity, someone in registered.items()
        if any(len(name.words) == 1 and name.words[0] in group for name in someone.names)
    ]
    if called:
        return called[0] if len(called) == 1 else None
    sex = next((sex for name, sex in _SEXES.items() if group == _ALIKE[name]), "")
    parents = {
        identity: someone.sex
        for identity, someone in registered.items()
        if someone.known is not None and someone.known.relation is Relation.PARENT
    }
    fitting = [identity for identity, told in parents.items() if told == sex]
    untold = [identity for identity, told in parents.items() if not told]
    if sex and not fitting and len(parents) > 1 and len(untold) == 1:
        return untold[0]  # the other parent, where the one who is told is of the other sex
    return fitting[0] if sex and len(fitting) == 1 and not untold else None


def _by_title(group: frozenset[str], everyone: Mapping[PersonId, Someone]) -> PersonId | None:
    """'Mum' is the one parent of the case who is called Mrs, Ms or Miss; 'dad' the one called Mr."""
    title = next((titles for name, titles in _TITLES.items() if group == _ALIKE[name]), frozenset())
    fitting = [
        identity
        for identity, someone in everyone.items()
        if someone.known is not None and someone.known.relation is Relation.PARENT and someone.titles & title
    ]
    return fitting[0] if len(fitting) == 1 else None
