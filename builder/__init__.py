"""figpages: a static site generator for scientific figure pages.

The modules read in the order in which data flows: ``read``, ``catalog``, ``plan``,
``render``, ``write``, ``publish``; ``pipeline`` ties them together and ``cli`` calls it.
"""

__version__ = "0.1.0"
