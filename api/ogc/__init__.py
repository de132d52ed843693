"""How does the inventory speak OGC API – Features?"""
