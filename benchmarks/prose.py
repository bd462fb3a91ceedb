"""Titles and captions of the made-up corpus, put together from templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

__all__ = ["CHEMICALS", "DISEASES", "JOURNALS", "ORGANISMS", "caption", "paper_title", "title"]

_PROCESSES = (
    "cell growth", "programmed cell death", "glucose uptake", "DNA repair", "autophagy",
    "cell migration", "lipid synthesis", "the innate immune response", "angiogenesis",
    "bone formation", "synaptic plasticity", "the unfolded protein response", "fibrosis",
    "T cell activation", "the cell cycle", "insulin secretion", "iron uptake", "senescence",
)  # fmt: skip
_PLACES = (
    "liver cells", "cardiac muscle", "the hippocampus", "pancreatic beta cells", "macrophages",
    "epithelial cells", "the kidney", "adipose tissue", "neurons", "endothelial cells",
    "skeletal muscle", "the gut", "breast tumours", "the retina", "stem cells", "leaf tissue",
)  # fmt: skip
_EVENTS = (
    "{a} binds its receptor at the membrane and recruits {b}",
    "phosphorylation of {a} releases {b} from its inhibitor",
    "{a} enters the nucleus, where it switches on {b}",
    "loss of {a} leaves {b} active without any signal",
    "{a} and {b} form a complex that is broken down by the proteasome",
    "the drug blocks {a} and so lowers the amount of {b}",
    "{a} is cleaved, and its fragment returns to restrain {b} (negative feedback)",
    "under low oxygen, {a} is stabilised and raises {b} two- to threefold",
)
_CLOSINGS = (
    "Solid arrows: activation; blunt lines: inhibition; dashed arrows: indirect effects.",
    "Proteins in red were more abundant, those in green less abundant than in controls.",
    "P, phosphate; Ub, ubiquitin; ROS, reactive oxygen species.",
    "Numbers give the order of events; see the text for the evidence behind each step.",
    "Boxes with a grey border have been shown in cell culture only.",
    "Modified from an earlier scheme; “?” marks steps that are still in doubt.",
)
JOURNALS = (
    ("Cells", "cells"), ("J Signal Biol", "jsb"), ("Front Pathw Res", "fpath"),
    ("Int J Mol Schemes", "ijms"), ("BMC Networks", "bmcnet"), ("Cancers Rev", "cancers"),
    ("Mol Maps", "molmaps"), ("PLoS Diagr", "pdiag"),
)  # fmt: skip
"""Made-up journals with the stem of their file names."""
ORGANISMS = (
    "Mus musculus", "Rattus norvegicus", "Danio rerio", "Drosophila melanogaster",
    "Arabidopsis thaliana", "Saccharomyces cerevisiae", "Caenorhabditis elegans", "Bos taurus",
)  # fmt: skip
CHEMICALS = (
    ("glucose", "D005947"), ("ATP", "D000255"), ("calcium", "D002118"), ("cAMP", "D000242"),
    ("cholesterol", "D002784"), ("nitric oxide", "D009569"), ("iron", "D007501"),
    ("ROS", "D017382"), ("pyruvate", "D019289"), ("lactate", "D019344"), ("H2O2", "D006861"),
    ("rapamycin", "D020123"), ("metformin", "D008687"), ("estradiol", "D004958"), ("PIP3", ""),
)  # fmt: skip
"""Chemicals with their MeSH identifiers; some have none, as in real records."""
DISEASES = (
    "breast cancer", "type 2 diabetes mellitus", "Alzheimer's disease", "asthma", "obesity",
    "Parkinson's disease", "colorectal cancer", "melanoma", "hypertension", "lung cancer",
    "rheumatoid arthritis", "cystic fibrosis", "psoriasis", "heart failure", "glioblastoma",
)  # fmt: skip


def title(rng: random.Random, words: list[str]) -> str:
    """Return the title of a figure in which a word is seen."""
    lead = rng.choice(words) if words else "Overview"
    return f"{lead} in {rng.choice(_PROCESSES)} of {rng.choice(_PLACES)}"


def paper_title(rng: random.Random) -> str:
    """Return the title of a paper."""
    first, second = rng.sample(_PROCESSES, 2)
    return f"How {first} and {second} meet in {rng.choice(_PLACES)}: what is known and what is not."


def caption(rng: random.Random, heading: str, words: list[str]) -> str:
    """Return a caption of 400 to 1500 characters about some of the words."""
    wanted = rng.randrange(400, 1300)
    named = words or ["the upstream signal", "the downstream target"]
    parts = [f"{heading}."]
    length = len(parts[0])
    while length < wanted:
        event = rng.choice(_EVENTS).format(a=rng.choice(named), b=rng.choice(named))
        sentence = f"({chr(64 + min(len(parts), 26))}) In {rng.choice(_PLACES)}, {event}."
        parts.append(sentence)
        length += len(sentence) + 1
    parts.append(rng.choice(_CLOSINGS))
    return " ".join(parts)[:1500].rstrip()
