//! The dashboards keep to the rules of Grafana's public dashboard linter, and to some of this project.

use std::{collections::BTreeSet, path::Path, sync::LazyLock};

use regex::Regex;
use test_support::{
    dashboard::{Dashboard, DataSource, Panel, Target},
    repository, rules,
};

/// How everything names the data source that is chosen at the top.
const CHOSEN: &str = "${datasource}";

/// The columns of Grafana's grid.
const COLUMNS: u32 = 24;

/// Where the runbooks can be read: a variable, because each stack has them elsewhere.
const RUNBOOKS: &str = "${runbooks:raw}/";

/// The units that the dashboards use, of all that Grafana knows.
const UNITS: [&str; 6] = ["bytes", "ops", "percentunit", "reqps", "s", "short"];

/// The windows of queries: Grafana's own, and the one that is chosen at the top, in the minutes that the rules record.
const WINDOWS: [&str; 3] = ["$__rate_interval", "$__range", "$window:1m"];

static DASHBOARDS: LazyLock<Vec<Dashboard>> = LazyLock::new(Dashboard::all);

fn dashboards() -> impl Iterator<Item = (String, &'static Dashboard)> {
    DASHBOARDS
        .iter()
        .map(|dashboard| (dashboard.file.display().to_string(), dashboard))
}

fn panels() -> impl Iterator<Item = (String, &'static Panel)> {
    DASHBOARDS
        .iter()
        .flat_map(|dashboard| dashboard.drawn_panels().map(|panel| (dashboard.place(panel), panel)))
}

fn queries() -> impl Iterator<Item = (String, &'static Target)> {
    DASHBOARDS.iter().flat_map(|dashboard| {
        let place = |panel, target: &Target| format!("{}, query {}", dashboard.place(panel), target.ref_id);
        dashboard
            .targets()
            .map(move |(panel, target)| (place(panel, target), target))
    })
}

/// Names each item for which the rule does not hold.
#[track_caller]
fn each<T>(items: impl Iterator<Item = (String, T)>, rule: impl Fn(&T) -> bool) {
    let offenders: Vec<_> = items.filter(|(_, item)| !rule(item)).map(|(place, _)| place).collect();
    assert!(offenders.is_empty(), "\n{}", offenders.join("\n"));
}

fn are_unique<T: Ord>(items: impl Iterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    items.into_iter().all(|item| seen.insert(item))
}

fn is_chosen(source: Option<&DataSource>) -> bool {
    source.is_some_and(|source| source.uid == CHOSEN)
}

#[test]
fn the_data_source_is_a_variable() {
    each(dashboards(), |dashboard| {
        dashboard.variables().iter().any(|variable| {
            let named = (variable.name.as_str(), variable.label.as_str()) == ("datasource", "Data source");
            named && variable.kind == "datasource" && variable.query == "prometheus"
        })
    });
}

#[test]
fn every_query_uses_the_selected_data_source() {
    each(panels(), |panel| is_chosen(panel.datasource.as_ref()));
    each(queries(), |query| is_chosen(Some(&query.datasource)));
    each(dashboards(), |dashboard| {
        let annotations = dashboard
            .annotations()
            .iter()
            .all(|annotation| is_chosen(Some(&annotation.datasource)));
        let variables = dashboard
            .query_variables()
            .all(|variable| is_chosen(variable.datasource.as_ref()));
        annotations && variables
    });
}

#[test]
fn no_dashboard_is_editable_in_place() {
    each(dashboards(), |dashboard| !dashboard.editable);
}

#[test]
fn dashboard_files_are_named_after_their_uid() {
    each(dashboards(), |dashboard| {
        let uid = dashboard.file.file_stem().and_then(|stem| stem.to_str());
        uid == Some(&dashboard.uid) && dashboard.id.is_none()
    });
    assert!(
        are_unique(DASHBOARDS.iter().map(|dashboard| &dashboard.title)),
        "two have the same title"
    );
}

#[test]
fn variables_follow_the_time_range() {
    const ON_TIME_RANGE_CHANGE: u8 = 2;
    each(dashboards(), |dashboard| {
        dashboard
            .query_variables()
            .all(|variable| variable.refresh == ON_TIME_RANGE_CHANGE)
    });
}

#[test]
fn every_panel_says_what_it_shows_and_what_a_bad_value_looks_like() {
    each(panels(), |panel| {
        !panel.title.is_empty() && panel.description.contains("\n\nBad: ")
    });
}

#[test]
fn every_panel_has_a_unit() {
    each(panels(), |panel| {
        let unit = match panel.kind.as_str() {
            "heatmap" => &panel.options["yAxis"]["unit"],
            _ => &panel.field_config["defaults"]["unit"],
        };
        unit.as_str().is_some_and(|unit| UNITS.contains(&unit))
    });
}

#[test]
fn every_panel_has_queries_and_each_a_legend() {
    each(panels(), |panel| {
        !panel.targets.is_empty() && are_unique(panel.targets.iter().map(|target| &target.ref_id))
    });
    each(queries(), |query| !query.legend_format.is_empty());
}

#[test]
fn no_window_is_hard_coded() {
    let window = Regex::new(r"\[([^\]]*)\]").expect("a valid pattern");
    each(queries(), |query| {
        window
            .captures_iter(&query.expr)
            .all(|found| WINDOWS.contains(&&found[1]))
    });
}

#[test]
fn counters_are_only_shown_as_rates() {
    let bare = Regex::new(r"_total(\{[^}]*\})?([^\[{\w]|$)").expect("a valid pattern");
    each(queries(), |query| !bare.is_match(&query.expr));
}

#[test]
fn every_query_filters_by_the_selected_service_or_shows_the_job() {
    let of_a_service = DASHBOARDS.iter().filter(|dashboard| {
        let mut variables = dashboard.query_variables();
        variables.any(|variable| variable.name == "service")
    });
    let queries = of_a_service.flat_map(|dashboard| {
        let targets = dashboard.targets();
        targets.map(|(panel, target)| (dashboard.place(panel), target))
    });
    each(queries, |query| {
        query.expr.contains(r#"job="$service""#) || query.legend_format.contains("{{job}}")
    });
}

#[test]
fn every_dashboard_links_to_the_others_and_to_the_runbooks() {
    each(dashboards(), |dashboard| {
        let others = DASHBOARDS.iter().filter(|other| other.uid != dashboard.uid);
        let mut expected: Vec<_> = others
            .map(|other| (&*other.title, format!("/d/{}", other.uid)))
            .collect();
        expected.push(("Runbooks", RUNBOOKS.to_owned()));
        let mut links: Vec<_> = dashboard
            .links
            .iter()
            .map(|link| (&*link.title, link.url.clone()))
            .collect();
        expected.sort();
        links.sort();
        links == expected
    });
}

/// The alerts whose runbooks a panel links to.
fn linked_alerts(panel: &Panel) -> BTreeSet<&str> {
    let urls = panel.links.iter().map(|link| link.url.strip_prefix(RUNBOOKS));
    urls.flatten().collect()
}

#[test]
fn runbooks_are_where_the_pager_says() {
    const HIDDEN: u8 = 2;
    each(dashboards(), |dashboard| {
        dashboard.query_variables().any(|variable| {
            variable.name == "runbooks"
                && variable.query == "label_values(pager_runbooks_info, url)"
                && variable.hide == HIDDEN
        })
    });
}

#[test]
fn links_of_panels_lead_to_runbooks() {
    each(panels(), |panel| {
        panel.links.iter().all(|link| {
            let alert = link.url.strip_prefix(RUNBOOKS).unwrap_or_default();
            let runbook = repository::root().join(format!("docs/runbooks/{alert}.md"));
            link.title == format!("Runbook {alert}") && runbook.is_file()
        })
    });
}

#[test]
fn a_panel_links_to_the_runbook_of_each_alert_that_it_names() {
    let word = Regex::new(r"\w+").expect("a valid pattern");
    let rules = rules::all();
    let mut alerts: BTreeSet<_> = rules.iter().filter_map(|(_, rule)| rule.alert.as_deref()).collect();
    // The pager's own.
    alerts.insert("MonitoringDown");
    // It always fires.
    alerts.remove("Watchdog");
    each(panels(), |panel| {
        let mut words = word.find_iter(&panel.description).map(|found| found.as_str());
        let linked = linked_alerts(panel);
        words.all(|word| !alerts.contains(word) || linked.contains(word))
    });
}

#[test]
fn every_alert_on_a_service_has_a_panel_that_links_to_its_runbook() {
    let linked: BTreeSet<_> = panels().flat_map(|(_, panel)| linked_alerts(panel)).collect();
    let alerts = ["http", "latency", "slo", "database"].into_iter().flat_map(|group| {
        let file = Path::new("prometheus/rules").join(group).with_extension("yml");
        let rules = rules::all().into_iter().filter(move |(path, _)| *path == file);
        rules.filter_map(|(path, rule)| Some((path.display().to_string(), rule.alert?)))
    });
    each(alerts, |alert| linked.contains(alert.as_str()));
}

#[test]
fn descriptions_refer_to_panels_that_exist() {
    let bold = Regex::new(r"\*\*(.+?)\*\*( in [A-Z]\w+ [A-Z]\w+)?").expect("a valid pattern");
    for dashboard in &*DASHBOARDS {
        let descriptions = dashboard.drawn_panels().map(|panel| (dashboard.place(panel), panel));
        each(descriptions, |panel| {
            bold.captures_iter(&panel.description).all(|found| {
                let other = found.get(2).map(|other| other.as_str().trim_start_matches(" in "));
                let titles = |dashboard: &Dashboard| dashboard.panels().any(|panel| panel.title == found[1]);
                match other {
                    Some(other) => DASHBOARDS.iter().any(|it| it.title == other && titles(it)),
                    None => titles(dashboard),
                }
            })
        });
    }
}

#[test]
fn queries_of_a_dashboard_with_instances_select_them_or_count_a_whole_service() {
    let with_instances = DASHBOARDS.iter().filter(|dashboard| {
        let mut variables = dashboard.query_variables();
        variables.any(|variable| variable.name == "instance")
    });
    let selector = Regex::new(r"\b[a-z][a-z0-9_]*\{[^}]*\}").expect("a valid pattern");
    let queries: Vec<_> = with_instances
        .flat_map(|dashboard| {
            dashboard
                .targets()
                .map(|(panel, target)| (dashboard.place(panel), target))
        })
        .collect();
    assert!(!queries.is_empty(), "no dashboard has the variable");
    each(queries.into_iter(), |query| {
        let of_instances = |selector: regex::Match| selector.as_str().contains(r#"instance=~"$instance""#);
        let is_recorded = query.expr.starts_with("job:");
        is_recorded || selector.is_match(&query.expr) && selector.find_iter(&query.expr).all(of_instances)
    });
}

#[test]
fn no_matcher_occurs_twice_in_a_selector() {
    let selector = Regex::new(r#"\{(?:[^"}]|"[^"]*")*\}"#).expect("a valid pattern");
    let matcher = Regex::new(r#"\w+\s*[=!]~?\s*"[^"]*""#).expect("a valid pattern");
    each(queries(), |query| {
        selector
            .find_iter(&query.expr)
            .all(|found| are_unique(matcher.find_iter(found.as_str()).map(|matcher| matcher.as_str())))
    });
}

#[test]
fn panel_ids_are_unique() {
    each(dashboards(), |dashboard| {
        are_unique(dashboard.panels().map(|panel| panel.id))
    });
}

#[test]
fn panels_stay_inside_the_grid() {
    each(panels(), |panel| panel.grid_pos.x + panel.grid_pos.w <= COLUMNS);
}

#[test]
fn panels_do_not_overlap() {
    each(dashboards(), |dashboard| {
        are_unique(dashboard.panels().flat_map(|panel| {
            let at = &panel.grid_pos;
            (at.y..at.y + at.h).flat_map(move |y| (at.x..at.x + at.w).map(move |x| (x, y)))
        }))
    });
}
