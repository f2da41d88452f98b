"""What the production server imports: `granian --interface wsgi wsgi:app`."""

import gc
import sys

from app import create_app
from app.config import SettingError
from app.exchange.webhooks.delivering import Terms
from app.exchange.webhooks.working import start
from app.web.workers import (
    is_worker,
    leave_stopping_to_the_server,
    wake_who_waits_at_the_end,
)

leave_stopping_to_the_server()
try:
    app = create_app()
except SettingError as error:
    sys.exit(f"factmark: {error}")

if is_worker():
    wake_who_waits_at_the_end()
    if app.config["WEBHOOK_DELIVERY"]:
        start(app.database, Terms.of(app.config))

# What was made to start stays to the end: the collector need not walk through it ever again.
gc.collect()
gc.freeze()
