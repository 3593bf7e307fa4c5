"""Where it comes from: books and papers with all that is needed to find them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Reference:
    """A source; `cited` is how texts name it, `found` is a DOI, an ISBN or an arXiv number, or says why there is none."""

    key: str
    cited: str
    authors: str
    year: int
    title: str
    where: str
    found: str


_LISTED = (
    Reference(
        "agarwal-2016",
        "Agarwal et al. (2016)",
        (
            "Agarwal, A., Bird, S., Cozowicz, M., Hoang, L., Langford, J., Lee, S., Li, J., Melamed, D., "
            "Oshri, G., Ribas, O., Sen, S. and Slivkins, A."
        ),
        2016,
        "Making Contextual Decisions with Low Technical Debt",
        "Preprint",
        "arXiv:1606.03966",
    ),
    Reference(
        "agrawal-2013",
        "Agrawal & Goyal (2013)",
        "Agrawal, S. and Goyal, N.",
        2013,
        "Thompson Sampling for Contextual Bandits with Linear Payoffs",
        "Proceedings of the 30th International Conference on Machine Learning, PMLR 28(3), 127–135",
        "arXiv:1209.3352",
    ),
    Reference(
        "auer-2002",
        "Auer, Cesa-Bianchi & Fischer (2002)",
        "Auer, P., Cesa-Bianchi, N. and Fischer, P.",
        2002,
        "Finite-time Analysis of the Multiarmed Bandit Problem",
        "Machine Learning 47(2–3), 235–256",
        "doi:10.1023/A:1013689704352",
    ),
    Reference(
        "auer-2002b",
        "Auer, Cesa-Bianchi, Freund & Schapire (2002)",
        "Auer, P., Cesa-Bianchi, N., Freund, Y. and Schapire, R. E.",
        2002,
        "The Nonstochastic Multiarmed Bandit Problem",
        "SIAM Journal on Computing 32(1), 48–77",
        "doi:10.1137/S0097539701398375",
    ),
    Reference(
        "besson-2019",
        "Besson & Kaufmann (2019)",
        "Besson, L. and Kaufmann, E.",
        2019,
        (
            "The Generalized Likelihood Ratio Test Meets klUCB: An Improved Algorithm for Piece-Wise "
            "Non-Stationary Bandits"
        ),
        "Preprint",
        "arXiv:1902.01575",
    ),
    Reference(
        "besson-2022",
        "Besson, Kaufmann, Maillard & Seznec (2022)",
        "Besson, L., Kaufmann, E., Maillard, O.-A. and Seznec, J.",
        2022,
        "Efficient Change-Point Detection for Tackling Piecewise-Stationary Bandits",
        "Journal of Machine Learning Research 23(77), 1–40",
        "arXiv:1902.01575",
    ),
    Reference(
        "bottou-2013",
        "Bottou et al. (2013)",
        (
            "Bottou, L., Peters, J., Quiñonero-Candela, J., Charles, D. X., Chickering, D. M., Portugaly,"
            " E., Ray, D., Simard, P. and Snelson, E."
        ),
        2013,
        "Counterfactual Reasoning and Learning Systems: The Example of Computational Advertising",
        "Journal of Machine Learning Research 14, 3207–3260",
        "arXiv:1209.2355",
    ),
    Reference(
        "chapelle-2011",
        "Chapelle & Li (2011)",
        "Chapelle, O. and Li, L.",
        2011,
        "An Empirical Evaluation of Thompson Sampling",
        "Advances in Neural Information Processing Systems 24, 2249–2257",
        "no DOI; in the proceedings of NIPS 2011",
    ),
    Reference(
        "chapelle-2014",
        "Chapelle (2014)",
        "Chapelle, O.",
        2014,
        "Modeling Delayed Feedback in Display Advertising",
        "Proceedings of the 20th ACM SIGKDD Conference, 1097–1105",
        "doi:10.1145/2623330.2623634",
    ),
    Reference(
        "dudik-2014",
        "Dudík, Erhan, Langford & Li (2014)",
        "Dudík, M., Erhan, D., Langford, J. and Li, L.",
        2014,
        "Doubly Robust Policy Evaluation and Optimization",
        "Statistical Science 29(4), 485–511",
        "doi:10.1214/14-STS500",
    ),
    Reference(
        "fabijan-2019",
        "Fabijan et al. (2019)",
        "Fabijan, A., Gupchup, J., Gupta, S., Omhover, J., Qin, W., Vermeer, L. and Dmitriev, P.",
        2019,
        (
            "Diagnosing Sample Ratio Mismatch in Online Controlled Experiments: A Taxonomy and Rules of "
            "Thumb for Practitioners"
        ),
        "Proceedings of the 25th ACM SIGKDD Conference, 2156–2164",
        "doi:10.1145/3292500.3330722",
    ),
    Reference(
        "gama-2014",
        "Gama et al. (2014)",
        "Gama, J., Žliobaitė, I., Bifet, A., Pechenizkiy, M. and Bouchachia, A.",
        2014,
        "A Survey on Concept Drift Adaptation",
        "ACM Computing Surveys 46(4), article 44",
        "doi:10.1145/2523813",
    ),
    Reference(
        "garivier-2011",
        "Garivier & Cappé (2011)",
        "Garivier, A. and Cappé, O.",
        2011,
        "The KL-UCB Algorithm for Bounded Stochastic Bandits and Beyond",
        "Proceedings of the 24th Conference on Learning Theory, PMLR 19, 359–376",
        "arXiv:1102.2490",
    ),
    Reference(
        "garivier-2011b",
        "Garivier & Moulines (2011)",
        "Garivier, A. and Moulines, E.",
        2011,
        "On Upper-Confidence Bound Policies for Switching Bandit Problems",
        "Algorithmic Learning Theory, Lecture Notes in Computer Science 6925, 174–188",
        "doi:10.1007/978-3-642-24412-4_16",
    ),
    Reference(
        "hillstrom-2008",
        "Hillstrom (2008)",
        "Hillstrom, K.",
        2008,
        "The MineThatData E-Mail Analytics and Data Mining Challenge",
        "MineThatData, data set of 64,000 customers",
        "no DOI; published on the author’s site, 20 March 2008",
    ),
    Reference(
        "honda-2014",
        "Honda & Takemura (2014)",
        "Honda, J. and Takemura, A.",
        2014,
        "Optimality of Thompson Sampling for Gaussian Bandits Depends on Priors",
        "Proceedings of the 17th AISTATS Conference, PMLR 33, 375–383",
        "arXiv:1311.1894",
    ),
    Reference(
        "horvitz-1952",
        "Horvitz & Thompson (1952)",
        "Horvitz, D. G. and Thompson, D. J.",
        1952,
        "A Generalization of Sampling Without Replacement from a Finite Universe",
        "Journal of the American Statistical Association 47(260), 663–685",
        "doi:10.1080/01621459.1952.10483446",
    ),
    Reference(
        "ibrahim-2000",
        "Ibrahim & Chen (2000)",
        "Ibrahim, J. G. and Chen, M.-H.",
        2000,
        "Power Prior Distributions for Regression Models",
        "Statistical Science 15(1), 46–60",
        "doi:10.1214/ss/1009212673",
    ),
    Reference(
        "kish-1965", "Kish (1965)", "Kish, L.", 1965, "Survey Sampling", "Wiley, New York", "ISBN 978-0-471-10949-5"
    ),
    Reference(
        "kocsis-2006",
        "Kocsis & Szepesvári (2006)",
        "Kocsis, L. and Szepesvári, C.",
        2006,
        "Discounted UCB",
        "2nd PASCAL Challenges Workshop, Venice",
        "no DOI; a talk at the workshop",
    ),
    Reference(
        "kohavi-2020",
        "Kohavi, Tang & Xu (2020)",
        "Kohavi, R., Tang, D. and Xu, Y.",
        2020,
        "Trustworthy Online Controlled Experiments: A Practical Guide to A/B Testing",
        "Cambridge University Press",
        "doi:10.1017/9781108653985",
    ),
    Reference(
        "lai-1985",
        "Lai & Robbins (1985)",
        "Lai, T. L. and Robbins, H.",
        1985,
        "Asymptotically Efficient Adaptive Allocation Rules",
        "Advances in Applied Mathematics 6(1), 4–22",
        "doi:10.1016/0196-8858(85)90002-8",
    ),
    Reference(
        "lattimore-2020",
        "Lattimore & Szepesvári (2020)",
        "Lattimore, T. and Szepesvári, C.",
        2020,
        "Bandit Algorithms",
        "Cambridge University Press",
        "doi:10.1017/9781108571401",
    ),
    Reference(
        "li-2010",
        "Li, Chu, Langford & Schapire (2010)",
        "Li, L., Chu, W., Langford, J. and Schapire, R. E.",
        2010,
        "A Contextual-Bandit Approach to Personalized News Article Recommendation",
        "Proceedings of the 19th International Conference on World Wide Web, 661–670",
        "doi:10.1145/1772690.1772758",
    ),
    Reference(
        "li-2011",
        "Li, Chu, Langford & Wang (2011)",
        "Li, L., Chu, W., Langford, J. and Wang, X.",
        2011,
        "Unbiased Offline Evaluation of Contextual-Bandit-Based News Article Recommendation Algorithms",
        "Proceedings of the 4th ACM Conference on Web Search and Data Mining, 297–306",
        "doi:10.1145/1935826.1935878",
    ),
    Reference(
        "liu-2018",
        "Liu, Lee & Shroff (2018)",
        "Liu, F., Lee, J. and Shroff, N.",
        2018,
        "A Change-Detection Based Framework for Piecewise-Stationary Multi-Armed Bandit Problem",
        "Proceedings of the 32nd AAAI Conference on Artificial Intelligence, 3651–3658",
        "doi:10.1609/aaai.v32i1.11746",
    ),
    Reference(
        "nie-2018",
        "Nie, Tian, Taylor & Zou (2018)",
        "Nie, X., Tian, X., Taylor, J. and Zou, J.",
        2018,
        "Why Adaptively Collected Data Have Negative Bias and How to Correct for It",
        "Proceedings of the 21st AISTATS Conference, PMLR 84, 1261–1269",
        "arXiv:1708.01977",
    ),
    Reference(
        "raj-2017",
        "Raj & Kalyani (2017)",
        "Raj, V. and Kalyani, S.",
        2017,
        "Taming Non-stationary Bandits: A Bayesian Approach",
        "Preprint",
        "arXiv:1707.09727",
    ),
    Reference(
        "russo-2016",
        "Russo (2016)",
        "Russo, D.",
        2016,
        "Simple Bayesian Algorithms for Best Arm Identification",
        "Proceedings of the 29th Conference on Learning Theory, PMLR 49, 1417–1418",
        "arXiv:1602.08448",
    ),
    Reference(
        "russo-2018",
        "Russo et al. (2018)",
        "Russo, D. J., Van Roy, B., Kazerouni, A., Osband, I. and Wen, Z.",
        2018,
        "A Tutorial on Thompson Sampling",
        "Foundations and Trends in Machine Learning 11(1), 1–96",
        "doi:10.1561/2200000070",
    ),
    Reference(
        "scott-2010",
        "Scott (2010)",
        "Scott, S. L.",
        2010,
        "A Modern Bayesian Look at the Multi-Armed Bandit",
        "Applied Stochastic Models in Business and Industry 26(6), 639–658",
        "doi:10.1002/asmb.874",
    ),
    Reference(
        "scott-2015",
        "Scott (2015)",
        "Scott, S. L.",
        2015,
        "Multi-Armed Bandit Experiments in the Online Service Economy",
        "Applied Stochastic Models in Business and Industry 31(1), 37–45",
        "doi:10.1002/asmb.2104",
    ),
    Reference(
        "sculley-2015",
        "Sculley et al. (2015)",
        (
            "Sculley, D., Holt, G., Golovin, D., Davydov, E., Phillips, T., Ebner, D., Chaudhary, V., "
            "Young, M., Crespo, J.-F. and Dennison, D."
        ),
        2015,
        "Hidden Technical Debt in Machine Learning Systems",
        "Advances in Neural Information Processing Systems 28, 2503–2511",
        "no DOI; in the proceedings of NIPS 2015",
    ),
    Reference(
        "simpson-1951",
        "Simpson (1951)",
        "Simpson, E. H.",
        1951,
        "The Interpretation of Interaction in Contingency Tables",
        "Journal of the Royal Statistical Society B 13(2), 238–241",
        "doi:10.1111/j.2517-6161.1951.tb00088.x",
    ),
    Reference(
        "sutton-2018",
        "Sutton & Barto (2018)",
        "Sutton, R. S. and Barto, A. G.",
        2018,
        "Reinforcement Learning: An Introduction, 2nd edition",
        "MIT Press",
        "ISBN 978-0-262-03924-6",
    ),
    Reference(
        "swaminathan-2015",
        "Swaminathan & Joachims (2015)",
        "Swaminathan, A. and Joachims, T.",
        2015,
        "The Self-Normalized Estimator for Counterfactual Learning",
        "Advances in Neural Information Processing Systems 28, 3231–3239",
        "no DOI; in the proceedings of NIPS 2015",
    ),
    Reference(
        "thompson-1933",
        "Thompson (1933)",
        "Thompson, W. R.",
        1933,
        ("On the Likelihood that One Unknown Probability Exceeds Another in View of the Evidence of Two Samples"),
        "Biometrika 25(3–4), 285–294",
        "doi:10.1093/biomet/25.3-4.285",
    ),
    Reference(
        "trovo-2020",
        "Trovò et al. (2020)",
        "Trovò, F., Paladino, S., Restelli, M. and Gatti, N.",
        2020,
        "Sliding-Window Thompson Sampling for Non-Stationary Settings",
        "Journal of Artificial Intelligence Research 68, 311–364",
        "doi:10.1613/jair.1.11407",
    ),
    Reference(
        "vermorel-2005",
        "Vermorel & Mohri (2005)",
        "Vermorel, J. and Mohri, M.",
        2005,
        "Multi-Armed Bandit Algorithms and Empirical Evaluation",
        "Machine Learning: ECML 2005, Lecture Notes in Computer Science 3720, 437–448",
        "doi:10.1007/11564096_42",
    ),
)

REFERENCES: Final[Mapping[str, Reference]] = {reference.key: reference for reference in _LISTED}


def anchor(reference: Reference) -> str:
    """The id of its place in the list."""
    return f"ref-{reference.key}"


def cited_in(text: str) -> list[Reference]:
    """The references that a text names.

    >>> [one.key for one in cited_in("Thompson (1933), Biometrika 25; Russo et al. (2018), A Tutorial.")]
    ['russo-2018', 'thompson-1933']
    """
    return [reference for reference in _LISTED if reference.cited in text]
