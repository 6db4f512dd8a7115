#include "tools/cli/generate/catalogue.h"

#include <array>

namespace minsheng::generate {
namespace {

constexpr GoalTemplate kOldHousing[] = {
    {.words = "开工改造城镇老旧小区#个",
     .indicator = "开工改造城镇老旧小区",
     .unit = "个",
     .least = 12,
     .most = 60,
     .start = true},
    {.words = "加装电梯#部", .indicator = "加装电梯", .unit = "部", .least = 4, .most = 40}};
constexpr GoalTemplate kGreen[] = {{.words = "完成城市绿荫工程项目#个以上",
                                    .indicator = "城市绿荫工程项目",
                                    .unit = "个",
                                    .least = 2,
                                    .most = 6},
                                   {.words = "面积#平方米以上",
                                    .indicator = "城市绿荫工程面积",
                                    .unit = "平方米",
                                    .least = 5'000,
                                    .most = 40'000,
                                    .step = 500}};
constexpr GoalTemplate kParks[] = {
    {.words = "建成口袋公园#个", .indicator = "口袋公园", .unit = "个", .least = 2, .most = 9}};
constexpr GoalTemplate kParking[] = {{.words = "新增错时共享停车位#个",
                                      .indicator = "错时共享停车位",
                                      .unit = "个",
                                      .least = 200,
                                      .most = 2'000,
                                      .step = 50},
                                     {.words = "停车收费重复投诉不超过#件",
                                      .indicator = "停车收费重复投诉",
                                      .comparator = Comparator::kAtMost,
                                      .unit = "件",
                                      .least = 10,
                                      .most = 40}};
constexpr GoalTemplate kManholes[] = {{.words = "完成#个窨井盖整治",
                                       .indicator = "窨井盖整治",
                                       .unit = "个",
                                       .least = 200,
                                       .most = 3'000,
                                       .step = 10}};
constexpr GoalTemplate kRoads[] = {{.words = "完成农村公路生命安全防护工程#公里",
                                    .indicator = "农村公路生命安全防护工程",
                                    .unit = "公里",
                                    .least = 40,
                                    .most = 180,
                                    .reported_decimals = 1,
                                    .has_part = true}};
constexpr GoalTemplate kBlackWater[] = {{.words = "治理#%以上农村黑臭水体，力争全部完成治理",
                                         .indicator = "农村黑臭水体治理率",
                                         .kind = Kind::kCoverage,
                                         .unit = "%",
                                         .least = 50,
                                         .most = 80,
                                         .step = 10,
                                         .has_stretch = true,
                                         .base_least = 20,
                                         .base_most = 90}};
constexpr GoalTemplate kFarming[] = {{.words = "农业社会化服务面积#亩以上",
                                      .indicator = "农业社会化服务面积",
                                      .unit = "亩",
                                      .least = 10'000,
                                      .most = 90'000,
                                      .step = 1'000}};
constexpr GoalTemplate kNurseries[] = {{.words = "每千人口拥有婴幼儿托位数达#个",
                                        .indicator = "每千人口婴幼儿托位数",
                                        .kind = Kind::kLevel,
                                        .unit = "个/千人",
                                        .least = 30,
                                        .most = 46,
                                        .decimals = 1,
                                        .reported_decimals = 1},
                                       {.words = "普惠托位占比达到#%",
                                        .indicator = "普惠托位占比",
                                        .kind = Kind::kLevel,
                                        .unit = "%",
                                        .least = 40,
                                        .most = 60,
                                        .step = 5}};
constexpr GoalTemplate kDoubleReduction[] = {
    {.words = "巩固“双减”成效，学生过重作业负担和校外培训负担明显减轻",
     .indicator = "“双减”成效巩固，负担减轻",
     .kind = Kind::kQualitative,
     .comparator = Comparator::kNone}};
constexpr GoalTemplate kMindHealth[] = {{.words = "每学年面向中小学生开展心理健康测评至少#次",
                                         .indicator = "心理健康测评",
                                         .kind = Kind::kFrequency,
                                         .unit = "次/学年",
                                         .least = 1,
                                         .most = 2},
                                        {.words = "心理健康核心知识知晓率达到#%以上",
                                         .indicator = "心理健康核心知识知晓率",
                                         .kind = Kind::kLevel,
                                         .unit = "%",
                                         .least = 75,
                                         .most = 90,
                                         .step = 5},
                                        {.words = "持续开展心理健康教育活动",
                                         .indicator = "持续开展心理健康教育活动",
                                         .kind = Kind::kService,
                                         .comparator = Comparator::kNone}};
constexpr GoalTemplate kDisabled[] = {
    {.words = "建设残疾人之家#家", .indicator = "残疾人之家", .unit = "家", .least = 2, .most = 6},
    {.words = "新增残疾人就业#人",
     .indicator = "新增残疾人就业",
     .unit = "人",
     .least = 10,
     .most = 60},
    {.words = "完成困难残疾人家庭无障碍改造#户",
     .indicator = "困难残疾人家庭无障碍改造",
     .unit = "户",
     .least = 80,
     .most = 600,
     .step = 5},
    {.words = "残疾人辅助器具适配#人",
     .indicator = "残疾人辅助器具适配",
     .unit = "人",
     .least = 40,
     .most = 200}};
constexpr GoalTemplate kInsurance[] = {
    {.words = "对参加城乡居民医保的脱贫人口和监测对象实现全覆盖资助",
     .indicator = "脱贫人口和监测对象参保资助",
     .kind = Kind::kCoverage,
     .comparator = Comparator::kAll,
     .base_least = 2'000,
     .base_most = 30'000}};
constexpr GoalTemplate kDemolition[] = {{.words = "完成一号片区征收拆除工作",
                                         .indicator = "一号片区征收拆除",
                                         .kind = Kind::kEvent,
                                         .comparator = Comparator::kDone}};
constexpr GoalTemplate kTowers[] = {{.words = "完成重点高层建筑隐患整改工作",
                                     .indicator = "高层建筑隐患整改",
                                     .kind = Kind::kEvent,
                                     .comparator = Comparator::kDone},
                                    {.words = "为#栋高层建筑赋予消防码",
                                     .indicator = "高楼消防码",
                                     .unit = "栋",
                                     .least = 60,
                                     .most = 400,
                                     .step = 5}};
constexpr GoalTemplate kToilets[] = {
    {.words = "新建城区公厕#个", .indicator = "城区新建公厕", .unit = "个", .least = 1, .most = 5}};
constexpr GoalTemplate kAir[] = {{.words = "细颗粒物年均浓度控制在#微克/立方米以内",
                                  .indicator = "细颗粒物年均浓度",
                                  .kind = Kind::kLevel,
                                  .comparator = Comparator::kAtMost,
                                  .unit = "微克/立方米",
                                  .least = 280,
                                  .most = 360,
                                  .step = 5,
                                  .decimals = 1,
                                  .reported_decimals = 1},
                                 {.words = "更新新能源公交车#辆",
                                  .indicator = "更新新能源公交车",
                                  .unit = "辆",
                                  .least = 10,
                                  .most = 80}};
constexpr GoalTemplate kWater[] = {{.words = "改造供水管网#公里",
                                    .indicator = "改造供水管网",
                                    .unit = "公里",
                                    .least = 10,
                                    .most = 90,
                                    .reported_decimals = 1},
                                   {.words = "每年大面积计划停水不超过#次",
                                    .indicator = "大面积计划停水",
                                    .kind = Kind::kFrequency,
                                    .comparator = Comparator::kAtMost,
                                    .unit = "次/年",
                                    .least = 3,
                                    .most = 6}};
constexpr GoalTemplate kMeals[] = {
    {.words = "建设老年食堂#家", .indicator = "老年食堂", .unit = "家", .least = 2, .most = 12},
    {.words = "全年开展助餐服务#人次以上",
     .indicator = "助餐服务",
     .unit = "人次",
     .least = 5'000,
     .most = 90'000,
     .step = 500},
    {.words = "为失能老年人提供集中照护服务",
     .indicator = "失能老年人集中照护",
     .kind = Kind::kService,
     .comparator = Comparator::kNone}};
constexpr GoalTemplate kGrid[] = {{.words = "解决#个村低电压及安全隐患问题",
                                   .indicator = "解决低电压及安全隐患问题的村",
                                   .unit = "个",
                                   .least = 10,
                                   .most = 60}};
constexpr GoalTemplate kSchools[] = {{.words = "8月底前完成#所学校食堂改造",
                                      .indicator = "学校食堂改造",
                                      .unit = "所",
                                      .least = 3,
                                      .most = 24,
                                      .by_summer = true},
                                     {.words = "建成青少年活动中心",
                                      .indicator = "青少年活动中心",
                                      .kind = Kind::kEvent,
                                      .comparator = Comparator::kDone}};
constexpr GoalTemplate kScreening[] = {
    {.words = "对65岁及以上老年人开展免费健康体检，体检率达到#%以上",
     .indicator = "老年人免费健康体检",
     .kind = Kind::kCoverage,
     .unit = "%",
     .least = 65,
     .most = 80,
     .step = 5,
     .base_least = 20'000,
     .base_most = 90'000}};
constexpr GoalTemplate kResettlement[] = {{.words = "搬迁受地质灾害危及群众#人",
                                           .indicator = "搬迁受地质灾害危及群众",
                                           .unit = "人",
                                           .least = 200,
                                           .most = 3'000,
                                           .step = 20}};

// A prime number of them: any stride goes through all.
constexpr WorkTemplate kWorks[] = {{"城镇老旧小区改造提升", "住房城乡建委", true, kOldHousing},
                                   {"实施城市绿荫工程", "城市管理局", true, kGreen},
                                   {"建设口袋公园", "城市管理局", true, kParks},
                                   {"推进错时共享停车位建设", "城市管理局", false, kParking},
                                   {"地下“有限空间”安全监测整治", "城市管理局", true, kManholes},
                                   {"实施农村公路生命安全防护工程", "交通局", true, kRoads},
                                   {"推进农村黑臭水体治理", "生态环境局", true, kBlackWater},
                                   {"实施农业社会化服务惠农工程", "农业农村委", false, kFarming},
                                   {"发展婴幼儿照护服务", "卫生健康委", false, kNurseries},
                                   {"推进义务教育阶段学生“双减”", "教委", false, kDoubleReduction},
                                   {"开展青少年心理健康教育", "教委", false, kMindHealth},
                                   {"开展残疾人关爱服务行动", "残联", false, kDisabled},
                                   {"资助困难群众参加城乡居民医保", "医保局", false, kInsurance},
                                   {"城区危旧片区整治", "住房城乡建委", true, kDemolition},
                                   {"高层建筑隐患整治", "消防救援支队", true, kTowers},
                                   {"新建城区公厕", "城市管理局", true, kToilets},
                                   {"改善空气质量", "生态环境局", false, kAir},
                                   {"城乡供水提升", "水利局", true, kWater},
                                   {"老年人照顾服务计划", "民政局", false, kMeals},
                                   {"农网巩固提升工程", "国网*供电公司", true, kGrid},
                                   {"改善学校办学条件", "教委", true, kSchools},
                                   {"老年人健康体检", "卫生健康委", false, kScreening},
                                   {"地质灾害避险搬迁", "规划自然资源局", true, kResettlement}};
static_assert(std::size(kWorks) == 23);

constexpr std::array<const char*, 8> kMixed = {
    "公共服务补短板", "城市品质提升行动", "乡村建设行动", "一老一小服务提升",
    "社区便民服务",   "平安建设工程",     "人居环境整治", "城乡基础设施完善"};

}  // namespace

absl::Span<const WorkTemplate> Works() { return kWorks; }

absl::Span<const char* const> MixedProjects() { return kMixed; }

}  // namespace minsheng::generate
