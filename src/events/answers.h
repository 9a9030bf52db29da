// Voices elsewhere that hold or deny an act: "The navy denied it", "Three witnesses confirm his account". For each act and each attribution
// around it that does not tell it, one choice of three (neither, holds it, denies it): a multinomial logit over the model's logits, the
// rules of denials.h and what the two are to each other; its weights stand in answer_weights.inc, fitted by training/answers.py on
// passages that the model has not seen.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "events/events.h"
#include "events/match.h"

namespace reportedly::events {

/// Adds the voices that speak of an act elsewhere to `voices`; one that is denied has the status `denied`. `expected`: trigger words of
/// acts that are taken for denied by a voice not known yet, which is believed to be heard more readily. `events` in text order. `heard`:
/// what was found likely of each pair. With `rows` each pair that was asked is written there as a line of JSON, for training/answers.py.
/// Linear in events: each meets the attributions of a few sentences.
void add_answers(const syntax::Trees& trees, const entities::EntityLayer& entities, const std::vector<Attribution>& attributions,
                 const Matches& matches, const std::set<uint32_t>& expected, std::vector<Event>& events,
                 std::vector<Opinions::Heard>& heard, std::string* rows);

}  // namespace reportedly::events
