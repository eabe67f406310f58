//! The limit of file descriptors, of which each connection takes one.

use rustix::process::{Resource, getrlimit, setrlimit};
use tracing::warn;

/// Descriptors for everything but clients' connections: the database, the peer, files, the listener.
const RESERVED: u64 = 64;

/// Raises the process's limit for this number of connections, and returns how many it then can have.
/// The usual limit of a shell, 1024, is a relic of select(2).
pub fn room_for(connections: usize) -> usize {
    let wanted = connections as u64 + RESERVED;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < wanted) {
        let mut raised = limit;
        raised.current = Some(limit.maximum.map_or(wanted, |most| most.min(wanted)));
        if setrlimit(Resource::Nofile, raised).is_ok() {
            limit = raised;
        }
    }
    let Some(descriptors) = limit.current.filter(|current| *current < wanted) else {
        return connections;
    };
    let room = usize::try_from(descriptors.saturating_sub(RESERVED)).map_or(connections, |room| room.max(1));
    warn!(
        descriptors,
        connections = room,
        "the limit of file descriptors is too low for --max-connections"
    );
    room
}
