"""What is the network of segments and streets, and how is it built?"""

from gis.network.build import build
from gis.network.lineage import keep_ids
from gis.network.model import Network, Place

__all__ = ["Network", "Place", "build", "keep_ids"]
