"""Turn HTTP and the command line into calls of ``gis`` and ``maps``."""
