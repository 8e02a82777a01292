"""Addresses and postcodes."""

from __future__ import annotations

import re

from redactor.detect.identifier import Identifier, form
from redactor.model import Label

STREET = (
    r"(?:Street|Str?|Road|Rd|Avenue|Ave|Av|Close|Cl|Crescent|Cres|Drive|Dr|Lane|Ln|Gardens?|Gdns|Grove|Gr|Terrace|Terr?|Place|Pl|Way|Walk|Court|Ct|Mews|Rise|View|Row|Hill|Green|Square|Sq|Croft|Fold|Bank|Park|Parade|Mount|"
    r"Wharf|Yard|Circus|Quay|Esplanade|Heath|Meadows?|Vale|Dene|Garth|Gate|Path|Passage|Broadway|Cottages|Villas|Buildings|Mansions|Heights|Chase|Dale|End|Field|Fields|Orchard|Reach|Ridge|Side|Spinney|Warren|Wood|Woods|"
    r"Approach|Alley|Arcade|Causeway|Common|Copse|Corner|Crest|Drove|Furlong|Glade|Glebe|Green|Hollow|Knoll|Lea|Leas|Loke|Mead|Nook|Paddock|Pastures|Pines|Promenade|Roundabout|Slope|Strand|Top|Turn|Underhill|Wynd|Ffordd|Heol|Stryd)"
)
OUTWARD = r"(?:GIR|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRVWXY]))"
POSTCODE = OUTWARD + r"[ ]{0,2}\d[ABD-HJLNP-UW-Z]{2}"
_SMALL_STREET = (
    r"(?:street|st|road|rd|avenue|ave|close|crescent|drive|lane|gardens|grove|terrace|court|row|mews|square)"
)
_WORD = r"(?:[A-Z][\w'-]*\.?|of|the|and|y|le|la|upon)"
_NAME = rf"(?:St\.? |The )?[A-Z][\w'-]*(?: {_WORD}){{0,3}}?"
_NUMBER = r"(?:\d{1,4}(?: ?[-/&] ?\d{1,4})?(?: ?[A-Ka-k](?![\w]))?|[OIl]\d{1,3})"
_UNIT = r"(?:(?:Flat|Apartment|Apt|Unit|Room|Bedsit|Studio|Caravan|Plot|Pitch|Berth|Chalet|Annexe?|Floor|FLAT|flat|room) ?(?:No\.? ?)?(?:[A-Z]?\d{1,4}[A-Za-z]?|[A-Z](?!\w)|one|two|three|four|five|six)|(?:Ground|First|Second|Top) [Ff]loor(?: [Ff]lat)?|Basement [Ff]lat|The Annexe)"
_TOWN = (
    r"(?!(?:The|And|In|On|At|He|She|They|Mr|Mrs|Ms|Miss|Dr|PC|DS|Tel|Mob|Phone|Email|DOB|Mum|Dad|Age|Also|Both|I|It|This|Police|School|TEL|MOB|PHONE|OF)\b)"
    r"[A-Z][\w'-]+(?:[ -](?:on|upon|in|le|super|under|next|by|St|[A-Z])[\w.'-]*){0,3}"
)
_WELSH_STREET = r"(?:Ffordd|Heol|Stryd|Lôn|Lon|Rhodfa|Maes|Clos|Llys|Bryn|Cae|Gerddi|Teras|Rhes|Cilgant|Parc|Tŷ|Allt|Rhiw|Sgwâr|Pen|Tan)"
_TAIL = rf"(?:(?:, ?{_NAME}){{0,4}},? {{0,2}}{POSTCODE}|(?:, {_TOWN}){{1,3}}|)"


_NO_MONTH = r"(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[ -]\d)"
_AGED = re.compile(r"\b(?:of|aged?|now|is|was|turned|just|only|nearly|about) $")
_AGED_REACH = 10  # characters


class Address(Identifier):
    """A street address or part of one: with flat, house name, town and postcode where they follow."""

    label = Label.ADDRESS
    forms = (
        form(rf"(?<![\w/.£-])(?:{_UNIT},? )?{_NUMBER},? {_NAME} {STREET}\b\.?{_TAIL}", 0.9),
        form(rf"(?<![\w/.£-])(?:{_UNIT},? )?{_NUMBER},? [A-Z' -]{{3,30}} {STREET.upper()}\b{_TAIL}", 0.85),
        form(
            r"(?<!\w)(?:[Ff]lat|[Aa]partment|[Pp]lot|[Pp]itch|[Cc]aravan|[Bb]edsit|[Cc]halet) (?:no\.? ?)?\d{1,4}[A-Za-z]?(?![\w%])",
            0.6,
        ),
        form(
            rf"(?<![\w/.£-])(?:{_UNIT},? )?{_NUMBER},? (?:the )?[a-z'-]{{3,}}(?: [a-z'-]{{3,}})? {_SMALL_STREET}\b(?:,? {POSTCODE})?",
            0.6,
        ),
        form(rf"(?<![\w/.£-]){_UNIT}, ?(?:{_NUMBER},? )?{_NAME}(?: {STREET}\b)?{_TAIL}", 0.8),
        form(
            rf"(?<![\w/.£-]){_UNIT} (?:{_NUMBER},? )?{_NAME} (?:House|Court|Heights|Lodge|Tower|Point|Mansions|{STREET})\b{_TAIL}",
            0.8,
        ),
        form(
            rf"(?<![\w/.£-])(?:{_UNIT},? )?{_NUMBER},? {_WELSH_STREET}(?:[ -](?:y|yr|[A-Z][\w'-]+|[a-z]+-[A-Z]\w+)){{1,4}}?{_TAIL}(?![ -][A-Zy])",
            0.9,
        ),
        form(
            rf"(?<!\w)(?:the )?(?:(?:end|corner|last|first|middle|big|only|white|new|detached|semi-detached|terraced) )?(?:house|bungalow|cottage|terrace|farmhouse|flats?|maisonette)(?: (?!is\b|was\b|are\b|were\b|has\b|had\b)[a-z]+){{0,5}}? (?:on|in|of|at|off|along) (?:the )?{_NAME} {STREET}\b",
            0.65,
        ),
        form(
            rf"(?<!\w)(?:(?:one|two|three|four|five|a few|a couple of) doors? (?:down|up|along|away)|next door)(?: (?:from|to))? (?:the )?(?:[\w'-]+ ){{1,4}}?(?:on|in|at|of) (?:the )?{_NAME} {STREET}\b",
            0.7,
        ),
        form(rf"(?<![\w/.£-]){_NUMBER},? (?:The|St) [A-Z][\w'-]+(?: [A-Z][\w'-]+)?{_TAIL}", 0.7),
        form(rf"(?<![\w/.£-]){_NUMBER},? {_NAME},(?: {_WORD}){{1,3}},? {POSTCODE}", 0.85),
        form(
            rf"(?<![\w-]){_NO_MONTH}[A-Z][\w'-]+(?: [A-Z][\w'-]+){{0,3}},(?: {_NAME},){{0,3}} ?(?:{_WORD} ){{0,3}}{POSTCODE}",
            0.75,
        ),
        form(
            r"(?<!\w)(?:number|no\.?|No\.?|Number|NUMBER) \d{1,3}[A-Ka-k]?(?= (?:and|to|has|is|was|have|heard|said|rang|called|who|with|where|on|in)\b|[.,;)?!\"]|$)",
            0.6,
            flags=re.MULTILINE,
        ),
        form(
            r"(?<!\w)(?:the )?(?:flat|room|bedsit|flats|rooms|house|bungalow|cottage) (?:above|over|behind|below|under|next to|opposite) (?:the )?(?:[\w'-]+ ){1,4}?(?:on|in|at|off) (?:[A-Z][\w'-]+ ?){1,3}(?:Street|Road|Lane|Avenue|Square|Parade|Hill)?",
            0.7,
        ),
        form(
            r"(?<!\w)(?:the )?(?:flat|bedsit|rooms?) (?:above|over|behind|below) (?:the )?(?:[\w'-]+ ){0,2}(?:shop|chippy|takeaway|pub|launderette|bakery|bakers?|barbers?|salon|garage|bookies|restaurant|kebab shop|chemist|post office|[A-Z][\w'-]+)(?!\w)",
            0.55,
        ),
        form(
            rf"(?i:\b(?:lives? at|living at|address(?: is| was)?|home(?: is| was)?|moved to|resides? at|residing at|staying at|stays? at|of|property at|tenancy at))[ :]{{1,2}}(?P<v>(?:{_NUMBER},? )?[A-Z][\w'-]+ (?:[A-Z][\w'-]+ )?"
            rf"(?:Cottages?|House|Lodge|Farm|Barn|Villa|Bungalow|Rectory|Vicarage|Towers?|Point|Mill|Manor|Hall|Chalet|Caravan Park|Park Homes|{STREET}){_TAIL})",
            0.65,
        ),
    )
    why = "written like an address"

    def accept(self, text: str, start: int, end: int) -> bool:
        """Not across rows or paragraphs, and not a time, a count or a form's section."""
        found = text[start:end]
        if "\n" in found.rstrip("\n") or "\t" in found:
            return False
        if re.match(r"\d{1,2}, [A-Z]", found) and _AGED.search(text, max(0, start - _AGED_REACH), start):
            return False  # 'a boy of 15, Kyle Dale'
        return not re.match(
            r"(?:\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b|\d+ (?:Year|Day|Week|Child|Key)s?\b)",
            found,
        )


_AREA = (
    r"(?:AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX|FK|FY|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|"
    r"ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE)"
)  # the two-letter postcode areas; those of one letter would be roads and forms too
LONE_OUTWARD = rf"{_AREA}[1-9]\d?[A-Z]?"


class Postcode(Identifier):
    """A postcode; the outward half alone where an address or area is spoken of."""

    label = Label.POSTCODE
    forms = (
        form(rf"(?<!\w){POSTCODE}(?!\w)", 0.95),
        form(rf"(?<!\w){POSTCODE}(?!\w)", 0.6, flags=re.IGNORECASE),
        form(r"(?<!\w)[A-Z]{1,2}[O0-9Il]{1,2} ?[O0-9Il][A-Z]{2}(?!\w)", 0.4, needs_context=True),
        form(rf"(?i:\b(?:post ?code|area|district)(?: (?:is|of|was))?[: ]{{1,2}})(?P<v>{OUTWARD})(?!\w)", 0.8),
        form(r"(?<!\w)(?P<v>(?:[A-Z]{1,2}[1-9]\d?)) (?i:area|postcode|district)\b", 0.8),
        form(
            rf"(?<!\w)(?i:in|within|near|around|from|to|of|across|into|outside|somewhere in|and|or) (?P<v>{LONE_OUTWARD})(?![\w/])",
            0.7,
        ),
        form(r"(?i:\bpost ?code)(?: (?i:is|was|of|it's))?[: ]{1,2}(?P<v>[A-Z](?:[ ,]{0,2}[A-Z0-9]){2,6})(?![\w])", 0.8),
        form(
            r"(?i:\bpost ?code)(?: (?i:'?s|is|was|of|to hand|but|its|it's|begins|starts|with|in|something)){0,6}[: ]{1,2}(?P<v>[a-z]{1,2}\d{1,2}[a-z]?(?: \d[a-z]{2})?)(?!\w)",
            0.7,
        ),
        form(r"(?i:\bpost ?code)(?: (?i:is|was|of))?[: ]{1,2}(?P<v>[A-Z]{1,2}\d[\dA-Z]? ?\d?[A-Z]{0,2})(?!\w)", 0.85),
    )
    context_words = r"\b(?:post ?code|address|lives?|living|flat|road|street|moved|avenue|close|lane)\b"
    why = "written like a postcode"
