#include "services/registry/domain/layout_aside.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/contacts.h"
#include "services/registry/domain/rows.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kNoiseBytes = 360;
constexpr std::size_t kMenuChars = 14;
constexpr std::size_t kSignatureChars = 30;
constexpr std::size_t kHeadingChars = 24;
constexpr std::size_t kTalkBytes = 3000;

constexpr std::array<absl::string_view, 30> kNoise = {
    "扫一扫",   "当前位置", "您的位置", "您所在的位置", "所在位置:", "字体:",
    "发布时间", "发布日期", "浏览次数", "点击数",       "阅读次数",  "访问量",
    "上一篇",   "下一篇",   "版权所有", "ICP备",        "公网安备",  "网站标识码",
    "网站地图", "无障碍",   "责任编辑", "返回顶部",     "分享到",    "技术支持",
    "打印本页", "关闭窗口", "信息来源", "我要纠错",     "相关链接",  "Copyright"};
constexpr std::array<absl::string_view, 13> kMenuWords = {
    "打印", "分享", "收藏", "关闭", "首页",     "登录",    "注册",
    "微信", "微博", "纠错", "搜索", "政务公开", "视力保护"};
constexpr std::array<absl::string_view, 4> kSourceWords = {"来源:", "编辑:", "作者:", "审核:"};
constexpr std::array<absl::string_view, 16> kBeside = {
    "附件", "抄送", "特此",     "以上", "上述", "联系",     "(此件", "此页",
    "欢迎", "咨询", "监督电话", "此致", "主送", "印发时间", "(联系", "各责任单位"};
constexpr std::array<absl::string_view, 9> kSigners = {
    "政府", "办公室", "委员会", "局", "领导小组", "常委会", "党委", "县委", "区委"};
constexpr std::array<absl::string_view, 26> kFrames = {
    "总体要求", "指导思想", "基本原则", "工作要求", "保障措施", "组织保障", "组织领导",
    "有关要求", "实施步骤", "监督考核", "考核督查", "督查考核", "工作机制", "工作保障",
    "宣传引导", "总体目标", "工作原则", "组织实施", "督导检查", "资金保障", "推进措施",
    "宣传发动", "时间安排", "方法步骤", "工作措施", "实施要求"};
constexpr std::array<absl::string_view, 30> kTalk = {
    "各单位要", "各部门要", "要高度",   "要加强",   "要切实",   "要认真",   "要进一步", "请于",
    "请各",     "会议听取", "会议指出", "会议强调", "认真贯彻", "务必",     "报送",     "联系人",
    "不得",     "严禁",     "应当",     "责任到人", "严格落实", "压实责任", "高度重视", "总结",
    "汇报",     "记者",     "请将",     "逾期",     "尊敬的",   "通讯员"};

// - 3 -, 第3页共8页.
bool IsPageNumber(absl::string_view key) {
  if (CharCount(key) > 10 || key.find_first_of("0123456789") == absl::string_view::npos)
    return false;
  const auto chars = Chars(key);
  return std::all_of(
             chars.begin(), chars.end(),
             [](absl::string_view c) { return IsDigits(c) || ContainsAny("-—–第页共/", {c}); }) &&
         ContainsAny(key, {"-", "—", "–", "页"});
}

bool IsDate(absl::string_view key) {
  return absl::EndsWith(key, "日") && CharCount(key) <= 12 && absl::StrContains(key, "年") &&
         absl::StrContains(key, "月");
}

bool IsSignature(absl::string_view key) {
  return CharCount(key) <= kSignatureChars &&
         key.find_first_of("0123456789:;,") == absl::string_view::npos &&
         !ContainsAny(key, {"。", "、", "建", "改", "增"}) &&
         std::any_of(kSigners.begin(), kSigners.end(),
                     [&](absl::string_view end) { return absl::EndsWith(key, end); });
}

}  // namespace

bool IsPageNoise(absl::string_view words) {
  if (words.size() > kNoiseBytes) return false;
  const std::string key = MatchKey(words);
  const bool source = std::any_of(kSourceWords.begin(), kSourceWords.end(),
                                  [&](absl::string_view w) { return absl::StartsWith(key, w); });
  if (source || IsPageNumber(key) || ContainsAny(key, kNoise)) return true;
  return CharCount(key) <= kMenuChars && ContainsAny(key, kMenuWords) &&
         key.find_first_of("0123456789") == std::string::npos;
}

bool IsBesideList(absl::string_view words) {
  if (IsNote(words)) return true;
  if (IsContactLabel(words)) return true;
  const std::string key = MatchKey(words.substr(0, std::min(words.size(), kNoiseBytes)));
  if (words.size() <= kNoiseBytes && (IsDate(key) || IsSignature(key))) return true;
  return std::any_of(kBeside.begin(), kBeside.end(),
                     [&](absl::string_view start) { return absl::StartsWith(key, start); });
}

bool IsFrameHeading(absl::string_view words) {
  const std::string key = MatchKey(words.substr(0, words.find("。")));
  return CharCount(key) <= kHeadingChars && ContainsAny(key, kFrames);
}

bool IsTalk(absl::string_view words) {
  return ContainsAny(words.substr(0, std::min(words.size(), kTalkBytes)), kTalk);
}

}  // namespace minsheng::registry
