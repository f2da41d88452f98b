"""What a batch refers to and what is there already: asked before the batch comes in.

While a batch is checked nothing is asked: the database may be busy with the batch before.
So each batch is looked up first, and finds what the batch before it brought in here, since
that is not in the database yet.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from app.annotations.names import fold
from app.articles.texts import Text
from app.exchange.imports.entries import Entry
from app.exchange.imports.stores import FoundArticle, FoundThing, Pair, Store
from app.exchange.native.lines import (
    AnnotationLine,
    ArticleLine,
    LinkLine,
    RevisionLine,
    SourceLine,
)
from app.kernel.ids import is_id
from app.kernel.offsets import Ruler

Found = TypeVar("Found", FoundArticle, FoundThing)

_CODEPOINTS = 1_000_000
"""How much text one batch loads, and how much is kept at hand between batches."""


@dataclass(slots=True)
class Wanted:
    """The ids and external ids that a batch speaks of."""

    keys: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)

    def add(self, key: str | None, name: object) -> None:
        """Ask for a thing by either; what is no id is nobody's."""
        if key is not None and key not in self.keys and is_id(key):
            self.keys.add(key)
        if isinstance(name, str):
            self.named.add(name)


class Index(Generic[Found]):
    """Things by the id they go out under, by the one they have here, and by external id."""

    def __init__(self) -> None:
        self._by_key: dict[str, Found] = {}
        self._by_id: dict[str, Found] = {}
        self._by_name: dict[str, Found] = {}
        self._brought: list[Found] = []
        self._aliases: dict[str, Found] = {}
        self._own: dict[str, Found] = {}

    def begin(self, found: Iterable[Found]) -> None:
        """Know these, and what the batch before brought; forget the rest."""
        brought: list[Found] = self._brought
        self._brought = []
        self._by_key, self._by_id, self._by_name, self._own = {}, {}, {}, {}
        for one in brought:
            self._know(one)
        for one in found:
            self._know(one)

    def bring(self, found: Found) -> None:
        """Know what comes in now."""
        self._know(found)
        self._brought.append(found)

    def call(self, found: Found, key: str | None) -> None:
        """Let a thing that is here already be found by the id that this file has for it."""
        if key is not None and key not in (found.key, found.id):
            self._aliases[key] = found

    def claim(self, key: str, other: str, owner: str) -> None:
        """Let the owner's thing that goes by the other id be found by this one, in this batch."""
        found = self._by_key.get(other)
        if isinstance(found, FoundThing) and found.author_id == owner:
            self._own[key] = found

    def get(self, key: str | None, name: str | None) -> Found | None:
        """The thing that goes by the id, else the one with the external id."""
        if key is not None:
            for named in (self._own, self._by_key, self._by_id, self._aliases):
                if found := named.get(key):
                    return found
        return self._by_name.get(name) if name is not None else None

    def _know(self, found: Found) -> None:
        self._by_key[found.key] = found
        self._by_id[found.id] = found
        if found.external_id is not None:
            self._by_name[found.external_id] = found


class Known:
    """What is known while a batch comes in."""

    def __init__(self, store: Store, importer: str) -> None:
        self._store, self._importer = store, importer
        self._texts: OrderedDict[tuple[str, int], Text] = OrderedDict()
        self._fresh: set[tuple[str, int]] = set()
        self.articles: Index[FoundArticle] = Index()
        self.annotations: Index[FoundThing] = Index()
        self.links: Index[FoundThing] = Index()
        self.pairs: set[Pair] = set()
        self.sources: set[str] = set()
        self.names: set[str] = set()
        self._brought_pairs: set[Pair] = set()
        self._brought_names: set[str] = set()

    def look(self, batch: Sequence[Entry]) -> int:
        """Ask for all that a batch speaks of; how much of it can come in now.

        That is all of it, unless it speaks of more text than is loaded at a time.
        """
        articles, annotations, links = Wanted(), Wanted(), Wanted()
        sources, names = Wanted(), set[str]()
        for entry in batch:
            others = [other for _, other in entry.once]
            match entry.thing:
                case AnnotationLine() as thing:
                    annotations.add(thing.id, thing.external_id)
                    annotations.keys.update(others)
                    articles.add(thing.article_id, thing.article_external_id)
                case ArticleLine() as thing:
                    articles.add(thing.id, thing.external_id)
                case RevisionLine() as thing:
                    articles.add(thing.article_id, thing.article_external_id)
                case LinkLine() as thing:
                    links.add(thing.id, thing.external_id)
                    links.keys.update(others)
                    annotations.keys.update(others)
                    annotations.add(thing.from_, thing.from_external_id)
                    annotations.add(thing.to, thing.to_external_id)
                case SourceLine() as thing:
                    sources.add(thing.id, None)
                    names.update(map(fold, (thing.name, *thing.aliases)))
        store = self._store
        self.articles.begin(store.articles(list(articles.keys), list(articles.named)))
        self.annotations.begin(store.annotations(list(annotations.keys), list(annotations.named)))
        self.links.begin(store.links(list(links.keys), list(links.named)))
        self._claim(batch)
        self.sources.update(store.sources(list(sources.keys)))
        self.names, self._brought_names = self._brought_names, set()
        self.names |= self.unknown(names)[1]
        self._look_for_pairs(batch)
        return self._load_texts(batch)

    def unknown(self, keys: Iterable[str]) -> tuple[set[str], set[str]]:
        """Of these folded names, those that no source has and those that one has."""
        asked = {key for key in keys if key not in self.names}
        found = set(self._store.names(list(asked))) if asked else set()
        return asked - found, found

    def bring_pair(self, pair: Pair) -> None:
        """Know that these two are linked now."""
        self.pairs.add(pair)
        self._brought_pairs.add(pair)

    def bring_names(self, keys: Iterable[str]) -> None:
        """Know that a source has these names now."""
        self._brought_names.update(keys)
        self.names.update(keys)

    def text_of(self, article: FoundArticle, number: int | None = None) -> Text | None:
        """A text of an article that was looked up or came in, the present one without `number`.

        None where there is no such text.
        """
        key = article.id, number or article.revision
        if key in self._texts:
            self._texts.move_to_end(key)
        return self._texts.get(key)

    def keep_text(self, article: FoundArticle, raw: str, number: int | None = None) -> None:
        """Have this text at hand."""
        number = number or article.revision
        self._texts[article.id, number] = Text(article.id, number, raw, Ruler(raw))
        self._fresh.add((article.id, number))

    def _claim(self, batch: Sequence[Entry]) -> None:
        for entry in batch:
            for key, other in entry.once:
                self.annotations.claim(key, other, self._importer)
                self.links.claim(key, other, self._importer)

    def _look_for_pairs(self, batch: Sequence[Entry]) -> None:
        self.pairs, self._brought_pairs = self._brought_pairs, set()
        lows = set()
        for entry in batch:
            line = entry.thing
            if isinstance(line, LinkLine):
                one = self.annotations.get(line.from_, line.from_external_id)
                other = self.annotations.get(line.to, line.to_external_id)
                if one and other:
                    lows.add(min(one.id, other.id))
        if lows:
            self.pairs |= set(self._store.pairs(list(lows)))

    def _load_texts(self, batch: Sequence[Entry]) -> int:
        self._forget_texts()
        loaded = 0
        for place, entry in enumerate(batch):
            line = entry.thing
            if not isinstance(line, (AnnotationLine, RevisionLine)):
                continue
            article = self.articles.get(line.article_id, line.article_external_id)
            if article is None:
                continue
            number = _number(line) or article.revision
            if (article.id, number) in self._texts:
                continue
            if loaded > _CODEPOINTS:
                return place
            raw = self._store.text(article.id, number)
            if raw is not None:
                self.keep_text(article, raw, number)
                loaded += len(raw)
        return len(batch)

    def _forget_texts(self) -> None:
        """Keep the texts last used, up to the limit, and what the last batch had.

        Some of that may not be in the database yet. A batch is no longer than a line and a bit.
        """
        total = 0
        for key in reversed(list(self._texts)):
            total += len(self._texts[key].text)
            if total > _CODEPOINTS and key not in self._fresh:
                del self._texts[key]
        self._fresh = set()


def _number(line: AnnotationLine | RevisionLine) -> int | None:
    """The text that a line speaks of; None for the present one."""
    return line.number if isinstance(line, RevisionLine) else line.revision
