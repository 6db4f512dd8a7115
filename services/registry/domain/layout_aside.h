// Lines of a document that are no part of its list: a web page's menus, signatures, notes, and the
// sections of a plan that say how to work rather than what to do. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_ASIDE_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_ASIDE_H_

#include "absl/strings/string_view.h"

namespace minsheng::registry {

// 扫一扫在手机打开当前页, 当前位置：首页 > …, 【字体：大 中 小】, 版权所有, 上一篇：….
bool IsPageNoise(absl::string_view words);

// Notes, dates, signatures, what goes with a letter: 备注：, 2025年3月7日, 某县人民政府办公室,
// 附件：, 特此通知, 联系人：.
bool IsBesideList(absl::string_view words);

// 总体要求, 保障措施, 工作要求: a section's heading that has no projects below it.
bool IsFrameHeading(absl::string_view words);

// Words of orders and reports (要加强, 会议指出, 请于…前报送) that items of a list do not have.
bool IsTalk(absl::string_view words);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_ASIDE_H_
