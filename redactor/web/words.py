"""The words on the screen for what the model calls by a code. One home, so that no page invents its own."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from redactor.access import AccountRole, Permission
from redactor.model import Action, Audience, Confidential, Label, ReaderKind, Relation
from redactor.service.states import ReviewState

ACTIONS = {
    Action.KEEP: "Keep",
    Action.GENERALISE: "Make general",
    Action.PSEUDONYM: "Role or false name",
    Action.MASK: "Black out",
    Action.REMOVE: "Remove",
}
ACTIONS_EXPLAINED = {
    Action.KEEP: "The reader sees it as it stands.",
    Action.GENERALISE: "The reader sees something less exact, such as a month for a date.",
    Action.PSEUDONYM: "The reader sees a role such as [Mother], or a label such as Child A.",
    Action.MASK: "The reader sees that something is hidden, and the reason.",
    Action.REMOVE: "The reader does not see that anything was there.",
}
RELATIONS = {
    Relation.SUBJECT_CHILD: "Child whom the case is about",
    Relation.SIBLING: "Brother or sister",
    Relation.PARENT: "Parent or carer",
    Relation.FAMILY: "Other family",
    Relation.FOSTER_CARER: "Foster carer",
    Relation.OTHER_CHILD: "Child outside the family",
    Relation.ALLEGED_PERPETRATOR: "Alleged perpetrator",
    Relation.REFERRER: "Referrer",
    Relation.THIRD_PARTY: "Third party",
    Relation.PROFESSIONAL: "Professional",
    Relation.VISITOR: "Visitor or observer",
    Relation.DECEASED: "Has died",
    Relation.UNKNOWN: "Not known",
}
CONFIDENTIAL = {
    Confidential.IDENTITY: "Who they are",
    Confidential.ADDRESS: "Address",
    Confidential.PHONE: "Telephone and e-mail",
    Confidential.PLACEMENT: "Placement",
    Confidential.WORKPLACE: "Place of work",
}
READER_KINDS = {
    ReaderKind.PERSON: "Someone of this case",
    ReaderKind.COURT: "A court",
    ReaderKind.AGENCY: "An agency",
    ReaderKind.PUBLIC: "The public (publication)",
}
ROLES = {
    AccountRole.ADMINISTRATOR: "Administrator: looks after accounts, sees no case",
    AccountRole.CHAIR: "Chair: creates cases, reviews, approves and releases",
    AccountRole.MINUTE_TAKER: "Minute-taker: uploads and prepares reviews",
    AccountRole.LAWYER: "Lawyer: reviews, approves and releases",
    AccountRole.REVIEWER: "Reviewer: reviews in cases they are put on",
    AccountRole.REVIEW_AUTHOR: "Review author: prepares learning reviews",
    AccountRole.AUDITOR: "Auditor: reads the record of who did what",
    AccountRole.INFORMATION_OFFICER: "Information officer: breaches, requests for one's own data, registers",
}
PERMISSIONS = {
    Permission.ACCOUNTS_MANAGE: "Look after accounts",
    Permission.AGREEMENT_PUBLISH: "Publish the confidentiality agreement",
    Permission.AUDIT_READ: "Read the organisation's record of who did what",
    Permission.CASE_CREATE: "Create cases",
    Permission.CASE_READ: "See your cases",
    Permission.CASE_EDIT: "Change the people and readers of a case",
    Permission.CASE_MEMBERS: "Say who may know of a case, and close it",
    Permission.CASE_AUDIT: "Read the record of a case",
    Permission.DOCUMENT_ADD: "Upload documents",
    Permission.DOCUMENT_READ: "Read documents",
    Permission.DOCUMENT_ORIGINAL: "Fetch uploads as they came",
    Permission.DOCUMENT_DESTROY: "Destroy documents and choose how long a case is kept",
    Permission.REVIEW_REQUEST: "Ask for a copy for somebody",
    Permission.REVIEW_READ: "Read reviews",
    Permission.REVIEW_AMEND: "Change and complete reviews",
    Permission.REVIEW_APPROVE: "Approve reviews of others",
    Permission.RELEASE_SEND: "Send copies, and see their passwords",
    Permission.RELEASE_READ: "See the copy register",
    Permission.RELEASE_REVOKE: "Take copies back",
    Permission.BREACH_REPORT: "Write down breaches",
    Permission.RIGHTS_MANAGE: "Answer requests for one's own data, and keep the registers",
}
PROFILES = {
    "family_copy": "Family copy: for a parent, carer or child of the case",
    "court_bundle": "Court bundle: family proceedings",
    "court_bundle_criminal": "Court bundle: police and Crown Prosecution Service",
    "third_party_agency": "Partner agency: what it needs and no more",
    "learning_review": "Learning review: nobody can be recognised",
    "subject_access": "Subject access: the person's own data",
}
AUDIENCES = {
    Audience.OPEN: "Everyone who was there",
    Audience.CLOSED: "Closed session",
    Audience.WITHHELD: "Withheld from some who were there",
    Audience.PRIVILEGED: "Legal advice",
    Audience.STRATEGY: "Strategy meeting",
    Audience.OTHER_FAMILY: "About another family",
    Audience.INTERNAL: "Internal",
}
KEYS = (
    ("next", "j", "Next finding"),
    ("previous", "k", "Previous finding"),
    ("accept", "a", "Accept"),
    ("all", "A", "Accept all with the same words"),
    ("reject", "r", "Reject: show it"),
    ("change", "c", "Change the decision or the reason"),
    ("person", "p", "Change the person"),
    ("undo", "u", "Undo"),
    ("redo", "y", "Do again"),
    ("open", "n", "Next undecided"),
    ("hide", "x", "Hide words: choose them word by word with the arrow keys"),
    ("search", "/", "Search and hide"),
    ("forward", "]", "Next page"),
    ("backward", "[", "Previous page"),
    ("complete", "Control+Enter", "Complete the review"),
    ("help", "?", "This list"),
)
SEARCHES = {
    "whole": "Whole words",
    "exact": "Also inside words",
    "fuzzy": "Also misspelt",
    "regex": "Regular expression",
}
STATES = {
    ReviewState.REQUESTED: "Being prepared",
    ReviewState.PROPOSED: "Waiting for review",
    ReviewState.IN_REVIEW: "In review",
    ReviewState.REVIEWED: "Waiting for approval",
    ReviewState.APPROVED: "Approved, not sent yet",
    ReviewState.RELEASED: "Released",
    ReviewState.FAILED: "Failed",
}
STAGES = {
    "reading": "Reading",
    "finding": "Looking for details about people",
    "deciding": "Deciding what this reader may see",
    "redacting": "Taking out what this reader may not see",
    "redacting as pictures": "Making single pages again as pictures",
    "laying out": "Laying out the pages",
    "proving": "Proving that nothing is left behind",
    "sealing": "Locking and signing",
}
LISTS = {
    "always": "Always a detail: find it wherever it stands",
    "never": "Never a detail about anybody",
}
_LABELS = {
    Label.DOB: "Date of birth",
    Label.NHS_NUMBER: "NHS number",
    Label.NINO: "National Insurance number",
    Label.UPN: "Unique pupil number",
    Label.PNC: "Police reference",
    Label.ORG: "Organisation",
    Label.IP: "Network address",
    Label.URL: "Web address",
    Label.EMAIL: "E-mail address",
    Label.PHONE: "Telephone number",
    Label.VEHICLE_REG: "Vehicle registration",
    Label.BANK: "Bank details",
    Label.CASE_REF: "Case reference",
    Label.SPECIAL: "Special category data",
    Label.ATTRIBUTION: "Words that tell the source",
    Label.DESCRIPTOR: "Description of a person",
    Label.EXPLICIT: "Explicit description",
    Label.MANUAL: "Added by hand",
}
_MINUTES_SAID = 90  # above, hours are said
_NOT_SAID = (Label.MANUAL, Label.IMAGE)
_STEPS = {
    "propose": "Proposed by the profile",
    "carry": "Earlier decisions carried over",
    "weigh": "Decided anew after a colleague said what it is",
    "correct": "Said what it is",
    "decide": "Decided",
    "accept": "Accepted",
    "add": "Added",
    "undo": "Undone",
    "redo": "Done again",
    "complete": "Completed",
    "approve": "Approved",
}


def label(found: Label) -> str:
    """Return a finding's label in plain English."""
    return _LABELS.get(found, found.value.replace("_", " ").capitalize())


def label_words(name: str) -> str:
    """Return a kind of detail by its code in plain English."""
    return label(Label(name)) if name in set(Label) else name.replace("_", " ").capitalize()


def labels() -> list[tuple[str, str]]:
    """Return every kind of detail that a reviewer can name, by its words."""
    return sorted(((one.value, label(one)) for one in Label if one not in _NOT_SAID), key=lambda pair: pair[1])


def profile(name: str) -> str:
    """Return a profile's name in plain English; a council's own profile by its own name."""
    return PROFILES.get(name, name.replace("_", " ").capitalize())


def profile_short(name: str) -> str:
    """Return a profile's name without its explanation."""
    return profile(name).split(":")[0]


def step(name: str) -> str:
    """Return what was done to a plan, in plain English."""
    return _STEPS.get(name, name.replace("_", " ").capitalize())


def day(moment: datetime | None) -> str:
    """Return a date as 3 May 2026."""
    return "" if moment is None else f"{moment.day} {moment:%B %Y}"


def iso_day(text: str) -> str:
    """Return 2026-05-03 as 3 May 2026; anything else as it is."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{found.day} {found:%B %Y}"


def minute(moment: datetime | None) -> str:
    """Return a moment as 3 May 2026, 14:05 UTC."""
    return "" if moment is None else f"{day(moment)}, {moment:%H:%M} UTC"


def about(time: timedelta | None) -> str:
    """Return a stretch of time as people say it; empty where it is not known."""
    if time is None:
        return ""
    minutes = round(time.total_seconds() / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < _MINUTES_SAID:
        return f"about {count(minutes, 'minute')}"
    return f"about {count(round(minutes / 60), 'hour')}"


def stage(name: str) -> str:
    """Return what the service is doing, in plain English."""
    return STAGES.get(name, name.capitalize())


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def options() -> dict[str, Any]:
    """Return what the choices on the forms offer: pairs of value and words."""
    return {
        "role_options": [(role.value, text) for role, text in ROLES.items()],
        "relation_options": [(relation.value, text) for relation, text in RELATIONS.items()],
        "confidential_options": [(flag.value, text) for flag, text in CONFIDENTIAL.items()],
        "reader_options": [(kind.value, text) for kind, text in READER_KINDS.items()],
        "action_options": [
            (action.name.lower(), text) for action, text in ACTIONS.items() if action is not Action.KEEP
        ],
        "person_options": lambda people: [(person.id, person.name) for person in people],
        "member_options": lambda accounts: [(account.id, account.name) for account in accounts],
        "reason_options": lambda reasons: [(code, reason.title) for code, reason in reasons.items()],
    }
