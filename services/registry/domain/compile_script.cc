#include "services/registry/domain/compile_script.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/registry/domain/compile_text.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::size_t kCjk = 3;

// Each traditional character before its simplified one: those of units, scales and the words that
// the compiler knows.
constexpr absl::string_view kPairs =
    "個个戶户萬万億亿處处條条張张輛辆臺台棟栋間间項项場场隻只"
    "畝亩噸吨顆颗盞盏舊旧區区開开啟启動动設设與与擴扩遷迁為为"
    "對对從从將将達达過过約约餘余數数據据標标準准農农鄉乡鎮镇"
    "縣县級级學学醫医衛卫養养業业務务員员歲岁齡龄體体檢检篩筛"
    "療疗補补貼贴貸贷發发資资險险費费額额總总計计劃划實实現现"
    "續续進进廣广強强爭争確确穩稳領领導导線线網网絡络橋桥車车"
    "電电氣气熱热漁渔護护綠绿環环節节廁厕樓楼層层園园館馆長长"
    "積积寬宽釐厘鐘钟時时內内後后裡里購购採采種种類类單单門门"
    "麼么點点戰战訓训練练習习課课題题創创職职貧贫幫帮殘残嬰婴"
    "兒儿婦妇飲饮濾滤淨净汙污壓压縮缩減减邊边報报辦办結结構构"
    "築筑組组織织舉举團团隊队徵征圍围牆墙雜杂濕湿灣湾灘滩島岛"
    "嶺岭塊块鋪铺燈灯鋼钢鐵铁錢钱圓圆價价賣卖買买產产廠厂營营"
    "銷销義义陳陈許许認认證证評评議议調调複复復复雙双優优質质"
    "擬拟滿满較较轉转運运輸输連连選选還还鄰邻錄录際际隨随難难"
    "順顺顯显飛飞驗验齊齐牽牵頭头協协責责稱称號号財财預预籌筹備备註注聯联";

// By the character's code, where its simplified form stands in kPairs; 0 for none.
std::vector<uint16_t> PlacesOfPairs() {
  std::vector<uint16_t> places(std::size_t{1} << 16U, 0);
  for (std::size_t at = 0; at + 2 * kCjk <= kPairs.size(); at += 2 * kCjk) {
    places[CodeOf(kPairs.substr(at))] = static_cast<uint16_t>(at + kCjk);
  }
  return places;
}

}  // namespace

absl::string_view SimplifiedOf(absl::string_view c) {
  static const auto& places = *new std::vector<uint16_t>(PlacesOfPairs());
  const uint16_t place = places[CodeOf(c)];
  return place == 0 ? c : kPairs.substr(place, kCjk);
}

std::string Simplified(absl::string_view text) {
  std::string simplified;
  for (const absl::string_view c : Chars(text)) {
    const absl::string_view same = c.size() == 3 ? SimplifiedOf(c) : c;
    simplified.append(same.data(), same.size());
  }
  return simplified;
}

}  // namespace minsheng::registry::compiler
