/**
 * British and American spellings: every tenth caption that speaks of signaling has "signalling", and whoever looks for one means both.
 *
 * What a rule makes of a word that is spelled in one way alone (`academic`, `acadaemic`) is in no index, and costs a look into the
 * list in which the word itself is looked for.
 */

/** What stands before, what stands there in British and in American spelling, and what stands behind. */
const RULES = [
  ["col|tum|behavi|neighb|fav|flav|vap|lab|hum", "our", "or", ""],
  ["signal|label|level|model|channel|tunnel|cancel|travel|fuel|panel", "l", "", "(?:ing|ed|ers?|ation)$"],
  ["[a-z]", "aem", "em", "i(?:a|as|c)$"],
  ["^(?:met|(?:carb|de)?oxy)?", "haem", "hem", "[aeo]"],
  ["^", "haem", "heme", "$"],
  ["^(?:lymph|angi|myx|papill)?", "oedem", "edem", "a"],
  ["^(?:anti|di|phyto|pro|xeno)?", "oestr", "estr", "[aiou]"],
  ["^(?:gastro)?", "oesoph", "esoph", "ag"],
  ["^", "foet", "fet", "(?:al|us)"],
  ["^", "aetiol", "etiol", "og"],
  ["^", "faec", "fec", "(?:al|es)$"],
  ["^(?:ileo)?", "caec", "cec", "(?:al|um)$"],
  ["^", "gynaec", "gynec", "ol"],
  ["^(?:ortho)?", "paed", "ped", "i[ac]"],
  ["^", "coeli", "celi", "ac"],
  ["^", "palaeo", "paleo", ""],
  ["an", "aesth", "esth", ""],
  ["(?:rrh|pn)", "oea", "ea", "(?:s|l|ic)?$"],
  ["", "sulph", "sulf", ""],
  ["^", "leuco", "leuko", ""],
  ["^(?:micro|myo|nano)?", "fibre", "fiber", "s?$"],
  ["^(?:epi)?", "centre", "center", "s?$"],
  ["^(?:centi|micro|milli|nano)?", "metre", "meter", "s?$"],
  ["^(?:ana|cata|dia|homo|ortho|para|xeno)", "logue", "log", "s?$"],
  ["^(?:inter|moto)?", "neurone", "neuron", "s?$"],
  ["^(?:anti)?", "ageing", "aging", "$"],
  ["^", "grey", "gray", "$"],
  ["^", "defence", "defense", "s?$"],
  ["^", "artefact", "artifact", "s?$"],
  ["^", "programme", "program", "s?$"],
  ["[a-z]{3}", "is", "iz", "(?:e|ed|ers?|es|ing|ations?)$"],
  ["[a-z][ao]l", "ys", "yz", "(?:e|ed|ers?|es|ing)$"],
].map(([before, british, american, behind]) => ({
  british: new RegExp(`(${before})${british}(${behind})`),
  american: new RegExp(`(${before})${american}(${behind})`),
  toBritish: `$1${british}$2`,
  toAmerican: `$1${american}$2`,
}));

/**
 * The spellings of a word, itself first.
 * @param {string} word in small letters
 * @returns {string[]}
 */
export function spellings(word) {
  const found = [word];
  for (const { british, american, toBritish, toAmerican } of RULES) {
    for (const own of [...found]) {
      const other = british.test(own) ? own.replace(british, toAmerican) : own.replace(american, toBritish);
      if (!found.includes(other)) found.push(other);
    }
  }
  return found;
}
