//! Alertmanager's notification: what is taken reads again from how it is kept, or the ledger could not be replayed.

use observer::pager::Notification;

pub fn holds(input: &[u8]) {
    let Ok(notification) = serde_json::from_slice::<Notification>(input) else {
        return;
    };
    for alert in &notification.alerts {
        // Read from a text that anyone may write, and never to panic.
        let _ = alert.evaluated_at();
    }
    let kept = serde_json::to_string(&notification).expect("JSON");
    assert!(!kept.contains('\n'), "an entry of the ledger is one line");
    let again: Notification = serde_json::from_str(&kept).expect("what is kept can be read");
    assert_eq!(again, notification);
}
