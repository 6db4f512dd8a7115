// How this program shows the services who it acts as.
//
//   MINSHENG_TOKEN, the token in the file MINSHENG_TOKEN_FILE, or in <state>/token   who holds it
//   else the built-in issuer's key in <state>/issuer   the administrator: a token of five minutes
//   is
//                                                      made for whomever the command wants to act
//                                                      as
//   else only a statement, which services without --jwks believe on loopback
//
// <state> is MINSHENG_STATE, or .minsheng in the working folder. Read once, at the first call.
#ifndef MINSHENG_TOOLS_CLI_IDENTITY_H_
#define MINSHENG_TOOLS_CLI_IDENTITY_H_

#include <grpcpp/grpcpp.h>

#include <string>

#include "absl/status/status.h"
#include "services/platform/access/principal.h"

namespace minsheng::cli {

std::string StateFolder();
std::string IssuerFolder();

// Puts the caller into a call's metadata. `secure`: the call is encrypted or stays on this machine;
// otherwise a token is not sent (failure TLS_NEEDED). Thread-safe. Failures TOKEN_FILE_UNUSABLE,
// KEY_READABLE, …
absl::Status ShowIdentity(grpc::ClientContext& context, const platform::Principal& caller,
                          bool secure);

// Whether "host:port", "ipv4:1.2.3.4:1,1.2.3.5:1" or "dns:///host:port" is this machine alone.
bool IsThisMachine(const std::string& address);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_IDENTITY_H_
