// What a tree cannot be, put right: the parser's slips that the words themselves disprove.
#pragma once
#include "syntax/tree.h"

namespace reportedly::syntax {

/// Repairs words whose relation their part of speech rules out: articles that are subjects, prepositions that are adverbs of the verb
/// before a bare noun, "of" phrases hung on the verb, objects with a preposition, who is accused "of doing" as subject of the doing, verbs
/// in -ed read as particles. Heads stay within their sentences and every tree stays a tree. Before `Trees::index`.
void repair(Trees& trees);

}  // namespace reportedly::syntax
