"""Promise 1, nothing leaks: the shipped model finds people of every community, and only an untouched model is used.

Promise 3, nothing is hidden without a reason: ordinary words that look like names stay.
"""

from __future__ import annotations

import itertools
import shutil
import socket
from pathlib import Path

import pytest

from redactor import resources
from redactor.detect.names import NameModel, load_pipeline, shape
from redactor.errors import IntegrityFailure, MissingDependency

FOLDER = resources.path("models", "en_safeguarding")

# invented people in invented sentences; the marked name must be covered
PEOPLE = [
    ("english", "Police spoke to «Kelsie Dunthorne» at the door."),
    ("welsh", "The school rang «Angharad Prydderch» about the bus."),
    ("scottish", "«Ruaridh McLatchie» gave his apologies."),
    ("irish", "«Caoilfhionn» told her teacher that she was hungry."),
    ("traveller", "The site manager spoke to «Simey Maughan» about the dogs."),
    ("west african", "«Oluwakemi» said that «Chukwudi» had left the house."),
    ("east african", "Aunt «Fartuun Cabdulle» will collect the children."),
    ("southern african", "«Tinashe Mutsvairo» is worried about the rent."),
    ("pakistani", "Mum told «Shaista Bukhari» that she felt safe."),
    ("bangladeshi", "«Mosharraf Hossain» is the children's uncle."),
    ("indian", "The health visitor saw «Harleen» and «Gurnoor» at home."),
    ("middle eastern", "«Abdulkarim al-Sayyid» asked for an interpreter."),
    ("jewish", "«Shmuel Grossnass» attends the meeting with his wife."),
    ("polish", "«Wieslawa Szczepanska» works nights."),
    ("romanian", "Father, «Gheorghita Vacarescu», was not at home."),
    ("lithuanian", "«Žydrūnas» shouted at the children."),
    ("chinese", "Grandmother «Lau Suk Ching» looks after the baby."),
    ("vietnamese", "A boy called «Duong Van Thinh» went missing."),
    ("caribbean", "«Shantelle Bartley» said dad, «Delroy», had moved out."),
    ("portuguese", "«Conceição» is the aunt."),
    ("lower case", "then «ellie-mae» hit «keiran» and «keiran» cried"),
    ("capitals", "SUBJECT: «DUNTHORNE» «KELSIE»"),
    ("initials", "«KD» to ring the school. SW («T.R.») to visit."),
    ("a word", "«Faith» said that «Summer» had taken her phone."),
]

INNOCENT = [
    "The Core Group will meet in the autumn and may invite the school.",
    "Section 47 enquiries under the Children Act 1989 will be completed.",
    "We hope that the mark will fade by the summer.",
    "The health visitor, the social worker and the police were present.",
    "Mum and dad will attend with the foster carer.",
    "CSC, CAMHS, the MASH and the YJS were invited.",
    "Working Together was followed and the Graded Care Profile was completed.",
]


@pytest.fixture(scope="module")
def model() -> NameModel:
    return NameModel.load(FOLDER)


def _marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    plain, spans, start = "", [], 0
    for c in text:
        if c == "«":
            start = len(plain)
        elif c == "»":
            spans.append((start, len(plain)))
        else:
            plain += c
    return plain, spans


@pytest.mark.parametrize(("group", "sentence"), PEOPLE, ids=[row[0] for row in PEOPLE])
def test_names_of_every_community_are_found(model: NameModel, group: str, sentence: str) -> None:
    text, wanted = _marked(sentence)
    found = model.spans(text)
    for a, b in wanted:
        covered = {i for s in found for i in range(s.start, s.end)}
        assert {i for i in range(a, b) if text[i].isalnum()} <= covered, (text[a:b], found)


@pytest.mark.parametrize("sentence", INNOCENT)
def test_ordinary_words_stay(model: NameModel, sentence: str) -> None:
    assert model.spans(sentence) == ()


def test_spans_are_whole_words_and_do_not_overlap(model: NameModel) -> None:
    text = "\n".join(_marked(row[1])[0] for row in PEOPLE) + "\n(DOB 3.4.2014)\tO’Driscoll-Baptiste's flat, 12b Mill Rd"
    spans = model.spans(text, recall=0.9)
    assert spans
    for s in spans:
        assert not (s.start and text[s.start - 1].isalnum() and text[s.start].isalnum())
        assert not (s.end < len(text) and text[s.end].isalnum() and text[s.end - 1].isalnum())
        assert text[s.start : s.end].strip()
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def test_same_text_same_spans(model: NameModel) -> None:
    text = "\n".join(_marked(row[1])[0] for row in PEOPLE)
    assert model.spans(text) == model.spans(text) == NameModel.load(FOLDER).spans(text)


def test_more_recall_never_finds_fewer_characters(model: NameModel) -> None:
    text = "\n".join(_marked(row[1])[0] for row in PEOPLE)
    sizes = [sum(s.end - s.start for s in model.spans(text, r)) for r in (0.2, 0.5, 0.8, 1.0)]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "…", "\u00ad", "🙂 🙂", "a" * 5000, "x\x00y"])
def test_odd_text_is_survived(model: NameModel, text: str) -> None:
    assert all(0 <= s.start < s.end <= len(text) for s in model.spans(text))


def test_an_altered_file_is_refused(tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "m")
    settings = copy / "safeguarding_names" / "settings.json"
    settings.write_text(settings.read_text().replace("0", "1", 1))
    with pytest.raises(IntegrityFailure):
        NameModel.load(copy)


def test_an_added_file_is_refused(tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "m")
    (copy / "extra.py").write_text("")
    with pytest.raises(IntegrityFailure):
        NameModel.load(copy)


def test_a_missing_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingDependency):
        NameModel.load(tmp_path)


def test_no_socket_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    assert NameModel.load(FOLDER).spans("Kelsie Dunthorne rang.")


def test_it_loads_as_a_spacy_pipeline() -> None:
    document = load_pipeline(FOLDER)("Police spoke to Kelsie Dunthorne.")
    assert [(e.text, e.label_) for e in document.ents] == [("Kelsie Dunthorne", "PERSON")]


def test_training_sees_words_as_the_runtime_does() -> None:
    corpus = pytest.importorskip("models.training.corpus")
    for word in ("Anna", "ANNA", "A", "anna", "McTavish", "14yo", "-", "14", "É"):
        assert corpus.shape(word) == shape(word)
