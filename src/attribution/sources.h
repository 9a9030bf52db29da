// Who the sources are: entities of the text, those that only a source names, and "I" in a quotation.
#pragma once
#include "attribution/attribution.h"
#include "attribution/quotes.h"

namespace reportedly::attribution {

/// Entity of the source of each of `linked` (docs/voices.md, E1–E4): index into `entities.entities`, −1 where the text does not say who it
/// is. Sources that no entity of the text is become entities, and first persons in quotations become mentions of who speaks. Linear in the
/// words of all contents.
std::vector<int32_t> find_sources(const syntax::Trees& trees, const Quotations& quotes, const std::vector<Linked>& linked,
                                  entities::EntityLayer& entities);

/// All, some or none of the content inside quotation marks that do not hold the attribution itself.
Form form_of(const syntax::Trees& trees, const Quotations& quotes, const Linked& l);

}  // namespace reportedly::attribution
