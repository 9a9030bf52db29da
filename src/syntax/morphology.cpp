#include "syntax/morphology.h"

#include <algorithm>
#include <array>

#include "text/chars.h"
#include "text/decode.h"

namespace reportedly::syntax {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// Past tenses and participles, sorted. Where two verbs share a form it is the one newspapers write about.
// clang-format off
constexpr std::array<Pair, 268> kIrregularVerbs{{
    {"abode", "abide"}, {"arisen", "arise"}, {"arose", "arise"}, {"ate", "eat"}, {"awoke", "awake"}, {"awoken", "awake"},
    {"babysat", "babysit"}, {"bade", "bid"}, {"beaten", "beat"}, {"became", "become"}, {"befallen", "befall"}, {"befell", "befall"},
    {"began", "begin"}, {"begot", "beget"}, {"begotten", "beget"}, {"begun", "begin"}, {"beheld", "behold"}, {"bent", "bend"},
    {"bidden", "bid"}, {"bit", "bite"}, {"bitten", "bite"}, {"bled", "bleed"}, {"blew", "blow"}, {"blown", "blow"}, {"bore", "bear"},
    {"born", "bear"}, {"borne", "bear"}, {"bought", "buy"}, {"bound", "bind"}, {"bred", "breed"}, {"broke", "break"}, {"broken", "break"},
    {"brought", "bring"}, {"browbeaten", "browbeat"}, {"built", "build"}, {"burnt", "burn"}, {"came", "come"}, {"caught", "catch"},
    {"chose", "choose"}, {"chosen", "choose"}, {"clung", "cling"}, {"crept", "creep"}, {"dealt", "deal"}, {"did", "do"}, {"done", "do"},
    {"drank", "drink"}, {"drawn", "draw"}, {"dreamt", "dream"}, {"drew", "draw"}, {"driven", "drive"}, {"drove", "drive"},
    {"drunk", "drink"}, {"dug", "dig"}, {"dwelt", "dwell"}, {"eaten", "eat"}, {"fallen", "fall"}, {"fed", "feed"}, {"fell", "fall"},
    {"felt", "feel"}, {"fled", "flee"}, {"flew", "fly"}, {"flown", "fly"}, {"flung", "fling"}, {"forbad", "forbid"},
    {"forbade", "forbid"}, {"forbidden", "forbid"}, {"foresaw", "foresee"}, {"foreseen", "foresee"}, {"forgave", "forgive"},
    {"forgiven", "forgive"}, {"forgone", "forgo"}, {"forgot", "forget"}, {"forgotten", "forget"}, {"forsaken", "forsake"},
    {"forsook", "forsake"}, {"forswore", "forswear"}, {"forsworn", "forswear"}, {"forwent", "forgo"}, {"fought", "fight"},
    {"found", "find"}, {"froze", "freeze"}, {"frozen", "freeze"}, {"gave", "give"}, {"given", "give"}, {"gone", "go"}, {"got", "get"},
    {"gotten", "get"}, {"grew", "grow"}, {"ground", "grind"}, {"grown", "grow"}, {"had", "have"}, {"hamstrung", "hamstring"},
    {"heard", "hear"}, {"held", "hold"}, {"hewn", "hew"}, {"hid", "hide"}, {"hidden", "hide"}, {"hung", "hang"},
    {"interwove", "interweave"}, {"interwoven", "interweave"}, {"kept", "keep"}, {"knelt", "kneel"}, {"knew", "know"}, {"known", "know"},
    {"laid", "lay"}, {"lain", "lie"}, {"lay", "lie"}, {"leant", "lean"}, {"leapt", "leap"}, {"learnt", "learn"}, {"led", "lead"},
    {"left", "leave"}, {"lent", "lend"}, {"lit", "light"}, {"lost", "lose"}, {"made", "make"}, {"meant", "mean"}, {"met", "meet"},
    {"misled", "mislead"}, {"mistaken", "mistake"}, {"mistook", "mistake"}, {"misunderstood", "misunderstand"}, {"mown", "mow"},
    {"outdid", "outdo"}, {"outdone", "outdo"}, {"outgrew", "outgrow"}, {"outgrown", "outgrow"}, {"outran", "outrun"},
    {"outsold", "outsell"}, {"overcame", "overcome"}, {"overdid", "overdo"}, {"overdone", "overdo"}, {"overheard", "overhear"},
    {"overran", "overrun"}, {"overridden", "override"}, {"overrode", "override"}, {"oversaw", "oversee"}, {"overseen", "oversee"},
    {"overtaken", "overtake"}, {"overthrew", "overthrow"}, {"overthrown", "overthrow"}, {"overtook", "overtake"}, {"paid", "pay"},
    {"partaken", "partake"}, {"partook", "partake"}, {"pled", "plead"}, {"proven", "prove"}, {"ran", "run"}, {"rang", "ring"},
    {"rebuilt", "rebuild"}, {"redid", "redo"}, {"redone", "redo"}, {"remade", "remake"}, {"repaid", "repay"}, {"resold", "resell"},
    {"retaken", "retake"}, {"rethought", "rethink"}, {"retold", "retell"}, {"retook", "retake"}, {"rewritten", "rewrite"},
    {"rewrote", "rewrite"}, {"ridden", "ride"}, {"risen", "rise"}, {"rode", "ride"}, {"rose", "rise"}, {"rung", "ring"}, {"said", "say"},
    {"sang", "sing"}, {"sank", "sink"}, {"sat", "sit"}, {"saw", "see"}, {"sawn", "saw"}, {"seen", "see"}, {"sent", "send"},
    {"sewn", "sew"}, {"shaken", "shake"}, {"shod", "shoe"}, {"shone", "shine"}, {"shook", "shake"}, {"shorn", "shear"}, {"shot", "shoot"},
    {"shown", "show"}, {"shrank", "shrink"}, {"shrunk", "shrink"}, {"slain", "slay"}, {"slept", "sleep"}, {"slew", "slay"},
    {"slid", "slide"}, {"slung", "sling"}, {"smelt", "smell"}, {"snuck", "sneak"}, {"sold", "sell"}, {"sought", "seek"}, {"sown", "sow"},
    {"spat", "spit"}, {"sped", "speed"}, {"spelt", "spell"}, {"spent", "spend"}, {"spilt", "spill"}, {"spoilt", "spoil"},
    {"spoke", "speak"}, {"spoken", "speak"}, {"sprang", "spring"}, {"sprung", "spring"}, {"spun", "spin"}, {"stank", "stink"},
    {"stole", "steal"}, {"stolen", "steal"}, {"stood", "stand"}, {"stricken", "strike"}, {"stridden", "stride"}, {"striven", "strive"},
    {"strode", "stride"}, {"strove", "strive"}, {"struck", "strike"}, {"strung", "string"}, {"stuck", "stick"}, {"stung", "sting"},
    {"stunk", "stink"}, {"sunburnt", "sunburn"}, {"sung", "sing"}, {"sunk", "sink"}, {"swam", "swim"}, {"swept", "sweep"},
    {"swollen", "swell"}, {"swore", "swear"}, {"sworn", "swear"}, {"swum", "swim"}, {"swung", "swing"}, {"taken", "take"},
    {"taught", "teach"}, {"thought", "think"}, {"threw", "throw"}, {"thrown", "throw"}, {"told", "tell"}, {"took", "take"},
    {"tore", "tear"}, {"torn", "tear"}, {"trod", "tread"}, {"trodden", "tread"}, {"undergone", "undergo"}, {"understood", "understand"},
    {"undertaken", "undertake"}, {"undertook", "undertake"}, {"underwent", "undergo"}, {"underwritten", "underwrite"},
    {"underwrote", "underwrite"}, {"undid", "undo"}, {"undone", "undo"}, {"unwound", "unwind"}, {"upheld", "uphold"}, {"went", "go"},
    {"wept", "weep"}, {"withdrawn", "withdraw"}, {"withdrew", "withdraw"}, {"withheld", "withhold"}, {"withstood", "withstand"},
    {"woke", "wake"}, {"woken", "wake"}, {"won", "win"}, {"wore", "wear"}, {"worn", "wear"}, {"wound", "wind"}, {"wove", "weave"},
    {"woven", "weave"}, {"written", "write"}, {"wrote", "write"}, {"wrung", "wring"}
}};
// clang-format on

/// Plurals and degrees that no rule gives, sorted.
// clang-format off
constexpr std::array kIrregularNouns = std::to_array<Pair>({
    {"alumni", "alumnus"}, {"analyses", "analysis"}, {"appendices", "appendix"}, {"axes", "axis"}, {"bacteria", "bacterium"},
    {"bases", "base"}, {"brethren", "brother"}, {"buses", "bus"}, {"cacti", "cactus"}, {"calves", "calf"}, {"children", "child"},
    {"corps", "corps"}, {"crises", "crisis"}, {"criteria", "criterion"}, {"curricula", "curriculum"}, {"dice", "die"},
    {"diagnoses", "diagnosis"}, {"dwarves", "dwarf"}, {"elves", "elf"}, {"feet", "foot"}, {"foci", "focus"}, {"fungi", "fungus"},
    {"gases", "gas"}, {"geese", "goose"}, {"halves", "half"}, {"hooves", "hoof"}, {"hypotheses", "hypothesis"}, {"indices", "index"},
    {"knives", "knife"}, {"leaves", "leaf"}, {"lice", "louse"}, {"lives", "life"}, {"loaves", "loaf"}, {"matrices", "matrix"},
    {"memoranda", "memorandum"}, {"men", "man"}, {"mice", "mouse"}, {"monies", "money"}, {"movies", "movie"}, {"nuclei", "nucleus"},
    {"oases", "oasis"}, {"oxen", "ox"}, {"parentheses", "parenthesis"}, {"pence", "penny"}, {"phenomena", "phenomenon"},
    {"referenda", "referendum"}, {"scarves", "scarf"}, {"selves", "self"}, {"sheaves", "sheaf"}, {"shelves", "shelf"}, {"shoes", "shoe"},
    {"stimuli", "stimulus"}, {"strata", "stratum"}, {"syllabi", "syllabus"}, {"synopses", "synopsis"}, {"teeth", "tooth"},
    {"theses", "thesis"}, {"thieves", "thief"}, {"vertices", "vertex"}, {"viruses", "virus"}, {"wives", "wife"}, {"wolves", "wolf"}});
// clang-format on

/// Plurals that are their own lemma, as UD English has it.
// clang-format off
constexpr std::array kOwnPlural = std::to_array<std::string_view>({
    "aircraft", "cattle", "clergy", "clothes", "contents", "data", "deer", "economics", "fedayeen", "fish", "folk", "goods",
    "headquarters", "jeans", "media", "means", "pants", "people", "personnel", "police", "politics", "proceedings", "proceeds", "regards",
    "savings", "series", "sheep", "shorts", "species", "staff", "statistics", "surroundings", "thanks", "troops", "trousers",
    "whereabouts"});
// clang-format on

/// Plurals that are their own lemma where the model says so, too.
// clang-format off
constexpr std::array kMaybePlural = std::to_array<std::string_view>({
    "arms", "auspices", "confines", "dynamics", "electronics", "finances", "furnishings", "genetics", "geopolitics", "grounds", "manners",
    "remains", "scissors", "specifics", "spoils", "sunglasses", "supplies"});
// clang-format on

constexpr std::array kDegrees = std::to_array<Pair>({{"better", "good"},
                                                     {"best", "good"},
                                                     {"worse", "bad"},
                                                     {"worst", "bad"},
                                                     {"more", "more"},
                                                     {"most", "most"},
                                                     {"less", "less"},
                                                     {"least", "least"},
                                                     {"further", "far"},
                                                     {"furthest", "far"},
                                                     {"farther", "far"},
                                                     {"farthest", "far"},
                                                     {"elder", "elder"},
                                                     {"eldest", "eldest"},
                                                     {"latest", "late"},
                                                     {"later", "late"},
                                                     {"last", "last"}});

template <size_t N>
std::string_view look_up(const std::array<Pair, N>& table, std::string_view form) {
  for (const auto& [from, to] : table)
    if (from == form) return to;
  return {};
}

std::string_view irregular_verb(std::string_view form) {
  const auto it =
      std::lower_bound(kIrregularVerbs.begin(), kIrregularVerbs.end(), form, [](const Pair& a, std::string_view b) { return a.first < b; });
  if (it != kIrregularVerbs.end() && it->first == form) return it->second;
  return {};
}

template <size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}
bool ascii_word(std::string_view s) {
  return !s.empty() && s[0] != '-' && std::all_of(s.begin(), s.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}
bool has_vowel(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) { return is_vowel(c) || c == 'y'; });
}

// Stems that take back an -e although words of their ending seldom do.
// clang-format off
constexpr std::array kTakesE = std::to_array<std::string_view>({
    "chang", "exchang", "interchang", "arrang", "rearrang", "challeng", "plung", "reveng", "aveng", "rang", "loung", "infring", "cring",
    "hing", "imping", "estrang", "scaveng", "lung", "bing", "spong", "expung", "breath", "cloth", "bath", "sooth", "loath", "teeth",
    "seeth", "writh", "sheath", "adher", "interfer", "persever", "rever", "coher", "explor", "stor", "ignor", "restor", "implor",
    "deplor", "scor", "ador", "bor", "snor", "shor", "underscor", "outscor", "gor", "complet", "delet", "deplet", "compet", "secret",
    "excret", "unit", "ignit", "cit", "invit", "excit", "incit", "writ", "recit", "expedit", "extradit", "bit", "rewrit", "reunit",
    "requit", "underwrit", "vot", "quot", "not", "promot", "devot", "denot", "demot", "connot", "misquot", "dot", "execut", "contribut",
    "distribut", "institut", "constitut", "substitut", "prosecut", "persecut", "disput", "attribut", "comput", "commut", "reput",
    "pollut", "salut", "refut", "dilut", "electrocut", "redistribut", "prostitut", "rout", "tast", "wast", "past", "bast", "hast",
    "lambast", "com", "becom", "overcom", "welcom", "hom", "nam", "interven", "conven", "reconven", "contraven", "postpon", "phon",
    "telephon", "ston", "clon", "hon", "ton", "aton", "dethron", "zon", "condon", "enthron", "inton", "dron", "ach", "cach", "ow", "aw",
    "ey", "dy", "ax", "scal", "inhal", "exhal", "impal", "stal", "schem", "supersed", "seiz", "creat", "recreat", "procreat", "nurs",
    "leas", "releas", "pleas", "eas", "ceas", "increas", "decreas", "prais", "rais", "apprais", "nois", "diseas", "weav", "leav", "heav",
    "besieg", "siev", "believ", "engag", "freez", "breez", "sneez", "squeez", "wheez", "achiev", "reliev", "griev", "retriev", "judg",
    "urg", "unsheath", "plagu"});
// clang-format on
// And stems that do not although words of their ending mostly do.
// clang-format off
constexpr std::array kNoE = std::to_array<std::string_view>({
    "focus", "refocus", "bias", "canvas", "chorus", "combat", "format", "collar", "murmur", "augur", "victim", "embed", "gossip",
    "worship", "kidnap", "develop", "redevelop", "gallop", "wallop", "pencil", "stencil", "council", "pistol", "symbol", "waltz", "blitz",
    "quiz", "hiccup", "envelop", "exhibit", "method", "period", "bargain", "patrol", "control", "enrol", "fulfil", "distil", "instil",
    "equip", "unzip", "zip", "ship", "vacuum", "ransom"});
// clang-format on
// Verbs that end in a doubled l or s are many; these are the ones whose l is doubled by the ending.
// clang-format off
constexpr std::array kSingleL = std::to_array<std::string_view>({
    "cancel", "channel", "compel", "control", "counsel", "dial", "dispel", "enrol", "equal", "excel", "expel", "fuel", "fulfil", "impel",
    "initial", "distil", "instil", "jewel", "label", "level", "libel", "marvel", "model", "panel", "parcel", "patrol", "pedal", "pencil",
    "propel", "quarrel", "rebel", "refuel", "remodel", "repel", "rival", "shovel", "shrivel", "signal", "snorkel", "spiral", "total",
    "travel", "tunnel", "unravel", "hospital", "extol", "swivel", "funnel", "bevel", "duel"});
// clang-format on

/// Does a stem that ends in one consonant after one vowel, or the like, take back its -e?
bool takes_e(std::string_view s) {
  // Prefixes do not matter: look the stem up without re-, un-, over-, out-, mis-, dis- as well.
  auto listed = [&](const auto& list) {
    if (among(list, s)) return true;
    for (const std::string_view prefix : {"re", "un", "over", "out", "mis", "dis", "de", "pre", "co-", "re-"})
      if (s.size() > prefix.size() + 3 && s.starts_with(prefix) && among(list, s.substr(prefix.size()))) return true;
    return false;
  };
  if (listed(kTakesE)) return true;
  if (listed(kNoE)) return false;
  const size_t n = s.size();
  const char last = s[n - 1], before = n > 1 ? s[n - 2] : '\0', third = n > 2 ? s[n - 3] : '\0';
  // A u after q, g or s is no vowel of its own: required, guided, persuaded, but not repaired.
  const bool glide = third == 'u' && n > 3 && (s[n - 4] == 'q' || s[n - 4] == 'g' || s[n - 4] == 's');
  const bool one_vowel = is_vowel(before) && (!is_vowel(third) || glide);
  switch (last) {
    case 'c':
    case 'v':
    case 'u':
      return true;
    case 'z':
      return before != 't';
    case 's':
      return before != 's' && (is_vowel(before) || before == 'n' || before == 'r' || before == 'l' || before == 'p' || before == 'w')
                 ? !(before == 'u' && third == 'i')
                 : false;
    case 'g':
      return before == 'd' || before == 'r' || before == 'l' || is_vowel(before);
    case 'l':
      if (!is_vowel(before)) return before != 'r' && before != 'w' && before != 'l' && before != 'y' ? true : before == 'y';
      return one_vowel && (before == 'i' || before == 'o' || before == 'u');
    case 'r':
      if (before == 'a' || before == 'i' || before == 'u') return one_vowel;
      return before == 'c';  // massacred
    case 't':
      // -ate: after a consonant or another vowel than e, o; appreciate, evaluate.
      if (before == 'a') return third == 'i' || third == 'u' || !is_vowel(third);
      return false;
    case 'd':
      return one_vowel || (before == 'e' && third == 'c');
    case 'k':
      return one_vowel;
    case 'm':
      return one_vowel && (before == 'a' || before == 'i' || before == 'u');
    case 'n':
      return one_vowel && (before == 'i' || before == 'u');
    case 'p':
    case 'b':
    case 'f':
      return (one_vowel && before != 'e') || (before == 'y');
    case 'e':
      return true;  // agre-ed
    default:
      return false;
  }
}

bool syllables_one(std::string_view s) {
  int groups = 0;
  for (size_t i = 0; i < s.size(); ++i)
    if (is_vowel(s[i]) && (i == 0 || !is_vowel(s[i - 1]))) ++groups;
  return groups <= 1;
}

std::string lower_utf8(std::string_view s) {
  std::string out;
  for (const char32_t c : text::decode_utf8(s).chars) text::append_utf8(out, text::lower(c));
  return out;
}

/// ’ as '.
std::string plain_apostrophe(std::string s) {
  for (size_t at = s.find("\u2019"); at != std::string::npos; at = s.find("\u2019", at)) s.replace(at, 3, "'");
  return s;
}

std::string past(std::string_view form) {
  if (const auto base = irregular_verb(form); !base.empty()) return std::string(base);
  for (const std::string_view prefix : {"re", "un", "over", "out", "mis", "co-", "re-", "pre", "under", "fore", "inter"})
    if (form.size() > prefix.size() + 2 && form.starts_with(prefix))
      if (const auto base = irregular_verb(form.substr(prefix.size())); !base.empty()) return std::string(prefix) + std::string(base);
  if (form == "shed" || form == "wed" || !form.ends_with("ed") || form.size() < 4) return std::string(form);
  std::string_view stem = form.substr(0, form.size() - 2);
  if (stem.ends_with("i") && stem.size() > 1)
    return stem.size() == 2 ? std::string(stem) + "e" : std::string(stem.substr(0, stem.size() - 1)) + "y";  // tied, tried
  if (!has_vowel(stem)) return std::string(form.substr(0, form.size() - 1));
  return verb_of_stem(stem);
}

std::string present_participle(std::string_view form) {
  if (!form.ends_with("ing") || form.size() < 5) return std::string(form);
  const std::string_view stem = form.substr(0, form.size() - 3);
  if (!has_vowel(stem)) return std::string(form);
  for (const auto& [from, to] : {Pair{"ly", "lie"}, Pair{"dy", "die"}, Pair{"ty", "tie"}, Pair{"vy", "vie"}, Pair{"underly", "underlie"},
                                 Pair{"unty", "untie"}, Pair{"bely", "belie"}})
    if (stem == from) return std::string(to);
  if (stem == "be" || stem == "do" || stem == "go" || stem == "see" || stem.ends_with("ee") || stem.ends_with("oe") || stem.ends_with("ye"))
    return std::string(stem);
  // stridden and the like have no part here; strong verbs keep their present stem.
  return verb_of_stem(stem);
}

std::string third_person(std::string_view form) {
  if (form == "has") return "have";
  if (form == "is" || form == "'s") return "be";
  if (form == "does") return "do";
  if (form == "goes") return "go";
  if (form.ends_with("ves")) return std::string(form.substr(0, form.size() - 1));  // leaves and lives are verbs here
  return singular(form);
}

std::string positive(std::string_view form, size_t ending) {
  if (form.size() < ending + 3) return std::string(form);
  const std::string_view stem = form.substr(0, form.size() - ending);
  if (stem.ends_with("i")) return std::string(stem.substr(0, stem.size() - 1)) + "y";
  const size_t n = stem.size();
  if (n > 2 && stem[n - 1] == stem[n - 2] && !is_vowel(stem[n - 1]) && stem[n - 1] != 'l' && stem[n - 1] != 's' && stem[n - 1] != 'f')
    return std::string(stem.substr(0, n - 1));
  for (const std::string_view e :
       {"larg",  "nic",   "wid",   "lat",   "rar", "saf", "saf", "fin", "clos", "strang", "hug",   "brav", "wis",  "tru",  "blu",
        "sever", "simpl", "gentl", "nobl",  "abl", "cut", "fre", "rip", "sur",  "wis",    "fierc", "dens", "tens", "loos", "littl",
        "ampl",  "humbl", "subtl", "feebl", "idl", "pur", "mer", "sor", "bar",  "denser", "whit",  "rud",  "remot"})
    if (stem == e) return std::string(stem) + "e";
  return std::string(stem);
}

}  // namespace

std::string verb_of_stem(std::string_view stem) {
  const size_t n = stem.size();
  if (n >= 3 && stem[n - 1] == stem[n - 2] && !is_vowel(stem[n - 1])) {
    const std::string_view single = stem.substr(0, n - 1);
    switch (stem[n - 1]) {
      case 'l':
        return std::string(among(kSingleL, single) ? single : stem);
      case 's':
        return std::string(single == "gas" || single == "focus" || single == "bias" || single == "refocus" || single == "degas" ? single
                                                                                                                                : stem);
      case 'f':
      case 'z':
        return std::string(single == "quiz" || single == "whiz" ? single : stem);
      default:
        break;
    }
    for (const std::string_view whole : {"add", "egg", "err", "ebb", "butt", "boycott", "purr", "readd", "inn", "whirr", "mutt", "watt"})
      if (stem == whole) return std::string(stem);
    return std::string(single);
  }
  if (stem.ends_with("ck") &&
      (stem == "picnick" || stem == "panick" || stem == "mimick" || stem == "traffick" || stem == "politick" || stem == "frolick"))
    return std::string(stem.substr(0, n - 1));
  // One consonant after one vowel in a word of one syllable would have been doubled, had there been no -e; w, x, y never are.
  const char last = stem[n - 1];
  if (n >= 2 && syllables_one(stem) && !is_vowel(last) && last != 'w' && last != 'x' && last != 'y' && last != 'h' &&
      is_vowel(stem[n - 2]) && (n == 2 || !is_vowel(stem[n - 3])))
    return std::string(stem) + "e";
  return takes_e(stem) ? std::string(stem) + "e" : std::string(stem);
}

std::string singular(std::string_view plural) {
  const size_t n = plural.size();
  if (const auto found = look_up(kIrregularNouns, plural); !found.empty()) return std::string(found);
  if (plural.ends_with("men") && n > 4) return std::string(plural.substr(0, n - 2)) + "an";
  if (plural.ends_with("children")) return std::string(plural.substr(0, n - 3));
  if (!plural.ends_with("s") || plural.ends_with("ss") || n < 3) return std::string(plural);
  if (plural.ends_with("ies"))
    return n <= 4 || plural == "zombies" || plural == "calories" || plural == "selfies" || plural == "rookies" || plural == "cookies"
               ? std::string(plural.substr(0, n - 1))
               : std::string(plural.substr(0, n - 3)) + "y";
  for (const std::string_view wolf :
       {"wives", "knives", "lives", "shelves", "selves", "halves", "thieves", "wolves", "calves"})  // housewives, penknives
    if (plural.ends_with(wolf) && n > wolf.size() && !plural.ends_with("olives"))
      return std::string(plural.substr(0, n - wolf.size())) + std::string(look_up(kIrregularNouns, wolf));
  for (const std::string_view es : {"ches", "shes", "sses", "xes", "zzes", "tzes"})
    if (plural.ends_with(es)) {
      if (plural == "aches" || plural == "caches" || plural.ends_with("headaches")) return std::string(plural.substr(0, n - 1));
      return std::string(plural.substr(0, n - 2));
    }
  if (plural.ends_with("oes") && plural != "shoes" && plural != "canoes" && plural != "oboes" && !plural.ends_with("toes") && n > 4)
    return std::string(plural.substr(0, n - 2));
  if (plural.ends_with("toes") && (plural == "potatoes" || plural == "tomatoes" || plural == "vetoes" || plural == "mosquitoes"))
    return std::string(plural.substr(0, n - 2));
  if (plural.ends_with("uses") && n > 5 && !is_vowel(plural[n - 5])) {
    // viruses, surpluses; but excuses, refuses.
    static constexpr std::array<std::string_view, 8> kUse = {"excuses",  "abuses", "accuses", "refuses",
                                                             "confuses", "muses",  "fuses",   "recluses"};
    return std::string(plural.substr(0, among(kUse, plural) || plural.ends_with("fuses") ? n - 1 : n - 2));
  }
  if (plural.ends_with("us") || plural.ends_with("is"))
    return n > 4 && plural.ends_with("is") && !plural.ends_with("sis") ? std::string(plural.substr(0, n - 1)) : std::string(plural);
  return std::string(plural.substr(0, n - 1));
}

/// "wants", "holds": third persons, under whatever tag.
static bool third_form(std::string_view form) {
  return form.size() > 3 && form.ends_with("s") && !form.ends_with("ss") && !form.ends_with("us") && !form.ends_with("as") &&
         !form.ends_with("is");
}

std::string lemma_of(std::string_view form, std::string_view xpos, std::string_view model_lemma) {
  std::string model = plain_apostrophe(std::string(model_lemma));
  std::string lower = plain_apostrophe(lower_utf8(form));
  const bool word = ascii_word(lower) && lower.size() > 1;
  auto same_letters = [&] { return lower_utf8(model) == lower; };
  // A word joined by hyphens is inflected at its end.
  const size_t hyphen = lower.rfind('-');
  const std::string head = word && hyphen != std::string::npos ? lower.substr(0, hyphen + 1) : "";
  const std::string_view last = std::string_view(lower).substr(head.size());

  if (xpos == "VBD" || xpos == "VBN" || xpos == "VBG" || xpos == "VBZ") {
    if (lower == "gon") return "go";
    if (lower == "was" || lower == "were" || lower == "been" || lower == "being" || lower == "is") return "be";
    if (!word || last.size() < 3) return model.empty() ? lower : model;
    if ((xpos == "VBD" || xpos == "VBN") && third_form(last)) return head + third_person(last);
    return head + (xpos == "VBG" ? present_participle(last) : xpos == "VBZ" ? third_person(last) : past(last));
  }
  if (xpos == "NNS") {
    if (!word || last.size() < 3 || among(kOwnPlural, last)) return same_letters() || !word ? model : lower;
    if (same_letters() && among(kMaybePlural, last)) return lower;
    return head + singular(last);
  }
  if (xpos == "JJR" || xpos == "JJS" || xpos == "RBR" || xpos == "RBS") {
    if (!word) return model;
    if (const auto found = look_up(kDegrees, last); !found.empty()) {
      if (found == "good" && xpos.starts_with("RB")) return "well";
      if (found == "bad" && xpos.starts_with("RB")) return "badly";
      if (found == "more" && xpos == "JJR") return "more";
      return std::string(found);
    }
    if (lower.ends_with("est")) return head + positive(last, 3);
    if (lower.ends_with("er")) return head + positive(last, 2);
    return lower;
  }
  if (xpos == "MD") {
    static constexpr std::array<Pair, 5> kModals{{{"'ll", "will"}, {"ca", "can"}, {"wo", "will"}, {"'d", "would"}, {"sha", "shall"}}};
    if (const auto found = look_up(kModals, lower); !found.empty()) return std::string(found);
    return word ? lower : model;
  }
  if (xpos == "VB" || xpos == "VBP") {
    static constexpr std::array<Pair, 8> kPresent{
        {{"are", "be"}, {"am", "be"}, {"'m", "be"}, {"'re", "be"}, {"'ve", "have"}, {"wan", "want"}, {"gon", "go"}, {"ai", "be"}}};
    if (const auto found = look_up(kPresent, lower); !found.empty()) return std::string(found);
    if (xpos == "VBP" && word && lower.size() > 5 && lower.ends_with("ed") && !lower.ends_with("eed") && lower != "embed")
      return head + past(last);  // a past form under the wrong tag
    if (xpos == "VBP" && word && third_form(last)) return head + third_person(last);
    return word && lower.size() > 2 ? lower : model;
  }
  if (xpos == "PRP" || xpos == "PRP$" || xpos == "DT") {
    static constexpr std::array<Pair, 10> kForms{{{"i", "I"},
                                                  {"me", "I"},
                                                  {"him", "he"},
                                                  {"them", "they"},
                                                  {"'em", "they"},
                                                  {"us", "we"},
                                                  {"an", "a"},
                                                  {"these", "this"},
                                                  {"those", "that"},
                                                  {"'s", "we"}}};
    if (lower == "her") return xpos == "PRP" ? "she" : "her";
    if (xpos == "PRP" && lower == "mine") return "my";
    if (xpos == "PRP" && (lower == "yours" || lower == "ours" || lower == "theirs" || lower == "hers"))
      return lower.substr(0, lower.size() - 1);
    if (const auto found = look_up(kForms, lower); !found.empty()) return std::string(found);
    return word ? lower : model;
  }
  if (xpos == "POS") return lower;
  if (xpos == "RB" && (lower == "n't" || lower == "nt")) return "not";
  if (xpos == "CD") {
    // 12,500 is 12500; words of number in lower case.
    if (form.find(',') != std::string_view::npos &&
        std::all_of(form.begin(), form.end(), [](char c) { return (c >= '0' && c <= '9') || c == ',' || c == '.'; })) {
      std::string out(form);
      std::erase(out, ',');
      return out;
    }
    return model;
  }
  if (form.size() <= 12 && !word &&
      (xpos == "''" || xpos == "``" || xpos == "." || xpos == "," || xpos == ":" || xpos == "HYPH" || xpos == "-LRB-" || xpos == "-RRB-" ||
       xpos == "NFP")) {
    if (form == "\u201C" || form == "\u201D") return "\"";
    if (form == "\u2018" || form == "\u2019") return "'";
    if (form == "\u2014" || form == "\u2013") return "-";
    return std::string(form);
  }
  // The tags without inflection: whatever the model says beyond case is a guess at a misspelling.
  if (xpos == "NN" && (lower == "am" || lower == "a.m" || lower == "a.m.")) return "a.m.";
  if (xpos == "NN" && (lower == "pm" || lower == "p.m" || lower == "p.m.")) return "p.m.";
  if (word && lower.size() > 3 && !same_letters() &&
      (xpos == "NN" || xpos == "JJ" || xpos == "RB" || xpos == "IN" || xpos == "CC" || xpos == "UH" || xpos == "RP" || xpos == "WDT" ||
       xpos == "WRB" || xpos == "WP" || xpos == "EX" || xpos == "TO"))
    return lower;
  if (xpos == "NNP" && word && !same_letters() && !(lower.size() <= 4 && lower_utf8(model).starts_with(lower)))
    return std::string(form);  // Oct is October
  if (xpos == "NNPS" && word && !same_letters()) {
    // Capitals stay: Americans, Territories.
    std::string one = singular(lower);
    for (size_t i = 0; i < one.size() && i < form.size(); ++i)
      if (form[i] >= 'A' && form[i] <= 'Z' && one[i] == form[i] + 32) one[i] = form[i];
    return one;
  }
  return model.empty() ? lower : model;
}

}  // namespace reportedly::syntax
