"""The fixed words: kinds, roles, labels, actions, relations, audiences, and the sorts of names for things."""

from __future__ import annotations

import hashlib
from enum import IntEnum, StrEnum
from typing import NewType

Digest = NewType("Digest", str)  # "sha256:" and 64 hexadecimal digits
PersonId = NewType("PersonId", str)  # "p4" from the case file, "x1" for people the case does not know
ReasonCode = NewType("ReasonCode", str)  # a key of templates/reasons.yaml

UNKNOWN_READER = "unknown"


def digest_of(content: bytes) -> Digest:
    """Return the SHA-256 digest of some bytes in the form used everywhere."""
    return Digest("sha256:" + hashlib.sha256(content).hexdigest())


class Kind(StrEnum):
    """What sort of file the content is, whatever its name says."""

    DOCX = "docx"
    PDF = "pdf"
    IMAGE = "image"
    TEXT = "text"
    EMAIL = "email"


class Role(StrEnum):
    """What a piece of text is in its file."""

    BODY = "body"
    HEADING = "heading"
    TABLE_CELL = "table_cell"
    LIST_ITEM = "list_item"
    TEXT_BOX = "text_box"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTE = "footnote"
    ENDNOTE = "endnote"
    COMMENT = "comment"
    INSERTED = "inserted"
    DELETED = "deleted"
    FIELD = "field"
    LINK = "link"
    ALT_TEXT = "alt_text"
    METADATA = "metadata"
    HIDDEN = "hidden"
    FORM_VALUE = "form_value"
    ANNOTATION = "annotation"
    ATTACHMENT = "attachment"
    EMAIL_HEADER = "email_header"
    QUOTED = "quoted"
    OCR = "ocr"


class Label(StrEnum):
    """What a finding is. The first group is fixed by the command line's contract; the second is finer and ours."""

    PERSON = "PERSON"
    DOB = "DOB"
    AGE = "AGE"
    DATE = "DATE"
    ADDRESS = "ADDRESS"
    POSTCODE = "POSTCODE"
    LOCATION = "LOCATION"
    SCHOOL = "SCHOOL"
    ORG = "ORG"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    URL = "URL"
    USERNAME = "USERNAME"
    IP = "IP"
    DEVICE = "DEVICE"
    NHS_NUMBER = "NHS_NUMBER"
    NINO = "NINO"
    UPN = "UPN"
    PNC = "PNC"
    PASSPORT = "PASSPORT"
    DRIVING_LICENCE = "DRIVING_LICENCE"
    VEHICLE_REG = "VEHICLE_REG"
    BANK = "BANK"
    CASE_REF = "CASE_REF"
    SPECIAL = "SPECIAL"

    SCHOOL_YEAR = "SCHOOL_YEAR"
    DESCRIPTOR = "DESCRIPTOR"
    ATTRIBUTION = "ATTRIBUTION"
    HEALTH = "HEALTH"
    OFFENCE = "OFFENCE"
    EXPLICIT = "EXPLICIT"
    IMAGE = "IMAGE"
    MANUAL = "MANUAL"


class Action(IntEnum):
    """What happens to a span. A lattice: where spans overlap the greater action wins."""

    KEEP = 0
    GENERALISE = 1
    PSEUDONYM = 2
    MASK = 3
    REMOVE = 4


class Relation(StrEnum):
    """Who a person is in the case."""

    SUBJECT_CHILD = "subject_child"
    SIBLING = "sibling"
    PARENT = "parent"
    FAMILY = "family"
    FOSTER_CARER = "foster_carer"
    OTHER_CHILD = "other_child"
    ALLEGED_PERPETRATOR = "alleged_perpetrator"
    REFERRER = "referrer"
    THIRD_PARTY = "third_party"
    PROFESSIONAL = "professional"
    VISITOR = "visitor"
    DECEASED = "deceased"
    UNKNOWN = "unknown"


class Audience(StrEnum):
    """Who was in the room for a section of the record."""

    OPEN = "open"
    CLOSED = "closed"
    WITHHELD = "withheld"
    PRIVILEGED = "privileged"
    STRATEGY = "strategy"
    OTHER_FAMILY = "other_family"
    INTERNAL = "internal"


class Confidential(StrEnum):
    """What about a person must not reach the other side."""

    IDENTITY = "identity"
    ADDRESS = "address"
    PHONE = "phone"
    PLACEMENT = "placement"
    WORKPLACE = "workplace"


class ReaderKind(StrEnum):
    """What sort of reader a copy is made for."""

    PERSON = "person"
    COURT = "court"
    AGENCY = "agency"
    PUBLIC = "public"
    UNKNOWN = "unknown"
