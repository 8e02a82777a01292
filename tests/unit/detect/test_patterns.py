"""Every recogniser against its table of written forms.

Defends the first promise (nothing leaks) and the third (nothing is hidden without a reason).
"""

from __future__ import annotations

import pytest
from presidio_analyzer import AnalyzerEngine

from redactor.detect import frame
from redactor.detect.candidate import Candidate
from redactor.detect.resolve import resolve
from redactor.model import Label

SPELT = "oh seven seven double oh nine double oh four one seven"
FOUND = [
    (Label.NHS_NUMBER, "NHS number 999 000 0018 given", "999 000 0018"),
    (Label.NHS_NUMBER, "NHS no. 9990000018.", "9990000018"),
    (Label.NHS_NUMBER, "his NHS 999-000-0018", "999-000-0018"),
    (Label.NHS_NUMBER, "NHS number 999 000 0017 given", "999 000 0017"),
    (Label.NINO, "NI number QQ 12 34 56 C.", "QQ 12 34 56 C"),
    (Label.NINO, "NINO AB123456C", "AB123456C"),
    (Label.UPN, "UPN H801200001001", "H801200001001"),
    (Label.UPN, "ULN 1234567890", "1234567890"),
    (Label.PNC, "PNC 2012/0123456X", "2012/0123456X"),
    (Label.PNC, "CRO 12345/08Y on file", "12345/08Y"),
    (Label.CASE_REF, "crime ref 55230012345", "55230012345"),
    (Label.CASE_REF, "crime 14/23456/24 closed", "14/23456/24"),
    (Label.CASE_REF, "see CAD 1234 of 3 May", "1234 of 3 May"),
    (Label.CASE_REF, "log 417 refers", "417"),
    (Label.CASE_REF, "incident 55-240323-0417", "55-240323-0417"),
    (Label.CASE_REF, "MP/24/01187 opened", "MP/24/01187"),
    (Label.CASE_REF, "Case No: BH24C50117", "BH24C50117"),
    (Label.CASE_REF, "in SE23C50417 the court", "SE23C50417"),
    (Label.CASE_REF, "ZW24P00123", "ZW24P00123"),
    (Label.CASE_REF, "LCS 1048827", "1048827"),
    (Label.CASE_REF, "Mosaic no. 2318805", "2318805"),
    (Label.CASE_REF, "hospital number RD1234567", "RD1234567"),
    (Label.CASE_REF, "PC 4471 took the call", "4471"),
    (Label.CASE_REF, "collar number 2214", "2214"),
    (Label.CASE_REF, "Social Work England SW104877", "SW104877"),
    (Label.CASE_REF, "NMC PIN 12A3456E", "12A3456E"),
    (Label.CASE_REF, "NRM ref NRM-C-20245511", "NRM-C-20245511"),
    (Label.PASSPORT, "his passport (C7730918) was gone", "C7730918"),
    (Label.PASSPORT, "passport no 123456789", "123456789"),
    (Label.DRIVING_LICENCE, "licence MORGA657054SM9IJ", "MORGA657054SM9IJ"),
    (Label.VEHICLE_REG, "a grey car, YK19 XPB", "YK19 XPB"),
    (Label.VEHICLE_REG, "LM65OXP seen", "LM65OXP"),
    (Label.VEHICLE_REG, "partial plate HJ12", "HJ12"),
    (Label.VEHICLE_REG, "old van R482 KLM", "R482 KLM"),
    (Label.BANK, "10-88-00 00012345", "10-88-00 00012345"),
    (Label.BANK, "sort code 108800 account 00012345", "00012345"),
    (Label.BANK, "card 5555 5555 5555 4444", "5555 5555 5555 4444"),
    (Label.PHONE, "ring 07700 900417 please", "07700 900417"),
    (Label.PHONE, "07700900417", "07700900417"),
    (Label.PHONE, "on +44 7700 900192", "+44 7700 900192"),
    (Label.PHONE, "0 7 7 0 0 9 0 0 4 1 7", "0 7 7 0 0 9 0 0 4 1 7"),
    (Label.PHONE, "01632 960 233 ext 214", "01632 960 233 ext 214"),
    (Label.PHONE, SPELT, SPELT),
    (Label.EMAIL, "write to g.hart@legal.example", "g.hart@legal.example"),
    (Label.URL, "see https://insta.example/p/abc_1", "https://insta.example/p/abc_1"),
    (Label.URL, "www.friends.example/me", "www.friends.example/me"),
    (Label.USERNAME, "her account is chlo_wxyz", "chlo_wxyz"),
    (Label.USERNAME, "Snapchat: jay.b2011", "jay.b2011"),
    (Label.USERNAME, "as @northside.kid on there", "@northside.kid"),
    (Label.IP, "log-in from 198.51.100.23", "198.51.100.23"),
    (Label.IP, "2001:db8:0:0:0:0:0:1", "2001:db8:0:0:0:0:0:1"),
    (Label.DEVICE, "IMEI 490154203237518", "490154203237518"),
    (Label.DEVICE, "00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5E"),
    (Label.LOCATION, "at ///filled.count.soap", "///filled.count.soap"),
    (Label.POSTCODE, "postcode M12 9ZZ", "M12 9ZZ"),
    (Label.POSTCODE, "the BH13 area", "BH13"),
    (Label.ADDRESS, "lives at 14 Nelson Close, Weymouth DT4 9QX with", "14 Nelson Close, Weymouth DT4 9QX"),
    (Label.ADDRESS, "at Flat 3, 8 Cemetery Road", "Flat 3, 8 Cemetery Road"),
    (Label.ADDRESS, "Caller was at number 16.", "number 16"),
    (Label.ADDRESS, "the flat above the chip shop on Market Street", "the flat above the chip shop on Market Street"),
    (Label.ADDRESS, "112 Gipsy Lane, Harehills, LS9 6PR", "112 Gipsy Lane, Harehills, LS9 6PR"),
    (Label.ADDRESS, "44 manor road", "44 manor road"),
    (Label.DOB, "DOB 02/09/2016", "02/09/2016"),
    (Label.DOB, "(D.O.B. 06/04/2015)", "06/04/2015"),
    (Label.DOB, "born 11 May 1984", "11 May 1984"),
    (Label.DOB, "EDD 30/07/2024", "30/07/2024"),
    (Label.DOB, "She died on 4 June 2019", "4 June 2019"),
    (Label.AGE, "aged 14", "14"),
    (Label.AGE, "a 6yo boy", "6"),
    (Label.AGE, "turned fifteen", "fifteen"),
    (Label.AGE, "an 11-year-old", "11"),
    (Label.AGE, "6 months old", "6 months"),
    (Label.AGE, "her children 3, 5 and 9", "3, 5 and 9"),
    (Label.SCHOOL_YEAR, "in Year 8 at school", "Year 8"),
    (Label.SCHOOL_YEAR, "Yr 10", "Yr 10"),
    (Label.DATE, "On 14 May 2024 they met", "14 May 2024"),
    (Label.DATE, "by 24/05/24", "24/05/24"),
    (Label.DATE, "on 3rd June", "3rd June"),
    (Label.DATE, "since February", "February"),
    (Label.DATE, "in November 2022", "November 2022"),
    (Label.DATE, "on 28/5 at noon", "28/5"),
    (Label.DATE, "seen on Fri 13th again", "13th"),
    (Label.DATE, "in May she left", "May"),
    (Label.VEHICLE_REG, "a white van, CP15 something", "CP15"),
    (Label.VEHICLE_REG, "his car ends in 4GX", "4GX"),
    (Label.DATE, "ar 3ydd o Fai 2024", "3ydd o Fai 2024"),
    (Label.DATE, "cyfarfod 1af Mehefin", "1af Mehefin"),
    (Label.DOB, "was born in April 2011", "April 2011"),
    (Label.DOB, "dob 030411", "030411"),
    (Label.AGE, "aged 3y 4m", "3y 4m"),
    (Label.AGE, "the 9-month-old", "9-month"),
    (Label.AGE, "at 18 months she had six words", "18 months"),
    (Label.AGE, "a girl of about 16 got out", "16"),
    (Label.SCHOOL_YEAR, "in 9B at school", "9B"),
    (Label.SCHOOL_YEAR, "Year Nine", "Year Nine"),
    (Label.SCHOOL_YEAR, "Blwyddyn 9", "Blwyddyn 9"),
    (Label.POSTCODE, "They have moved within BH7 and like it.", "BH7"),
    (Label.POSTCODE, "somewhere in DT4.", "DT4"),
    (Label.PHONE, "or 01632/960/123", "01632/960/123"),
    (Label.PHONE, "07700 then 900 then 417", "07700 then 900 then 417"),
    (Label.PHONE, "on 07700 900417/418 today", "07700 900417/418"),
    (Label.EMAIL, "jade.b2011 (at) mail.example", "jade.b2011 (at) mail.example"),
    (Label.EMAIL, "jade dot barlow at mail dot com", "jade dot barlow at mail dot com"),
    (Label.USERNAME, "goes by LilDre07 on TikTok", "LilDre07"),
    (Label.VEHICLE_REG, "reg BX 21 KLM", "BX 21 KLM"),
    (Label.CASE_REF, "URN: 55 SA 12345 24", "55 SA 12345 24"),
    (Label.CASE_REF, "Incident 0417 of 12/06/24", "0417 of 12/06/24"),
    (Label.CASE_REF, "MARAC case 34/2024", "34/2024"),
    (Label.CASE_REF, "exhibit KB/1", "KB/1"),
    (Label.UPN, "UPN: A 801 2000 0100 1", "A 801 2000 0100 1"),
    (Label.UPN, "Unique Learner Number 6012345678", "6012345678"),
    (Label.NHS_NUMBER, "NHS No.: 999 OOO 0018", "999 OOO 0018"),
    (Label.NHS_NUMBER, "999 000 00 18 (NHS)", "999 000 00 18"),
    (Label.PNC, "PNC ID: 2012 / 0123456 X", "2012 / 0123456 X"),
    (Label.LOCATION, "found at filled.count.soap (what3words)", "filled.count.soap"),
    (Label.ADDRESS, "the end house on Penrose Crescent", "the end house on Penrose Crescent"),
    (Label.ADDRESS, "two doors down from the Londis on Mill Lane", "two doors down from the Londis on Mill Lane"),
    (Label.ADDRESS, "1 Ffordd y Mynydd, Bangor", "1 Ffordd y Mynydd, Bangor"),
    (Label.ADDRESS, "23 Heol-y-Bont, Aberystwyth SY23 1AB", "23 Heol-y-Bont, Aberystwyth SY23 1AB"),
]  # fmt: skip

NOT_FOUND = [
    "Section 47 of the Children Act 1989 and section 17",
    "The meeting began at 10.30 and ended at 12.15 on Tuesday",
    "Attendance was 81.4% with 23 late marks",
    "Scored 7/10 for safety; 3 of 4 sessions attended",
    "He owes £18,000 and pays £400 a month",
    "She may come back if she will agree to the plan",
    "In 2019 and 2020 the service was stretched",
    "Room 3 and via Teams",
    "Working Together 2023, Tier 3, Level 4",
    "It takes two to tango, and four weeks to decide",
    "The plan was reviewed 3 times in 6 weeks",
    "young people under the age of 18 and adults aged over 65",
    "His house is on the right, the flat is fine",
    "charset utf-8",
]


@pytest.fixture(scope="module")
def analyzer() -> AnalyzerEngine:
    return frame.engine()


@pytest.mark.parametrize(("label", "text", "detail"), FOUND)
def test_written_form_is_found(analyzer: AnalyzerEngine, label: Label, text: str, detail: str) -> None:
    found = resolve(text, frame.identifiers(analyzer, text))
    assert (label, detail) in {(each.label, text[each.start : each.end]) for each in found}


@pytest.mark.parametrize("text", NOT_FOUND)
def test_innocent_words_are_left(analyzer: AnalyzerEngine, text: str) -> None:
    found = [text[each.start : each.end] for each in frame.identifiers(analyzer, text) if each.score >= 0.5]
    assert found == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("NHS number 999 000 0018", "NHS number 999 000 0017"),
        ("card 5555 5555 5555 4444", "card 5555 5555 5555 4445"),
        ("IMEI 490154203237518", "IMEI 490154203237519"),
    ],
)
def test_failed_check_lowers_the_score_and_keeps_the_finding(analyzer: AnalyzerEngine, good: str, bad: str) -> None:
    def best(text: str) -> float:
        return max(each.score for each in frame.identifiers(analyzer, text))

    assert 0 < best(bad) <= best(good)
    assert best(good) >= 0.98


def test_a_number_ends_where_its_paragraph_ends(analyzer: AnalyzerEngine) -> None:
    text = "Ring 01632 960 471\n7. Decision\n"
    found = [text[each.start : each.end] for each in frame.identifiers(analyzer, text) if each.label is Label.PHONE]
    assert found == ["01632 960 471"]


def test_only_our_own_recognisers_are_registered(analyzer: AnalyzerEngine) -> None:
    modules = {type(recogniser).__module__ for recogniser in analyzer.registry.recognizers}
    assert modules and all(module.startswith("redactor.detect.") for module in modules)


def test_long_text_is_read_to_its_end(analyzer: AnalyzerEngine) -> None:
    text = "Nothing of note was said in this part of the meeting.\n" * 400 + "ring 07700 900417\n"
    found = frame.identifiers(analyzer, text)
    assert [text[each.start : each.end] for each in found if each.label is Label.PHONE] == ["07700 900417"]


def test_parts_of_one_date_are_one_finding() -> None:
    text = "(DOB on file 17.2.76). Seen 3/4 and 5/4."
    parts = [Candidate(13, 17, Label.DATE, 0.89, "model", ""), Candidate(18, 20, Label.DATE, 0.8, "rules", "")]
    others = [Candidate(28, 31, Label.DATE, 0.9, "model", ""), Candidate(36, 39, Label.DATE, 0.9, "model", "")]
    found = [text[each.start : each.end] for each in resolve(text, [*parts, *others])]
    assert found == ["17.2.76", "3/4", "5/4"]
