//! File descriptors: each connection takes one, and the system gives a process only so many.

use rustix::process::{Resource, getrlimit, setrlimit};
use tracing::warn;

/// What is kept for all that is no client's connection: the database's, the peer's, files, the listener.
const RESERVED: u64 = 64;

/// How many of so many connections the process can have at a time, after it has raised its limit as far as it may.
/// The limit that a shell hands down, 1024 mostly, is a relic of select(2).
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
