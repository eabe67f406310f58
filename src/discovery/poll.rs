//! One poll of Docker's API.

use serde_json::json;

use super::{
    answers::{Answers, BadAnswer, parse},
    docker::{Docker, DockerError},
    model::info::Info,
    selection::{ExtraLabel, Selection},
    settings::Mode,
};

/// A failed poll.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    #[error(transparent)]
    Docker(#[from] DockerError),
    #[error(transparent)]
    Answer(#[from] BadAnswer),
    #[error("this node's Swarm is {0:?}: not yet known whether it is a manager")]
    Undecided(String),
}

/// Queries Docker. Makes two calls to a single engine, three or four to a Swarm, regardless of its size.
pub async fn query(docker: &Docker, mode: Mode, selection: &Selection) -> Result<Answers, PollError> {
    let info: Info = parse("GET /info", &docker.get("/info", "").await?)?;
    if is_swarm(mode, &info)? {
        let running = json!({ "desired-state": ["running"] }).to_string();
        let nodes = if selection.labels.contains(&ExtraLabel::Node) {
            Some(docker.get("/nodes", "").await?)
        } else {
            None
        };
        return Ok(Answers::Swarm {
            // Before the tasks, so that every task's service is known.
            services: docker.get("/services", "").await?,
            tasks: docker.get("/tasks", &running).await?,
            nodes,
        });
    }
    let filters = match &selection.compose_project {
        Some(project) => json!({
            "status": ["running"],
            "label": [format!("com.docker.compose.project={project}")],
        }),
        None => json!({ "status": ["running"] }),
    };
    Ok(Answers::Plain {
        node: info.name,
        containers: docker.get("/containers/json", &filters.to_string()).await?,
    })
}

fn is_swarm(mode: Mode, info: &Info) -> Result<bool, PollError> {
    match (mode, &*info.swarm.local_node_state) {
        (Mode::Swarm, _) => Ok(true),
        // Podman has no Swarm, and a worker cannot list its tasks: fall back to the local containers.
        (Mode::Plain, _) | (Mode::Auto, "" | "inactive") => Ok(false),
        (Mode::Auto, "active") => Ok(info.swarm.control_available),
        // Such as `pending` while Docker starts. A wrong guess would replace all targets.
        (Mode::Auto, undecided) => Err(PollError::Undecided(undecided.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(mode: Mode, swarm: &str) -> Result<bool, PollError> {
        let info = format!(r#"{{"Name": "host", "Swarm": {swarm}}}"#);
        is_swarm(mode, &parse("GET /info", info.as_bytes()).expect("an answer"))
    }

    #[test]
    fn auto_detects_the_mode() {
        let auto = |swarm| decide(Mode::Auto, swarm);
        assert!(auto(r#"{"LocalNodeState": "active", "ControlAvailable": true}"#).expect("decided"));
        assert!(!auto(r#"{"LocalNodeState": "active", "ControlAvailable": false}"#).expect("decided"));
        assert!(!auto(r#"{"LocalNodeState": "inactive"}"#).expect("decided"));
        assert!(!auto("null").expect("decided"));
        assert!(auto(r#"{"LocalNodeState": "pending"}"#).is_err());
    }

    #[test]
    fn an_explicit_mode_wins() {
        assert!(decide(Mode::Swarm, "{}").expect("decided"));
        assert!(!decide(Mode::Plain, r#"{"LocalNodeState": "active", "ControlAvailable": true}"#).expect("decided"));
    }
}
