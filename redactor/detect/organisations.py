"""Schools, named organisations and places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redactor.detect.candidate import Candidate
from redactor.detect.patterns.places import STREET
from redactor.language.lexicon import lexicon
from redactor.language.wordlists import words
from redactor.model import Label

_CAP = r"(?:[A-Z][\w'&-]*|St\.|[A-Z]\.)"
_LINK = r"(?:of|the|and|&|on|in|upon|for|at|le|y|St|C of E|CofE)"
_RUN = rf"{_CAP}(?: (?:{_LINK} ){{0,2}}{_CAP}){{0,4}}?"

_SCHOOL_KIND = (
    r"(?:(?:Church of England |C of E |CofE |CE |RC |Catholic |Community |Free |Special |State |Prep(?:aratory)? |First |Middle |Upper |Lower |Boys'? |Girls'? |High |Grammar |Primary |Junior |Infants? |Nursery |Secondary |Sixth Form |Academy )*"
    r"(?:School|Academy|Primary|Infants?|Juniors?|Nursery|Nurseries|Pre-?[Ss]chool|Playgroup|Kindergarten|College|Sixth Form|PRU|Pupil Referral Unit|Learning Centre|Grammar|High|Secondary|Comp|Montessori|Comprehensive|University))"
)
_ORG_KIND = (
    r"(?:Surgery|(?:General |Community |Royal |District |University |Children's |Cottage |Infirmary )*Hospital|Infirmary|(?:Medical|Health|Family|Children's|Community|Contact|Leisure|Sports|Resource|Youth|Day|Treatment|Advice|Wellbeing|Islamic|Christian|Cultural) (?:Centre|Center)|(?:Children's |Family |Speech |Play |Art |Occupational )?(?:Therapy|Therapies|Counselling)|"
    r"(?:Medical |Group |Dental |Family )?Practice|Dental|Dentists?|Clinic|Hospice|Church|Chapel|Cathedral|Mosque|Masjid|Temple|Gurdwara|Synagogue|Kingdom Hall|Fellowship|Tabernacle|Ministries|Club|F\.?C\.?|AFC|RFC|Rovers|Rangers|Colts|United|Scouts|Guides|Brownies|Cubs|Cadets|Gym|Boxing|Dojo|"
    r"Ltd\.?|Limited|PLC|plc|LLP|& Sons?|& Co\.?|Solicitors|Law|Chambers|Haulage|Builders|Scaffolding|Roofing|Plumbing|Motors|Garage|Autos|Taxis|Cabs|Cars|Salon|Barbers|Nails|Cleaning|Catering|Foods|Bakery|Bakers|Butchers|Dairy|Farms?|Nurseries|Mushrooms|Shellfish|Fisheries|Logistics|Couriers|Recruitment|Security|"
    r"Wholesale|Stores|Supermarket|Pharmacy|Chemists?|[Tt]akeaway|Kebabs?|Pizza|Tandoori|Fish Bar|[Cc]afe|[Cc]afé|[Rr]estaurant|Hotel|Guest House|B&B|Hostel|Refuge|Children's Home|Care Home|Nursing Home|Residential Home|Care|Fostering|Homes|Housing|Housing Association|Lettings|Properties|Estates|Foundation|Charity|Project|Association|"
    r"House|Lodge|Place of Safety|Riding School|Stables|Theatre School|Dance|Dance Academy|Stage School|Choir|Band|Union|Bank|Building Society|Packaging|Engineering|Construction|Electrical|Services|Industries|Group|Holdings|Trading|Shipping|Ferries|Airport|Barracks|Camp|Ward)"
)
_PLACE_KIND = (
    rf"(?:(?:Retail|Industrial|Business|Caravan|Holiday|Country|Skate|Water|Play|Car|Theme|Trailer|Memorial|Recreation) (?:Park|Estate|Ground)|Park|Beach|Bridge|Viaduct|(?:Bus |Train |Railway |Coach |Police |Fire |Petrol |Service )?Station|Interchange|Bus Stop|Estate|Arms|Inn|Tavern|Pub|Hotel|(?:Shopping |Town |City |Bowling |Contact |Leisure )?(?:Centre|Precinct|Arcade|Mall)|"
    rf"Library|Rec|Recreation Ground|Playing Fields?|Playground|Pier|Pavilion|Marina|Harbour|Quay|Cliffs?|Bay|Cove|Moor|Forest|Woods|Common|Downs|Heath|Lake|Reservoir|Canal|River|Services|Roundabout|Market|Cemetery|Crematorium|Allotments|Museum|Castle|Cinema|Arena|Stadium|Ground|Island|Flyover|Underpass|Subway|Towpath|Lighthouse|Lighthouse|{STREET})"
)
_SHOPS = (
    r"(?:ASDA|Asda|Tesco(?: Express| Extra)?|Sainsbury's|Sainsburys|Morrisons|Aldi|Lidl|Waitrose|Co-?op|Iceland|Spar|SPAR|Londis|Nisa|Costcutter|McDonald's|McDonalds|Maccies|Maccy D's|KFC|Burger King|Nando's|Greggs|Costa|Starbucks|Wetherspoons?|Spoons|Primark|Argos|Poundland|Boots|Superdrug|B&M|Wilko|Home Bargains|JD Sports|"
    r"Travelodge|Premier Inn|Ikea|IKEA|Matalan|TK Maxx|Subway|Domino's|Pizza Hut|Haven|Butlins|Pontins)"
)
_ROLE_BEFORE = re.compile(
    r"(?:^|[\s(])(?:the|a|an|his|her|their|our|this|that|each|any|every|another|new|same) $", re.IGNORECASE
)

_SCHOOL = re.compile(rf"(?<![\w'])(?:The )?(?P<name>{_RUN}),? {_SCHOOL_KIND}(?![\w])")
_SCHOOL_CAPS = re.compile(
    r"(?<![\w'])(?:(?!(?:TO|AT|IN|ON|OF|BY|FROM|WITH|AND|OR|HAS|IS|WAS|THE|FOR|LEFT|NOT)\b)[A-Z][A-Z'-]+ ){1,3}(?:SCHOOL|ACADEMY|PRIMARY|NURSERY|COLLEGE|INFANTS|JUNIORS|HIGH|PRU)(?: SCHOOL| ACADEMY)?(?!\w)"
)
_SAINT = re.compile(
    r"(?<![\w'])(?P<name>St\.? [A-Z][\w-]+'?s?)(?: (?:Primary|School|Academy|Infants?|Juniors?|RC|CE|C of E|Catholic)\b)*(?= (?:school|primary|nursery|told|say|said|report|have|has|rang|confirm|attendance)|[,.;)]|$)",
    re.MULTILINE,
)
_YSGOL = re.compile(
    r"(?<!\w)(?:Ysgol|Coleg|Meithrin|Cylch Meithrin)(?: (?:Gynradd|Gyfun|Uwchradd|y|yr|[A-Z][\w'-]+)){1,4}"
)
_ORG = re.compile(rf"(?<![\w'])(?:The )?(?P<name>{_RUN}) {_ORG_KIND}(?![\w])")
_ORG_CAPS = re.compile(
    r"(?<![\w'])(?:(?!(?:TO|AT|IN|ON|OF|BY|FROM|WITH|AND|OR|HAS|IS|WAS|THE|FOR|LEFT|NOT)\b)[A-Z][A-Z'&-]+ ){1,3}(?:HOUSE|LODGE|SURGERY|HOSPITAL|CLINIC|CHURCH|MOSQUE|CLUB|LTD|LIMITED|HOSTEL|REFUGE|HOTEL|CENTRE|HOME)(?!\w)"
)
_EMPLOYER = re.compile(
    rf"(?:works?|worked|working|employed|job|shifts?|apprentice(?:ship)?|volunteers?|trains?|training|plays?|boxes) (?:nights |days |part[- ]time |full[- ]time |shifts |now )?(?:at|for|by|with) (?:the )?(?P<name>{_CAP}(?: (?:(?:{_LINK}) )?{_CAP}){{0,4}})"
)
_PLACE = re.compile(rf"(?<![\w'])(?P<name>(?:The )?{_RUN}) {_PLACE_KIND}(?![\w])")
_PLACE_CAPS = re.compile(
    r"(?<![\w'])(?:(?!(?:TO|AT|IN|ON|OF|BY|FROM|WITH|AND|OR|HAS|IS|WAS|THE|FOR|LEFT|NOT)\b)[A-Z][A-Z'&-]+ ){1,3}(?:SERVICES|STATION|PARK|BEACH|BRIDGE|ESTATE|ARMS|INN|PIER|QUAY|HEATH|ROAD|STREET|LANE|AVENUE|CLOSE|SQUARE|COMMON|RETAIL PARK|CAR PARK)(?!\w)"
)
_PUB = re.compile(
    r"(?<!\w)(?:the|The|THE) (?P<v>(?:[A-Z][\w'-]+ ){0,3}(?:Arms|Inn|Tavern|Head|Oak|Lion|Hart|Swan|Bell|Crown|Ship|Anchor|Plough|Bull|Fox|Horse|Hounds|Albion|Star|Sun|Moon|Eagle|Dolphin|Wheatsheaf|Anchor|Castle|Cross Keys|Albert|Victoria|Rec|Moor|Triangle|Lanes|Pier|Quay|Rovers|Legion))(?= (?:pub|on|in|at|car park|with|for|and|to|last|when|where|after|until)\b|[,.;)]|$)",
    re.MULTILINE,
)
_SHOP = re.compile(
    rf"(?<!\w)(?:in|at|to|outside|near|by|from|behind|opposite|IN|AT|TO|OUTSIDE|NEAR|BY|FROM) (?:the |THE |a )?(?P<v>{_SHOPS}(?: (?:on|in|at) (?:[A-Z][\w'-]+ ?){{1,3}})?)(?!\w)"
)
_TRADE = re.compile(
    rf"(?<![\w'])(?:the |The )?(?P<v>{_CAP}(?: (?:{_LINK} )?{_CAP}){{0,3}})(?= (?:takeaway|pub|cafe|café|restaurant|salon|gym|garage|chippy|chip shop|kebab|barbers?|nightclub|hotel|surgery|hospital|nursery|church|mosque|temple|club|youth club|shop|supermarket|estate|hostel|refuge|park|playground|skate ?park|children's home|care home|nursing home|residential home|hospice|food ?bank|day centre|community centre|leisure centre|family centre|practice|clinic|pharmacy|solicitors|chambers|scaffolding|builders|carpets|taxis|cars)\b)"
)
_ROAD = re.compile(
    r"(?<![\w/])(?:[AM]\d{1,3}(?:\(M\))?|[AB]\d{3,4})(?= (?:near|at|to|towards|heading|north|south|east|west|eastbound|westbound|northbound|southbound|services|junction|[A-Z])|[,.;)])(?: [A-Z][\w'-]+){0,3}"
)
_VAGUE = (_ORG, _ORG_CAPS, _PLACE, _PLACE_CAPS, _SCHOOL_CAPS, _EMPLOYER)
_PREPOSITION = re.compile(
    r"(?:\b(?:in|at|from|to|near|of|around|outside|towards|via|through|for|leaving|left|visit|visited|visiting|IN|AT|FROM|TO|NEAR|OF|live in|moved to|back to|between|and|or|sitting at|over|across|off),?|,|/|\() $"
)
_LINKS = frozenset(["and", "of", "for", "the", "in", "or"])
_GENERIC = frozenset(
    [
        "primary",
        "secondary",
        "junior",
        "infant",
        "infants",
        "nursery",
        "special",
        "virtual",
        "state",
        "the",
        "his",
        "her",
        "their",
        "new",
        "old",
        "local",
        "mainstream",
        "high",
        "middle",
        "upper",
        "lower",
        "sixth",
        "head",
        "deputy",
        "boarding",
        "private",
        "public",
        "grammar",
        "community",
        "first",
        "next",
        "whole",
        "after",
        "summer",
        "sunday",
        "night",
        "night-time",
        "out",
        "home",
        "care",
        "foster",
        "children's",
        "childrens",
        "residential",
        "mother",
        "father",
        "parent",
        "family",
        "day",
        "main",
        "early",
        "adult",
        "youth",
        "young",
        "mental",
        "domestic",
        "social",
        "police",
        "contact",
        "legal",
        "local",
        "authority",
        "child",
        "protection",
        "core",
        "emergency",
        "safe",
        "respite",
        "supported",
        "temporary",
        "council",
        "housing",
        "business",
        "support",
        "team",
        "area",
        "assessment",
        "locality",
        "designated",
        "specialist",
        "short",
        "long",
        "term",
        "missing",
        "independent",
        "return",
        "initial",
        "review",
        "health",
        "general",
        "out-of-hours",
        "car",
        "bus",
        "train",
        "service",
        "services",
        "east",
        "west",
        "north",
        "south",
        "public",
        "retail",
        "shopping",
        "town",
        "city",
        "village",
        "interim",
        "joint",
        "shared",
        "section",
        "part",
        "plan",
        "page",
        "item",
        "tier",
        "stage",
        "level",
        "group",
        "working",
        "integrated",
        "multi",
        "front",
        "review",
        "annual",
        "placement",
        "education",
        "school",
        "year",
        "class",
        "key",
        "form",
        "house",
        "court",
        "family's",
        "open",
        "closed",
        "street",
        "private",
        "kinship",
        "a",
        "an",
        "any",
        "other",
        "no",
        "current",
        "previous",
        "last",
        "this",
        "that",
        "each",
        "every",
        "said",
        "working",
        "core",
        "central",
        "emergency",
        "probation",
        "secure",
        "agencies",
        "agency",
        "supported",
        "fostering",
        "armed",
        "forces",
        "voluntary",
        "training",
        "prison",
        "tactical",
        "strategic",
        "county",
        "partner",
        "partners",
    ]
)


def organisations(text: str) -> Iterator[Candidate]:
    """Yield named schools, organisations and places told by the word that they end with."""
    for pattern, label, score, why in (
        (_SCHOOL, Label.SCHOOL, 0.85, "ends as the name of a school does"),
        (_SCHOOL_CAPS, Label.SCHOOL, 0.8, "ends as the name of a school does"),
        (_YSGOL, Label.SCHOOL, 0.85, "begins as the name of a Welsh school does"),
        (_SAINT, Label.SCHOOL, 0.6, "a saint's name used as a school's"),
        (_ORG, Label.ORG, 0.7, "ends as the name of an organisation does"),
        (_ORG_CAPS, Label.ORG, 0.7, "ends as the name of an organisation does"),
        (_EMPLOYER, Label.ORG, 0.6, "a place of work or training is named"),
        (_PLACE, Label.LOCATION, 0.65, "ends as the name of a place does"),
        (_PLACE_CAPS, Label.LOCATION, 0.65, "ends as the name of a place does"),
        (_PUB, Label.LOCATION, 0.6, "named like a public house or meeting place"),
        (_SHOP, Label.LOCATION, 0.6, "a shop where somebody was"),
        (_TRADE, Label.ORG, 0.6, "a shop, pub or other house is named"),
        (_ROAD, Label.LOCATION, 0.6, "a numbered road"),
    ):
        yield from _matches(text, pattern, label, score, why)
    yield from _towns(text)
    yield from _in_small_letters(text)


_SMALL_PLACE = re.compile(
    r"(?<![\w'-])(?:in|from|to|at|near|via|round|outside|by|down|up|on|off|towards|leave|left) (?P<v>(?P<stem>[a-z][a-z'-]{2,})(?P<street> (?:lane|road|rd|street|avenue|ave|close|drive|crescent|terrace|gardens|grove|mews|walk|estate|park|square|parade|hill))?)(?![\w'-])"
)


def _in_small_letters(text: str) -> Iterator[Candidate]:
    """Yield towns that are no words, and named streets, written in small letters after a preposition."""
    known = lexicon()
    for match in _SMALL_PLACE.finditer(text):
        stem = match["stem"]
        if match["street"] is not None:
            if stem not in words("plain_streets") and not stem.endswith(("ing", "ed", "est")):
                yield Candidate(*match.span("v"), Label.LOCATION, 0.5, "rules", "a street in small letters")
        elif (
            stem.title() in known.places
            and not known.is_word(stem)
            and not known.is_safe(stem)
            and stem not in known.surnames
        ):
            yield Candidate(*match.span("v"), Label.LOCATION, 0.55, "rules", "a town or village in small letters")


def _matches(text: str, pattern: re.Pattern[str], label: Label, score: float, why: str) -> Iterator[Candidate]:
    known = lexicon()
    for match in pattern.finditer(text):
        group: int | str = "v" if "v" in pattern.groupindex else "name" if pattern is _EMPLOYER else 0
        start, end = match.span(group)
        if "\n" in match.group() or "\t" in match.group():
            continue
        start = _after_small_words(text, start, end)
        if label is Label.SCHOOL:
            start = _after_a_pupil(text, start, end)
        words = re.findall(r"[\w'-]+", text[start:end])
        own = words if pattern in (_TRADE, _SHOP, _PUB, _ROAD, _EMPLOYER, _SAINT, _YSGOL) else words[:-1]
        if not own or all(word.lower() in _GENERIC | _LINKS or known.is_safe(word) for word in own):
            continue
        if pattern in (_ORG, _PLACE) and all(known.is_word(word) and word[0].islower() for word in own):
            continue
        if _is_ordinary(text, start, words):
            continue
        weak = pattern in _VAGUE or (label is Label.SCHOOL and all(known.is_word(word) for word in own))
        yield Candidate(start, end, label, score, "rules", why, weak)


def _after_small_words(text: str, start: int, end: int) -> int:
    """Leave out titles of documents and sentence openings that happen to be capitalised before the name."""
    while True:
        match = re.match(
            r"(?:The|A|An|At|In|On|Reception at|Year \d+ at|Reception|From|His|Her|Their|My|To|By|With|And|But|She|He|They|Attends?|Attending|School|Nursery|Both|When|While|Since|After|Before|As|For|Also|That|This|Mum|Dad|Head|Deputy|Mr|Mrs|Ms|Miss|Dr|Asst|Near|Outside) ",
            text[start:end],
        )
        if match is None:
            return start
        start += match.end()


def _after_a_pupil(text: str, start: int, end: int) -> int:
    """'Amari at Brook Mead Academy': who is at a school is no part of its name."""
    who, at, _ = text[start:end].partition(" at ")
    return start + len(who) + len(at) if at and lexicon().name_weight(who.split()[-1]) > 0 else start


def _is_ordinary(text: str, start: int, words: list[str]) -> bool:
    """'The Social Work Team', 'Child Protection Plan': capitals of office, not names."""
    known = lexicon()
    return all(known.is_safe(word) or word.lower() in _GENERIC for word in words[:-1])


def _towns(text: str) -> Iterator[Candidate]:
    """Yield towns and villages; one that is also a word or a surname needs a preposition before it."""
    known = lexicon()
    for match in re.finditer(
        r"(?<![\w'])[A-Z][\w'-]+(?:[ -](?:(?:on|upon|in|le|under|by|super|next|the|and|St\.?)[ -]){0,2}[A-Z][\w'-]+){0,3}",
        text,
    ):
        yield from _town_in(text, match, known.places)


def _town_in(text: str, match: re.Match[str], places: frozenset[str]) -> Iterator[Candidate]:
    known = lexicon()
    whole = match.group()
    parts = [part.span() for part in re.finditer(r"[\w'-]+", whole)]
    first = 0
    while first < len(parts):
        for last in range(len(parts) - 1, first - 1, -1):
            low, high = parts[first][0], parts[last][1]
            name = whole[low:high]
            plain = name.removesuffix("'s")
            spelt = plain if plain in places else plain.title() if plain.isupper() and len(plain) > 3 else ""
            if spelt not in places and not known.is_county(plain):
                continue
            start = match.start() + low
            doubtful = (
                known.is_word(plain)
                or plain.lower() in known.forenames
                or plain.lower() in known.surnames
                or known.is_safe(plain)
                or known.is_county(plain)
            )
            if doubtful and (not _PREPOSITION.search(text[max(0, start - 14) : start]) or known.is_safe(plain)):
                continue
            weak = doubtful and not (plain.isupper() and not known.is_word(plain) and not known.is_county(plain))
            yield Candidate(
                start,
                start + len(plain),
                Label.LOCATION,
                0.5 if doubtful else 0.7,
                "rules",
                "a town or village",
                weak,
            )
            first = last
            break
        first += 1
