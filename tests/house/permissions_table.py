"""Who may call what: every route, the least that its caller must be, and a request that is good.

Read a line as "to do this you must be at least that":

- `OPEN`: anybody, without a token.
- `SIGNED_IN`: anybody who signed in; nobody else.
- `OWN`: anybody who signed in, for what is their own; others are told there is no such thing.
- `ADMIN`: an administrator of the server.
- a role: a member of the project with this role or a higher one. Who is no member, an
  administrator too, is told there is no such thing.
- `author_or_…`: an annotator or more for what they made themselves, else that role.

A line carries a builder of a request that succeeds for whoever is allowed. It is called anew
for every caller, since some requests can succeed only once. A new room brings a file of lines
in `permissions/` and its name here.
"""

from tests.house.permissions.accounts import ACCOUNTS, SERVER
from tests.house.permissions.articles import ANNOTATIONS, ARTICLES, LINKS, SOURCES
from tests.house.permissions.evidence import EVIDENCE
from tests.house.permissions.exchange import EXCHANGE
from tests.house.permissions.projects import PROJECTS
from tests.house.permissions.releases import RELEASES
from tests.house.permissions.reviews import (
    ADJUDICATION,
    ASSIGNMENTS,
    COMMENTS,
    DECISIONS,
    VERDICTS,
)
from tests.house.permissions.webannotation import WEB_ANNOTATION
from tests.house.permissions.webhooks import WEBHOOKS

TABLE = (
    *SERVER,
    *ACCOUNTS,
    *PROJECTS,
    *ARTICLES,
    *ANNOTATIONS,
    *SOURCES,
    *LINKS,
    *DECISIONS,
    *VERDICTS,
    *COMMENTS,
    *ASSIGNMENTS,
    *ADJUDICATION,
    *EVIDENCE,
    *EXCHANGE,
    *WEBHOOKS,
    *RELEASES,
    *WEB_ANNOTATION,
)
