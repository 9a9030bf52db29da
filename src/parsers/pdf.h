// PDF to text, by pdftotext of poppler-utils in a process of its own.
#pragma once
#include "parsers/parsers.h"

namespace reportedly::importer {

/// Reads the PDF behind the descriptor. For the process of one job, before it is shut in; it shuts itself in meanwhile.
/// Returns what the process is to exit with, or −(signal) of the converter.
int parse_pdf(int descriptor, Shared& shared);

}  // namespace reportedly::importer
