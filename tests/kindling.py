"""What every forked server begins with, read once: importing this is enough.

Compressing the static files takes most of the time an application takes to come up the first time; they
are the same for each, and `read_assets` keeps them for whoever is forked from here.
"""

from __future__ import annotations

from lms.app import _static_folders
from lms.core.web.assets import read_assets

read_assets(tuple(_static_folders()))
