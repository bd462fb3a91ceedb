"""The organisms that a record may name: model organisms, and those of whose figures PFOCR has many.

Latin names of the NCBI Taxonomy. A site adds its own with ``known_organisms`` in ``site.yml``.
"""

from __future__ import annotations

import difflib
from functools import lru_cache

from builder.names import fold

__all__ = ["KNOWN", "likely", "unknown"]

KNOWN = (
    "Homo sapiens", "Mus musculus", "Rattus norvegicus", "Danio rerio", "Drosophila melanogaster",
    "Caenorhabditis elegans", "Saccharomyces cerevisiae", "Arabidopsis thaliana", "Escherichia coli",
    "Gallus gallus", "Sus scrofa", "Bos taurus", "Canis lupus familiaris", "Canis familiaris", "Felis catus",
    "Equus caballus", "Ovis aries", "Capra hircus", "Oryctolagus cuniculus", "Cavia porcellus",
    "Mesocricetus auratus", "Cricetulus griseus", "Macaca mulatta", "Macaca fascicularis", "Pan troglodytes",
    "Chlorocebus sabaeus", "Xenopus laevis", "Xenopus tropicalis", "Oryzias latipes", "Salmo salar",
    "Oncorhynchus mykiss", "Carassius auratus", "Cyprinus carpio", "Ctenopharyngodon idella",
    "Apis mellifera", "Bombyx mori", "Tribolium castaneum", "Anopheles gambiae", "Aedes aegypti",
    "Ixodes scapularis", "Aplysia californica", "Crassostrea gigas", "Strongylocentrotus purpuratus",
    "Ciona intestinalis", "Hydra vulgaris", "Nematostella vectensis", "Schmidtea mediterranea",
    "Caenorhabditis briggsae", "Schistosoma mansoni", "Schizosaccharomyces pombe", "Candida albicans",
    "Neurospora crassa", "Aspergillus nidulans", "Aspergillus fumigatus", "Aspergillus flavus",
    "Aspergillus niger", "Cryptococcus neoformans", "Magnaporthe oryzae", "Fusarium graminearum",
    "Trichoderma reesei", "Ustilago maydis", "Pichia pastoris", "Yarrowia lipolytica",
    "Dictyostelium discoideum", "Chlamydomonas reinhardtii", "Plasmodium falciparum", "Plasmodium berghei",
    "Toxoplasma gondii", "Trypanosoma brucei", "Trypanosoma cruzi", "Leishmania major",
    "Oryza sativa", "Zea mays", "Triticum aestivum", "Hordeum vulgare", "Sorghum bicolor",
    "Brachypodium distachyon", "Glycine max", "Medicago truncatula", "Lotus japonicus", "Pisum sativum",
    "Solanum lycopersicum", "Solanum tuberosum", "Nicotiana tabacum", "Nicotiana benthamiana",
    "Vitis vinifera", "Populus trichocarpa", "Malus domestica", "Fragaria vesca", "Citrus sinensis",
    "Gossypium hirsutum", "Brassica napus", "Brassica rapa", "Camellia sinensis", "Hevea brasiliensis",
    "Physcomitrium patens", "Physcomitrella patens", "Marchantia polymorpha", "Catharanthus roseus",
    "Artemisia annua", "Salvia miltiorrhiza", "Panax ginseng", "Withania somnifera",
    "Bacillus subtilis", "Staphylococcus aureus", "Streptococcus pneumoniae", "Listeria monocytogenes",
    "Mycobacterium tuberculosis", "Pseudomonas aeruginosa", "Pseudomonas putida", "Salmonella enterica",
    "Vibrio cholerae", "Helicobacter pylori", "Klebsiella pneumoniae", "Corynebacterium glutamicum",
    "Clostridium acetobutylicum", "Lactococcus lactis", "Streptomyces coelicolor", "Caulobacter crescentus",
    "Synechocystis sp. PCC 6803", "Synechococcus elongatus", "Methanosarcina acetivorans",
    "Human immunodeficiency virus 1", "Severe acute respiratory syndrome coronavirus 2",
)  # fmt: skip

COMMON = {
    "human": "Homo sapiens", "humans": "Homo sapiens", "mouse": "Mus musculus", "mice": "Mus musculus",
    "rat": "Rattus norvegicus", "rats": "Rattus norvegicus", "zebrafish": "Danio rerio", "danio": "Danio rerio",
    "drosophila": "Drosophila melanogaster", "fruit fly": "Drosophila melanogaster",
    "yeast": "Saccharomyces cerevisiae", "budding yeast": "Saccharomyces cerevisiae",
    "fission yeast": "Schizosaccharomyces pombe", "arabidopsis": "Arabidopsis thaliana",
    "chicken": "Gallus gallus", "pig": "Sus scrofa", "cow": "Bos taurus", "cattle": "Bos taurus",
    "dog": "Canis lupus familiaris", "rice": "Oryza sativa", "maize": "Zea mays", "wheat": "Triticum aestivum",
    "barley": "Hordeum vulgare", "soybean": "Glycine max", "tomato": "Solanum lycopersicum",
    "xenopus": "Xenopus laevis", "oryzias": "Oryzias latipes",
}  # fmt: skip
"""Common names that stand where a Latin one should."""

LONGEST = 80
"""Characters of a name that is worth a comparison."""

_LATIN = {fold(name): name for name in KNOWN}


@lru_cache(maxsize=4096)
def unknown(name: str, also: frozenset[str]) -> bool:
    """Whether an organism is neither of our list nor of another one.

    Args:
        name: as the record writes it.
        also: folded names that a site knows.
    """
    folded = fold(name)
    return folded not in _LATIN and folded not in also


@lru_cache(maxsize=4096)
def likely(name: str) -> str:
    """The organism of the list that was likely meant; empty if none is near."""
    folded = fold(name.strip())
    if len(folded) > LONGEST:
        return ""
    if folded in COMMON:
        return COMMON[folded]
    genus, _, rest = folded.partition(" ")
    species = rest.partition(" ")[0]
    for known, latin in _LATIN.items():
        first, _, second = known.partition(" ")
        if species and second == species and (genus == first or genus.rstrip(".") == first[0]):
            return latin
    return _LATIN[near[0]] if (near := difflib.get_close_matches(folded, _LATIN, 1, 0.85)) else ""
