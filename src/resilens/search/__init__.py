"""Where do the words stand: in which posts, comments, codings, memos, leads and claims, and which codes go together?"""
