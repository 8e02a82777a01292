"""Who each mention is: the case's people and the unknown ones, full names first, then parts, then initials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from redactor.language.lexicon import lexicon
from redactor.link.mentions import Mention
from redactor.link.parts import Name, compare, parse
from redactor.model import Person, PersonId, Relation

_FULL_ENOUGH = 0.68  # likeness from which a full name is that person's
_PART_ENOUGH = 0.6
_BRACKET = 14  # characters between a name and the name in brackets after it
_CLOSE = 0.06  # candidates nearer than this are in doubt
_CHILDREN = frozenset({Relation.SUBJECT_CHILD, Relation.SIBLING, Relation.OTHER_CHILD})
_ADULT_TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "pc", "ps", "dc", "ds", "di", "dci"])
_HE = frozenset({"mr", "sir", "lord"})
_SHE = frozenset({"mrs", "ms", "miss", "lady", "dame", "mme"})


@dataclass(slots=True)
class Someone:
    """A person while mentions are still being gathered."""

    known: Person | None
    names: list[Name]
    mentions: list[Mention] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)
    doubted: set[int] = field(default_factory=set)

    @property
    def is_child(self) -> bool:
        """Say whether the case calls this person a child."""
        return self.known is not None and self.known.relation in _CHILDREN

    @property
    def professional(self) -> bool:
        """Say whether case or text show somebody at work."""
        if self.known is not None:
            return self.known.relation is Relation.PROFESSIONAL
        return any(mention.role or mention.agency or mention.professional_title for mention in self.mentions)

    def likeness(self, mention: Mention) -> float:
        """Return how well a mention can be this person."""
        return max((compare(mention.name, name) for name in self.names), default=0.0)

    def add(self, mention: Mention, *, doubtful: bool = False) -> None:
        """Take a mention in."""
        self.mentions.append(mention)
        if mention.title:
            self.titles.add(mention.title)
        if doubtful:
            self.doubted.add(mention.index)
        if len(mention.name.words) > 1 and not mention.name.initials and mention.name not in self.names:
            self.names.append(mention.name)


def gather(found: Sequence[Mention], people: Sequence[Person]) -> list[Someone]:
    """Give every mention to somebody.

    Returns:
        The case's people in their order, then the unknown ones in order of first mention.
    """
    everyone = [Someone(person, [parse(name) for name in (person.name, *person.aliases)]) for person in people]
    registered = len(everyone)
    whole = [mention for mention in found if _is_whole(mention) and not mention.goes_by]
    for mention in whole:
        _give(mention, everyone)
    for mention in found:
        if mention.goes_by:
            _give_to_the_one_before(mention, everyone)
    found = [mention for mention in found if mention not in whole and not mention.goes_by]
    for rank in (_is_whole, _is_initialled, _is_part, _is_initials):
        for mention in found:
            if rank(mention):
                _give(mention, everyone)
    unknown = sorted(everyone[registered:], key=lambda someone: min(mention.start for mention in someone.mentions))
    for someone in everyone:
        someone.mentions.sort(key=lambda mention: mention.start)
    return [*everyone[:registered], *unknown]


def _long_words(mention: Mention) -> int:
    return sum(len(word) > 1 for word in mention.name.words)


def _is_whole(mention: Mention) -> bool:
    return not mention.name.initials and _long_words(mention) >= 2


def _is_initialled(mention: Mention) -> bool:
    return not mention.name.initials and _long_words(mention) == 1 and len(mention.name.words) > 1


def _is_part(mention: Mention) -> bool:
    return not mention.name.initials and len(mention.name.words) == 1


def _is_initials(mention: Mention) -> bool:
    return mention.name.initials or not mention.name.words


def _give_to_the_one_before(mention: Mention, everyone: list[Someone]) -> None:
    """'WONG Tsz Ching ("Chloe")': the name in brackets is that person's too."""
    ends = [
        (each.end, number)
        for number, someone in enumerate(everyone)
        for each in someone.mentions
        if each.end <= mention.start
    ]
    end, number = max(ends, default=(-1, -1))
    if number < 0 or mention.start - end > _BRACKET:
        _give(mention, everyone)
        return
    everyone[number].add(mention)
    if mention.name not in everyone[number].names:
        everyone[number].names.append(mention.name)


def _give(mention: Mention, everyone: list[Someone]) -> None:
    enough = _FULL_ENOUGH if len(mention.name.words) > 1 and not mention.name.initials else _PART_ENOUGH
    scored = [(_score(mention, someone), number) for number, someone in enumerate(everyone)]
    best = max(scored, key=lambda each: (each[0], -each[1]), default=(0.0, -1))
    if best[0] < enough and (namesake := _by_first_name(mention, everyone)) is not None:
        namesake.add(mention)
        return
    if best[0] < enough:
        someone = Someone(None, [mention.name])
        someone.add(mention, doubtful=mention.name.initials)
        everyone.append(someone)
        return
    rivals = [number for score, number in scored if score >= best[0] - _CLOSE and score >= enough]
    chosen = _nearest(mention, rivals, everyone) if len(rivals) > 1 else best[1]
    everyone[chosen].add(mention, doubtful=len(rivals) > 1)


def _by_first_name(mention: Mention, everyone: Sequence[Someone]) -> Someone | None:
    """'Ellie Mae' is the case's Ellie-Mae; 'Shania Mary' in a form, of given names only, is its one Shania."""
    words = mention.name.words
    joined = [
        someone
        for someone in everyone
        if someone.known and any("-".join(words) == n.words[0] for n in someone.names if n.words)
    ]
    if len(words) > 1 and len(joined) == 1:
        return joined[0]
    surnames = {name.words[-1] for someone in everyone for name in someone.names if len(name.words) > 1}
    if len(words) < 2 or surnames & set(words) or any(word not in lexicon().forenames for word in words):
        return None
    fitting = [someone for someone in everyone if someone.known is not None and someone.names[0].words[:1] == words[:1]]
    return fitting[0] if len(fitting) == 1 else None


def _score(mention: Mention, someone: Someone) -> float:
    """Likeness of the names, moved by what stands around the mention."""
    score = someone.likeness(mention)
    if score < 0.5 or (len(mention.name.words) > 1 and not mention.name.initials):
        return score
    surname = any(len(name.words) > 1 and name.words[-1] == mention.name.words[-1] for name in someone.names)
    if mention.title:
        score += 0.1 if surname else -0.05
        if mention.title in _ADULT_TITLES and someone.is_child:
            score -= 0.2
        if mention.title in someone.titles:
            score += 0.08
        if (mention.title in _HE and someone.titles & _SHE) or (mention.title in _SHE and someone.titles & _HE):
            score -= 0.25
        if mention.professional_title and not someone.professional:
            score -= 0.1
    if mention.name.initials and someone.professional:
        score += 0.08
    if mention.kin and someone.professional:
        score -= 0.2
    if mention.role and any(each.role == mention.role for each in someone.mentions):
        score += 0.1
    return score


def _nearest(mention: Mention, rivals: Sequence[int], everyone: Sequence[Someone]) -> int:
    """Among several who could be meant, take the one spoken of last; before any, the first to come."""

    def distance(number: int) -> tuple[int, int]:
        before = [mention.start - each.start for each in everyone[number].mentions if each.start < mention.start]
        after = [each.start - mention.start for each in everyone[number].mentions if each.start > mention.start]
        if before:
            return min(before), number
        return (10_000_000 + min(after), number) if after else (100_000_000, number)

    return min(rivals, key=distance)


def number_of(position: int, someone: Someone, registered: int) -> PersonId:
    """Return the case's id, or x1, x2, ... for the unknown."""
    return someone.known.id if someone.known is not None else PersonId(f"x{position - registered + 1}")
