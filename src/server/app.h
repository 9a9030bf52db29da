// The routes: a request in, an answer out, without any network. docs/openapi.json describes them.
// Thread-safety: `handle` may be called from several threads.
#pragma once
#include <memory>

#include "reportedly/server.h"
#include "server/guard.h"
#include "server/message.h"

namespace reportedly::server {

class App {
 public:
  /// `options.store` must be there. `guard` must outlive the App.
  App(const ServerOptions& options, Guard& guard);
  ~App();
  /// Everything from the checks at the door to the headers of the answer.
  Response handle(const Request& request);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A file of the pages.
struct WebFile {
  std::string_view name, type, bytes;
};
/// The folder web/ and docs/openapi.json, as they were when the program was built.
const WebFile* web_file(std::string_view name);

}  // namespace reportedly::server
