#include "tools/cli/errors.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"

namespace minsheng::cli {
namespace {

constexpr char kUsage[] = "USAGE";
constexpr char kDifferences[] = "AUDIT_DIFFERENCES";

// What a reason means and what to do about it.
const std::map<std::string, const char*>& Advice() {
  static const auto* const advice = new std::map<std::string, const char*>{
      {"ALREADY_APPROVED", "该计划已经批准，不必再批。"},
      {"ALREADY_PUBLISHED", "该清单已经发布。"},
      {"ALREADY_RETURNED", "该报告的最新一版已经退回，请等待重报。"},
      {"APPROVAL_NEEDED",
       "清单已经发布，调整须写明理由和批准依据，请用 --reason、--approval 给出（如 --approval "
       "区政府第58次常务会议纪要）。"},
      {"AS_OF_IN_FUTURE", "--as-of 不能晚于服务的时间；用 minsheng clock show 查看。"},
      {"BAD_ANCHOR", "锚点不完整，请照原样给出以前核验时打印的那一行。"},
      {"BAD_CERTIFICATE_NAME", "证书名称只能用小写字母、数字和连字符，且不能是 ca 或 crl。"},
      {"BAD_CREDENTIAL",
       "凭据应是令牌编号（见 minsheng token list），或 certificate: 加证书序列号（见 minsheng "
       "certs list）。"},
      {"BAD_HOST", "--host 应是域名或 IP 地址。"},
      {"BAD_NAME", "名称写法不对，请照提示的样式书写；任务可写作 municipal-11/2。"},
      {"BAD_PRIVATE_KEY",
       "签发机构的密钥文件已损坏，请从备份取回；没有备份的，移走 issuer 文件夹后执行 minsheng "
       "token init，旧令牌随之作废。"},
      {"BAD_SERIAL", "证书序列号应照 minsheng certs list 所列书写。"},
      {"BELOW_LAST", "累计数低于上次所报；确需更正的，用 --correction-reason 说明原因。"},
      {"CERTIFICATE_EXPIRED", "证书已过期，请执行 minsheng certs renew。"},
      {"CERTIFICATE_NOT_YET_VALID", "证书尚未生效，请核对两边的时钟。"},
      {"CERTIFICATE_OF_OTHER_AUTHORITY",
       "证书不是这个根证书签发的，请核对 ca.pem，或用 minsheng certs renew 换新。"},
      {"CERTIFICATE_UNKNOWN", "客户端证书不是服务证书，不能代替令牌；请改用令牌。"},
      {"CERTIFICATE_UNREADABLE", "证书文件已损坏或不是证书，请核对 --ca、--folder 指明的文件。"},
      {"CLOCK_MOVED_BACK", "演练时间只能向前，请给出更晚的时间。"},
      {"CONFIRM_DIFF", "文件与库中的清单不同；请看过差异后确认（--yes）。"},
      {"CONTINUES_NOTHING", "该任务没有关联上年清单的任务。"},
      {"CREDENTIAL_REVOKED", "令牌或证书已被吊销，请向管理员申请新的。"},
      {"DATABASE_CORRUPT", "数据库文件已损坏，请停下服务，用 minsheng restore 恢复备份。"},
      {"DATABASE_UNAVAILABLE", "数据库暂不可用，什么也没有保存，请稍后再试。"},
      {"DISK_FULL", "服务所在的磁盘已满，请清理后再试。"},
      {"DISTRICT_EXISTS", "该代码已登记为另一个区县名称。"},
      {"DISTRICT_NOT_ALLOWED",
       "令牌只限本区县使用；请用 --program 指明本区县的清单（如 "
       "500156/2024），要办别处的须另行申请令牌。"},
      {"DOCUMENT_NUMBER_NEEDED", "基线之后的调整须有文号，请用 --document-number 给出。"},
      {"FIELD_MISSING", "缺少必填的内容，请按提示补充。"},
      {"FIELD_TOO_LONG", "内容过长，请缩短。"},
      {"FILE_EXISTS", "请换一个名称，或加 --force 覆盖。"},
      {"FILE_UNUSABLE", "签发机构的文件读写不了，请检查文件的权限和磁盘空间。"},
      {"IMPORT_INCOMPLETE",
       "还缺少必要的信息（文号、日期、金额单位等）；请按提示用 "
       "--document-number、--issued-on、--money-unit、--year 补充。"},
      {"ISSUER_BUSY", "签发机构正被别的命令使用，请稍后再试。"},
      {"ISSUER_EXISTS", "签发机构已经建立；换密钥用 minsheng token keys rotate。"},
      {"KEY_FILE_OPEN", "私钥文件不能让别人读取，请执行 chmod 600。"},
      {"KEY_MISMATCH", "证书与私钥不配套，请执行 minsheng certs renew --new-key。"},
      {"KEY_READABLE", "私密文件不能让他人可读，请执行 chmod 600。"},
      {"KEY_UNREADABLE", "私钥文件已损坏或带有口令，请执行 minsheng certs renew --new-key。"},
      {"LOG_DIVERGED", "事件日志与先前所见不同（可能从备份恢复过），请从头读取。"},
      {"MEASURE_MISSING", "报告缺少某个目标的完成量，请用 --measure 或 --stage 给出。"},
      {"NOT_A_REHEARSAL", "该数据库不是演练库，时间不能人工推进。"},
      {"NOT_A_REPORT_WORKBOOK",
       "请填写并导入 minsheng report workbook 生成的表；自制的表请另存为 CSV，列名见 minsheng "
       "report "
       "import --help。"},
      {"NOT_PUBLISHED", "清单尚未发布，请先执行 minsheng program publish。"},
      {"NO_ISSUER", "还没有签发机构；请先执行 minsheng token init。"},
      {"OVERLOADED", "服务繁忙，请稍后再试。"},
      {"PERIOD_AFTER_LAST", "该期在清单的最后一期（决算）之后。"},
      {"PERIOD_BEFORE_FIRST", "该期在清单的第一期之前。"},
      {"PERIOD_NOT_BEGUN", "该期尚未开始，不能提前报送。"},
      {"RATE_LIMITED", "请求过于频繁或超过当日限额，请按 retry_after_ms（毫秒）所示的时间再试。"},
      {"REQUEST_ID_REUSED", "同一请求号已用于另一内容，请换一个 --request-id。"},
      {"REQUEST_TOO_LARGE", "一次送得太多，请分几次办理。"},
      {"REVOCATIONS_OF_OTHER_AUTHORITY",
       "吊销名单 crl.pem 不是这个根证书签发的，请与 ca.pem 一起从签发处重新取得。"},
      {"REVOCATIONS_UNREADABLE", "吊销名单 crl.pem 已损坏，请从签发处重新取得。"},
      {"ROLE_NOT_ALLOWED",
       "当前身份无权办理，请用 --role 指定应有的身份，或向管理员申请相应的令牌。"},
      {"STALE_ETAG", "数据已被他人改动，请重新读取后再试。"},
      {"SUPERSEDED", "该计划之后已有新的批准版本。"},
      {"TLS_FILE_MISSING",
       "找不到证书文件；首次使用请先执行 minsheng certs init，或用 --folder、--ca 指明位置。"},
      {"TLS_FILE_TOO_LARGE", "文件过大，不是证书文件，请核对 --ca、--folder 指明的位置。"},
      {"TLS_FILE_UNWRITABLE", "证书写不进去，请检查文件夹的权限和磁盘空间。"},
      {"TOKEN_ALGORITHM",
       "令牌的签名算法不被接受（只认 ES256、RS256，且须与密钥一致），请向签发机构申请新的。"},
      {"TOKEN_AUDIENCE", "这枚令牌不是给本系统用的，请申请用于本系统的令牌。"},
      {"TOKEN_CLAIMS", "令牌的内容不合要求（身份、单位、区县等）。"},
      {"TOKEN_EXPIRED", "令牌已过期，请申请新的。"},
      {"TOKEN_ISSUER", "令牌不是服务所认的机构签发的，请向规定的机构申请。"},
      {"TOKEN_KEY_UNKNOWN", "服务不认识签发这枚令牌的密钥，请核对签发机构或申请新的令牌。"},
      {"TOKEN_MALFORMED", "令牌不完整或已损坏，请重新取得。"},
      {"TOKEN_MISSING",
       "服务要求令牌；请用 MINSHENG_TOKEN_FILE 指明令牌文件，或放在 .minsheng/token。"},
      {"TOKEN_NOT_YET_VALID", "令牌尚未生效，请核对两边的时钟。"},
      {"TOKEN_SIGNATURE", "令牌的签名不对（内容被改动，或复制不全），请重新取得。"},
      {"TOO_LONG_FOR_SHEET", "请导出为 .csv，或缩短过长的内容。"},
      {"TOO_MANY_ITEMS", "一次的条数过多，请分几次办理。"},
      {"UNAVAILABLE CLOCK_MOVED_BACK", "服务所在机器的时钟比已记录的事件还早，请先校正时钟。"},
      {"UNKNOWN_CERTIFICATE",
       "没有这个名称的证书；用 minsheng certs list 查看，用 minsheng certs issue 签发。"},
      {"UNKNOWN_PROGRAM", "没有这个已发布的年度清单；用 minsheng program list 查看。"},
      {"UNKNOWN_TARGET", "任务没有这个编号的目标；用 minsheng tasks get 查看目标。"},
      {"UNKNOWN_TASK", "没有这项任务；用 minsheng tasks list 查看任务。"},
      {"UNKNOWN_VALUE", "服务不认识其中一项的取值（客户端与服务的版本可能不同），请核对版本。"},
      {"UNREACHABLE",
       "服务已启动而仍连不上的，请核对地址，以及 --ca 指明的 ca.pem 是否与服务的证书一致。"},
      {"WRONG_UNIT",
       "这项任务不由本单位牵头或配合；请核对任务编号，用 --unit 指明本单位，或使用本单位的令牌。"},
  };
  return *advice;
}

const char* CodeWords(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return "输入有误。";
    case absl::StatusCode::kNotFound:
      return "没有找到。";
    case absl::StatusCode::kAlreadyExists:
      return "已经存在。";
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return "无权办理。";
    case absl::StatusCode::kFailedPrecondition:
      return "现在不能这样办。";
    case absl::StatusCode::kAborted:
      return "数据已变动，请重新读取后再试。";
    case absl::StatusCode::kResourceExhausted:
      return "服务繁忙或空间不足，请稍后再试。";
    case absl::StatusCode::kUnavailable:
      return "服务暂不可用，请稍后再试。";
    case absl::StatusCode::kDeadlineExceeded:
      return "超时；可用 --timeout 延长，或检查服务是否正常。";
    case absl::StatusCode::kUnimplemented:
      return "服务没有这项功能（版本可能较旧）。";
    default:
      return "服务内部出错，请查看服务日志。";
  }
}

// A sentence for officials, not an English one that names something Chinese.
bool IsChinese(absl::string_view text) {
  for (const absl::string_view mark : {"，", "。", "；", "："}) {
    if (absl::StrContains(text, mark)) return true;
  }
  const auto foreign = std::count_if(text.begin(), text.end(),
                                     [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return foreign * 2 > static_cast<ptrdiff_t>(text.size());
}

std::string Bracket(const absl::Status& status) {
  const std::string code = absl::StatusCodeToString(status.code());
  const std::string reason = platform::ReasonOf(status);
  if (reason.empty()) return code;
  return status.code() == absl::StatusCode::kUnknown ? reason : absl::StrCat(code, " ", reason);
}

// By code and reason, else by reason; null when there is none.
const char* AdviceFor(const absl::Status& status) {
  for (const std::string& key : {Bracket(status), platform::ReasonOf(status)}) {
    const auto it = Advice().find(key);
    if (it != Advice().end()) return it->second;
  }
  return nullptr;
}

}  // namespace

absl::Status UsageError(absl::string_view message) {
  return platform::Error(absl::StatusCode::kUnknown, kUsage, message);
}

absl::Status Failure(absl::string_view reason, absl::string_view message) {
  return platform::Error(absl::StatusCode::kUnknown, reason, message);
}

absl::Status DifferencesError(absl::string_view message) { return Failure(kDifferences, message); }

int ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return kExitOk;
  const std::string reason = platform::ReasonOf(status);
  if (reason == kUsage) return kExitUsage;
  return reason == kDifferences ? kExitDifferences : kExitFailed;
}

void PrintError(std::ostream& out, const absl::Status& status) {
  const std::string message(status.message());
  const char* advice = AdviceFor(status);
  out << "错误 [" << Bracket(status) << "]：";
  if (IsChinese(message)) {
    out << message << '\n';
    if (advice != nullptr) out << "  提示：" << advice << '\n';
  } else {
    out << (advice != nullptr ? advice : CodeWords(status.code())) << '\n';
    if (!message.empty()) out << "  服务答复：" << message << '\n';
  }
  for (const auto& [key, value] : platform::MetadataOf(status)) {
    out << "  " << key << "：" << value << '\n';
  }
}

}  // namespace minsheng::cli
