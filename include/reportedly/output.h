// Records to text: one function for each format. All are pure and thread-safe.
#pragma once
#include <iosfwd>
#include <string>

#include "reportedly/analysis.h"
#include "reportedly/engine.h"

namespace reportedly {

/// `reportedly/1`, docs/reportedly-1.schema.json. One line without line breaks; `pretty`: indented.
std::string to_json(const EngineInfo& engine, const Analysis& analysis, bool pretty = false);
/// One row an event, RFC 4180; `csv_header` is its first line. Formula injection disarmed.
std::string csv_header();
std::string to_csv(const Analysis& analysis);
/// POLECAT: 40 tab-separated columns, then ours (voice, stance, factuality, status, cue, span).
std::string polecat_header();
std::string to_polecat(const EngineInfo& engine, const Analysis& analysis);
std::string icews_header();
std::string to_icews(const Analysis& analysis);
/// A readable account for the terminal; `colour`: ANSI sequences; `width`: columns.
std::string to_account(const Analysis& analysis, bool colour, unsigned width);
/// How an event ("v1") or a sentence ("s12") came about. Error usage if there is none such.
Result<std::string> explain(const Analysis& analysis, std::string_view what);
/// One self-contained page for all documents given.
std::string html_head(const EngineInfo& engine);
std::string to_html(const Analysis& analysis);
std::string html_tail();

}  // namespace reportedly
