"""How people are reached: telephone, e-mail, web addresses and handles."""

from __future__ import annotations

import re

from redactor.detect.identifier import Identifier, form
from redactor.model import Label

_DIGIT_WORD = (
    r"(?:zero|oh|o|nought|nil|one|two|three|four|five|six|seven|eight|nine|double|triple|treble|hundred|thousand)"
)

_SPOKEN_GAP = r"(?:,? (?:then|and then|space|dash|stroke|followed by|and (?:it )?end(?:s|ing)?(?: in| with)?),? )"


class Telephone(Identifier):
    """British numbers in every spacing, international numbers, spelt digits and extensions."""

    label = Label.PHONE
    forms = (
        form(
            r"(?<![\w+])(?:\+ ?\d{1,3}|00\d{1,3}|\(?0)(?:[ ().-]{0,2}[\dOl]){9,11}(?:/\d{2,4})?(?: {0,2}(?:x|ext\.?|extension) ?\d{2,6})?(?![\w])",
            0.9,
            flags=re.IGNORECASE,
        ),
        form(r"(?<![\w+./-])0\d{3,4}[ -]\d{3}[ -]?\d{3,4}(?!\w)", 0.9),
        form(r"(?<![\w+./-])07\d{3}[ .-]?(?:\d{3}[ .-]?\d{2,3}|\d{5,6})(?!\w)", 0.85),
        form(r"(?<![\w+./-])7\d{3} ?\d{6}(?!\w)", 0.6),
        form(r"(?<![\w+./-])0\d{3,4}/\d{3}/?\d{3,4}(?!\w)", 0.85),
        form(rf"(?<![\w+./-])\(?0\d{{2,4}}\)?(?:{_SPOKEN_GAP}\d{{2,6}}){{1,4}}(?!\w)", 0.8, flags=re.IGNORECASE),
        form(r"(?i:ext(?:ension|n)?\.?|x)[ :]{0,2}(?P<v>\d{3,6})(?!\w)", 0.6),
        form(rf"(?<!\w){_DIGIT_WORD}(?:[ ,-]+{_DIGIT_WORD}){{5,14}}(?!\w)", 0.7, flags=re.IGNORECASE),
        form(
            r"(?i:\b(?:tel|telephone|phone|mob|mobile|landline|number|no|ring|rang|call|called|text(?:ed)?|whatsapp|contact))(?: (?i:is|on|no|number|her|him|me|us|from|was))*[.:]*"
            r" ?(?P<v>\+?\(?\d[\d ().-]{4,16}\d)(?![\w/])",
            0.7,
        ),
        form(
            r"(?i:number|mobile|phone|mob)(?: (?i:ending|ends|ending in|ends in|beginning|starts|starting|finishing))(?: (?i:in|with))?[ :]*\"?(?P<v>\d{2,6})(?!\w)",
            0.7,
        ),
    )
    why = "written like a telephone number"

    def accept(self, text: str, start: int, end: int) -> bool:
        """Six digits at least, or spelt digits; not a date and not a time."""
        found = text[start:end]
        digits = sum(character.isdigit() for character in found)
        if "\n\n" in found or re.fullmatch(
            r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}[.:]\d\d ?-? ?\d{1,2}[.:]\d\d", found
        ):
            return False
        if digits == 0:
            return True
        before = text[max(0, start - 12) : start].lower()
        return digits >= 6 or re.search(r"(?:ext\w*\.?|x|in|with|ing|ends)[ :\"]*$", before) is not None


_DOT = r" ?(?:\[|\()?dot(?:\]|\))? ?"


class Email(Identifier):
    """An e-mail address, also with spaces or words put in by scanning or speech."""

    label = Label.EMAIL
    forms = (
        form(r"(?<![\w.+-])[\w.+'-]{1,64}@(?:[\w-]+\.)+[A-Za-z]{2,24}(?![\w-])", 0.99),
        form(
            r"(?<![\w.+-])[\w.+-]{1,64} ?@ ?(?:[\w-]+ ?\. ?){1,4}(?:com|uk|org|net|example|co|gov|sch|ac|info|me|test)(?!\w)",
            0.85,
            flags=re.IGNORECASE,
        ),
        form(
            rf"(?<!\w)[\w.+-]{{2,40}}(?:{_DOT}[\w+-]{{1,40}}){{0,3}} ?[\[(]? ?at ?[\])]? ?[\w-]{{2,30}}(?:{_DOT}[\w-]{{2,30}}){{0,3}}{_DOT}(?:co{_DOT}uk|com|org|net|uk|info|me|example|test)(?!\w)",
            0.9,
            flags=re.IGNORECASE,
        ),
        form(
            r"(?<![\w.+-])[\w.+-]{2,40} ?[\[(] ?at ?[\])] ?[\w-]{2,30}(?:\.[\w-]{2,24}){1,3}(?!\w)",
            0.9,
            flags=re.IGNORECASE,
        ),
        form(r"(?<!\w)[\w.+-]{2,64}@[\w-]{2,}(?!\w)", 0.6),
    )
    why = "written like an e-mail address"


class WebAddress(Identifier):
    """A web address, with its scheme or without."""

    label = Label.URL
    forms = (
        form(
            r"(?<!\w)(?:https?|ftp|file|mailto|onedrive|ms-\w+)://?[^\s<>\"]{2,}[^\s<>\".,;:!?)\]']",
            0.95,
            flags=re.IGNORECASE,
        ),
        form(r"(?<![\w@.])www\.[^\s<>\"]{2,}[^\s<>\".,;:!?)\]']", 0.95, flags=re.IGNORECASE),
        form(
            r"(?<![\w@./-])(?:[a-z0-9-]{2,}\.){1,4}(?:com|co\.uk|org\.uk|gov\.uk|sch\.uk|ac\.uk|org|net|info|tv|gg|me|io|ly|app|live|example|test)(?:/[^\s<>\")]*[^\s<>\".,;:)])?(?![\w@-])",
            0.7,
            flags=re.IGNORECASE,
        ),
    )
    why = "written like a web address"

    def accept(self, text: str, start: int, end: int) -> bool:
        """The host of an e-mail address belongs to that address."""
        return text[start - 1 : start] != "@"


_SITE = (
    r"(?:Snapchat|Snap|Insta(?:gram)?|Tik ?Tok|Facebook|Twitter|Discord|Telegram|Roblox|Fortnite|Xbox|PSN|PlayStation|Steam|Twitch|Kik|WhatsApp|Signal|YouTube|Minecraft|Vinted|OnlyFans|Reddit|BeReal|Wizz|Yubo|Omegle|gamer ?tag|"
    r"IG|FB|user ?name|handle|account|profile|screen ?name|log-?in|user(?: ID)?)"
)


class Handle(Identifier):
    """A name on social media or in games."""

    label = Label.USERNAME
    forms = (
        form(r"(?<![\w@.])@[\w][\w.]{1,30}[\w](?![\w@])", 0.9),
        form(
            rf"\b(?i:{_SITE})(?: (?i:account|user ?name|name|handle|id|profile|tag|page|group|is|was|as|called|under|of|on|the|named|known|it'?s|i'?m|me|my|add|hers|his))*[ :=]{{1,3}}[\"'(]?@?"
            r"(?P<v>(?=[\w.#-]*[\d_.#])[A-Za-z0-9_][\w.#-]{2,31}(?<![.-]))",
            0.85,
        ),
        form(
            rf"\b(?i:{_SITE})(?: (?i:account|user ?name|name|handle|id|profile|tag|is|was|as|called|under|of))*[ :]{{1,3}}[\"']@?(?P<v>[\w.#-]{{3,31}})[\"']",
            0.8,
        ),
        form(r"(?<![\w@./-])(?=[A-Za-z0-9.]*_)[A-Za-z0-9_][\w.]{2,30}\w_*(?![\w@/-])", 0.75),
        form(r"(?<![\w@./#-])[A-Za-z]\w{2,24}#\d{4}(?!\w)", 0.9),
        form(r"(?<![\w@./-])(?=[A-Za-z]{3,}\d{2,}(?!\w))(?!\w*(?:FC|km|mg|ml)\b)[a-z]{3,20}\d{2,6}(?!\w)", 0.6),
        form(r"(?<![\w@./-])(?:xX|xx)[\w]{2,}(?:Xx|xX|xx)(?!\w)", 0.85),
        form(rf"(?<![\w@./-])(?P<v>(?=[A-Za-z._]*\d|\w*[a-z][A-Z])[A-Za-z][\w.]{{3,30}}) on (?i:{_SITE})(?!\w)", 0.85),
    )
    why = "written like a user name"

    def accept(self, text: str, start: int, end: int) -> bool:
        """Blank lines on forms are not names."""
        found = text[start:end]
        return any(character.isalnum() for character in found) and not re.fullmatch(
            r"(?:covid|mp|ps|xbox|form|room|unit|level|utf|_(?:hlk|toc|ref|gobackh?))[-_]?\d+|_goback",
            found,
            re.IGNORECASE,
        )
