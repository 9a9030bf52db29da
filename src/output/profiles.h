// What the profiles are made of: their tables, and a run of each that is more than one function.
#pragma once
#include <memory>

#include "reportedly/export.h"

namespace reportedly::output {

const TableFormat& csv_table();
const TableFormat& polecat_table();
const TableFormat& icews_table();
const TableFormat& acled_table();
std::span<const TableFormat> gdelt_tables();

std::string to_acled(const Analysis& analysis);
/// Rows of the three tables, in their order.
std::vector<std::string> to_gdelt(const Analysis& analysis);
std::string to_ftm(const Analysis& analysis);
std::string to_claims(const EngineInfo& engine, const Analysis& analysis);

std::unique_ptr<Export> brat_export();
std::unique_ptr<Export> web_annotation_export();
std::unique_ptr<Export> gexf_export();

/// A name that every file system takes: letters, digits, - _ and inner points; where something had to go, a hash of the whole keeps it
/// apart.
std::string file_name(std::string_view id);
/// FNV-1a, 64 bits: the same on every machine.
uint64_t hash64(std::string_view bytes);
/// "urn:reportedly:geneva-1#v1", percent-encoded where a URI needs it.
std::string urn(std::string_view document, std::string_view part = {});
/// The document's address if it is a plain http or https one, else its urn.
std::string iri_of(const DocumentInfo& document);
bool web_address(std::string_view url);

}  // namespace reportedly::output
