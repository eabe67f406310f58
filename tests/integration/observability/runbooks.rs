//! Every alert has a runbook, and every runbook an alert.

use std::collections::BTreeSet;

use test_support::{repository, rules};

const FOLDER: &str = "docs/runbooks";

/// The list of all runbooks.
const LIST: &str = "README";

/// The one alert that no rule raises: the pager does it by itself.
const OF_THE_PAGER: &str = "MonitoringDown";

/// What every runbook says, in this order.
const SECTIONS: [&str; 5] = ["Meaning", "Impact", "Confirm", "What to do", "Try it out"];

fn pages() -> BTreeSet<String> {
    let files = repository::files(FOLDER, "md");
    let names = files.iter().filter_map(|file| file.file_stem()?.to_str());
    names.filter(|name| *name != LIST).map(str::to_owned).collect()
}

fn page(name: &str) -> String {
    repository::read(format!("{FOLDER}/{name}.md").as_ref())
}

#[test]
fn every_alert_has_a_page_and_every_page_an_alert() {
    let alerts = rules::all().into_iter().filter_map(|(_, rule)| rule.alert);
    let alerts: BTreeSet<_> = alerts.chain([OF_THE_PAGER.to_owned()]).collect();
    assert_eq!(pages(), alerts);
}

#[test]
fn the_list_links_to_every_page() {
    let list = page(LIST);
    for name in pages() {
        assert!(list.contains(&format!("[{name}]({name}.md)")), "{name} is not listed");
    }
}

#[test]
fn every_page_has_the_same_sections() {
    for name in pages() {
        let page = page(&name);
        let titles = page.lines().filter_map(|line| line.strip_prefix("## "));
        assert_eq!(titles.collect::<Vec<_>>(), SECTIONS, "{name}");
        assert!(page.starts_with(&format!("# {name}\n")), "{name} has another title");
    }
}
