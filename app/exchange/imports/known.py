"""What a batch refers to and what is there already: asked in a few statements, held for a batch.

Whatever comes in is told to this too, so that later things of the batch find it.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from app.annotations.names import fold
from app.articles.texts import Text
from app.exchange.imports.stores import FoundArticle, FoundThing, Pair, Store
from app.exchange.native.lines import AnnotationLine, ArticleLine, Line, LinkLine, SourceLine
from app.kernel.ids import is_id
from app.kernel.offsets import Ruler

Found = TypeVar("Found", FoundArticle, FoundThing)

_CODEPOINTS = 2_000_000
"""How much text is kept at hand between batches; the one last used always is."""


@dataclass(slots=True)
class Wanted:
    """The ids and external ids that a batch speaks of."""

    keys: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)

    def add(self, key: str | None, name: object) -> None:
        """Ask for a thing by either; what is no id is nobody's."""
        if key is not None and is_id(key):
            self.keys.add(key)
        if isinstance(name, str):
            self.named.add(name)


@dataclass(slots=True)
class Index(Generic[Found]):
    """Things by the id they go by, and by external id."""

    by_key: dict[str, Found] = field(default_factory=dict)
    by_name: dict[str, Found] = field(default_factory=dict)

    def add(self, found: Found) -> None:
        """Find this one from now on."""
        self.by_key[found.key] = found
        if found.external_id is not None:
            self.by_name[found.external_id] = found

    def get(self, key: str | None, name: str | None) -> Found | None:
        """The thing that goes by the id, else the one with the external id."""
        found = self.by_key.get(key) if key is not None else None
        return found or (self.by_name.get(name) if name is not None else None)


class Known:
    """What is known while a batch comes in."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: OrderedDict[str, Text] = OrderedDict()
        self._total = 0
        self._reset()

    def _reset(self) -> None:
        self.articles: Index[FoundArticle] = Index()
        self.annotations: Index[FoundThing] = Index()
        self.links: Index[FoundThing] = Index()
        self.pairs: set[Pair] = set()
        self.sources: set[str] = set()
        self.names: set[str] = set()

    def look(self, things: Iterable[Line]) -> None:
        """Forget the batch before and ask for all that this one speaks of."""
        self._reset()
        articles, annotations, links = Wanted(), Wanted(), Wanted()
        sources: set[str] = set()
        names: set[str] = set()
        for thing in things:
            match thing:
                case AnnotationLine():
                    annotations.add(thing.id, thing.external_id)
                    articles.add(thing.article_id, thing.article_external_id)
                case ArticleLine():
                    articles.add(thing.id, thing.external_id)
                case LinkLine():
                    links.add(thing.id, thing.external_id)
                    annotations.add(thing.from_, thing.from_external_id)
                    annotations.add(thing.to, thing.to_external_id)
                case SourceLine():
                    sources.update([thing.id] if thing.id and is_id(thing.id) else ())
                    names.update(map(fold, (thing.name, *thing.aliases)))
        self._ask(articles, annotations, links)
        self.sources.update(self._store.sources(list(sources)))
        self.look_for_names(names)

    def look_for_pairs(self, lows: Iterable[str]) -> None:
        """Ask which pairs are linked already, by the lower of their ends."""
        self.pairs.update(self._store.pairs(list(set(lows))))

    def look_for_names(self, keys: Iterable[str]) -> None:
        """Ask which of these folded names have a source."""
        self.names.update(self._store.names([key for key in keys if key not in self.names]))

    def text_of(self, article: FoundArticle) -> Text:
        """The article's present text."""
        if found := self._texts.get(article.id):
            self._texts.move_to_end(article.id)
            return found
        return self.keep_text(article, self._store.text(article.id, article.revision))

    def keep_text(self, article: FoundArticle, raw: str) -> Text:
        """Have this text at hand, and forget those not used for long."""
        text = Text(article.id, article.revision, raw, Ruler(raw))
        self._texts[article.id] = text
        self._total += len(raw)
        while self._total > _CODEPOINTS and len(self._texts) > 1:
            _, gone = self._texts.popitem(last=False)
            self._total -= len(gone.text)
        return text

    def _ask(self, articles: Wanted, annotations: Wanted, links: Wanted) -> None:
        store = self._store
        for article in store.articles(list(articles.keys), list(articles.named)):
            self.articles.add(article)
        for annotation in store.annotations(list(annotations.keys), list(annotations.named)):
            self.annotations.add(annotation)
        for link in store.links(list(links.keys), list(links.named)):
            self.links.add(link)
