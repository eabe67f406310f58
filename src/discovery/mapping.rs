//! The mapping from Docker's answers to target groups.

use super::{
    answers::{Answers, BadAnswer, parse},
    groups::TargetGroups,
    model::{
        container::Container,
        swarm::{Node, Service, Task},
    },
    plain,
    selection::Selection,
    swarm::{self, Swarm},
};

/// Maps Docker's answers to target groups. Deterministic, including the order.
///
/// # Errors
///
/// Fails if an answer does not match Docker's API.
pub fn target_groups(answers: &Answers, selection: &Selection) -> Result<TargetGroups, BadAnswer> {
    match answers {
        Answers::Plain { node, containers } => {
            let containers: Vec<Container> = parse("GET /containers/json", containers)?;
            Ok(plain::target_groups(node, &containers, selection))
        }
        Answers::Swarm { services, tasks, nodes } => {
            let services: Vec<Service> = parse("GET /services", services)?;
            let tasks: Vec<Task> = parse("GET /tasks", tasks)?;
            let nodes: Vec<Node> = match nodes {
                Some(nodes) => parse("GET /nodes", nodes)?,
                None => Vec::new(),
            };
            Ok(swarm::target_groups(&Swarm::new(&services, &nodes), &tasks, selection))
        }
    }
}
