"""What the production server imports: `granian --interface wsgi wsgi:app`."""

import sys

from app import create_app
from app.config import SettingError
from app.web.workers import leave_stopping_to_the_server

leave_stopping_to_the_server()
try:
    app = create_app()
except SettingError as error:
    sys.exit(f"factmark: {error}")
