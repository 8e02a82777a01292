"""One label per person: consistent over a case's documents, unrelated to the name, stable when some are added.

The President's guidance on anonymisation (2018) asks for initials unrelated to the name and no rare letters that hint
at origin. Labels are given out in the order of the case file first, so that a further document changes none of them.
A series (conference, review, core groups) keeps what it has given out, and its shift of dates, in a key of its own.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from redactor.model import Case, Detected, Document, Person, PersonId, Relation
from redactor.policy.vocabulary import vocabulary

_ALPHABET = "ABCDEFGHJKLMNPRSTW"
_LEAST_SHIFT, _SHIFTS = 31, 300  # days
_BEFORE = 24  # characters before a mention that may hold a title or 'mother'
_ORDINAL = re.compile(r"\{(letter|number)\}")


@dataclass(frozen=True, slots=True)
class Label:
    """How one person is called: their own label and the general word for somebody like them."""

    own: str
    general: str


@dataclass(frozen=True, slots=True)
class Series:
    """The key of a case's documents: what its people are called, and by how many days its dates are moved.

    Whoever holds it can undo the labels: it is sealed apart from the documents and destroyed before publication.

    Args:
        labels: who and what they are called; people whom the case does not know are kept by their name.
        shift_days: added to every date where a profile tells dates shifted; order and durations stay.
        begins: the first day of the series (ISO), from which months and weeks are counted; empty until one is known.
    """

    labels: tuple[tuple[str, str], ...] = ()
    shift_days: int = 0
    begins: str = ""

    def given(self, detected: Detected, case: Case) -> dict[PersonId, str]:
        """Return the labels that people of a document already have."""
        known = dict(self.labels)
        keys = {person.id: _key(person, case) for person in (*case.people, *detected.people)}
        return {identity: known[key] for identity, key in keys.items() if key in known}


def begin_series() -> Series:
    """Return the key for a new series: a shift of one to eleven months that nobody can guess, and no labels yet."""
    return Series(shift_days=-(_LEAST_SHIFT + secrets.randbelow(_SHIFTS)))


def continue_series(series: Series, document: Document, detected: Detected, case: Case) -> Series:
    """Return the key with the people of one more document; what was given out stays.

    Args:
        case: the case file as it is now; somebody whose relation changed gets a label that fits.
    """
    named = label_people(document, detected, case, series)
    known = dict(series.labels)
    for person in (*case.people, *detected.people):
        known[_key(person, case)] = named[person.id].own
    return replace(series, labels=tuple(sorted(known.items())))


def _key(person: Person, case: Case) -> str:
    """Name a person for the key: by their id in the case file, otherwise by name: 'x1' differs in each document."""
    if case.person(person.id) is not None:
        return person.id
    return "name:" + " ".join(_plain(person.name or person.id).split())


def label_people(
    document: Document, detected: Detected, case: Case, series: Series | None = None
) -> dict[PersonId, Label]:
    """Give each person of a case and a document one label.

    Args:
        document: for titles and words beside a name ("Mr", "mum").
        detected: the people found.
        case: the case file; its order decides first.
        series: labels already given in this case, kept while they fit.
    """
    series = series or Series()
    given = series.given(detected, case)
    order = [*case.people, *(person for person in detected.people if case.person(person.id) is None)]
    sexes = _sexes(document, detected)
    patterns = {person.id: _pattern(person, sexes.get(person.id)) for person in order}
    shared = Counter(patterns.values())
    taken = {label for _, label in series.labels}
    labels: dict[PersonId, Label] = {}
    for person in order:
        pattern, kept = patterns[person.id], given.get(person.id)
        own = kept if kept and _fits(kept, person) else _own(person, pattern, shared[pattern], taken)
        taken.add(own)
        labels[person.id] = Label(own, _general(person))
    return labels


def _pattern(person: Person, sex: str | None) -> str:
    words = vocabulary()
    if person.relation == Relation.PROFESSIONAL:
        return _role_words(person)
    by_sex = words.sexed_labels.get(sex or "", {})
    return by_sex.get(person.relation, words.person_labels[person.relation])


def _fits(label: str, person: Person) -> bool:
    """Say whether a label given before is still one for somebody of this relation."""
    if person.relation == Relation.PROFESSIONAL:
        return label == _role_words(person)
    words = vocabulary()
    patterns = {words.person_labels[person.relation]}
    patterns |= {labels[person.relation] for labels in words.sexed_labels.values() if person.relation in labels}
    stems = {_ORDINAL.sub("", pattern).strip() for pattern in patterns}
    return any(label == stem or label.startswith(f"{stem} ") for stem in stems)


def _own(person: Person, pattern: str, sharing: int, taken: set[str]) -> str:
    """Fill a letter or number in; a word without one gets a number only where several parents share it."""
    if "{letter}" in pattern:
        return next(label for label in _lettered(person, pattern) if label not in taken)
    if "{number}" in pattern:
        return next(label for label in _numbered(pattern.replace("{number}", "{n}")) if label not in taken)
    if person.relation == Relation.PARENT and (sharing > 1 or pattern in taken):
        return next(label for label in _numbered(pattern + " {n}") if label not in taken)
    return pattern


def _numbered(pattern: str) -> Iterable[str]:
    return (pattern.format(n=number) for number in range(1, 10_000))


def _lettered(person: Person, pattern: str) -> Iterable[str]:
    """Letters that begin none of the person's own names, then pairs of them, never a rare letter."""
    own = {_plain(word)[:1] for name in (person.name, *person.aliases) for word in re.findall(r"\w+", name)}
    rare = set(vocabulary().rare_letters)
    letters = [letter for letter in _ALPHABET if letter not in own and letter not in rare] or list(_ALPHABET)
    yield from (pattern.format(letter=letter) for letter in letters)
    yield from (pattern.format(letter=first + second) for first in letters for second in letters)
    yield from (pattern.format(letter=f"{letters[0]}{number}") for number in range(1, 10_000))


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().upper()


def _general(person: Person) -> str:
    if person.relation == Relation.PROFESSIONAL:
        return _role_words(person)
    words = vocabulary().person_labels[person.relation]
    return _ORDINAL.sub("", words).strip()


def _role_words(person: Person) -> str:
    """Return the general word for a professional's role; only words of our own list, never the text of the role."""
    role = f" {re.sub(r'[^a-z ]+', ' ', (person.role or '').casefold())} "
    roles = vocabulary().professional_roles
    fitting = [
        key for key in roles if re.search(rf"\b{re.escape(key.replace('-', ' ').replace(chr(39), ' '))}\b", role)
    ]
    if not fitting:
        return vocabulary().person_labels[Relation.PROFESSIONAL]
    return roles[max(fitting, key=len)]


def _sexes(document: Document, detected: Detected) -> dict[PersonId, str]:
    """Say of parents whether the text calls them by a woman's or a man's word; nothing where it is unclear."""
    parents = {person.id for person in detected.people if person.relation == Relation.PARENT}
    votes: dict[PersonId, Counter[str]] = {identity: Counter() for identity in parents}
    for person in detected.people:
        if person.id in parents:
            votes[person.id].update(_votes(f"{person.role or ''} {person.name}", weight=3))
    for finding in detected.findings:
        if finding.person in parents and finding.person is not None:
            beside = document.text[max(0, finding.span.start - _BEFORE) : finding.span.end]
            votes[finding.person].update(_votes(beside, weight=1))
    found = {identity: count.most_common(2) for identity, count in votes.items()}
    return {
        identity: ranked[0][0]
        for identity, ranked in found.items()
        if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1])
    }


def _votes(text: str, weight: int) -> dict[str, int]:
    words = set(re.findall(r"[a-z]+", text.casefold()))
    return {sex: weight for sex, own in vocabulary().sexed_words.items() if words & set(own)}
