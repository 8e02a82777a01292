"""Names the pages on which a failed check failed, so that only these need to be made in another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import pikepdf

from redactor.model import Action, Document, OnPage, Plan
from redactor.verify import fonts, gone, objects, pictures, report
from redactor.verify.expect import Expected, Phrase
from redactor.verify.fold import Words, joined_lines, words

_DEPTH = 200

Pages = frozenset[int]


class Suspects:
    """Pages of the body, numbered from 0, on which checks failed.

    Args:
        pdf: the finished copy.
        body: pages of the copy that come from the document.
        expectation: what may be read on them.
        texts: what each extractor read, page by page, the whole copy.
        removed: the folded strings that the plan removes from each page of the document; empty where unknown.
    """

    def __init__(
        self,
        pdf: pikepdf.Pdf,
        body: range,
        expectation: Expected,
        texts: Mapping[str, Sequence[str]],
        removed: Mapping[Phrase, Pages],
    ) -> None:
        self._pdf, self._body, self._expected, self._removed = pdf, body, expectation, removed
        self._words = [
            [form for pages in texts.values() for form in (Words([pages[n]]), Words([joined_lines(pages[n])]))]
            for n in body
        ]
        self._reached: list[dict[tuple[int, int], pikepdf.Object]] = []

    def pages(self, failed: Sequence[str], seen: Mapping[str, Sequence[int]], leaks: Sequence[Phrase]) -> Pages:
        """Return the pages that explain every failed check; none where one of them has no page that explains it.

        Args:
            failed: names of the failed checks.
            seen: pages of the copy on which a check saw a fault itself.
            leaks: the removed strings that can be read.
        """
        blamed: Pages = frozenset()
        for name in failed:
            named = frozenset(n - self._body.start for n in seen.get(name, ()) if n in self._body)
            if not named and name in _EXPLAINED:
                named = _EXPLAINED[name](self, leaks)
            if not named:
                return frozenset()
            blamed |= named
        return blamed

    def _text(self, leaks: Sequence[Phrase]) -> Pages:
        blamed: Pages = frozenset()
        for phrase in leaks:
            here = frozenset(n for n, forms in enumerate(self._words) if any(_reads(form, phrase) for form in forms))
            named = here & self._removed.get(phrase, frozenset()) or here
            if not named:
                return frozenset()
            blamed |= named
        return blamed

    def _fragments(self, leaks: Sequence[Phrase]) -> Pages:
        del leaks
        lost, runs = self._expected.lost_words, self._expected.fragments
        return frozenset(
            n
            for n, forms in enumerate(self._words)
            if any(lost & form.vocabulary() or any(run in form for run in runs) for form in forms)
        )

    def _objects(self, leaks: Sequence[Phrase]) -> Pages:
        del leaks
        return self._where(lambda page: objects.places_found(objects.said_by(page), self._expected) > 0)

    def _streams(self, leaks: Sequence[Phrase]) -> Pages:
        del leaks
        return self._where(lambda page: objects.said_by(page).undecodable > 0)

    def _pictures(self, leaks: Sequence[Phrase]) -> Pages:
        del leaks
        return self._where(
            lambda page: any(
                picture is None or gone.seen(pictures.text_of(picture), self._expected)
                for picture in pictures.embedded(page)
            )
        )

    def _fonts(self, leaks: Sequence[Phrase]) -> Pages:
        del leaks
        spare = {key for key, use in fonts.used(self._pdf).items() if fonts.leftovers(use)}
        return frozenset(n for n, reached in enumerate(self._reachable()) if spare & reached.keys())

    def _where(self, faulty: Callable[[list[pikepdf.Object]], bool]) -> Pages:
        return frozenset(n for n, reached in enumerate(self._reachable()) if faulty(list(reached.values())))

    def _reachable(self) -> list[dict[tuple[int, int], pikepdf.Object]]:
        if not self._reached:
            self._reached = [dict(_reach(self._pdf.pages[n].obj)) for n in self._body]
        return self._reached


_EXPLAINED: dict[str, Callable[[Suspects, Sequence[Phrase]], Pages]] = {
    report.TEXT: Suspects._text,
    report.FRAGMENTS: Suspects._fragments,
    report.OBJECTS: Suspects._objects,
    report.STREAMS: Suspects._streams,
    report.PICTURES: Suspects._pictures,
    report.FONTS: Suspects._fonts,
}


def removed_from(document: Document, plan: Plan) -> dict[Phrase, Pages]:
    """Return the pages of the document from which each folded string is removed."""
    found: dict[Phrase, Pages] = {}
    for decision in plan.decisions:
        if decision.action == Action.KEEP:
            continue
        pages = frozenset(
            piece.at.page
            for piece in document.pieces
            if isinstance(piece.at, OnPage) and piece.span.overlaps(decision.span)
        )
        phrase = words(document.text[decision.span.start : decision.span.end])
        for each in (phrase, *((word,) for word in phrase)):
            found[each] = found.get(each, frozenset()) | pages
    return found


def _reads(form: Words, phrase: Phrase) -> bool:
    return phrase in form or "".join(phrase) in form.squeezed()


def _reach(page: pikepdf.Object) -> Iterator[tuple[tuple[int, int], pikepdf.Object]]:
    """Yield every indirect object that a page leads to, itself first, but not its parent."""
    seen = {page.objgen}
    waiting = [(page, _DEPTH)]
    yield page.objgen, page
    while waiting:
        item, depth = waiting.pop()
        for inner in _members(item):
            if not isinstance(inner, pikepdf.Object) or depth <= 0:
                continue
            if inner.is_indirect:
                if inner.objgen in seen:
                    continue
                seen.add(inner.objgen)
                yield inner.objgen, inner
            waiting.append((inner, depth - 1))


def _members(item: pikepdf.Object) -> Iterator[object]:
    if isinstance(item, pikepdf.Array):
        yield from item
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        yield from (item.get(key) for key in item.keys() if key != "/Parent")  # noqa: SIM118
