// Contact data of people (names, telephone numbers) is dropped before anything else sees a cell.
// A name without a label such as 联系人： beside it cannot be told from other words and is not
// found here; columns of people are dropped by header.h. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_CONTACTS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_CONTACTS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::registry {

// `text` without its contacts, and whether there were any.
struct Redacted {
  std::string text;
  bool dropped = false;
};

// Takes out brackets that hold a contact, clauses from a contact's label (联系人：, 联系电话：…) to
// the end of the sentence or line, telephone numbers (mobile, or with an area code; in full width
// or set apart by blanks, dots, hyphens and brackets, too), and addresses of mail. Other words
// stay; so do numbers of seven or eight digits without a label.
Redacted DropContacts(absl::string_view text);

// The cell begins with a contact's label, so that its whole row is a contact row.
bool IsContactLabel(absl::string_view cell);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_CONTACTS_H_
