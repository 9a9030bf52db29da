#include "serve_command.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>

#include "engine_choice.h"
#include "reportedly/server.h"
#include "run.h"

namespace reportedly::cli {

struct ServeCommand::Impl : EngineChoice {
  CLI::App* app = nullptr;
  ServerOptions options;
  std::string store, token_file;
  bool no_model = false;
};

namespace {

/// The first line. A file that others may read holds no secret.
Result<std::string> read_token(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return fail(ErrorCode::not_found, "the token file is not there", path);
  if ((info.st_mode & 077) != 0) return fail(ErrorCode::usage, "others may read the token file: chmod 600 it", path);
  std::ifstream file(path);
  std::string token;
  std::getline(file, token);
  while (!token.empty() && (token.back() == '\r' || token.back() == ' ')) token.pop_back();
  if (token.size() < 32)
    return fail(ErrorCode::usage, "the token must have at least 32 characters; `openssl rand -hex 32` makes one", path);
  return token;
}

}  // namespace

ServeCommand::~ServeCommand() = default;

ServeCommand::ServeCommand(CLI::App& app) : impl_(std::make_unique<Impl>()) {
  Impl& o = *impl_;
  CLI::App& sub = *(o.app = app.add_subcommand("serve", "Pages and an HTTP API over a corpus, on this machine only"));
  sub.add_option("--store", o.store, "The corpus, one file (else REPORTEDLY_STORE)")
      ->type_name("FILE")
      ->envname("REPORTEDLY_STORE")
      ->required();
  sub.add_option("--port", o.options.port, "0: any that is free")->capture_default_str()->check(CLI::Range(0, 65535))->type_name("N");
  sub.add_option("--host", o.options.host, "127.0.0.1 (default), ::1 or localhost; others need --allow-remote")->type_name("ADDRESS");
  sub.add_flag("--allow-remote", o.options.allow_remote, "Let other machines connect; needs --token-file")->group("Other machines");
  sub.add_option("--token-file", o.token_file, "A file, readable by you alone, with the secret that API calls must show")
      ->type_name("FILE")
      ->group("Other machines");
  sub.add_option("--name", o.options.names, "A name by which the server is called as well, as in the Host header")
      ->type_name("NAME")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group("Other machines");
  sub.add_flag("--no-model", o.no_model, "Do not load the model: no analysis of new texts, no explanations of what was not taken")
      ->group("Engine");
  add_engine_options(sub, o);
  sub.footer(
      "Examples:\n"
      "  reportedly serve --store news.db            prints a link to open, once, in a browser\n"
      "  reportedly serve --store news.db --port 0   on any free port\n"
      "  curl -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: text/plain' --data-binary @article.txt \\\n"
      "       http://127.0.0.1:7413/api/v1/analyze\n"
      "The API is described at /openapi.json.");
}

std::optional<int> ServeCommand::run() {
  Impl& o = *impl_;
  if (!o.app->parsed()) return std::nullopt;
  o.options.store = o.store;
  if (!o.token_file.empty()) {
    auto token = read_token(o.token_file);
    if (!token) {
      say(token.error());
      return kUsage;
    }
    o.options.token = std::move(*token);
  }
  std::unique_ptr<Engine> engine;
  if (!o.no_model) {
    int code = kDone;
    engine = load(o, code);
    if (!engine) {
      say("serving without the model: --no-model leaves this message out");
    } else {
      o.options.coder =
          Coder{engine->info(), "", [&](const DocumentInput& input, EngineWorkspace& workspace) { return engine->code(input, workspace); }};
    }
  }
  o.options.limits.texts_at_once = processors();
  o.options.link_used = [](const std::string& link) { say("The link was used. For another browser: " + link); };
  const bool own_token = o.options.token.empty();
  auto server = Server::start(std::move(o.options));
  if (!server) {
    say(server.error());
    return server.error().code == ErrorCode::not_found ? static_cast<int>(kNoInput) : exit_code(server.error());
  }
  auto sink = Sink::open("");
  sink->write(fmt::format("Open this link, once, in a browser:\n  {}\n", (*server)->link()));
  if (own_token) sink->write(fmt::format("Token for programs, as Authorization: Bearer …\n  {}\n", (*server)->token()));
  sink->write("Ctrl-C ends.\n");
  (*server)->wait([] { return stopped(); });
  return kDone;
}

}  // namespace reportedly::cli
