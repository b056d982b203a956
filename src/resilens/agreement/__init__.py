"""How far do independent coders agree, and where do they not?"""
