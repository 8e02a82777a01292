"""A profile's own worked examples, and what a changed profile would change in them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from redactor.decide.plan import plan
from redactor.errors import InvalidDefinition
from redactor.model import (
    Action,
    Audience,
    Case,
    Detected,
    Document,
    Finding,
    InPackage,
    Kind,
    Label,
    Person,
    PersonId,
    Piece,
    Plan,
    Reader,
    Role,
    Section,
    Span,
    digest_of,
)
from redactor.policy import Profile, load_reasons
from redactor.policy.conditions import Standing
from redactor.policy.profile import Example

_TAG = re.compile(r"\{\{([A-Z_]+)\|([^|{}]*)\|([^{}]*)\}\}")


@dataclass(frozen=True, slots=True)
class Difference:
    """One example that two profiles treat differently."""

    example: str
    before: str
    after: str


def check(profile: Profile) -> list[str]:
    """Return what is wrong with a profile beyond its form: examples that fail, lines that can never decide, weak codes.

    The sentences may quote the example's own invented text.
    """
    problems = [f"It has no examples; add at least one for each reader in {', '.join(profile.readers)}."]
    if profile.examples:
        problems = []
    for example in profile.examples:
        try:
            seen = shown(profile, example)
        except (InvalidDefinition, ValueError) as error:
            problems.append(f"Example '{example.name}' cannot be run: {error}")
            continue
        if seen != example.expect:
            problems.append(f"Example '{example.name}': the reader would see: {seen!r}, expected: {example.expect!r}.")
    return problems + _unreachable(profile) + _not_alone(profile) + _undecided(profile)


def diff(old: Profile, new: Profile) -> list[Difference]:
    """Return the examples of both profiles that they treat differently."""
    examples = {example.name: example for example in (*old.examples, *new.examples)}
    found = []
    for name, example in sorted(examples.items()):
        before, after = shown(old, example), shown(new, example)
        if before != after:
            found.append(Difference(name, before, after))
    return found


def describe(profile: Profile) -> list[str]:
    """Return a profile as plain lines, one for each section and rule, for a lawyer or chair to read."""
    lines = [f"{profile.title}, version {profile.version}. {profile.about}"]
    for audience, section in profile.sections.items():
        lines.append(f"Section '{audience}': {section.do}. {section.because} {section.reason}".strip())
    for number, rule in enumerate(profile.rules, start=1):
        asks = ", a person confirms" if rule.ask else ""
        code = f" ({rule.reason})" if rule.reason else ""
        lines.append(f"{number}. {rule.name}: {rule.do.name.lower()}{asks}{code}. {rule.because}".strip())
    for passage in profile.passages:
        lines.append(f"Passages '{passage.group}': {passage.do.name.lower()} ({passage.reason}). {passage.because}")
    unknown = profile.unknown
    lines.append(f"What no rule names: {unknown.do.name.lower()}{', a person confirms' if unknown.ask else ''}.")
    return lines


def shown(profile: Profile, example: Example) -> str:
    """Return what the reader of an example sees under a profile."""
    document, detected, case, reader = built(example)
    return applied(document, plan(document, detected, profile, case, reader))


def built(example: Example) -> tuple[Document, Detected, Case, Reader]:
    """Return the document, findings, case and reader of an example."""
    given = tuple(entry.person() for entry in example.people)
    reader = example.reader.reader("r1", given) if example.reader else Reader()
    case = Case("", given, (reader,) if example.reader else ())
    text, findings = "", []
    end = 0
    for match in _TAG.finditer(example.text):
        text += example.text[end : match.start()]
        span = Span(len(text), len(text) + len(match[3]))
        person = None if match[2] == "-" else PersonId(match[2])
        findings.append(Finding(span, Label(match[1]), 1.0, "example", person=person))
        text += match[3]
        end = match.end()
    text += example.text[end:] + "\n"
    document = Document(
        Kind.TEXT, digest_of(text.encode()), text, (Piece(Span(0, len(text)), Role.BODY, InPackage("example", 0)),)
    )
    whole = Section(Span(0, len(text)), example.audience, "example")
    known = {person.id for person in case.people}
    strangers = {finding.person for finding in findings if finding.person is not None} - known
    people = (*case.people, *(Person(identity, "", certain=False) for identity in sorted(strangers)))
    sections = () if example.audience == Audience.OPEN else (whole,)
    return document, Detected(tuple(findings), people, sections), case, reader


def applied(document: Document, made: Plan) -> str:
    """Return a document's text as the plan's reader would read it, without layout."""
    changes = [(item.span, item.placeholder) for item in made.sections if item.action != Action.KEEP]
    gone = [span for span, _ in changes]
    changes += [
        (decision.span, decision.replacement)
        for decision in made.decisions
        if decision.action != Action.KEEP and not any(span.contains(decision.span) for span in gone)
    ]
    text, end = "", 0
    for span, words in sorted(changes):
        text += document.text[end : span.start] + words
        end = span.end
    return (text + document.text[end:]).rstrip("\n")


def _unreachable(profile: Profile) -> list[str]:
    """Name rules that stand after one without any condition."""
    for number, rule in enumerate(profile.rules):
        if rule.everyone and rule.when == type(rule.when)() and number + 1 < len(profile.rules):
            return [f"Rules after '{rule.name}' can never decide: it fits everything."]
    return []


def _not_alone(profile: Profile) -> list[str]:
    """Name codes that may not stand alone in a bundle for a court."""
    if "court" not in profile.readers or "public" in profile.readers:
        return []
    reasons = load_reasons()
    weak = [rule.name for rule in profile.rules if rule.reason in reasons and not reasons_alone(rule.reason)]
    return [f"Rule '{name}' gives a reason that may not stand alone in a court bundle." for name in weak]


def reasons_alone(code: str) -> bool:
    """Say whether a code may be the only reason of a redaction in a court bundle."""
    return next((reason.alone for key, reason in load_reasons().items() if key == code), False)


def _undecided(profile: Profile) -> list[str]:
    """Name people whose names no rule mentions, so that they fall to 'unknown'."""
    needed = set(Standing) - {Standing.SELF, Standing.NOBODY, Standing.UNKNOWN}

    named = {
        standing
        for rule in profile.rules
        if not rule.when.label or Label.PERSON in rule.when.label
        for standing in (rule.when.relation or tuple(Standing))
        if rule.when.confidential is None
    }
    return [f"No rule says what happens to the name of: {', '.join(sorted(needed - named))}."] if needed - named else []
