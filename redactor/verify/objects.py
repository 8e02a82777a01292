"""Walks every object of a PDF: strings, names, keys, decoded streams, and what is coded inside them."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pikepdf
from lxml import etree

from redactor.limits import PDF_STREAM_BYTES
from redactor.verify.expect import Expected, Phrase, without_generated
from redactor.verify.fold import Words, fold
from redactor.verify.outlines import instructions, without_outlines
from redactor.verify.vocabulary import GRAMMAR

_PICTURE_FILTERS = frozenset({"/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"})
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{12,}={0,2}")
_HEXADECIMAL = re.compile(rb"(?:[0-9A-Fa-f]{2}\s?){6,}")
# Readable stretches of what is no text as a whole; shorter ones turn up by chance in glyph numbers.
_CODED_RUN = re.compile(rb"[\x20-\x7e\xc0-\xff]{6,}")
_CODED_WIDE_RUN = re.compile(rb"(?:[\x00-\x04][\x00-\xff]){4,}")
# A string may hold a percent sign, so strings are passed over; what cannot be told apart counts as a remark.
_REMARK = re.compile(rb"\((?:[^()\\]|\\.)*+\)|(%[^\r\n]*)", re.DOTALL)
_PRINTABLE_SHARE = 0.85
_SAMPLE = 4096
_DEPTH = 200
_RAW_LETTERS = 6  # shorter strings turn up by chance in compressed bytes
_ANYWHERE_LETTERS = 9
_WORD_LETTERS = 3
_NOTICE_LETTERS = 5  # of a single word: shorter ones turn up by chance in a font's outlines
_ANY_LANGUAGE = "x-default"  # XMP specification part 1, 8.2.2.4: the alternative for readers of any language
# Character collections (ISO 32000-2, 9.7.3, and Adobe Technical Note 5094): every font with a map names one.
_COLLECTION_KEYS = frozenset({"/Registry", "/Ordering"})
_COLLECTIONS = frozenset({"Adobe", "Identity", "UCS", "GB1", "CNS1", "Japan1", "Japan2", "Korea1", "KR", "Manga1"})
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?")  # BCP 47, two-letter languages
_STANDARD_PAIR = re.compile(rb"(/Lang|/Registry|/Ordering)\s*\(([^()\\]*)\)")
_YEAR = 4  # digits; every font names the years of its making


@dataclass(slots=True)
class Contents:
    """What the walk found.

    Args:
        texts: every string, decoded in all ways that fit.
        names: every name and key.
        dumps: streams that are text themselves: drawing operators, metadata, maps.
        shown: text operands of content streams, joined per text object so that kerning does not hide words.
        notices: readable stretches of binary streams, such as a font's copyright line.
        binaries: lower-cased bytes of streams that are not text.
        undecodable: streams that could not be decoded and are not pictures.
    """

    objects: int = 0
    texts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    dumps: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    binaries: list[bytes] = field(default_factory=list)
    undecodable: int = 0
    stream_bytes: int = 0


def walk(pdf: pikepdf.Pdf) -> Contents:
    """Collect all that every object of the file says, reachable or not."""
    contents = said_by(pdf.objects)
    _collect(pdf.trailer, contents, _DEPTH, top=True)
    return contents


def said_by(items: Iterable[pikepdf.Object]) -> Contents:
    """Collect all that some objects say."""
    contents = Contents()
    for item in items:
        contents.objects += 1
        _collect(item, contents, _DEPTH, top=True)
    return contents


def _collect(item: pikepdf.Object | None, contents: Contents, depth: int, *, top: bool = False) -> None:
    if depth <= 0:
        contents.undecodable += 1
        return
    if not isinstance(item, pikepdf.Object) or (item.is_indirect and not top):
        return
    if isinstance(item, pikepdf.String):
        contents.texts.extend(decodings(bytes(item)))
    elif isinstance(item, pikepdf.Name):
        contents.names.append(str(item)[1:])
    elif isinstance(item, pikepdf.Array):
        for inner in item:
            _collect(inner, contents, depth - 1)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for key in item.keys():  # noqa: SIM118 - a stream iterates only through its keys
            contents.names.append(str(key)[1:])
            if not _is_syntax(key, item.get(key)):
                _collect(item.get(key), contents, depth - 1)
        if isinstance(item, pikepdf.Stream):
            _stream(item, contents)


def _is_syntax(key: object, value: object) -> bool:
    """Say whether a string is one of those that a standard lists for its place, and so says nothing of anybody."""
    return isinstance(value, pikepdf.String) and _is_listed(str(key), str(value))


def _is_listed(key: str, value: str) -> bool:
    if key in _COLLECTION_KEYS:
        return value in _COLLECTIONS
    return key == "/Lang" and _LANGUAGE_TAG.fullmatch(value) is not None


def _unless_syntax(pair: re.Match[bytes]) -> bytes:
    key, value = (group.decode("latin-1") for group in pair.groups())
    return pair[1] if _is_listed(key, value) else pair[0]


def _stream(stream: pikepdf.Stream, contents: Contents) -> None:
    filters = stream.get("/Filter")
    names = {str(filters)} if isinstance(filters, pikepdf.Name) else {str(name) for name in filters or ()}
    if names & _PICTURE_FILTERS:
        contents.binaries.append(stream.read_raw_bytes().lower())
        return
    try:
        decoded = stream.read_bytes()
    except (pikepdf.PdfError, pikepdf.DataDecodingError, zlib.error, ValueError):
        contents.undecodable += 1
        return
    contents.stream_bytes += len(decoded)
    if contents.stream_bytes > PDF_STREAM_BYTES:
        contents.undecodable += 1
        return
    kind = str(stream.get("/Subtype", ""))
    if kind == "/Image":
        contents.binaries.append(decoded.lower())
        return
    if not _is_text(decoded):
        contents.binaries.append(decoded.lower())
        contents.notices.extend(_font_names(decoded))
        return
    drawing = kind == "/Form" or "/Type" not in stream
    decoded = _STANDARD_PAIR.sub(_unless_syntax, without_outlines(decoded) if drawing else decoded)
    contents.dumps.append(decoded.decode("latin-1"))
    if any(byte > 127 for byte in decoded[:_SAMPLE]):
        contents.dumps.append(decoded.decode("utf-8", "replace"))
    contents.texts.extend(coded(decoded))
    contents.texts.extend(match[1].decode("latin-1") for match in _REMARK.finditer(decoded) if match[1])
    if str(stream.get("/Type", "")) == "/Metadata":
        contents.texts.extend(_said_in_metadata(decoded))
    if drawing:
        contents.shown.extend(shown_text(stream))


def _said_in_metadata(decoded: bytes) -> list[str]:
    """Return what a metadata stream says, without the names of its elements; all of it where it is no XML."""
    try:
        tree = etree.fromstring(decoded, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return [decoded.decode("utf-8", "replace")]
    said = [text for element in tree.iter() for text in (element.text, element.tail) if text]
    values = (str(value) for element in tree.iter() for value in element.attrib.values())
    return said + [value for value in values if value != _ANY_LANGUAGE]


def _is_text(decoded: bytes) -> bool:
    sample = decoded[:_SAMPLE]
    printable = sum(1 for byte in sample if 32 <= byte < 127 or byte in (9, 10, 13))
    return not sample or printable / len(sample) >= _PRINTABLE_SHARE


def decodings(raw: bytes) -> Iterator[str]:
    """Yield a string's text in every encoding that it may be meant in."""
    if raw.startswith((b"\xfe\xff", b"\xff\xfe")):
        yield raw.decode("utf-16", "replace")
        return
    yield raw.decode("latin-1")
    if any(byte > 127 for byte in raw):
        yield raw.decode("utf-8", "replace")
    if len(raw) >= 4 and len(raw) % 2 == 0 and b"\x00" in raw:
        yield raw.decode("utf-16-be", "replace")
        yield raw.decode("utf-16-le", "replace")
    yield from coded(raw)


def coded(raw: bytes) -> Iterator[str]:
    """Yield what base64 or hexadecimal runs say, when they say something printable."""
    for match in _BASE64.finditer(raw):
        run = match.group()
        for shift in range(4):
            piece = run[shift:]
            try:
                plain = base64.b64decode(piece[: len(piece) // 4 * 4])
            except (binascii.Error, ValueError):
                continue
            if plain and _is_text(plain):
                yield plain.decode("latin-1")
    for match in _HEXADECIMAL.finditer(raw):
        digits = re.sub(rb"\s", b"", match.group())
        plain = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
        if _is_text(plain):
            yield plain.decode("latin-1")
        else:
            yield from (run.group().decode("latin-1") for run in _CODED_RUN.finditer(plain))
            yield from (run.group().decode("utf-16-be") for run in _CODED_WIDE_RUN.finditer(plain))


def _font_names(decoded: bytes) -> Iterator[str]:
    """Yield the readable runs of a binary stream's head: font names, notices, image comments."""
    for match in re.finditer(rb"[\x20-\x7e]{4,}", decoded[: 16 * _SAMPLE]):
        yield match.group().decode("ascii")
    for match in re.finditer(rb"(?:\x00[\x20-\x7e]){4,}", decoded):
        yield match.group().decode("utf-16-be")


def shown_text(stream: pikepdf.Stream) -> Iterator[str]:
    """Yield the text operands of a content stream, read as bytes and as double bytes."""
    try:
        operations = instructions(stream)
    except (pikepdf.PdfError, pikepdf.PdfParsingError, TypeError):
        return
    joined: list[bytes] = []
    for operation in operations:
        if isinstance(operation, pikepdf.ContentStreamInlineImage):
            continue
        operands = list(operation.operands)
        if len(operands) == 2 and isinstance(operands[0], pikepdf.Name) and _is_syntax(operands[0], operands[1]):
            continue
        for operand in operands:
            if isinstance(operand, pikepdf.String):
                joined.append(bytes(operand))
            elif isinstance(operand, pikepdf.Array):
                joined.append(b"".join(bytes(part) for part in operand if isinstance(part, pikepdf.String)))
            elif isinstance(operand, pikepdf.Dictionary):
                for value in _strings(operand, _DEPTH):
                    yield from decodings(value)
    if joined:
        yield b" ".join(joined).decode("latin-1")
        yield b"".join(part for part in joined if len(part) % 2 == 0).decode("utf-16-be", "replace")


def _strings(item: pikepdf.Object | None, depth: int) -> Iterator[bytes]:
    if depth <= 0:
        return
    if isinstance(item, pikepdf.String):
        yield bytes(item)
    elif isinstance(item, pikepdf.Array):
        for inner in item:
            yield from _strings(inner, depth - 1)
    elif isinstance(item, pikepdf.Dictionary):
        for key in item.keys():  # noqa: SIM118
            yield str(key)[1:].encode()
            if not _is_syntax(key, item.get(key)):
                yield from _strings(item.get(key), depth - 1)


def places_found(contents: Contents, expected: Expected) -> int:
    """Return how many removed strings that stand nowhere in the expected text are in some object."""
    telling = [t for t in expected.targets if not t.tiny and not t.everyday]
    phrases = [t.words for t in telling if not expected.allowed(t.words, pages=1)]
    phrases = [p for p in phrases if p not in expected.marks and (p not in expected.furniture or len(p) > 1)]
    windows = [window for target in expected.targets for window in target.windows]
    # A coarser date beside any small number reads like the exact one where things are drawn out of order; whether
    # it stands there on the page is for the extractors to say.
    coarser = [phrase for phrase in phrases if _is_coarsened(phrase, expected)]
    exact = [phrase for phrase in phrases + windows if phrase not in set(coarser)]
    return found_in(contents, exact, kept=expected.kept) + found_in(contents, coarser, drawn=False, kept=expected.kept)


def _is_coarsened(phrase: Phrase, expected: Expected) -> bool:
    """Say whether replacements say all of a removed string but a small number."""
    rest = [word for word in phrase if word not in expected.replacements]
    return len(rest) < len(phrase) and all(word.isdigit() and len(word) < _WORD_LETTERS for word in rest)


def found_in(contents: Contents, phrases: Sequence[Phrase], *, drawn: bool = True, kept: Words | None = None) -> int:
    """Return how many of the folded phrases are in some object.

    Args:
        contents: what the objects say.
        phrases: what to look for.
        drawn: False leaves out what content streams draw.
        kept: what may be read. Streams draw words in pieces, so letters that stand in it inside longer words tell
            nothing where they are only found without regard to what divides them.
    """
    if not phrases:
        return 0
    shown = contents.shown if drawn else ()
    plain = (Words(contents.texts), _drawn(text for text in shown if _is_readable(text)))
    by_number = _drawn(text for text in shown if not _is_readable(text))
    named, dumped, noted = _foreign(contents.names), _foreign(contents.dumps), Words(contents.notices)
    blobs = b"\n".join(contents.binaries)
    found = 0
    for phrase in phrases:
        letters = "".join(phrase)
        if len(letters) < _WORD_LETTERS:
            continue
        number = letters.isdigit()
        # Fonts with numbers of their own draw what spells short words by chance.
        said = (*plain, by_number) if len(letters) >= _RAW_LETTERS else plain
        # Drawing operators are full of numbers, fonts of years, and every PDF of its own grammar.
        places = said if number or letters in GRAMMAR else (*said, named, dumped)
        by_chance = (number and len(letters) <= _YEAR) or (len(phrase) == 1 and len(letters) < _NOTICE_LETTERS)
        places = places if by_chance or letters in GRAMMAR else (*places, noted)
        found += any(phrase in place for place in places) or (
            len(letters) >= _RAW_LETTERS
            and letters not in GRAMMAR
            and (
                ((kept is None or letters not in kept.squeezed()) and _squeezed(letters, places))
                or (not number and _in_bytes(phrase, blobs))
            )
        )
    return found


def _is_readable(shown: str) -> bool:
    """Say whether what is drawn is spelt in letters, not in the numbers of a font's glyphs."""
    return sum(map(str.isprintable, shown)) >= _PRINTABLE_SHARE * len(shown)


def _drawn(shown: Iterable[str]) -> Words:
    """Return the words that are drawn, without what the redactors themselves write."""
    kept = Words()
    for text in shown:
        kept.extend(without_generated(Words([text]).sequence))
    return kept


def _foreign(texts: Iterable[str]) -> Words:
    """Return the words that are not a PDF's own grammar."""
    kept = Words()
    for text in texts:
        kept.extend(word for word in plain_words(text) if word not in GRAMMAR)
    return kept


def _squeezed(letters: str, places: Iterable[Words]) -> bool:
    """Look for letters whatever stands between them; short ones only where a word begins and one ends."""
    whole_words = len(letters) < _ANYWHERE_LETTERS
    return any(place.count_squeezed(letters, whole_words=whole_words) for place in places)


def _in_bytes(phrase: Phrase, lowered: bytes) -> bool:
    """Search binary streams for the phrase in one, two and two reversed bytes a letter."""
    return any(
        spelt.encode(encoding) in lowered
        for spelt in {" ".join(phrase), "".join(phrase)}
        for encoding in ("utf-8", "utf-16-be", "utf-16-le")
    )


def plain_words(text: str) -> Phrase:
    """Return a needle's folded words."""
    return tuple(re.findall(r"[^\W_]+", fold(text)))
