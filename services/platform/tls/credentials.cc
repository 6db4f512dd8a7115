#include "services/platform/tls/credentials.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <sys/stat.h>

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/thread.h"
#include "services/platform/log/log.h"
#include "services/platform/tls/authority.h"
#include "services/platform/tls/files.h"
#include "services/platform/tls/verifier.h"

namespace minsheng::platform::tls {
namespace {

using grpc::experimental::TlsChannelCredentialsOptions;
using grpc::experimental::TlsServerCredentialsOptions;

constexpr absl::Duration kLookEvery = absl::Milliseconds(200);

// Changes whenever the file does.
std::string StateOf(const std::string& path) {
  struct stat state {};
  if (path.empty() || stat(path.c_str(), &state) != 0) return "-;";
  return absl::StrCat(state.st_ino, ",", state.st_size, ",", state.st_mtim.tv_sec, ".",
                      state.st_mtim.tv_nsec, ",", state.st_mode, ";");
}

std::string StateOf(const Files& files) {
  return absl::StrCat(StateOf(files.authorities), StateOf(files.revocations),
                      StateOf(files.certificate), StateOf(files.key));
}

const char* Remedy(const std::string& reason) {
  if (reason == "CERTIFICATE_EXPIRED") return "; renew it: tools/minsheng certs renew";
  if (reason == "KEY_MISMATCH") return "; make a new pair: tools/minsheng certs renew --new-key";
  if (reason == "CERTIFICATE_OF_OTHER_AUTHORITY") {
    return "; ca.pem must hold the authority that issued it";
  }
  return "";
}

absl::Status About(const std::string& path, const absl::Status& status) {
  if (status.ok()) return status;
  const absl::Status named =
      Error(status.code(), ReasonOf(status),
            absl::StrCat(path, ": ", status.message(), Remedy(ReasonOf(status))), {{"file", path}});
  return named;
}

absl::Status LoadOwn(const Files& files, Loaded& into) {
  if (files.certificate.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(into.pair.certificate, ReadWhole(files.certificate));
  ASSIGN_OR_RETURN(into.pair.key, ReadSecret(files.key));
  RETURN_IF_ERROR(About(files.certificate, CheckPair(into.pair)));
  RETURN_IF_ERROR(
      About(files.certificate, CheckChain(into.pair.certificate, into.authorities, absl::Now())));
  ASSIGN_OR_RETURN(into.own, ReadCertificate(into.pair.certificate));
  return absl::OkStatus();
}

absl::Status LoadRevoked(const Files& files, Loaded& into) {
  if (!std::filesystem::exists(files.revocations)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string list, ReadWhole(files.revocations));
  auto revoked = ReadRevocationList(list, into.authorities);
  RETURN_IF_ERROR(About(files.revocations, revoked.status()));
  into.revoked = *std::move(revoked);
  return absl::OkStatus();
}

}  // namespace

Files Files::Of(const std::string& folder, const std::string& name) {
  return {AuthorityPath(folder), RevocationsPath(folder), CertificatePath(folder, name),
          KeyPath(folder, name)};
}

Files Files::TrustOnly(const std::string& authorities) {
  const std::string folder = std::filesystem::path(authorities).parent_path();
  return {authorities, RevocationsPath(folder.empty() ? "." : folder), "", ""};
}

absl::StatusOr<std::shared_ptr<const Loaded>> Load(const Files& files) {
  auto loaded = std::make_shared<Loaded>();
  ASSIGN_OR_RETURN(loaded->authorities, ReadWhole(files.authorities));
  auto authority = ReadCertificate(loaded->authorities);
  RETURN_IF_ERROR(About(files.authorities, authority.status()));
  loaded->authority = *std::move(authority);
  RETURN_IF_ERROR(LoadOwn(files, *loaded));
  RETURN_IF_ERROR(LoadRevoked(files, *loaded));
  return loaded;
}

absl::StatusOr<std::unique_ptr<Credentials>> Credentials::Open(Files files) {
  std::string state = StateOf(files);
  ASSIGN_OR_RETURN(auto loaded, Load(files));
  auto material = std::make_shared<Material>();
  RETURN_IF_ERROR(material->Put(std::move(loaded)));
  std::unique_ptr<Credentials> credentials(new Credentials(std::move(files), std::move(material)));
  credentials->seen_ = std::move(state);
  credentials->thread_ = std::thread([raw = credentials.get()] { raw->Follow(); });
  return credentials;
}

Credentials::Credentials(Files files, std::shared_ptr<Material> material)
    : files_(std::move(files)), material_(std::move(material)) {
  const bool own = !files_.certificate.empty();
  TlsChannelCredentialsOptions to_servers;
  to_servers.set_certificate_provider(material_->provider());
  to_servers.watch_root_certs();
  if (own) to_servers.watch_identity_key_cert_pairs();
  to_servers.set_certificate_verifier(NewVerifier(Side::kOfServers, material_));
  to_servers.set_check_call_host(false);  // no call names another host than its channel
  channel_ = grpc::experimental::TlsCredentials(to_servers);
  if (!own) return;
  TlsServerCredentialsOptions to_clients(material_->provider());
  to_clients.watch_root_certs();
  to_clients.watch_identity_key_cert_pairs();
  to_clients.set_cert_request_type(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  to_clients.set_certificate_verifier(NewVerifier(Side::kOfClients, material_));
  server_ = grpc::experimental::TlsServerCredentials(to_clients);
}

Credentials::~Credentials() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Credentials::IsRevoked(absl::string_view serial) const {
  return loaded()->revoked.count(serial) > 0;
}

void Credentials::Follow() {
  NameThisThread("certificates");
  while (!StopWithin(kLookEvery)) Reload();
}

bool Credentials::StopWithin(absl::Duration time) {
  std::unique_lock lock(mutex_);
  return stop_.wait_for(lock, absl::ToChronoMilliseconds(time), [&] { return stopping_; });
}

// Looks at the state before it reads: what changes meanwhile is read again at the next look.
void Credentials::Reload() {
  std::string state = StateOf(files_);
  if (state == seen_) return;
  auto loaded = Load(files_);
  if (loaded.ok() && !std::filesystem::exists(files_.revocations)) {
    // A list that vanished revokes as before: whoever deletes a file makes nothing count again.
    auto kept = std::make_shared<Loaded>(**loaded);
    kept->revoked = this->loaded()->revoked;
    loaded = std::move(kept);
  }
  if (!loaded.ok()) return Note(loaded.status());
  const absl::Status taken = material_->Put(*std::move(loaded));
  Note(taken);
  if (taken.ok()) seen_ = std::move(state);
}

void Credentials::Note(const absl::Status& status) {
  if (status.ok()) {
    trouble_.clear();
    const auto now = loaded();
    LogInfo("certificates taken",
            {{"serial", now->own.serial},
             {"expires", now->own.serial.empty() ? "" : absl::FormatTime(now->own.not_after)},
             {"revoked", absl::StrCat(now->revoked.size())}});
  } else if (trouble_ != status.message()) {
    trouble_ = std::string(status.message());
    LogWarning("certificates not taken", {{"why", trouble_}});
  }
}

}  // namespace minsheng::platform::tls
