"""Which commands need maps, pages or passwords?"""
