"""What each rule and panel must say: business figures from the oracle, the rest recomputed from the raw samples.

RULES: name of the rule → function of a moment. PANELS: "title/refId" → function of a moment. A moment (test_prometheus.py)
knows its instant, the raw samples, what the oracle counted then, and what the variables of the dashboard stand for.
"""

from samples import above, below, equal, is_not, max_by, or_zero, quantile, ratio, sum_by, total

RPC = "minsheng_rpc_server_handling_seconds"
GOOD = {"COMPLETED", "AHEAD", "ON_SCHEDULE"}
FILED = {"ON_TIME", "LATE", "NOTHING_TO_REPORT"}
FAILURES = {"UNKNOWN", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "DEADLINE_EXCEEDED", "UNIMPLEMENTED"}
WAITING = {"ReadEvents", "VerifyLog", "Backup"}
FIVE_MINUTES = 300


def of_year(name, **match):
    return lambda m: sum_by(m.business(name, **match), "district", "year")


def filed(m):
    return ratio(sum_by(m.business("minsheng_reports", state=FILED), "district", "period"),
                 sum_by(m.business("minsheng_reports", state=is_not("EXEMPT")), "district", "period"))


def seconds(q):
    return lambda m: quantile(q, sum_by(m.rate(RPC + "_bucket", FIVE_MINUTES, method=lambda x: x not in WAITING),
                                        "service", "method", "le"))


def calls_of(m, **match):
    return sum_by(m.rate(RPC + "_count", FIVE_MINUTES, **match), "service")


def hits(m):
    def of(**match):
        return sum_by(m.rate("minsheng_cache_requests_total", FIVE_MINUTES, tier={"near", "redis"}, **match), "service", "tier")
    return ratio(of(result="hit"), of())


def filling(length, bound, *by):
    def value(m):
        lengths, bounds = m.now(length), m.now(bound)
        return max_by({labels: lengths[labels] / bounds[labels] for labels in lengths}, *by)
    return value


def group_size(m):
    return ratio(*(sum_by(m.rate("minsheng_journal_group_size_" + part, FIVE_MINUTES), "service") for part in ("sum", "count")))


RED = of_year("minsheng_tasks", light="SEVERELY_BEHIND")


def more_red(m):
    before = sum_by(m.stored("minsheng_tasks", m.at - 86400, light="SEVERELY_BEHIND"), "district", "year")
    return above({labels: count - before[labels] for labels, count in RED(m).items() if labels in before}, 0)


def do_not_add_up(m):
    tasks = sum_by(m.business("minsheng_tasks"), "district")
    reports = sum_by(m.business("minsheng_reports", period="current"), "district")
    return {labels: count for labels, count in tasks.items() if labels in reports and reports[labels] != count}


def missing_targets(m):
    present = {dict(labels)["service"] for labels in m.now("up", job="minsheng")}
    return {frozenset({"job": "minsheng", "service": s}.items()): 1.0 for s in ("registry", "progress") if s not in present}


def expiring(m):
    left = {labels: expires - m.at for labels, expires in m.now("minsheng_certificate_expires_at_seconds").items()}
    return below(left, 30 * 86400)


RULES = {
    "district_year:minsheng_projects:sum": of_year("minsheng_projects"),
    "district_year:minsheng_tasks:sum": of_year("minsheng_tasks"),
    "district_year:minsheng_projects_on_schedule:sum": of_year("minsheng_projects", light=GOOD),
    "district_year:minsheng_tasks_on_schedule:sum": of_year("minsheng_tasks", light=GOOD),
    "district_year:minsheng_projects_on_schedule:ratio":
        lambda m: ratio(of_year("minsheng_projects", light=GOOD)(m), of_year("minsheng_projects")(m)),
    "district_year:minsheng_tasks_on_schedule:ratio":
        lambda m: ratio(of_year("minsheng_tasks", light=GOOD)(m), of_year("minsheng_tasks")(m)),
    "district_period:minsheng_reports_filed:ratio": filed,
    "service_method:minsheng_rpc_calls:rate5m": lambda m: sum_by(m.rate(RPC + "_count", FIVE_MINUTES), "service", "method"),
    "service_method:minsheng_rpc_seconds:p50_5m": seconds(0.5),
    "service_method:minsheng_rpc_seconds:p99_5m": seconds(0.99),
    "service:minsheng_rpc_failures:ratio5m": lambda m: ratio(or_zero(calls_of(m, code=FAILURES), calls_of(m)), calls_of(m)),
    "service:minsheng_rpc_refusals:rate5m": lambda m: or_zero(calls_of(m, code="RESOURCE_EXHAUSTED"), calls_of(m)),
    "service_tier:minsheng_cache_hits:ratio5m": hits,
    "service_queue:minsheng_queue:ratio": filling("minsheng_queue_length", "minsheng_queue_max", "service", "queue"),
    "service:minsheng_handler_threads:ratio":
        filling("minsheng_handler_threads_busy", "minsheng_handler_threads_max", "service"),
    "service:minsheng_journal_commit_seconds:p99_5m":
        lambda m: quantile(0.99, sum_by(m.rate("minsheng_journal_commit_seconds_bucket", FIVE_MINUTES), "service", "le")),
    "service:minsheng_journal_group_size:mean5m": group_size,

    "MinshengServiceDown": lambda m: equal(m.now("up", job="minsheng"), 0),
    "MinshengTargetMissing": missing_targets,
    "MinshengRestarting": lambda m: above(m.changes("minsheng_process_start_time_seconds", 1800), 2),
    "MinshengDatabaseDown": lambda m: equal(m.now("minsheng_database_up"), 0),
    "MinshengCommitsFailing": lambda m: above(m.increase("minsheng_journal_commits_total", 600, result="error"), 0),
    "MinshengCommitsSlow": lambda m: above(m.recorded("service:minsheng_journal_commit_seconds:p99_5m"), 0.5),
    "MinshengCertificateExpiresSoon": expiring,
    "MinshengFeedDown": lambda m: equal(m.now("minsheng_feed_up"), 0),
    "MinshengFeedLagging": lambda m: above(m.now("minsheng_feed_lag_events"), 0),
    "MinshengRedisBreakerOpen": lambda m: equal(m.now("minsheng_cache_breaker_open"), 1),
    "MinshengCacheStale": lambda m: above(m.increase("minsheng_cache_stale_total", 3600), 0),
    "MinshengCachePoisoned": lambda m: above(m.increase("minsheng_cache_requests_total", 900, result="poisoned"), 0),
    "MinshengFailures": lambda m: above(m.recorded("service:minsheng_rpc_failures:ratio5m"), 0.01),
    "MinshengSlow": lambda m: above(m.recorded("service_method:minsheng_rpc_seconds:p99_5m"), 0.5),
    "MinshengQueueNearlyFull": lambda m: above(m.recorded("service_queue:minsheng_queue:ratio"), 0.8),
    "MinshengRefusing": lambda m: above(m.recorded("service:minsheng_rpc_refusals:rate5m"), 0),
    "MinshengRefusalBurst": lambda m: above(sum_by(m.increase("minsheng_refusals_total", 600), "service"), 100),
    "MinshengRedLight": lambda m: above(RED(m), 0),
    "MinshengRedLightsMore": more_red,
    "MinshengReportsMissing": lambda m: above(sum_by(m.business("minsheng_reports", state="MISSING"), "district", "period"), 0),
    "MinshengCountsDoNotAddUp": do_not_add_up,
    "MinshengScrapeSlow": lambda m: above(m.now("scrape_duration_seconds", job="minsheng"), 5),
    "MinshengRulesFailing": lambda m: above(m.increase("prometheus_rule_evaluation_failures_total", 900), 0),
    "MinshengAlertsNotSent": lambda m: {**above(m.increase("alertmanager_notifications_failed_total", 900), 0),
                                        **above(m.increase("prometheus_notifications_errors_total", 900), 0)},
}


# --- panels ----------------------------------------------------------------------------------------------------------

def sum_of(name, **match):
    return lambda m: total(m.business(name, district=m.district, year=m.year, **match))


def share(name):
    return lambda m: ratio(sum_of(name, light=GOOD)(m), sum_of(name)(m))


def by_light(name, **match):
    return lambda m: sum_by(m.business(name, district=m.district, year=m.year, **match), "light")


def by_state(period):
    return lambda m: sum_by(m.business("minsheng_reports", district=m.district, period=period), "state")


def filed_in(period):
    return lambda m: {labels: value for labels, value in m.recorded("district_period:minsheng_reports_filed:ratio").items()
                      if {("district", m.district), ("period", period)} <= labels}


def of_service(value):
    """Only what the dashboard's variable lets through."""
    return lambda m: {labels: v for labels, v in value(m).items() if ("service", m.service) in labels}


def recorded(name):
    return of_service(lambda m: m.recorded(name))


def now(name, **match):
    return of_service(lambda m: m.now(name, **match))


def worst_ten(m):
    behind = below(m.business("minsheng_worst_gap_points", district=m.district, year=m.year), 0)
    return dict(sorted(behind.items(), key=lambda item: item[1])[:10])


def units_to_remind(m):
    unfiled = m.business("minsheng_unit_reports", district=m.district, state={"NOT_DUE", "MISSING", "RETURNED"})
    return above(sum_by(unfiled, "unit"), 0)


def cache_errors(m):
    return sum_by(m.rate("minsheng_cache_requests_total", FIVE_MINUTES, result={"error", "poisoned"}), "service", "tier", "result")


def errors_by_method(m):
    return above(sum_by(m.rate(RPC + "_count", FIVE_MINUTES, code=is_not("OK")), "service", "method", "code"), 0)


PANELS = {
    "按序时及以上的项目/A": sum_of("minsheng_projects", light=GOOD),
    "按序时及以上的项目/B": sum_of("minsheng_projects"),
    "按序时及以上的任务/A": sum_of("minsheng_tasks", light=GOOD),
    "按序时及以上的任务/B": sum_of("minsheng_tasks"),
    "按序时比例/A": share("minsheng_projects"),
    "按序时比例/B": share("minsheng_tasks"),
    "黄灯、红灯任务/A": sum_of("minsheng_tasks", light="BEHIND"),
    "黄灯、红灯任务/B": sum_of("minsheng_tasks", light="SEVERELY_BEHIND"),
    "上期报送率/A": filed_in("previous"),
    "上期报送率/B": filed_in("current"),
    "各月灯色：任务/A": by_light("minsheng_tasks"),
    "各月灯色：项目/A": by_light("minsheng_projects"),
    "承接市级：任务灯色/A": by_light("minsheng_tasks", group="municipal"),
    "区级：任务灯色/A": by_light("minsheng_tasks", group="district"),
    "差距最大的牵头单位/A": worst_ten,
    "本期报送/A": by_state("current"),
    "上期报送/A": by_state("previous"),
    "各单位本期报送/A": lambda m: sum_by(m.business("minsheng_unit_reports", district=m.district), "unit", "state"),
    "各单位本期尚未报送/A": units_to_remind,
    "正在告警/A": lambda m: m.alerts(RULES),
    "服务/A": now("up", job="minsheng"),
    "数据库/A": now("minsheng_database_up"),
    "落后的事件/A": now("minsheng_feed_lag_events"),
    "落后的事件/C": now("minsheng_feed_position"),
    "落后的事件/B": of_service(lambda m: {labels: 1 - up for labels, up in m.now("minsheng_feed_up").items()}),
    "缓存命中率/A": recorded("service_tier:minsheng_cache_hits:ratio5m"),
    "缓存异常/A": of_service(cache_errors),
    "缓存异常/B": now("minsheng_cache_breaker_open"),
    "缓存异常/C": of_service(lambda m: m.increase("minsheng_cache_stale_total", 3600)),
    "时延：百分之九十九/A": recorded("service_method:minsheng_rpc_seconds:p99_5m"),
    "时延：一半/A": recorded("service_method:minsheng_rpc_seconds:p50_5m"),
    "每秒调用/A": recorded("service_method:minsheng_rpc_calls:rate5m"),
    "失败与拒绝/A": recorded("service:minsheng_rpc_failures:ratio5m"),
    "失败与拒绝/B": recorded("service:minsheng_rpc_refusals:rate5m"),
    "失败与拒绝/C": of_service(errors_by_method),
    "失败与拒绝/D": of_service(lambda m: sum_by(m.rate("minsheng_rate_limited_total", FIVE_MINUTES), "service", "role")),
    "队列/A": recorded("service_queue:minsheng_queue:ratio"),
    "处理线程/A": recorded("service:minsheng_handler_threads:ratio"),
    "提交用时：百分之九十九/A": recorded("service:minsheng_journal_commit_seconds:p99_5m"),
    "每组写入/A": recorded("service:minsheng_journal_group_size:mean5m"),
    "处理器/A": of_service(lambda m: m.rate("minsheng_process_cpu_seconds_total", FIVE_MINUTES)),
    "被拒绝的尝试/A": of_service(lambda m: above(sum_by(m.increase("minsheng_refusals_total", 3600), "service", "reason"), 0)),
    "内存/A": now("minsheng_process_resident_bytes"),
}
