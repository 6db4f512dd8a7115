// Phrases of lists, and what they promise: one row each, the whole reading of it.
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

#include "services/registry/domain/compile.h"
#include "services/registry/domain/compile_testing.h"

namespace minsheng::registry {
namespace {

// Of each code one; what every level and coverage lacks is left out.
std::string CodesOf(const Compiled& compiled) {
  std::string codes;
  for (const Doubt& doubt : compiled.doubts) {
    const bool usual = doubt.code == "BASE_NEEDED" || doubt.code == "BASELINE_NEEDED";
    if (usual || absl::StrContains(codes, doubt.code)) continue;
    absl::StrAppend(&codes, codes.empty() ? "" : " ", doubt.code);
  }
  return codes;
}

struct PhraseRow {
  absl::string_view content;
  absl::string_view targets;
  absl::string_view doubts;
};

constexpr PhraseRow kPhrases[] = {
    {"新建公厕不少于5座。", "count at_least 5 座", ""},
    {"新增停车位至少２０００个。", "count at_least 2000 个", ""},
    {"新增停车位1,200个以上", "count at_least 1200 个", ""},
    {"新增城镇就业0.94万人", "count at_least 9400 人", ""},
    {"培训技能人才1万余人次", "count at_least 10000 人次 about", ""},
    {"新建改建农村公路一百零五公里。", "count at_least 105 公里", ""},
    {"建设村级文化广场十五个", "count at_least 15 个", ""},
    {"建成口袋公园两个", "count at_least 2 个", ""},
    {"惠及群众3.5万人，建设供水管网12.6km。", "count at_least 35000 人; count at_least 12.6 公里",
     "BENEFIT_FIGURE"},
    {"改造老旧小区41个、8万㎡", "count at_least 41 个; count at_least 80000 平方米", ""},
    {"完成棚户区改造465幢23.25万平方米", "count at_least 465 幢; count at_least 232500 平方米", ""},
    {"开工改造老旧小区67个、153万平方米，加装电梯50部，新增停车位509个",
     "count at_least 67 个 start; count at_least 1530000 平方米 start; count at_least 50 部; count "
     "at_least 509 个",
     ""},
    {"每千人口拥有养老床位数达到40张", "level at_least 40 张/千人", ""},
    {"每千人口托位数达到3.88个", "level at_least 3.88 个/千人", ""},
    {"群众满意度超过85.1%", "level more_than 85.1 %", ""},
    {"城镇登记失业率控制在3%以内", "level at_most 3 %", ""},
    {"城镇登记失业率低于4.5%", "level less_than 4.5 %", ""},
    {"居民人均可支配收入增长7%左右", "level at_least 7 % about", ""},
    {"新增学位超过500个", "count at_least 500 个", "STRICT_BOUND"},
    {"城市生活垃圾无害化处理率达到100%", "coverage at_least 100 %", ""},
    {"农村自来水普及率达到90%以上", "coverage at_least 90 %", ""},
    {"空气质量优良率≥95%", "level at_least 95 %", ""},
    {"PM2.5平均浓度控制在35微克/立方米以下", "level at_most 35 微克/立方米", ""},
    {"新建社区食堂3—5个", "count at_least 3 个 stretch=5", "RANGE"},
    {"城市低保标准从每月631元提高到653元。", "level at_least 653 元/月 baseline=631", ""},
    {"将城市、农村低保标准从每月631元、286元提高到653元、300元",
     "level at_least 653 元/月 baseline=631; level at_least 300 元/月 baseline=286", ""},
    {"九年义务教育巩固率由95%提高到96.5%", "level at_least 96.5 % baseline=95", ""},
    {"实施学校建设项目12个，计划竣工3个，其中幼儿园7个、小学4个、初中1个。",
     "count at_least 12 个; count at_least 3 个; count at_least 7 个 part_of=1; count at_least 4 "
     "个 part_of=1; count at_least 1 个 part_of=1",
     "STAGE_UNCLEAR"},
    {"开工、竣工各150万平方米",
     "count at_least 1500000 平方米 start; count at_least 1500000 平方米", "INDICATOR_ASSUMED"},
    {"保障性住房新开工和竣工各150万平方米",
     "count at_least 1500000 平方米 start; count at_least 1500000 平方米", ""},
    {"每季度开展安全检查2次", "frequency at_least 2 次/季度", ""},
    {"每月不少于1次", "frequency at_least 1 次/月", "INDICATOR_ASSUMED"},
    {"每两年组织1次体检", "frequency at_least 1 次/两年", ""},
    {"甲镇、乙镇、丙镇等10个乡镇建设文化站", "count at_least 10 个", "COUNT_MISMATCH"},
    {"对甲中心卫生院、乙卫生院、丙卫生院等8家卫生院实施改造", "count at_least 8 家",
     "COUNT_MISMATCH"},
    {"建设甲镇、乙镇等11个乡镇（街道）15个村的公路", "count at_least 15 个", "COUNT_MISMATCH"},
    {"鼓励社会力量参与养老服务。", "qualitative", ""},
    {"困难家庭动态清零", "qualitative", ""},
    {"持续开展义诊活动", "service", ""},
    {"为高龄老人提供上门照护服务", "service", ""},
    {"完成甲路综合整治。", "event done", ""},
    {"对3岁以下儿童免费体检", "coverage all", "ALL_ASSUMED"},
    {"65岁及以上老年人健康管理率达到72%", "coverage at_least 72 %", ""},
    {"每人每年补助2000元", "qualitative", "NO_TARGET"},
    {"总投资约200万", "qualitative", "NO_TARGET"},
    {"改造8层以上住宅电梯20部", "count at_least 20 部", ""},
    {"总投资2.5亿元，建设学校1所，建筑面积1.2万平方米", "count at_least 1 所", ""},
    {"落实“5+2”课后服务", "qualitative", ""},
    {"新建5G基站300座", "count at_least 300 座", ""},
    {"Ⅱ类水质断面比例达到80%", "level at_least 80 %", ""},
    {"完成第三小学一期建设", "event done", ""},
    {"新建100处以上电动自行车充电桩", "count at_least 100 处", ""},
    {"约5万名老人受益", "count at_least 50000 名 about", "BENEFIT_FIGURE"},
    {"新增路灯约300盏", "count at_least 300 盏 about", ""},
    {"汛前完成河道清淤3公里", "count at_least 3 公里", "DATE_UNCLEAR"},
    {"截至1031日完成200户", "count at_least 200 户", "INDICATOR_ASSUMED DIGITS_LOST"},
    {"2025411日前完成", "qualitative", "DIGITS_LOST NO_TARGET"},
    {"新建公厕、垃圾中转站各5座", "count at_least 5 座; count at_least 5 座", ""},
    {"知晓率、满意度分别达到80%、90%以上", "level at_least 80 %; level at_least 90 %", ""},
    {"建设道路2.5公里（其中新建1.5公里、改造1公里）",
     "count at_least 2.5 公里; count at_least 1.5 公里 part_of=1; count at_least 1 公里 part_of=1",
     ""},
    {"建设道路2.5公里（其中新建1.5公里、改造2公里）",
     "count at_least 2.5 公里; count at_least 1.5 公里 part_of=1; count at_least 2 公里 part_of=1",
     "PARTS_MISMATCH"},
    {"建设学校3所（甲小学、乙小学、丙中学）", "count at_least 3 所", ""},
    {"建设学校4所（甲小学、乙小学、丙中学）", "count at_least 4 所", "COUNT_MISMATCH"},
    {"新增学位1500个，力争达到2000个", "count at_least 1500 个 stretch=2000", ""},
    {"新建公园5个，争取7个", "count at_least 5 个 stretch=7", ""},
    {"争取在市区开工10所", "count at_least 10 所 start", "INDICATOR_ASSUMED STRETCH_ONLY"},
    {"农村生活污水治理率达到60%以上，力争达到65%", "coverage at_least 60 % stretch=65", ""},
    {"实现村级卫生室全覆盖", "coverage all", ""},
    {"对所有中小学校食堂实施“互联网+明厨亮灶”", "coverage all", ""},
    {"危房改造应改尽改", "coverage all", ""},
    {"完成所有村的通信网络升级", "coverage all", ""},
    {"改造老旧小区", "event done", ""},
    {"完成老旧小区改造100", "count at_least 100 个", "UNIT_MISSING"},
    {"新增养老床位500窝", "count at_least 500 窝", ""},
    {"新增床位数百张", "event done", "UNCLEAR_FIGURE"},
    {"建设几十个充电站", "event done", "UNCLEAR_FIGURE"},
    {"新增树木12345678901234棵", "qualitative", "FIGURE_TOO_LONG"},
    {"治理率达到百分之八十以上", "coverage at_least 80 %", ""},
    {"八成以上的行政村建成示范村", "coverage at_least 80 %", ""},
    {"全县森林覆盖率达到65.5%", "level at_least 65.5 %", ""},
    {"全年空气优良天数达到320天以上", "level at_least 320 天", ""},
    {"办理时限压缩至3个工作日以内", "level at_most 3 个工作日", ""},
    {"12345热线办结率达到98%", "coverage at_least 98 %", ""},
    {"全年开展文化惠民演出100场以上", "count at_least 100 场", ""},
    {"每个村每年至少开展4场文化活动", "frequency at_least 4 场/年", "PER_UNIT"},
    {"每个乡镇建成1个养老服务中心", "level at_least 1 个/乡镇", "PER_UNIT"},
    {"每村配备1名村医", "level at_least 1 名/村", "PER_UNIT"},
    {"举办培训班3期，培训人员200人次", "count at_least 3 期; count at_least 200 人次", ""},
    {"推进5个重点项目建设", "count at_least 5 个", "STAGE_UNCLEAR"},
    {"甲片区综合整治，面积约5000平方米", "event done", ""},
    {"完成甲路综合整治，全长3公里", "event done", "SIZE_INDICATIVE"},
    {"新建甲小学，总建筑面积1.2万平方米，新增学位1000个", "event done; count at_least 1000 个", ""},
    {"水库除险加固3座，清淤疏浚河道10公里，惠及群众2万人。",
     "count at_least 3 座; count at_least 10 公里; count at_least 20000 人", "BENEFIT_FIGURE"},
    {"投诉率下降5%", "level at_least 5 %", ""},
    {"地质灾害伤亡0人", "count at_most 0 人", "ZERO_FIGURE"},
    {"安全生产事故起数下降10%以上，死亡人数控制在5人以内",
     "level at_least 10 %; count at_most 5 人", ""},
    {"发放创业贷款5000万元", "count at_least 50000000 元", "MONEY_FIGURE"},
    {"落实三项制度，推进两个确保", "qualitative", ""},
    {"新建、改造农村公路200公里，其中新建80公里，改造120公里",
     "count at_least 200 公里; count at_least 80 公里 part_of=1; count at_least 120 公里 part_of=1",
     ""},
    {"全区新增城镇就业5000人，失业人员再就业1000人，困难人员就业500人",
     "count at_least 5000 人; count at_least 1000 人; count at_least 500 人", ""},
    {"新建110千伏变电站1座", "count at_least 1 座", ""},
    {"在10个社区开展试点", "count at_least 10 个", ""},
    {"为3000名老人提供助餐服务", "count at_least 3000 名", ""},
    {"提供公益性岗位不少于200个", "count at_least 200 个", ""},
    {"严禁新增违建，违建零增长", "qualitative", ""},
    {"资助困难学生2000名，发放助学金300万元", "count at_least 2000 名", "MONEY_FIGURE"},
    {"完成率达到95%以上，群众满意率不低于90%", "coverage at_least 95 %; level at_least 90 %", ""},
    {"城乡居民基本医保参保率稳定在95%以上", "coverage at_least 95 %", ""},
    {"新建口袋公园5个、“劳动者港湾”10个、充电桩（站）20处",
     "count at_least 5 个; count at_least 10 个; count at_least 20 处", ""},
    {"建设500平方米文化广场2个", "count at_least 2 个", "SIZE_INDICATIVE"},
    {"建设500平方米的文化广场2个", "count at_least 2 个", "SIZE_INDICATIVE"},
    {"投入资金2000万元，实施高标准农田建设4万亩以上，新建机耕道35公里。",
     "count at_least 40000 亩; count at_least 35 公里", "STAGE_UNCLEAR"},
    {"（1）新建幼儿园3所，新增学位810个；（2）改扩建中小学5所，其中小学3所、中学2所。",
     "count at_least 3 所; count at_least 810 个; count at_least 5 所; count at_least 3 所 "
     "part_of=3; count at_least 2 所 part_of=3",
     ""},
    {"①新建公厕2座；②改造公厕3座。", "count at_least 2 座; count at_least 3 座", ""},
    {"1.新建公厕2座；2.改造公厕3座；3.10个公园提质",
     "count at_least 2 座; count at_least 3 座; count at_least 10 个", ""},
    {"一是新建公厕2座，二是改造公厕3座。", "count at_least 2 座; count at_least 3 座", ""},
    {"目标任务：新建公厕2座", "count at_least 2 座", ""},
    {"年度目标：完成500户困难老年人家庭适老化改造。", "count at_least 500 户", ""},
    {"为全县1万名适龄妇女免费提供“两癌”筛查", "count at_least 10000 名", ""},
    {"完成10万名以上城乡妇女两癌免费检查", "count at_least 100000 名", ""},
    {"全年组织招聘会不少于24场，新增就业不低于7500人",
     "count at_least 24 场; count at_least 7500 人", ""},
    {"推进城乡供水一体化，完成投资1.2亿元，铺设管网50公里，受益人口5.5万人",
     "count at_least 50 公里; count at_least 55000 人", "MONEY_FIGURE BENEFIT_FIGURE"},
    {"对120个行政村、30个社区的健身器材进行更新", "count at_least 120 个; count at_least 30 个",
     ""},
    {"老旧小区改造120个小区、1.38万户", "count at_least 120 个; count at_least 13800 户", ""},
    {"改造燃气管网（含立管）约123公里", "count at_least 123 公里 about", ""},
    {"新建停车场3个、停车位（含充电车位）1500个", "count at_least 3 个; count at_least 1500 个",
     ""},
    {"建设城市绿道12公里；城区绿化覆盖率达到43%以上，人均公园绿地面积达到15平方米",
     "count at_least 12 公里; level at_least 43 %; level at_least 15 平方米/人", ""},
    {"开展残疾人免费康复服务，服务残疾人不少于3000人次，有需求残疾儿童康复服务率100%",
     "count at_least 3000 人次; coverage at_least 100 %", ""},
    {"困境儿童关爱服务覆盖率达100%", "coverage at_least 100 %", ""},
    {"全面消除农村C、D级危房，改造危房136户", "count at_least 136 户", ""},
    {"家庭医生签约服务重点人群签约率达80%以上，0-6岁儿童健康管理率90%以上",
     "coverage at_least 80 %; coverage at_least 90 %", ""},
    {"新生儿疾病筛查率98%以上", "coverage at_least 98 %", ""},
    {"为符合条件的80周岁以上老年人发放高龄津贴", "coverage all", "ALL_ASSUMED"},
    {"每人每月提高10元", "qualitative", "MONEY_FIGURE NO_TARGET"},
    {"基础养老金最低标准提高到每人每月123元", "level at_least 123 元/月", ""},
    {"基础养老金标准由每人每月98元提高到103元", "level at_least 103 元/月 baseline=98", ""},
    {"城乡居民医保财政补助标准提高至每人每年670元", "level at_least 670 元/年", ""},
    {"低保标准不低于每人每月700元", "level at_least 700 元/月", ""},
    {"对8.5万户居民实施户表改造", "count at_least 85000 户", ""},
    {"新建扩建学校12所（新建5所，改扩建7所），新增学位9000个",
     "count at_least 12 所; count at_least 5 所 part_of=1; count at_least 7 所 part_of=1; count "
     "at_least 9000 个",
     ""},
    {"完成“四好农村路”建设100公里", "count at_least 100 公里", ""},
    {"打造15分钟便民生活圈5个", "count at_least 5 个", ""},
    {"实施10件民生实事", "qualitative", ""},
    {"新增城乡公交线路3条、公交车20辆", "count at_least 3 条; count at_least 20 辆", ""},
    {"完成3个乡镇污水处理厂提标改造", "count at_least 3 个", ""},
    {"完成5个街道、20个社区的微型消防站建设", "count at_least 5 个; count at_least 20 个", ""},
    {"新增养老机构护理型床位占比达到55%以上", "level at_least 55 %", ""},
    {"每万人口全科医生数达到3.5名", "level at_least 3.5 名/万人", ""},
    {"孕产妇死亡率控制在10/10万以下", "level at_most 10 /10万", ""},
    {"5岁以下儿童死亡率低于5‰", "level less_than 5 ‰", ""},
    {"义务教育阶段“双减”学生课后服务参与率95%以上", "level at_least 95 %", ""},
    {"全区重点水域水质优良比例保持100%", "level at_least 100 %", ""},
    {"实现农村寄递物流综合服务站行政村全覆盖，快递进村率达100%",
     "coverage all; coverage at_least 100 %", "KIND_UNCLEAR"},
    {"建设乡镇（街道）养老服务中心8个、村（社区）互助养老点80个",
     "count at_least 8 个; count at_least 80 个", ""},
    {"新增机动车停车泊位1000个以上，其中公共停车泊位300个",
     "count at_least 1000 个; count at_least 300 个 part_of=1", ""},
    {"推进城乡供水一体化，完成投资1.2亿元，铺设管网50公里", "count at_least 50 公里",
     "MONEY_FIGURE"},
    {"快递进村率达100%", "coverage at_least 100 %", "KIND_UNCLEAR"},
    {"全年新增公共充电桩不少于740个，其中快充桩占比不低于30%",
     "count at_least 740 个; level at_least 30 %", "PART_WHOLE_UNKNOWN"},
    {"新改建公厕30座左右，力争完成35座", "count at_least 30 座 stretch=35 about", ""},
    {"改造老旧小区30个以上、惠及居民1.2万户以上", "count at_least 30 个; count at_least 12000 户",
     "BENEFIT_FIGURE"},
    {"建成投用社区食堂20家，年服务老年人10万人次以上",
     "count at_least 20 家; count at_least 100000 人次", ""},
    {"全县建成高标准农田3.5万亩，粮食产量稳定在20万吨以上",
     "count at_least 35000 亩; count at_least 200000 吨", ""},
    {"地表水达到或好于Ⅲ类水体比例达到100%", "level at_least 100 %", ""},
    {"主要农作物耕种收综合机械化率达到76.5%", "level at_least 76.5 %", ""},
    {"新增造林绿化面积2.6万亩，其中人工造林0.8万亩、封山育林1.8万亩",
     "count at_least 26000 亩; count at_least 8000 亩 part_of=1; count at_least 18000 亩 part_of=1",
     ""},
    {"投放公共自行车1千辆", "count at_least 1000 辆", ""},
    {"建设污水管网3千米", "count at_least 3 公里", ""},
    {"组织开展送戏下乡300场次，惠及群众15万人次",
     "count at_least 300 场次; count at_least 150000 人次", "BENEFIT_FIGURE"},
    {"实现义务教育大班额比例控制在1%以内", "level at_most 1 %", ""},
    {"规上工业企业研发投入占比高于3%", "level more_than 3 %", ""},
    {"城乡居民收入比缩小到1.8以内", "level at_most 1.8 未写明", "UNIT_MISSING"},
    {"养老机构护理型床位占比从50%提高到58%", "level at_least 58 % baseline=50", ""},
    {"加装电梯从50部增加到80部", "level at_least 80 部 baseline=50", ""},
    {"困难群众救助标准提高5%", "level at_least 5 %", ""},
    {"新增普惠性托位1500个，每千人口拥有3岁以下婴幼儿托位数达到4.5个。",
     "count at_least 1500 个; level at_least 4.5 个/千人", ""},
    {"对全区低保对象、特困人员全部纳入医疗救助", "coverage all", ""},
    {"符合条件的应保尽保", "coverage all", ""},
    {"为全县所有60周岁以上老人购买意外伤害保险", "coverage all", ""},
    {"开展“健康进万家”活动50场", "count at_least 50 场", ""},
    {"创建国家卫生县城", "event done", ""},
    {"争创省级示范村5个", "count at_least 5 个", ""},
    {"编制国土空间规划", "qualitative", ""},
    {"打通断头路3条", "count at_least 3 条", ""},
    {"打通“最后一公里”", "event done", ""},
    {"建设“15分钟医疗服务圈”", "event done", ""},
    {"严厉打击电信网络诈骗", "qualitative", ""},
    {"推行“一窗通办”改革", "qualitative", ""},
    {"实施“雪亮工程”三期建设", "event done", "STAGE_UNCLEAR"},
    {"新建四好农村路50公里", "count at_least 50 公里", ""},
    {"新建一座日处理能力2万吨的污水处理厂", "count at_least 1 座", "SIZE_INDICATIVE"},
    {"新建日供水5万吨水厂1座", "count at_least 1 座", "SIZE_INDICATIVE"},
    {"建成10万吨/日污水处理厂1座", "count at_least 1 座", "SIZE_INDICATIVE"},
    {"新增绿地面积10公顷、口袋公园6个", "count at_least 10 公顷; count at_least 6 个", ""},
    {"新建公厕不少于5座以下", "count at_least 5 座", "BOUND_CONFLICT"},
    {"购置救护车5台、DR设备2套", "count at_least 5 台; count at_least 2 套", ""},
    {"采购国六标准公交车30台", "count at_least 30 台", ""},
    {"A区建设充电桩20个", "count at_least 20 个", ""},
    {"第二批老旧小区改造15个", "count at_least 15 个", ""},
    {"改造DN300供水管道8公里", "count at_least 8 公里", ""},
    {"更换高度30米以上老旧路灯50盏", "count at_least 50 盏", ""},
    {"根据区政办〔2024〕18号文件，新建公厕5座", "count at_least 5 座", ""},
    {"联系电话023-77722222，新建公厕5座", "count at_least 5 座", ""},
    {"实施2023年至2025年三年行动，2024年新建公园5座", "count at_least 5 座", ""},
    {"2023—2025年建设农村公路10公里", "count at_least 10 公里", ""},
    {"“十四五”期间建设农村公路10公里", "count at_least 10 公里", ""},
    {"提供24小时自助服务", "service", ""},
    {"落实7×24小时值班，建设警务站3个", "count at_least 3 个", ""},
    {"建设轨道交通3号线", "event done", ""},
    {"完成K12+300段边坡治理", "event done", ""},
    {"开展为期3个月的专项整治", "event done", ""},
    {"改造2000年以前建成的老旧小区20个", "count at_least 20 个", ""},
    {"新建公厕５座、改造公厕１２座", "count at_least 5 座; count at_least 12 座", ""},
    {"新建公厕 5 座 ，改造公厕 12 座", "count at_least 5 座; count at_least 12 座", ""},
    {"新建公厕5座,改造公厕12座;新增路灯100盏.",
     "count at_least 5 座; count at_least 12 座; count at_least 100 盏", ""},
    {"完成危房改造100户(C级60户、D级40户)",
     "count at_least 100 户; count at_least 60 户 part_of=1; count at_least 40 户 part_of=1", ""},
    {"完成危房改造100户（其中C级60户、D级50户）",
     "count at_least 100 户; count at_least 60 户 part_of=1; count at_least 50 户 part_of=1",
     "PARTS_MISMATCH"},
    {"治理水土流失面积25平方公里", "count at_least 25 平方公里", ""},
    {"造林1.5万亩", "count at_least 15000 亩", ""},
    {"建成光伏50MW", "count at_least 50 MW", ""},
    {"新增发电装机10万千瓦", "count at_least 100000 千瓦", ""},
    {"建设35千伏线路12公里", "count at_least 12 公里", ""},
    {"安排公益性岗位500个以上", "count at_least 500 个", ""},
    {"为65岁以上老人免费体检1.2万人次", "count at_least 12000 人次", ""},
    {"对全县3500名孤寡老人进行慰问", "count at_least 3500 名", ""},
    {"将低保对象、特困人员全部纳入保障", "coverage all", ""},
    {"实现城乡公交一体化", "qualitative", ""},
    {"实现行政村5G网络全覆盖", "coverage all", ""},
    {"义务教育巩固率达95%以上；高中阶段毛入学率达92%以上",
     "level at_least 95 %; level at_least 92 %", ""},
    {"每季度至少开展1次食品安全抽检，合格率不低于98%",
     "frequency at_least 1 次/季度; level at_least 98 %", ""},
    {"每年开展2次集中整治", "frequency at_least 2 次/年", ""},
    {"每周不少于2小时体育活动", "frequency at_least 2 小时/周", ""},
    {"为村（社区）配备AED设备50台", "count at_least 50 台", ""},
    {"区内主要道路机械化清扫率达到90%", "level at_least 90 %", ""},
    {"持续推进农村厕所革命，新建改建户厕1000座", "count at_least 1000 座", ""},
    {"进一步提升群众满意度", "qualitative", ""},
    {"加大扶持力度，促进高校毕业生就业创业", "qualitative", ""},
    {"做好困难群众基本生活保障工作", "qualitative", ""},
    {"深化医药卫生体制改革", "qualitative", ""},
    {"完成全民健身中心主体工程建设", "event done", ""},
    {"启动区人民医院迁建项目", "event done start", ""},
    {"启动建设幼儿园2所", "count at_least 2 所 start", ""},
    {"开工建设甲路、乙路、丙路3条道路", "count at_least 3 条 start", ""},
    {"开工10个，竣工5个", "count at_least 10 个 start; count at_least 5 个", "INDICATOR_ASSUMED"},
    {"计划年内开工建设棚户区改造1200套，基本建成800套",
     "count at_least 1200 套 start; count at_least 800 套", ""},
    {"新开工棚户区改造1200套、基本建成800套", "count at_least 1200 套 start; count at_least 800 套",
     ""},
    {"全年完成固定资产投资5亿元以上", "qualitative", "MONEY_FIGURE NO_TARGET"},
    {"发放消费券1000万元，举办促消费活动10场", "count at_least 10 场", "MONEY_FIGURE"},
    {"减免税费约2亿元", "count at_least 200000000 元 about", "MONEY_FIGURE"},
    {"人均预期寿命达到80.5岁", "level at_least 80.5 岁", ""},
    {"城镇新增就业1.2万人以上，城镇调查失业率控制在5.5%左右",
     "count at_least 12000 人; level at_most 5.5 % about", ""},
    {"居民消费价格涨幅控制在3%左右", "level at_most 3 % about", ""},
    {"建设标准化村卫生室10个，每个不少于60平方米",
     "count at_least 10 个; level at_least 60 平方米/个", "PER_UNIT"},
    {"甲村、乙村、丙村3个村的饮水工程", "count at_least 3 个", ""},
    {"实施甲村、乙村2个村饮水工程", "count at_least 2 个", "STAGE_UNCLEAR"},
    {"对甲路、乙路等3条道路进行改造", "count at_least 3 条", "COUNT_MISMATCH"},
    {"新建甲、乙两个公园", "count at_least 2 个", ""},
    {"建设两座桥梁", "count at_least 2 座", ""},
    {"新建三所幼儿园、五所小学", "count at_least 3 所; count at_least 5 所", ""},
    {"完成一千五百户改造", "count at_least 1500 户", ""},
    {"完成一百五户改造", "event done", "UNCLEAR_FIGURE"},
    {"改造3百户", "count at_least 300 户", "INDICATOR_ASSUMED"},
    {"约30余户", "count at_least 30 户 about", "INDICATOR_ASSUMED"},
    {"完成30多户改造", "count at_least 30 户 about", ""},
    {"近百户", "qualitative", "UNCLEAR_FIGURE"},
    {"力争年内完工", "qualitative", "NO_TARGET"},
    {"完成约80%的村庄整治", "coverage at_least 80 % about", ""},
    {"不少于3个、不超过5个", "count at_least 3 个; count at_most 5 个", "INDICATOR_ASSUMED"},
    {"建设1-2个示范点", "count at_least 1 个 stretch=2", "RANGE"},
};

TEST(Phrases, GiveTheirTargetsAndDoubts) {
  for (const PhraseRow& row : kPhrases) {
    SCOPED_TRACE(row.content);
    const Compiled compiled = CompileTargets(row.content, {"", 2024, ""});
    EXPECT_EQ(TargetWords(compiled), row.targets);
    EXPECT_EQ(CodesOf(compiled), row.doubts);
    EXPECT_EQ(StepWords(compiled), "");
    ExpectSound(row.content, compiled);
  }
}

// `content` with the words of the columns of time.
struct DatedRow {
  absl::string_view content;
  absl::string_view schedule;
  absl::string_view targets;
  absl::string_view steps;
  absl::string_view doubts;
};

constexpr DatedRow kDated[] = {
    {"甲路改造工程5月底前动工，9月投入使用", "", "event done",
     "2024-05-31 start #1; 2024-09-30 finish #1", ""},
    {"6月底前完成500个窨井盖整治", "", "count at_least 500 个", "2024-06-30 finish #1", ""},
    {"3月底100个；6月底200个；9月底500个", "", "count at_least 500 个",
     "2024-03-31 finish 100 个 #1; 2024-06-30 finish 200 个 #1; 2024-09-30 finish 500 个 #1",
     "INDICATOR_ASSUMED"},
    {"建设充电桩500个，3月底完成100个，6月底完成300个", "", "count at_least 500 个",
     "2024-03-31 finish 100 个 #1; 2024-06-30 finish 300 个 #1", ""},
    {"1.4月底前完成招标；2.6月底前开工", "", "", "2024-04-30 finish; 2024-06-30 start", ""},
    {"第四季度（11月份）完成验收", "", "", "2024-11-30 finish", ""},
    {"新建公厕5座，6月底前完成。", "", "count at_least 5 座", "2024-06-30 finish #1", ""},
    {"2025年6月底前建成", "", "", "2025-06-30 finish", "OTHER_YEAR"},
    {"11月前全面完成", "", "", "2024-11-30 finish", "DATE_UNSURE"},
    {"10月1日前建成投用", "", "", "2024-10-01 finish", ""},
    {"一季度开工", "", "", "2024-03-31 start", ""},
    {"建设公厕5座", "2022-2023", "count at_least 5 座", "2023-12-31 finish", "OTHER_YEAR"},
    {"建设公厕5座", "2023—2024", "count at_least 5 座", "2024-12-31 finish", ""},
    {"建设公厕5座", "6月底前", "count at_least 5 座", "2024-06-30 finish", ""},
    {"建设公厕50座", "3月底完成20座；6月底完成50座", "count at_least 50 座",
     "2024-03-31 finish 20 座 #1; 2024-06-30 finish 50 座 #1", ""},
    {"建设公厕50座", "年内", "count at_least 50 座", "", ""},
    {"建设公厕50座", "全年", "count at_least 50 座", "", ""},
    {"建设公厕50座", "12月底", "count at_least 50 座", "2024-12-31 finish", ""},
    {"建设公厕50座", "2024年3月—2024年10月", "count at_least 50 座", "2024-10-31 finish", ""},
    {"建设公厕50座", "2008年内", "count at_least 50 座", "2008-12-31 finish", "OTHER_YEAR"},
    {"6月底前开工，12月底前完工", "", "", "2024-06-30 start; 2024-12-31 finish", ""},
    {"2024年9月1日前建成投用甲小学", "", "event done", "2024-09-01 finish #1", ""},
    {"一季度完成设计，二季度开工建设，四季度建成", "", "",
     "2024-03-31 finish; 2024-06-30 start; 2024-12-31 finish", ""},
    {"3月底前开工甲公园，年底前建成乙公园", "", "event done start; event done",
     "2024-03-31 start #1; 2024-12-31 finish #2", ""},
    {"2024年12月31日前完成改造100户", "", "count at_least 100 户", "2024-12-31 finish #1",
     "INDICATOR_ASSUMED"},
    {"上半年完成50公里，全年完成120公里", "", "count at_least 120 公里",
     "2024-06-30 finish 50 公里 #1", "INDICATOR_ASSUMED"},
    {"新建公厕5座（2024年6月底前完成3座，12月底前完成2座）", "", "count at_least 5 座",
     "2024-06-30 finish 3 座 #1; 2024-12-31 finish 2 座 #1", "MILESTONES_FALL"},
    {"6月底前完成50%，年底前全部完成", "", "", "2024-06-30 finish 50 %; 2024-12-31 finish", ""},
    {"2024年4月—10月完成甲路改造", "", "event done", "2024-10-31 finish #1", ""},
    {"2024.6.30前完成甲路改造", "", "event done", "2024-06-30 finish #1", ""},
    {"二〇二四年六月底前完成甲路改造", "", "event done", "2024-06-30 finish #1", ""},
    {"六月底前完成甲路改造", "", "event done", "2024-06-30 finish #1", ""},
    {"第三季度完成甲路改造", "", "event done", "2024-09-30 finish #1", ""},
    {"前三季度完成投资80%", "", "level at_least 80 %", "2024-09-30 finish #1", "KIND_UNCLEAR"},
    {"5月15日前完成甲路改造", "", "event done", "2024-05-15 finish #1", ""},
    {"3月31日前印发方案，11月30日前完成100户改造", "", "count at_least 100 户",
     "2024-03-31 finish; 2024-11-30 finish #1", ""},
};

TEST(Phrases, GiveTheirDates) {
  for (const DatedRow& row : kDated) {
    SCOPED_TRACE(absl::StrCat(row.content, " | ", row.schedule));
    const Compiled compiled = CompileTargets(row.content, {"", 2024, std::string(row.schedule)});
    EXPECT_EQ(TargetWords(compiled), row.targets);
    EXPECT_EQ(StepWords(compiled), row.steps);
    EXPECT_EQ(CodesOf(compiled), row.doubts);
    ExpectSound(row.content, compiled);
  }
}

TEST(Phrases, ADateOfOneTargetIsItsDueDay) {
  const Compiled compiled =
      CompileTargets("6月底前完成500个窨井盖整治；新建公厕5座，9月底前完成。", {"", 2024, ""});
  ASSERT_EQ(compiled.targets.size(), 2U);
  EXPECT_EQ(compiled.targets[0].row.due_on, absl::CivilDay(2024, 6, 30));
  EXPECT_EQ(compiled.targets[1].row.due_on, absl::CivilDay(2024, 9, 30));
}

TEST(Phrases, IndicatorsAreTheListsOwnWords) {
  const auto indicator = [](absl::string_view content) {
    const Compiled compiled = CompileTargets(content, {"", 2024, ""});
    return compiled.targets.empty() ? "" : compiled.targets.back().row.indicator;
  };
  EXPECT_EQ(indicator("完成500个窨井盖整治。"), "窨井盖整治");
  EXPECT_EQ(indicator("建设老年食堂2家"), "老年食堂");
  EXPECT_EQ(indicator("治理50%以上农村黑臭水体"), "农村黑臭水体治理");
  EXPECT_EQ(indicator("实施城市绿荫工程2个以上、面积2万平方米以上"), "城市绿荫工程面积");
  EXPECT_EQ(indicator("建设完成2个农村公益性示范安葬（放）设施"), "农村公益性示范安葬（放）设施");
  EXPECT_EQ(indicator("新 增 停 车 位 50 个"), "新增停车位");
}

TEST(Phrases, AYearThatNobodyKnowsGivesNoDay) {
  const Compiled compiled = CompileTargets("6月底前新建公厕5座", {"", 0, ""});
  EXPECT_TRUE(compiled.steps.empty());
  EXPECT_TRUE(HasDoubt(compiled, "DATE_UNCLEAR"));
}

TEST(Phrases, BlankContentGivesTheScheduleOnly) {
  EXPECT_EQ(StepWords(CompileTargets(" \n　", {"", 2024, "6月底前"})), "2024-06-30 finish");
  EXPECT_TRUE(CompileTargets("", {"", 2024, ""}).targets.empty());
}

}  // namespace
}  // namespace minsheng::registry
