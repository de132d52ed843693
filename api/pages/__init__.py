"""Which pages do people see?"""
