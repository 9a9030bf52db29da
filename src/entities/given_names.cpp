#include "entities/given_names.h"

#include <algorithm>
#include <array>

namespace reportedly::entities {
namespace {

// Sorted.
constexpr std::array<std::string_view, 544> kFemale{
    "abigail",    "ada",       "adele",      "agnes",      "agnieszka", "aisha",     "akiko",      "alena",      "alice",     "amanda",
    "amber",      "amelia",    "amina",      "amy",        "anastasia", "angela",    "angelina",   "angharad",   "anjali",    "ann",
    "anna",       "anne",      "anneke",     "annette",    "annie",     "annika",    "antoinette", "aoife",      "asha",      "ashlee",
    "astrid",     "audrey",    "aurora",     "ava",        "ayesha",    "ayse",      "barbara",    "beatriz",    "becky",     "bella",
    "bernadette", "bertha",    "bessie",     "beth",       "betsy",     "betty",     "beverly",    "bianca",     "birgit",    "blanche",
    "bonnie",     "brenda",    "bridget",    "brigitte",   "brittany",  "bronwyn",   "brooke",     "camilla",    "camille",   "carla",
    "carmen",     "carol",     "carolyn",    "carrie",     "cassandra", "catalina",  "catherine",  "cathy",      "catriona",  "cecilia",
    "cecily",     "celia",     "celine",     "charlotte",  "chelsea",   "cheryl",    "chiara",     "chloe",      "christina", "christine",
    "cindy",      "claire",    "clara",      "clare",      "clarissa",  "claudia",   "claudine",   "colette",    "connie",    "constance",
    "consuelo",   "cordelia",  "crystal",    "cynthia",    "daisy",     "danielle",  "daphne",     "darlene",    "dawn",      "debbie",
    "deborah",    "debra",     "deepa",      "deirdre",    "della",     "delphine",  "denise",     "diana",      "diane",     "dolores",
    "donna",      "dora",      "doris",      "dorothea",   "dorothy",   "dragana",   "edith",      "edna",       "eileen",    "ekaterina",
    "elaine",     "eleanor",   "elena",      "elif",       "eliza",     "elizabeth", "ella",       "ellen",      "elsa",      "elsie",
    "elspeth",    "emily",     "emine",      "emma",       "erica",     "erika",     "ernestine",  "esme",       "esperanza", "estelle",
    "esther",     "ethel",     "eunice",     "eva",        "evelyn",    "ewa",       "faith",      "fanny",      "farah",     "fatemeh",
    "fatima",     "fay",       "faye",       "felicity",   "femke",     "fiona",     "flora",      "florence",   "frances",   "francesca",
    "gabriella",  "gabrielle", "gail",       "galina",     "geeta",     "gemma",     "genevieve",  "georgia",    "georgina",  "geraldine",
    "germaine",   "gertrude",  "gillian",    "giulia",     "gladys",    "glenda",    "gloria",     "goldie",     "grace",     "grazia",
    "greta",      "gretchen",  "guadalupe",  "gulsen",     "gwen",      "gwendolyn", "hana",       "hanna",      "hannah",    "hanne",
    "harriet",    "haruka",    "hatice",     "hazel",      "heather",   "hedwig",    "heidi",      "helen",      "helga",     "heloise",
    "henriette",  "hilda",     "ida",        "imogen",     "indira",    "ines",      "ingrid",     "irene",      "irina",     "iris",
    "isabel",     "isabella",  "isabelle",   "isobel",     "ivana",     "ivette",    "ivy",        "jacqueline", "jadwiga",   "jane",
    "janet",      "janice",    "janine",     "jasmine",    "jeanette",  "jeanne",    "jelena",     "jennifer",   "jenny",     "jessica",
    "jill",       "jillian",   "joan",       "joanna",     "joanne",    "jocelyn",   "jodie",      "johanna",    "jolene",    "josephine",
    "josie",      "joy",       "joyce",      "juana",      "juanita",   "judith",    "judy",       "julia",      "julie",     "juliette",
    "june",       "justine",   "kara",       "karen",      "karin",     "katarina",  "katarzyna",  "kate",       "katherine", "kathleen",
    "kathryn",    "katie",     "kavita",     "kayla",      "keiko",     "kendra",    "khadija",    "kirsten",    "kirsty",    "kitty",
    "kristen",    "kristin",   "kristina",   "kristine",   "ksenia",    "lakshmi",   "latisha",    "latoya",     "laura",     "lauren",
    "layla",      "leah",      "leila",      "lena",       "leticia",   "liesbeth",  "lillian",    "lily",       "linda",     "lisa",
    "liz",        "lizzie",    "ljubica",    "lois",       "lola",      "loretta",   "lorna",      "lorraine",   "louise",    "lucia",
    "lucille",    "lucinda",   "lucy",       "ludmila",    "luisa",     "lydia",     "lynn",       "lynne",      "lyudmila",  "mabel",
    "madeleine",  "madison",   "mae",        "magda",      "magdalena", "maggie",    "malgorzata", "mandy",      "marcella",  "marcia",
    "margaret",   "margarita", "margot",     "marguerite", "maria",     "mariam",    "marian",     "marianne",   "marie",     "marilyn",
    "marina",     "marjorie",  "marlene",    "martha",     "mary",      "maryam",    "matilda",    "maud",       "maureen",   "maxine",
    "meena",      "meg",       "megan",      "mei",        "melanie",   "melinda",   "melissa",    "mercedes",   "mia",       "michelle",
    "michiko",    "mildred",   "milena",     "millicent",  "minnie",    "miranda",   "miriam",     "moira",      "molly",     "mona",
    "monica",     "monique",   "morag",      "muriel",     "myra",      "nadezhda",  "nadia",      "nadine",     "nancy",     "naoko",
    "naomi",      "nasrin",    "natalia",    "natalie",    "natalya",   "natasha",   "neha",       "nell",       "nellie",    "niamh",
    "nicole",     "nina",      "noor",       "nora",       "norah",     "noreen",    "norma",      "odette",     "oksana",    "olga",
    "olivia",     "olympia",   "opal",       "ophelia",    "ornella",   "paloma",    "pamela",     "paola",      "parvin",    "patricia",
    "paula",      "pauline",   "pearl",      "peggy",      "penelope",  "petra",     "phoebe",     "phyllis",    "pilar",     "polly",
    "pooja",      "priscilla", "priya",      "rachel",     "radha",     "raffaella", "raisa",      "ramona",     "rania",     "rebecca",
    "regina",     "rekha",     "renee",      "rhiannon",   "rhoda",     "rhonda",    "rita",       "roberta",    "rosa",      "rosalie",
    "rosalind",   "rosario",   "rose",       "rosemary",   "rosie",     "roxanne",   "ruby",       "ruth",       "sabrina",   "sadie",
    "sakura",     "sally",     "salma",      "samantha",   "samira",    "sandra",    "sara",       "sarah",      "saskia",    "selina",
    "selma",      "serena",    "shanti",     "sharon",     "shauna",    "sheila",    "sherry",     "shirin",     "shirley",   "sigrid",
    "silvia",     "sinead",    "siobhan",    "sita",       "snezana",   "sofia",     "solveig",    "sonia",      "sonya",     "sophia",
    "sophie",     "sophy",     "stella",     "stephanie",  "sue",       "sunita",    "susan",      "susanna",    "susannah",  "susie",
    "suzanne",    "svetlana",  "sylvia",     "tabitha",    "tamara",    "tammy",     "tanya",      "tara",       "tatiana",   "tatyana",
    "teresa",     "teresita",  "tess",       "thea",       "thelma",    "theresa",   "tina",       "tracey",     "tracy",     "trisha",
    "trudy",      "una",       "ursula",     "usha",       "valentina", "valentyna", "valerie",    "vanessa",    "velma",     "vera",
    "veronica",   "vesna",     "vicky",      "victoire",   "victoria",  "viola",     "violet",     "virginia",   "vivian",    "vivien",
    "wanda",      "wendy",     "wilhelmina", "wilma",      "winifred",  "xenia",     "ximena",     "yasmin",     "yasmine",   "yekaterina",
    "yoko",       "yolanda",   "yulia",      "yuliya",     "yvette",    "yvonne",    "zahra",      "zainab",     "zaynab",    "zelda",
    "zeynep",     "zoe",       "zofia",      "zoya"};
constexpr std::array<std::string_view, 660> kMale{
    "aaron",      "abdoulaye", "abdul",       "abdullah",  "adam",      "adel",      "ahmad",    "ahmed",       "ahmet",     "akira",
    "alain",      "alan",      "albert",      "alberto",   "alejandro", "aleksandr", "aleksei",  "alessandro",  "alexander", "alexandr",
    "alexandros", "alexei",    "alfred",      "ali",       "allen",     "amadou",    "amir",     "amit",        "anatoly",   "anders",
    "andre",      "andrei",    "andrew",      "andrey",    "andrzej",   "anil",      "anthony",  "antonio",     "anwar",     "archibald",
    "arthur",     "arun",      "ashok",       "austin",    "babatunde", "barry",     "bashar",   "bashir",      "benjamin",  "bernard",
    "billy",      "bjorn",     "blaise",      "bobby",     "bogdan",    "boris",     "boubacar", "brad",        "bradley",   "brandon",
    "brendan",    "brett",     "brian",       "bruce",     "bruno",     "bryan",     "burak",    "carl",        "carlos",    "cecil",
    "charles",    "chidi",     "christopher", "clarence",  "claude",    "clement",   "clifford", "clint",       "clyde",     "cornelis",
    "cornelius",  "craig",     "curtis",      "cuthbert",  "cyril",     "cyrus",     "daniel",   "dario",       "darren",    "darryl",
    "dave",       "david",     "dean",        "deepak",    "dennis",    "derek",     "desmond",  "dick",        "diego",     "dieter",
    "dimitris",   "dirk",      "dmitri",      "dmitry",    "don",       "donald",    "donovan",  "doug",        "douglas",   "dragan",
    "drew",       "dudley",    "duncan",      "dwight",    "dylan",     "earl",      "ebenezer", "eddie",       "edgar",     "edmund",
    "eduardo",    "edward",    "edwin",       "elias",     "elijah",    "elliot",    "elliott",  "ellis",       "elmer",     "elton",
    "elvis",      "emeka",     "emile",       "emilio",    "emmett",    "emre",      "enoch",    "enrique",     "enzo",      "eric",
    "ernest",     "ernesto",   "erwin",       "esteban",   "ethan",     "etienne",   "eugene",   "evgeny",      "ezra",      "fabio",
    "faisal",     "felipe",    "felix",       "ferdinand", "ferenc",    "fernando",  "floyd",    "francesco",   "francis",   "francisco",
    "franco",     "francois",  "frank",       "franklin",  "frantisek", "fred",      "freddie",  "frederick",   "fritz",     "fyodor",
    "gabriel",    "garrett",   "gary",        "gaston",    "gennady",   "geoff",     "geoffrey", "george",      "georgios",  "gerald",
    "gerard",     "gheorghe",  "gilbert",     "giles",     "giorgio",   "giovanni",  "giuseppe", "glenn",       "godfrey",   "gonzalo",
    "goodluck",   "gopal",     "goran",       "gordon",    "graham",    "grant",     "greg",     "gregory",     "grigory",   "guillaume",
    "gunter",     "gunther",   "gus",         "gustaf",    "gustav",    "gustavo",   "guy",      "gyorgy",      "haakon",    "hakan",
    "hakon",      "hal",       "hamid",       "hank",      "hans",      "harold",    "harry",    "harvey",      "hassan",    "hector",
    "heinrich",   "helmut",    "hendrik",     "henri",     "henry",     "herbert",   "herman",   "hiroshi",     "horace",    "horst",
    "hossein",    "howard",    "hubert",      "hugh",      "hugo",      "humphrey",  "hussein",  "ian",         "ibrahim",   "ibrahima",
    "ichiro",     "idrissa",   "ignacio",     "igor",      "ike",       "ilya",      "isaac",    "ismail",      "istvan",    "ivan",
    "ivica",      "ivor",      "jack",        "jacob",     "jacques",   "jaime",     "jake",     "jamal",       "james",     "janos",
    "jared",      "jaroslaw",  "jarvis",      "jason",     "jasper",    "javad",     "javier",   "jean-pierre", "jed",       "jeff",
    "jeffrey",    "jens",      "jeremiah",    "jeremy",    "jerome",    "jerry",     "jerzy",    "jesse",       "jim",       "jimmy",
    "jiri",       "jiro",      "joaquin",     "joe",       "joel",      "johannes",  "john",     "johnny",      "jonas",     "jonathan",
    "jorge",      "jose",      "joseph",      "josh",      "joshua",    "josip",     "jozef",    "juan",        "julian",    "julius",
    "jurgen",     "justin",    "justus",      "karim",     "karl",      "keith",     "kemal",    "kenji",       "kenneth",   "kenny",
    "kent",       "kevin",     "khaled",      "khalid",    "kirill",    "kirk",      "klaus",    "kofi",        "kojo",      "konrad",
    "konstantin", "kostas",    "krzysztof",   "kurt",      "kwame",     "kyle",      "lance",    "larry",       "lars",      "laszlo",
    "laurence",   "laurent",   "lawrence",    "lech",      "lenny",     "leo",       "leon",     "leonard",     "leonardo",  "leonid",
    "leopold",    "leroy",     "les",         "lewis",     "liam",      "lionel",    "lloyd",    "logan",       "lorenzo",   "louis",
    "luca",       "lucien",    "ludwig",      "luis",      "luke",      "luther",    "lyle",     "mack",        "mads",      "magnus",
    "mahmoud",    "mahmud",    "malcolm",     "mamadou",   "manfred",   "manuel",    "marcel",   "marco",       "marcus",    "mario",
    "mark",       "martin",    "marvin",      "mason",     "massimo",   "matt",      "matteo",   "matthew",     "matthias",  "maurice",
    "max",        "maxim",     "maximilian",  "mehdi",     "mehmet",    "melvin",    "merlin",   "michael",     "michel",    "mick",
    "mickey",     "miguel",    "mike",        "mikhail",   "milan",     "miles",     "milos",    "milton",      "mircea",    "mitch",
    "mitchell",   "mohamed",   "mohammad",    "mohammed",  "mohan",     "mortimer",  "moses",    "moussa",      "muhammad",  "muhammadu",
    "murat",      "murray",    "mustafa",     "nabil",     "narendra",  "nasser",    "nate",     "nathan",      "nathaniel", "ned",
    "neil",       "nelson",    "neville",     "nicholas",  "nick",      "nicolae",   "nicolas",  "nicolo",      "nigel",     "nikolai",
    "nikolay",    "nikos",     "nils",        "noah",      "noel",      "norm",      "norman",   "olaf",        "olav",      "oleg",
    "oliver",     "olivier",   "ollie",       "olusegun",  "omar",      "ondrej",    "orhan",    "orville",     "oscar",     "osman",
    "oswald",     "otis",      "otto",        "ousmane",   "owen",      "ozzie",     "pablo",    "paolo",       "patrice",   "patrick",
    "paul",       "pavel",     "pedro",       "percy",     "pete",      "peter",     "petr",     "phil",        "philip",    "philippe",
    "pierre",     "piet",      "pieter",      "pietro",    "piotr",     "quentin",   "quincy",   "rafael",      "rahul",     "rainer",
    "rajesh",     "rajiv",     "ralph",       "ramesh",    "ramon",     "ramsay",    "randy",    "rashid",      "raul",      "ravi",
    "ray",        "raymond",   "recep",       "reggie",    "reginald",  "reinhard",  "rene",     "reuben",      "rex",       "reza",
    "ricardo",    "richard",   "rick",        "ricky",     "rob",       "robert",    "roberto",  "rod",         "rodney",    "rodrigo",
    "roger",      "roland",    "rolf",        "roman",     "ron",       "ronald",    "ronnie",   "rory",        "ross",      "roy",
    "ruben",      "rudolf",    "rudolph",     "rufus",     "rupert",    "ruslan",    "russ",     "russell",     "ruud",      "ryan",
    "saeed",      "salim",     "salvador",    "sami",      "samir",     "sammy",     "samuel",   "sandor",      "sanjay",    "santiago",
    "scott",      "sean",      "sebastian",   "sekou",     "sergei",    "sergey",    "sergio",   "seth",        "shane",     "shawn",
    "sherman",    "shinzo",    "sidney",      "siegfried", "silas",     "silvio",    "simon",    "sipho",       "slobodan",  "solomon",
    "soren",      "spyros",    "stan",        "stanislav", "stanislaw", "stanley",   "stavros",  "stefan",      "stefano",   "stephen",
    "steve",      "steven",    "stewart",     "stu",       "stuart",    "suresh",    "sven",     "sylvester",   "tad",       "tadeusz",
    "takashi",    "tariq",     "taro",        "ted",       "terence",   "thabo",     "theodore", "thierry",     "thomas",    "tim",
    "timothy",    "tobias",    "toby",        "todd",      "tom",       "tomas",     "tomasz",   "tomislav",    "tommy",     "tony",
    "traian",     "trevor",    "tristan",     "troy",      "tyler",     "tyrone",    "umberto",  "uriah",       "uwe",       "vaclav",
    "vasily",     "vernon",    "vicente",     "victor",    "vijay",     "viktor",    "vince",    "vincent",     "virgil",    "vitaly",
    "vittorio",   "vladimir",  "vyacheslav",  "wade",      "walid",     "wallace",   "wally",    "walt",        "walter",    "warren",
    "wayne",      "werner",    "wesley",      "wilbur",    "wilfred",   "wilhelm",   "willem",   "william",     "willie",    "winston",
    "wojciech",   "wolfgang",  "woody",       "yannis",    "yasser",    "yaw",       "yevgeny",  "yousef",      "youssef",   "yuri",
    "yury",       "yusuf",     "yves",        "zach",      "zachary",   "zbigniew",  "zdenek",   "ziad",        "zlatan",    "zoran"};
/// Of these, common as last names.
constexpr std::array<std::string_view, 212> kLast{
    "abdullah",  "ahmad",    "ahmed",    "albert",    "alexander", "alfred",   "ali",      "allen",    "ann",       "anwar",    "arthur",
    "aurora",    "austin",   "barry",    "benjamin",  "bernard",   "brett",    "bruce",    "bruno",    "carol",     "cecil",    "charles",
    "charlotte", "clarence", "clifford", "constance", "cornelius", "craig",    "curtis",   "cyril",    "daniel",    "dario",    "dawn",
    "dean",      "douglas",  "drew",     "dudley",    "duncan",    "earl",     "edgar",    "edmund",   "edward",    "edwin",    "elliot",
    "elliott",   "ellis",    "emmett",   "ernest",    "faisal",    "faith",    "fay",      "faye",     "felix",     "florence", "floyd",
    "francis",   "franco",   "francois", "franklin",  "frederick", "gabriel",  "garrett",  "george",   "georgia",   "gerard",   "gilbert",
    "glenn",     "gordon",   "grace",    "graham",    "grant",     "gregory",  "harvey",   "hassan",   "hazel",     "henry",    "herman",
    "howard",    "hugo",     "humphrey", "hussein",   "ibrahim",   "isaac",    "jacob",    "jamal",    "james",     "jarvis",   "jerome",
    "john",      "joseph",   "joy",      "julian",    "julius",    "june",     "karim",    "kenneth",  "kent",      "kirk",     "kyle",
    "lance",     "laurence", "lawrence", "leo",       "leon",      "leonard",  "leonardo", "lewis",    "lloyd",     "logan",    "louis",
    "luke",      "luther",   "lynn",     "madison",   "mahmoud",   "mahmud",   "malcolm",  "marcel",   "marco",     "marcus",   "marie",
    "mark",      "martin",   "marvin",   "mason",     "matthew",   "maurice",  "max",      "mercedes", "michel",    "milan",    "miles",
    "milton",    "mitchell", "mohamed",  "mohammad",  "mohammed",  "mortimer", "moses",    "muhammad", "murray",    "nasser",   "nathan",
    "neil",      "nelson",   "neville",  "nicholas",  "noel",      "norman",   "oliver",   "omar",     "osman",     "oswald",   "otis",
    "otto",      "owen",     "paloma",   "patrick",   "paul",      "pearl",    "peter",    "philip",   "pilar",     "quincy",   "ramsay",
    "rashid",    "ray",      "raymond",  "reza",      "richard",   "robert",   "roland",   "roman",    "rosario",   "rose",     "ross",
    "ruby",      "rupert",   "russell",  "ryan",      "salvador",  "samuel",   "santiago", "scott",    "sebastian", "sherman",  "simon",
    "solomon",   "stanley",  "stephen",  "steven",    "stewart",   "stuart",   "tariq",    "thomas",   "todd",      "tyler",    "vernon",
    "victor",    "vincent",  "virgil",   "virginia",  "wade",      "wallace",  "walter",   "warren",   "wayne",     "wesley",   "wilhelm",
    "william",   "winston",  "woody"};

template <size_t N>
bool has(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::binary_search(names.begin(), names.end(), name);
}

}  // namespace

char gender_of_given_name(std::string_view folded, bool alone) {
  if (alone && has(kLast, folded)) return 0;
  return has(kFemale, folded) ? 'f' : has(kMale, folded) ? 'm' : 0;
}

char gender_of_last_name(std::string_view folded) {
  static constexpr std::array<std::string_view, 7> kNot{"canova", "casanova", "cordova", "genova", "terranova", "villanova", "supernova"};
  if (folded.size() < 6 || folded.ends_with("ueva") || std::find(kNot.begin(), kNot.end(), folded) != kNot.end()) return 0;
  for (const std::string_view end : {"skaya", "skaia", "skaja", "ova", "eva", "ovna", "evna", "dottir"})
    if (folded.ends_with(end)) return 'f';
  return 0;
}

}  // namespace reportedly::entities
