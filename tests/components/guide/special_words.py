"""Words that a marketer would have to look up: taken from the subject indexes of the books and surveys that the guide cites.

Independent of the glossary, so that a word of these which a text takes up without an entry fails a test. Stems: what
follows them does not matter.
"""

from typing import Final

BANDITS: Final = (
    "adversarial", "algorithm", "annealing", "argmax", "asymptotic", "bayes", "bernoulli", "change point", "change-point",
    "concentration",
    "contextual bandit", "cumulative regret", "cusum", "disjoint model", "dueling", "exploitation", "exploration",
    "explore-then-commit",
    "glr", "greedy action", "horizon", "kullback", "lai-robbins", "linucb", "lower bound", "markov", "minimax", "multi-armed",
    "non-stationar", "nonstochastic", "optimism", "posterior", "probability matching", "pseudo-regret", "regret", "reinforcement",
    "restless", "rotting", "simple regret", "stationar", "sub-gaussian", "top-two", "upper confidence", "value remaining",
)  # fmt: skip
STATISTICS: Final = (
    "alpha level", "anova", "autocorrelation", "bootstrap", "chi-square", "confounding", "confidence interval", "covariate",
    "credible",
    "degrees of freedom", "doubly robust", "effect size", "effective sample", "effective sends", "estimand", "estimator",
    "expected loss",
    "false discovery", "false negative", "false positive", "heteroske", "importance weight", "inverse propensity", "kurtosis",
    "likelihood",
    "marginal", "martingale", "maximum likelihood", "mean squared", "monte carlo", "multiple comparisons", "naive",
    "null hypothesis",
    "off-policy", "overlap", "p-value", "percentile", "prior", "propensit", "quantile", "random walk", "ratio mismatch",
    "regression",
    "sample ratio", "sample-ratio", "self-normalis", "shrinkage", "significan", "simpson", "skewness", "standard deviation",
    "standard error",
    "statistical power", "stratif", "unbiased", "variance", "winsor",
)  # fmt: skip
MARKETING: Final = (
    "a/a test", "attribution", "burn-in", "chance to be best", "churn", "click-through", "cohort", "credit rule",
    "deliverability", "first touch",
    "frequency cap", "funnel", "guardrail", "holdout", "incremental", "last touch", "lookback", "machine open", "minimum share",
    "multi-touch",
    "net value", "stop rule", "throttl", "uplift", "wear-out", "wrap-up",
)  # fmt: skip

SPECIAL: Final = (*BANDITS, *STATISTICS, *MARKETING)

ORDINARY_LETTERS: Final = frozenset(
    {"CSV", "TSV", "XLSX", "PNG", "UTF", "URL", "OK", "MB", "ID", "AM", "PM", "JSON", "HTML", "PDF", "ZIP"}
)
"""Capitals that everybody who sends e-mails knows, or that name a kind of file."""
