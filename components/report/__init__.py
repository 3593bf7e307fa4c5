"""What a visitor takes away of a page: a report to open or print, all tables, and words to paste.

Pages say what there is (`content`) and offer it (`door`); what becomes of it is the same for all of them. The words,
numbers and figures are those of the page, so nothing is worked out here.
"""
