// GEXF 1.2: actors are nodes, each pair of actor and recipient of each event is an edge. The nodes come before the edges in that format, so
// everything is kept until the last document is in.
#include <map>

#include "output/describe.h"
#include "output/profiles.h"
#include "output/write.h"

namespace reportedly::output {
namespace {

/// Text for XML: what XML has no character for becomes U+FFFD.
void put_xml(Buffer& out, std::string_view text) {
  const std::string line = one_line(text);
  for (size_t i = 0; i < line.size();) {
    const size_t length = utf8_length(line, i);
    const std::string_view c = std::string_view(line).substr(i, length == 0 ? 1 : length);
    if (c == "\xEF\xBF\xBE" || c == "\xEF\xBF\xBF")
      put(out, "\xEF\xBF\xBD");
    else
      put_html(out, c);
    i += c.size();
  }
}

constexpr std::string_view kNode = "n", kEdge = "e";

/// Attributes of edges, in the order of their ids.
constexpr std::pair<std::string_view, std::string_view> kEdgeAttributes[] = {
    {"event", "string"},     {"type", "string"},      {"mode", "string"},     {"quad", "integer"},
    {"intensity", "double"}, {"date", "string"},      {"status", "string"},   {"factuality", "string"},
    {"voice", "string"},     {"publisher", "string"}, {"published", "string"}};

class Gexf : public Export {
 public:
  /// Nodes and edges as pieces of two "files"; the first line of a node is its id.
  std::vector<Piece> read(const EngineInfo&, const Analysis& analysis) const override {
    const Description d(analysis);
    std::vector<Piece> out;
    for (size_t i = 0; i < analysis.events.size(); ++i) {
      const Event& event = analysis.events[i];
      if (event.decision == Decision::rejected) continue;
      const auto nodes = [&](const std::vector<Participant>& side) {
        std::vector<std::string> ids;
        for (const Participant& p : side) {
          ids.push_back(node_id(d, p));
          out.push_back({std::string(kNode), node(d, p, ids.back())});
        }
        return ids;
      };
      const std::vector<std::string> actors = nodes(event.actors), recipients = nodes(event.recipients);
      for (const std::string& actor : actors)
        for (const std::string& recipient : recipients) out.push_back({std::string(kEdge), edge(d, i, actor, recipient)});
    }
    return out;
  }
  std::vector<Piece> take(std::vector<Piece> pieces) override {
    for (Piece& piece : pieces) {
      if (piece.file == kEdge) {
        edges_ += fmt::format("   <edge id=\"{}\"", ++edge_count_);
        edges_ += piece.text;
      } else {
        // The first document that names an actor says what it is.
        nodes_.try_emplace(piece.text.substr(0, piece.text.find('\n')), std::move(piece.text));
      }
    }
    return {};
  }
  std::vector<Piece> end() override {
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf xmlns=\"http://www.gexf.net/1.2draft\" version=\"1.2\">\n"
        " <meta><creator>reportedly</creator><description>Actors and what they are said to have done to each other. An edge is a report, "
        "not a "
        "fact: see status and voice.</description></meta>\n"
        " <graph mode=\"static\" defaultedgetype=\"directed\">\n"
        "  <attributes class=\"node\">\n   <attribute id=\"0\" title=\"country\" type=\"string\"/>\n   <attribute id=\"1\" "
        "title=\"sectors\" "
        "type=\"string\"/>\n   <attribute id=\"2\" title=\"kind\" type=\"string\"/>\n  </attributes>\n  <attributes class=\"edge\">\n";
    int id = 0;
    for (const auto& [title, type] : kEdgeAttributes)
      out += fmt::format("   <attribute id=\"{}\" title=\"{}\" type=\"{}\"/>\n", id++, title, type);
    out += "  </attributes>\n  <nodes>\n";
    for (const auto& [key, node] : nodes_) out += node.substr(node.find('\n') + 1);
    out += "  </nodes>\n  <edges>\n" + edges_ + "  </edges>\n </graph>\n</gexf>\n";
    return {{{}, std::move(out)}};
  }

 private:
  static const Entity* entity_of(const Description& d, const Participant& p) {
    return p.entity >= 0 && static_cast<size_t>(p.entity) < d.record().entities.size() ? &d.record().entities[p.entity] : nullptr;
  }
  static std::string node_id(const Description& d, const Participant& p) {
    const Entity* entity = entity_of(d, p);
    return fmt::format("n{:016x}", hash64(fmt::format("{}\n{}\n{}", d.name(p), p.country.value_or(""), entity ? entity->kind : "")));
  }
  static void value(Buffer& out, int id, std::string_view text) {
    if (text.empty()) return;
    fmt::format_to(std::back_inserter(out), "<attvalue for=\"{}\" value=\"", id);
    put_xml(out, text);
    put(out, "\"/>");
  }
  static std::string node(const Description& d, const Participant& p, const std::string& id) {
    Buffer out;
    fmt::format_to(std::back_inserter(out), "{0}\n   <node id=\"{0}\" label=\"", id);
    put_xml(out, d.name(p));
    put(out, "\"><attvalues>");
    value(out, 0, p.country.value_or(""));
    value(out, 1, join(p.sectors, " "));
    const Entity* entity = entity_of(d, p);
    value(out, 2, entity ? std::string_view(entity->kind) : std::string_view{});
    put(out, "</attvalues></node>\n");
    return fmt::to_string(out);
  }
  static std::string edge(const Description& d, size_t index, const std::string& from, const std::string& to) {
    const Analysis& analysis = d.record();
    const Event& event = analysis.events[index];
    Buffer out;
    fmt::format_to(std::back_inserter(out), " source=\"{}\" target=\"{}\" label=\"", from, to);
    put_xml(out, event.mode ? event.type + "/" + *event.mode : event.type);
    put(out, "\"><attvalues>");
    value(out, 0, analysis.document.id + "#" + id_of('v', static_cast<int64_t>(index)));
    value(out, 1, event.type);
    value(out, 2, event.mode.value_or(""));
    value(out, 3, fmt::format_int(event.quad).c_str());
    Buffer number;
    put_real(number, event.intensity);
    value(out, 4, {number.data(), number.size()});
    value(out, 5, event.date.value_or(""));
    value(out, 6, event.status);
    value(out, 7, factuality_name(event.factuality));
    value(out, 8, d.voice(event.attribution));
    value(out, 9, analysis.document.publisher.value_or(""));
    value(out, 10, analysis.document.published.value_or(""));
    put(out, "</attvalues></edge>\n");
    return fmt::to_string(out);
  }

  std::map<std::string, std::string> nodes_;
  std::string edges_;
  size_t edge_count_ = 0;
};

}  // namespace

std::unique_ptr<Export> gexf_export() {
  return std::make_unique<Gexf>();
}

}  // namespace reportedly::output
