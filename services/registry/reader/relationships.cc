#include "services/registry/reader/relationships.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "services/registry/reader/xml.h"

namespace minsheng::registry {
namespace {

absl::string_view FolderOf(absl::string_view part) {
  const std::size_t slash = part.rfind('/');
  return slash == absl::string_view::npos ? "" : part.substr(0, slash + 1);
}

std::string RelationshipsOf(absl::string_view part) {
  const absl::string_view folder = FolderOf(part);
  return absl::StrCat(folder, "_rels/", part.substr(folder.size()), ".rels");
}

std::string Resolve(absl::string_view target, absl::string_view folder) {
  const std::string path =
      absl::StartsWith(target, "/") ? std::string(target) : absl::StrCat(folder, target);
  std::vector<absl::string_view> steps;
  for (const absl::string_view step : absl::StrSplit(path, '/')) {
    if (step.empty() || step == ".") continue;
    if (step != "..") {
      steps.push_back(step);
    } else if (!steps.empty()) {
      steps.pop_back();
    }
  }
  return absl::StrJoin(steps, "/");
}

absl::string_view LastStep(absl::string_view uri) { return uri.substr(uri.rfind('/') + 1); }

}  // namespace

absl::StatusOr<std::map<std::string, Relationship>> ReadRelationships(Package& package,
                                                                      absl::string_view part) {
  std::map<std::string, Relationship> relationships;
  const std::string name = RelationshipsOf(part);
  if (!package.Has(name)) return relationships;
  absl::StatusOr<std::string> bytes = package.Read(name);
  if (!bytes.ok()) return bytes.status();
  auto xml = ParseXml(std::move(*bytes), name);
  if (!xml.ok()) return xml.status();
  for (const pugi::xml_node& node : (*xml)->root()) {
    if (Attribute(node, "TargetMode") == "External") continue;
    relationships[std::string(Attribute(node, "Id"))] = {
        std::string(LastStep(Attribute(node, "Type"))),
        Resolve(Attribute(node, "Target"), FolderOf(part))};
  }
  return relationships;
}

std::string PartOfType(const std::map<std::string, Relationship>& relationships,
                       absl::string_view type) {
  for (const auto& [id, relationship] : relationships) {
    if (relationship.type == type) return relationship.part;
  }
  return "";
}

absl::StatusOr<std::string> MainPart(Package& package, absl::string_view usual) {
  auto relationships = ReadRelationships(package, "");
  if (!relationships.ok()) return relationships.status();
  const std::string part = PartOfType(*relationships, "officeDocument");
  return package.Has(part) ? part : std::string(usual);
}

}  // namespace minsheng::registry
