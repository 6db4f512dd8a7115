#include "services/platform/access/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/descriptor.pb.h"
#include "minsheng/common/v1/event_log.pb.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "services/platform/base/error.h"

namespace minsheng::platform {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptorProto;
using google::protobuf::MethodDescriptor;

const MethodDescriptor& Method(const std::string& name) {
  registry::v1::District::descriptor();
  progress::v1::Report::descriptor();
  common::v1::Event::descriptor();
  const auto* method = DescriptorPool::generated_pool()->FindMethodByName("minsheng." + name);
  EXPECT_NE(nullptr, method) << name;
  return *method;
}

Principal Caller(std::string role, std::string district = "500156") {
  Principal caller;
  caller.role = std::move(role);
  caller.district = std::move(district);
  return caller;
}

// What the caller may have, or the reason why nothing.
std::string Decide(const std::string& method, const Principal& caller,
                   const google::protobuf::Message& request) {
  const auto policy = Policy::Of(Method(method));
  EXPECT_TRUE(policy.ok()) << policy.status();
  const auto scope = policy->Admit(caller, request);
  if (!scope.ok()) return ReasonOf(scope.status());
  constexpr const char* kNames[] = {"none", "published", "own unit", "district"};
  return kNames[static_cast<size_t>(*scope)];
}

TEST(Roles, HaveNames) {
  for (int i = 1; i < common::v1::Role_ARRAYSIZE; ++i) {
    const auto role = static_cast<common::v1::Role>(i);
    EXPECT_EQ(role, RoleNamed(NameOf(role))) << NameOf(role);
  }
  EXPECT_EQ("list_office", NameOf(common::v1::ROLE_LIST_OFFICE));
  for (const char* no_role : {"", "unspecified", "List_Office", "ROLE_AUDITOR", "auditor ", "7"}) {
    EXPECT_EQ(common::v1::ROLE_UNSPECIFIED, RoleNamed(no_role)) << no_role;
  }
}

TEST(Districts, AreReadFromNames) {
  EXPECT_EQ("500156", DistrictOf("districts/500156"));
  EXPECT_EQ("500156", DistrictOf("districts/500156/programs/2024"));
  EXPECT_EQ("-", DistrictOf("districts/-"));
  EXPECT_EQ("", DistrictOf("district/500156"));
  EXPECT_EQ("", DistrictOf(""));
}

TEST(Policy, DecidesByRoleAndDistrict) {
  registry::v1::GetTaskRequest own, other;
  own.set_name("districts/500156/programs/2024/projects/municipal-11/tasks/2");
  other.set_name("districts/500101/programs/2024/projects/municipal-11/tasks/2");
  const std::string get_task = "registry.v1.RegistryService.GetTask";
  EXPECT_EQ("district", Decide(get_task, Caller("leader"), own));
  EXPECT_EQ("published", Decide(get_task, Caller("public"), own));
  EXPECT_EQ("DISTRICT_NOT_ALLOWED", Decide(get_task, Caller("leader"), other));
  EXPECT_EQ("DISTRICT_NOT_ALLOWED", Decide(get_task, Caller("public"), other));
  EXPECT_EQ("district", Decide(get_task, Caller("leader", "*"), other));
  EXPECT_EQ("ROLE_NOT_ALLOWED", Decide(get_task, Caller("operator", "*"), own));
  EXPECT_EQ("ROLE_NOT_ALLOWED", Decide(get_task, Caller(""), own));
  EXPECT_EQ("ROLE_NOT_ALLOWED", Decide(get_task, Caller("unspecified"), own));

  registry::v1::ListProgramsRequest any;
  any.set_parent("districts/-");
  EXPECT_EQ("district", Decide("registry.v1.RegistryService.ListPrograms", Caller("leader"), any));

  progress::v1::SubmitReportRequest report;
  report.set_parent(own.name());
  const std::string submit = "progress.v1.ProgressService.SubmitReport";
  EXPECT_EQ("own unit", Decide(submit, Caller("reporter"), report));
  EXPECT_EQ("ROLE_NOT_ALLOWED", Decide(submit, Caller("cooperating_unit"), report));

  registry::v1::UpdateTaskRequest update;
  *update.mutable_task()->mutable_name() = other.name();
  EXPECT_EQ("DISTRICT_NOT_ALLOWED",
            Decide("registry.v1.RegistryService.UpdateTask", Caller("list_office"), update));
}

TEST(Policy, KeepsTheInstallationToThoseBoundToNoDistrict) {
  const std::string backup = "common.v1.EventLogService.Backup";
  EXPECT_EQ("district", Decide(backup, Caller("operator", "*"), common::v1::BackupRequest()));
  EXPECT_EQ("ROLE_NOT_ALLOWED", Decide(backup, Caller("operator"), common::v1::BackupRequest()));
}

// An rpc of a service made up for the test, with the given options.
absl::Status Declared(absl::string_view access) {
  FileDescriptorProto file;
  file.set_name("test.proto");
  file.add_dependency("minsheng/registry/v1/registry.proto");
  auto* service = file.add_service();
  service->set_name("Test");
  auto* method = service->add_method();
  method->set_name("Call");
  method->set_input_type(".minsheng.registry.v1.GetTaskRequest");
  method->set_output_type(".minsheng.registry.v1.GetTaskResponse");
  common::v1::Access parsed;
  EXPECT_TRUE(parsed.ParseFromString(std::string(access)));
  if (!access.empty()) {
    *method->mutable_options()->MutableExtension(common::v1::access) = parsed;
  }
  DescriptorPool pool(DescriptorPool::generated_pool());
  const auto* built = pool.BuildFile(file);
  EXPECT_NE(nullptr, built);
  return Policy::Of(*built->service(0)->method(0)).status();
}

TEST(Policy, MustBeDeclaredAndMakeSense) {
  registry::v1::District::descriptor();
  common::v1::Access access;
  EXPECT_THAT(std::string(Declared("").message()), testing::HasSubstr("is missing"));
  access.add_district(common::v1::ROLE_LEADER);
  EXPECT_TRUE(Declared(access.SerializeAsString()).ok());
  access.set_resource("as_of");
  EXPECT_THAT(std::string(Declared(access.SerializeAsString()).message()),
              testing::HasSubstr("is no text"));
  access.set_resource("name.of");
  EXPECT_FALSE(Declared(access.SerializeAsString()).ok());
  access.set_resource("name");
  EXPECT_TRUE(Declared(access.SerializeAsString()).ok());
  access.add_published(common::v1::ROLE_LEADER);
  EXPECT_THAT(std::string(Declared(access.SerializeAsString()).message()),
              testing::HasSubstr("leader twice"));
}

}  // namespace
}  // namespace minsheng::platform
