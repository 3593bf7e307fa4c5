"""The words around the guide's content: headings, leads, labels. The content itself is in `components/guide/`."""

from typing import Final

GUIDE: Final = "Guide"
TITLE: Final = "How to let a campaign learn, and how to prove that it did."
LEAD: Final = (
    "Plain words for those who send, formulas and sources for those who check. Every piece of advice names what backs it: "
    "a scenario to watch, a chart to read, or a source."
)
CONTENTS: Final = "On this page"

IDEAS: Final = "Three ideas"
IDEAS_LEAD: Final = "They are enough to follow every page."
MEANS: Final = "For a campaign: "

POLICIES: Final = "The policies"
POLICIES_LEAD: Final = (
    "A policy says which line each recipient gets. Each in three sentences: what it does, what its formula says, and when to "
    "use it. In the formulas a and b are lines, t counts the sends, n the sends of a line; argmax is the line with the highest value."
)
SOURCE: Final = "Source: "
AT_WORK: Final = "See it at work"

WORLDS: Final = "Worlds, guardrails and delays"
WORLDS_LEAD: Final = (
    "What a scenario can be made of: how true rates behave, what is promised at every send, and how late replies are."
)
HOW_RATES: Final = "How rates behave"
PROMISES: Final = "Guardrails"
HOW_LATE: Final = "How late conversions are"

GOVERNANCE: Final = "A/B test or bandit?"
GOVERNANCE_LEAD: Final = (
    "A test answers a question for later. A bandit earns while the question is open. Choose by what the answer is for."
)
USE_A_TEST: Final = "Use an A/B test when"
USE_A_BANDIT: Final = "Use a bandit when"
REPORTING: Final = "How to report uplift"

READINGS: Final = "How to read each chart"
READINGS_LEAD: Final = "What a mark stands for, and what misleads. Page by page, from the top."
CAREFUL: Final = "Careful: "

PRACTICE: Final = "Practical guidance"
PRACTICE_LEAD: Final = "Eight habits, in the order in which they pay."

CHECKLIST: Final = "Deployment checklist"
CHECKLIST_LEAD: Final = "Ticks stay in this browser. Take the list along as a file, with what is ticked."
AS_MARKDOWN: Final = "Markdown"
AS_CSV: Final = "CSV"
AS_MARKDOWN_LONG: Final = "The checklist as a Markdown file"
AS_CSV_LONG: Final = "The checklist as a CSV file"
PRINT: Final = "Print"
COUNTED: Final = "{done} of {all} done"
"""The browser puts the numbers in."""
CHECKLIST_FILE: Final = "deployment-checklist"
PART_HEAD: Final = "Part"
ITEM_HEAD: Final = "Item"
MEANS_HEAD: Final = "What it means"
DONE_HEAD: Final = "Done"
YES: Final = "yes"
NO: Final = "no"

FAQ: Final = "What stakeholders ask"
FAQ_LEAD: Final = (
    "Each answer can be watched: the link opens the scenario that shows it, and what to look at is said beside it."
)

PRODUCTION: Final = "Running it for real"
PRODUCTION_LEAD: Final = "What a system around a policy needs, apart from the policy."
LOOP: Final = "The decision loop"
LOOP_LEAD: Final = "One turn of it, each time that something may be decided. After the last step comes the first."

LIMITS: Final = "What it cannot tell you"
LIMITS_LEAD: Final = "A simulation answers the question that was put to it. These are questions it does not answer."

GLOSSARY: Final = "Glossary"
GLOSSARY_LEAD: Final = "Wherever one of these words is dotted on a page, it leads here."

REFERENCES: Final = "References"
REFERENCES_LEAD: Final = (
    "In the order of their authors. No link leaves this site: look a DOI up at doi.org, an arXiv number at arxiv.org."
)

WATCH: Final = "Watch: "
LOOK: Final = "Look at "
CHART: Final = "Chart: "
READ: Final = "Read: "


def cited(reference: str, part: str) -> str:
    """A reference, with the part of it that is meant.

    >>> cited("Scott (2010)", ""), cited("Kohavi, Tang & Xu (2020)", "chapter 2")
    ('Scott (2010)', 'Kohavi, Tang & Xu (2020), chapter 2')
    """
    return f"{reference}, {part}" if part else reference


def done_of(done: int, total: int) -> str:
    """How many items are ticked.

    >>> done_of(3, 19)
    '3 of 19 done'
    """
    return COUNTED.format(done=done, all=total)
