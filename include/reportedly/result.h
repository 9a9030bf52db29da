// Errors as values.
//
// Every function that can fail because of its input returns Result<T>. Exceptions come only from libraries and are
// caught at the boundary. Assertions are for our own mistakes.
#pragma once
#include <cstdint>
#include <string>
#include <tl/expected.hpp>

namespace reportedly {

/// What went wrong, in classes that a program can act on. The command's exit codes follow from them.
enum class ErrorCode : uint8_t {
  usage,         ///< the call itself is wrong
  not_found,     ///< a file or folder is not there
  unreadable,    ///< it is there and cannot be read (rights, a directory, an I/O error)
  bad_encoding,  ///< bytes that are no text: binary, undecodable
  bad_format,    ///< text that is not what it claims to be: JSON, YAML, a model file
  too_large,     ///< beyond a stated limit
  empty,         ///< nothing in it
  bad_model,     ///< model file missing, damaged, of another version, unfit
  bad_data,      ///< lexicon, actors or gazetteer file with a mistake
  language,      ///< a document that is not in English
  stopped,       ///< stopped by the user
  unwritable,    ///< no rights to write there, or the disk is full
  locked,        ///< another process writes the store
  bad_store,     ///< no store, damaged, or written by a newer version
  duplicate_id,  ///< the id of a document is another document's already
  internal       ///< our own fault; please report
};

/// The name used in output: "bad_format".
const char* error_code_name(ErrorCode code);

/// An error: a class, a message a user can act on, and where (file, line or byte, document id), empty if it is nowhere.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string place;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string place = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(place)});
}

}  // namespace reportedly
