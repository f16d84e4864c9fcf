"""Headless use: ``python -m playground train | devices | spec``."""

import sys

from playground.cli.main import main

sys.exit(main())
