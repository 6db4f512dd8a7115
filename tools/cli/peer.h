// A service of the suite as this program calls it.
#ifndef MINSHENG_TOOLS_CLI_PEER_H_
#define MINSHENG_TOOLS_CLI_PEER_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/platform/rpc/channel.h"

namespace minsheng::cli {

// Immutable; thread-safe. Connects with the first call.
class Peer {
 public:
  // `timeout` is that of every call; `caller` makes those that name none; without TLS when
  // `credentials` is null.
  Peer(std::string service, std::string address, absl::Duration timeout, platform::Principal caller,
       std::shared_ptr<grpc::ChannelCredentials> credentials);

  const std::string& service() const { return service_; }
  const std::string& address() const { return address_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  absl::Time deadline() const { return absl::Now() + timeout_; }
  // The same service with another timeout.
  Peer With(absl::Duration timeout) const {
    Peer peer = *this;
    peer.timeout_ = timeout;
    return peer;
  }
  // The same service, called by another.
  Peer As(platform::Principal caller) const {
    Peer peer = *this;
    peer.caller_ = std::move(caller);
    return peer;
  }

  // One unary call: Call(&RegistryService::Stub::GetTask, request, caller).
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request,
                                const platform::Principal& caller = {}) const {
    Stub stub(channel_);
    grpc::ClientContext context;
    const absl::Status begun = Begin(context, caller.role.empty() ? caller_ : caller);
    if (!begun.ok()) return begun;
    auto response = platform::rpc::Call(&stub, method, request, context);
    if (!response.ok()) return Explained(response.status());
    return response;
  }

  // All pages of a list, joined into one answer.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> ListAll(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                const Request&, Response*),
                                   Request request) const {
    request.set_page_size(kPageSize);
    Response all;
    do {
      auto page = Call(method, request);
      if (!page.ok()) return page.status();
      request.set_page_token(page->next_page_token());
      all.MergeFrom(*page);
    } while (!request.page_token().empty());
    all.clear_next_page_token();
    return all;
  }

  // Gives a call its deadline and its caller.
  absl::Status Begin(grpc::ClientContext& context, const platform::Principal& caller) const;

  // A failed call's status: when nobody answered, says whom this program tried and what to do
  // (UNREACHABLE).
  absl::Status Explained(const absl::Status& status) const;

 private:
  static constexpr int kPageSize = 1000;

  std::string service_;
  std::string address_;
  absl::Duration timeout_;
  platform::Principal caller_;
  bool encrypted_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_PEER_H_
