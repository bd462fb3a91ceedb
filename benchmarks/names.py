"""Material of the made-up corpus: real gene families and symbols, and invented ones that look alike."""

from __future__ import annotations

import random
from typing import NamedTuple

__all__ = ["Gene", "families", "invented", "real"]


class Gene(NamedTuple):
    """A gene by its symbol and NCBI Gene id."""

    symbol: str
    entrez: str


# Word seen in figures -> its members; symbols and ids are facts of HGNC and NCBI Gene.
_FAMILIES = {
    "PI3K": "PIK3CA:5290 PIK3CB:5291 PIK3CD:5293 PIK3CG:5294 PIK3R1:5295 PIK3R2:5296 PIK3R3:8503",
    "AKT": "AKT1:207 AKT2:208 AKT3:10000",
    "RAS": "HRAS:3265 KRAS:3845 NRAS:4893",
    "RAF": "ARAF:369 BRAF:673 RAF1:5894",
    "MEK": "MAP2K1:5604 MAP2K2:5605",
    "ERK": "MAPK1:5594 MAPK3:5595",
    "JNK": "MAPK8:5599 MAPK9:5601 MAPK10:5602",
    "p38": "MAPK11:5600 MAPK12:6300 MAPK13:5603 MAPK14:1432",
    "NFkB": "NFKB1:4790 NFKB2:4791 RELA:5970 RELB:5971 REL:5966",
    "IKK": "CHUK:1147 IKBKB:3551 IKBKG:8517",
    "STAT": "STAT1:6772 STAT2:6773 STAT3:6774 STAT4:6775 STAT5A:6776 STAT5B:6777 STAT6:6778",
    "JAK": "JAK1:3716 JAK2:3717 JAK3:3718 TYK2:7297",
    "SMAD": "SMAD1:4086 SMAD2:4087 SMAD3:4088 SMAD4:4089 SMAD5:4090 SMAD6:4091 SMAD7:4092",
    "TGFB": "TGFB1:7040 TGFB2:7042 TGFB3:7043",
    "FZD": "FZD1:8321 FZD2:2535 FZD3:7976 FZD4:8322 FZD5:7855 FZD6:8323 FZD7:8324 FZD8:8325",
    "WNT": "WNT1:7471 WNT2:7472 WNT3:7473 WNT4:54361 WNT5A:7474 WNT7A:7476 WNT11:7481",
    "DVL": "DVL1:1855 DVL2:1856 DVL3:1857",
    "TCF": "TCF7:6932 TCF7L1:83439 TCF7L2:6934 LEF1:51176",
    "Notch": "NOTCH1:4851 NOTCH2:4853 NOTCH3:4854 NOTCH4:4855",
    "CDK": "CDK1:983 CDK2:1017 CDK4:1019 CDK6:1021",
    "Cyclin D": "CCND1:595 CCND2:894 CCND3:896",
    "E2F": "E2F1:1869 E2F2:1870 E2F3:1871",
    "BCL2": "BCL2:596 BCL2L1:598 MCL1:4170 BAX:581 BAK1:578",
    "Caspase": "CASP1:834 CASP3:836 CASP7:840 CASP8:841 CASP9:842",
    "VEGFR": "FLT1:2321 KDR:3791 FLT4:2324",
    "FGFR": "FGFR1:2260 FGFR2:2263 FGFR3:2261 FGFR4:2264",
    "PDGFR": "PDGFRA:5156 PDGFRB:5159",
    "AMPK": "PRKAA1:5562 PRKAA2:5563 PRKAB1:5564 PRKAB2:5565 PRKAG1:5571",
    "PKA": "PRKACA:5566 PRKACB:5567 PRKACG:5568",
    "PKC": "PRKCA:5578 PRKCB:5579 PRKCD:5580 PRKCE:5581 PRKCG:5582",
    "FOXO": "FOXO1:2308 FOXO3:2309 FOXO4:4303",
    "TSC": "TSC1:7248 TSC2:7249",
    "HDAC": "HDAC1:3065 HDAC2:3066 HDAC3:8841 HDAC4:9759 HDAC6:10013",
    "TLR": "TLR1:7096 TLR2:7097 TLR3:7098 TLR4:7099 TLR5:7100",
    "YAP/TAZ": "YAP1:10413 WWTR1:25937",
    "LATS": "LATS1:9113 LATS2:26524",
    "TEAD": "TEAD1:7003 TEAD2:8463 TEAD3:7005 TEAD4:7004",
    "GLI": "GLI1:2735 GLI2:2736 GLI3:2737",
    "HIF": "HIF1A:3091 EPAS1:2034 ARNT:405",
    "HK": "HK1:3098 HK2:3099 HK3:3101",
    "LDH": "LDHA:3939 LDHB:3945",
    "SOS": "SOS1:6654 SOS2:6655",
}

_SINGLE = (
    "TP53:7157 EGFR:1956 ERBB2:2064 ERBB3:2065 ERBB4:2066 MTOR:2475 PTEN:5728 MYC:4609 "
    "TNF:7124 IL6:3569 IL1B:3553 CTNNB1:1499 GSK3B:2932 APC:324 AXIN1:8312 VEGFA:7422 "
    "MDM2:4193 CDKN1A:1026 CDKN2A:1029 RB1:5925 ATM:472 ATR:545 CHEK1:1111 CHEK2:11200 "
    "BRCA1:672 BRCA2:675 MET:4233 KIT:3815 SRC:6714 ABL1:25 GRB2:2885 IGF1R:3480 INSR:3643 "
    "IRS1:3667 INS:3630 JUN:3725 FOS:2353 CREB1:1385 EP300:2033 SIRT1:23411 NOS3:4846 "
    "PPARG:5468 ESR1:2099 AR:367 CDH1:999 VIM:7431 SNAI1:6615 TWIST1:7291 CD4:920 CD44:960 "
    "CXCR4:7852 CXCL12:6387 CCL2:6347 IFNG:3458 FAS:355 FADD:8772 CYCS:54205 APAF1:317 "
    "XIAP:331 PARP1:142 HMOX1:3162 NFE2L2:4780 KEAP1:9817 SOD1:6647 CAT:847 GAPDH:2597 "
    "PKM:5315 STK11:6794 MYD88:4615 TRAF6:7189 IRAK1:3654 SHH:6469 SMO:6608 PTCH1:5727"
)

_ONSET = ("B", "C", "D", "F", "G", "K", "L", "M", "N", "P", "R", "S", "T", "V", "Z", "SL", "TR")
_MIDDLE = ("A", "E", "I", "O", "U", "", "AR", "IN", "OX", "EM")
_CODA = ("C", "D", "F", "K", "L", "M", "N", "P", "R", "S", "T", "X", "PL", "RD", "NK")
_SUFFIX = ("", "", "", "A", "B", "L", "P", "L1", "-AS1", "R")
_INVENTED_ID = 900_000_000  # far above any id that NCBI Gene has given out


def _parsed(text: str) -> tuple[Gene, ...]:
    """Return genes written as symbol:id, parted by blanks."""
    return tuple(Gene(*item.split(":")) for item in text.split())


def families() -> dict[str, tuple[Gene, ...]]:
    """Return the words that stand for several genes, with those genes."""
    return {word: _parsed(members) for word, members in _FAMILIES.items()}


def real() -> tuple[Gene, ...]:
    """Return all real genes once, the ones most often drawn first."""
    singles = _parsed(_SINGLE)
    members = [gene for group in families().values() for gene in group]
    return tuple(dict.fromkeys((*singles, *members)))


def invented(count: int, seed: int) -> tuple[Gene, ...]:
    """Return made-up genes with plausible symbols, no two the same when case is ignored."""
    rng = random.Random(f"symbols:{seed}")
    taken = {gene.symbol for gene in real()}
    found: list[Gene] = []
    while len(found) < count:
        root = rng.choice(_ONSET) + rng.choice(_MIDDLE) + rng.choice(_CODA) + rng.choice(_MIDDLE)
        symbol = f"{root}{rng.randrange(1, 99)}{rng.choice(_SUFFIX)}"
        if symbol not in taken:
            taken.add(symbol)
            found.append(Gene(symbol, str(_INVENTED_ID + len(found))))
    return tuple(found)
