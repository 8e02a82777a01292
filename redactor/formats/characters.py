"""How single characters of an Office file become characters of the canonical text."""

from __future__ import annotations

import re

# Characters that show nothing but break words apart for a search: soft hyphen, zero-width and direction marks, fillers,
# tag characters; and U+FFFC, which stands for a picture in the canonical text and for nothing else.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufffc"
    "\U000e0000-\U000e007f]"
)
_BLANK = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")
PICTURE = "\ufffc"

_SYMBOL_FONTS = ("symbol", "wingdings", "webdings", "zapf dingbats", "zapfdingbats", "mt extra", "marlett")
_WINGDINGS = {
    0x6F: "☐",
    0x71: "☐",
    0x72: "☐",
    0xA8: "☐",
    0xFE: "☒",
    0xFD: "☒",
    0x78: "☒",
    0xFC: "✓",
    0xFB: "✗",
    0xE0: "→",
}
_PRIVATE_USE = 0xF000  # symbol fonts live at this offset (ECMA-376 part 1, 17.3.3.30)


def visible(text: str) -> str:
    """Drop what shows nothing, and turn each white-space control into one blank."""
    return _BLANK.sub(" ", _INVISIBLE.sub("", text)) if not (text.isascii() and text.isprintable()) else text


def symbol(font: str, code: str) -> str:
    """Return one character for a ``w:sym``: letters and digits as themselves, marks by their shape, else a bullet."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if _PRIVATE_USE <= number <= _PRIVATE_USE + 0xFF:
        number -= _PRIVATE_USE
    if font.lower().startswith(("wingdings", "webdings")) and number in _WINGDINGS:
        return _WINGDINGS[number]
    if number > 0xFF and font.lower() not in _SYMBOL_FONTS and number <= 0x10FFFF:
        shown = visible(chr(number)) if not 0xD800 <= number <= 0xDFFF else ""
        return shown if shown.isprintable() else "•"
    letter = chr(number) if number <= 0xFF else ""
    return letter if letter.isalnum() and letter.isascii() else "•"
