"""Who each mention is: the case's people and the unknown ones, full names first, then parts, then initials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from redactor.language.lexicon import lexicon
from redactor.link.mentions import CHILD_COLUMNS, Mention
from redactor.link.parts import FIRST, SLIP, Name, alike, compare, parse, reach
from redactor.model import Person, PersonId, Relation

_FULL_ENOUGH = 0.68  # likeness from which a full name is that person's
_PART_ENOUGH = 0.6
_BRACKET = 14  # characters between a name and the name in brackets after it
_CLOSE = 0.06  # candidates nearer than this are in doubt
_CHILDREN = frozenset({Relation.SUBJECT_CHILD, Relation.SIBLING, Relation.OTHER_CHILD})
_ADULT_TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "pc", "ps", "dc", "ds", "di", "dci"])
_SOME = 0.5  # likeness under which nothing else counts
_AT_WORK = 0.15  # against a member of the family for a name with a job beside it
_BARE_SURNAME = 0.08
_YOUNG = 0.1  # for a child of the case, and against an adult, where an age or a school year stands beside the name
_OTHER_SEX = 0.45
_CERTAINLY = 0.95  # likeness from which a name that is tied to another is the registered person's own all the same
_MORE = 2  # times as often spoken of, from which somebody is meant without further words


@dataclass(slots=True)
class Someone:
    """A person while mentions are still being gathered."""

    known: Person | None
    names: list[Name]
    mentions: list[Mention] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)
    doubted: set[int] = field(default_factory=set)
    other_names: list[Name] = field(default_factory=list)

    @property
    def is_child(self) -> bool:
        """Say whether the case calls this person a child, or the text gives an age under 18."""
        if self.known is not None:
            return self.known.relation in _CHILDREN
        return any(mention.young or mention.column in CHILD_COLUMNS for mention in self.mentions)

    @property
    def sex(self) -> str:
        """Return 'f' or 'm' where titles, kin words or the given name tell, else ''.

        A colleague is called by title and surname, and a Robin or a Sam may be a Ms: there the given name tells nothing.
        """
        told = {mention.sex for mention in self.mentions} - {""}
        if len(told) == 1:
            return told.pop()
        if self.known is not None and self.known.relation is Relation.PROFESSIONAL:
            return ""
        given = {lexicon().sex_of(name.words[0]) for name in self.names if len(name.words) > 1 and not name.initials}
        return given.pop() if len(given) == 1 else ""

    @property
    def professional(self) -> bool:
        """Say whether case or text show somebody at work."""
        if self.known is not None:
            return self.known.relation is Relation.PROFESSIONAL
        return any(mention.role or mention.agency or mention.professional_title for mention in self.mentions)

    def likeness(self, mention: Mention) -> float:
        """Return how well a mention can be this person."""
        if mention.name.generation:
            generations = {name.generation for name in self.names} - {""}
            if generations and mention.name.generation not in generations:
                return 0.0
        best, within = 0.0, reach(mention.name)
        for name in self.names:
            if within & reach(name):
                best = max(best, compare(mention.name, name))
        for name in self.other_names:
            best = max(best, _first_only(mention.name, name))
        return best

    def add(self, mention: Mention, *, doubtful: bool = False) -> None:
        """Take a mention in."""
        self.mentions.append(mention)
        if mention.title:
            self.titles.add(mention.title)
        if doubtful:
            self.doubted.add(mention.index)
        if len(mention.name.words) > 1 and not mention.name.initials and mention.name not in self.names:
            self.names.append(mention.name)

    def also(self, mention: Mention) -> None:
        """Take in a mention that the text ties to this person, whatever its name."""
        own = list(self.names)
        self.add(mention)
        self.names = own
        if mention.name not in self.names:
            self.other_names.append(mention.name)


def gather(found: Sequence[Mention], people: Sequence[Person], tied: Mapping[int, int]) -> list[Someone]:
    """Give every mention to somebody.

    Args:
        tied: for mentions that the text itself ties to another, the finding of that other.

    Returns:
        The case's people in their order, then the unknown ones in order of first mention.
    """
    everyone = [Someone(person, [parse(name) for name in (person.name, *person.aliases)]) for person in people]
    registered = len(everyone)
    followers: dict[int, list[Mention]] = {}
    for mention in found:
        if mention.index in tied:
            followers.setdefault(tied[mention.index], []).append(mention)
    free = [mention for mention in found if mention.index not in tied]
    for mention in free:
        if _is_whole(mention) and not mention.goes_by:
            _give_with(mention, followers, everyone)
    for mention in free:
        if mention.goes_by:
            _give_to_the_one_before(mention, everyone)
    for rank in (_is_initialled, _is_part, _is_initials):
        for mention in free:
            if rank(mention) and not mention.goes_by:
                _give_with(mention, followers, everyone)
    unknown = sorted(everyone[registered:], key=lambda someone: min(mention.start for mention in someone.mentions))
    for someone in everyone:
        someone.mentions.sort(key=lambda mention: mention.start)
    return [*everyone[:registered], *unknown]


def _first_only(mention: Name, name: Name) -> float:
    """Return the likeness to a name that the text ties to somebody: as a whole or by the given name, never by the surname."""
    if len(mention.words) == 1 and not mention.initials and len(name.words) > 1:
        return FIRST * alike(mention.words[0], name.words[0])
    if len(mention.words) > 1 and len(name.words) == 1 and not mention.initials:
        return 0.0  # 'Jade Rawles' is nobody only because somebody else is called Jade
    return compare(mention, name)


def _give_with(mention: Mention, followers: Mapping[int, list[Mention]], everyone: list[Someone]) -> None:
    """Give a mention, and all that the text ties to it, to one person."""
    by_follower = _by_followers(mention, followers, everyone)
    if by_follower is not None:
        by_follower.also(mention)
    someone = by_follower or _give(mention, everyone)
    waiting = list(followers.get(mention.index, ()))
    while waiting:
        follower = waiting.pop(0)
        waiting.extend(followers.get(follower.index, ()))
        own = max(everyone, key=lambda each: each.likeness(follower))
        other = own is not someone and own.known is not None and own.likeness(follower) >= _CERTAINLY
        (own if other else someone).also(follower)


def _by_followers(
    mention: Mention, followers: Mapping[int, list[Mention]], everyone: Sequence[Someone]
) -> Someone | None:
    """'Max was registered as Megan': he is Megan Feldman rather than Max Tilley."""
    if not _is_part(mention):
        return None
    for follower in followers.get(mention.index, ()):
        best = max(everyone, key=lambda someone: someone.likeness(follower), default=None)
        if best is not None and best.likeness(follower) > _FULL_ENOUGH:
            return best
    return None


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


def _give(mention: Mention, everyone: list[Someone]) -> Someone:
    """Give a mention to whom it fits best, or to somebody new; return who got it."""
    enough = _FULL_ENOUGH if len(mention.name.words) > 1 and not mention.name.initials else _PART_ENOUGH
    scored = [(_score(mention, someone), number) for number, someone in enumerate(everyone)]
    best = max(scored, key=lambda each: (each[0], -each[1]), default=(0.0, -1))
    if best[0] < enough and (namesake := _by_first_name(mention, everyone)) is not None:
        namesake.add(mention)
        return namesake
    if best[0] < enough:
        someone = Someone(None, [mention.name])
        someone.add(mention, doubtful=mention.name.initials)
        everyone.append(someone)
        return someone
    rivals = [number for score, number in scored if score >= best[0] - _CLOSE and score >= enough]
    chosen = _nearest(mention, rivals, everyone) if len(rivals) > 1 else best[1]
    everyone[chosen].add(mention, doubtful=len(rivals) > 1 or _by_pet_form(mention, everyone[chosen]))
    return everyone[chosen]


def _by_pet_form(mention: Mention, someone: Someone) -> bool:
    """Say whether a lone word fits only because a given name begins like it: a guess for the reviewer."""
    if len(mention.name.words) != 1 or mention.name.initials:
        return False
    return all(
        alike(mention.name.words[0], word) < SLIP for name in someone.names for word in name.words if len(word) > 1
    )


def _by_first_name(mention: Mention, everyone: Sequence[Someone]) -> Someone | None:
    """'Ellie Mae' is the case's Ellie-Mae; 'Shania Mary' in a form, of given names only, is its one Shania."""
    words = mention.name.words
    joined = [
        someone for someone in everyone if any("-".join(words) == name.words[0] for name in someone.names if name.words)
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
    if score >= _SOME and mention.sex and someone.sex and mention.sex != someone.sex:
        score -= _OTHER_SEX
    if score >= _SOME and mention.young and someone.known is not None:
        score += _YOUNG if someone.is_child else -_YOUNG
    if score < _SOME or (len(mention.name.words) > 1 and not mention.name.initials):
        return score
    surname = any(len(name.words) > 1 and name.words[-1] == mention.name.words[-1] for name in someone.names)
    if mention.title:
        score += 0.1 if surname else -0.05
        if mention.title in _ADULT_TITLES and someone.is_child:
            score -= 0.2
        if mention.title in someone.titles:
            score += 0.08
        if mention.professional_title and not someone.professional:
            score -= 0.1
    if mention.name.initials and someone.professional:
        score += 0.08
    if mention.role and any(each.role == mention.role for each in someone.mentions):
        score += 0.1
    if mention.kin and someone.professional:
        score -= 0.2
    if mention.unborn:
        score += 0.1 if someone.is_child else -_OTHER_SEX
    if mention.role and not someone.professional and (someone.known or any(each.kin for each in someone.mentions)):
        score -= _AT_WORK
    return score + _by_surname(mention, someone, surname)


def _by_surname(mention: Mention, someone: Someone, surname: bool) -> float:
    """A bare surname means an adult rather than a child, and with a title a parent rather than other family."""
    if not surname or len(mention.name.words) > 1:
        return 0.0
    score = -_BARE_SURNAME if someone.is_child and not mention.title else 0.0
    if mention.title in _ADULT_TITLES and _is_parent(someone):
        score += _BARE_SURNAME
    return score


def _is_parent(someone: Someone) -> bool:
    if someone.known is not None:
        return someone.known.relation in {Relation.PARENT, Relation.FOSTER_CARER}
    return any(lexicon().kinship.get(mention.kin) == Relation.PARENT.value for mention in someone.mentions)


def _nearest(mention: Mention, rivals: Sequence[int], everyone: Sequence[Someone]) -> int:
    """Among several who could be meant, take the one named in the same paragraph, else the one spoken of far more, else of last."""
    here = [
        (each.start, number)
        for number in rivals
        for each in everyone[number].mentions
        if each.line == mention.line and each.start < mention.start
    ]
    if here:
        return max(here)[1]
    often = sorted(rivals, key=lambda number: -len(everyone[number].mentions))
    if len(everyone[often[0]].mentions) >= _MORE * max(1, len(everyone[often[1]].mentions)):
        return often[0]

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
