//! Alertmanager's notification: an accepted one survives a round trip through the ledger.

use observer::pager::Notification;

/// Parses a notification. Its ledger entry must be one line that parses to the same notification.
pub fn check(input: &[u8]) {
    let Ok(notification) = serde_json::from_slice::<Notification>(input) else {
        return;
    };
    for alert in &notification.alerts {
        // It parses free text: that must not panic.
        let _ = alert.evaluated_at();
    }
    let entry = serde_json::to_string(&notification).expect("JSON");
    assert!(!entry.contains('\n'), "a ledger entry is one line");
    let again: Notification = serde_json::from_str(&entry).expect("the ledger's entry parses");
    assert_eq!(again, notification);
}
