"""How is a store kept in a database of PostgreSQL with PostGIS?"""
