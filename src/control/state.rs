//! The state that the control listener's handlers share.

use std::sync::Arc;

use super::live::Live;
use crate::faults::PlanSwitch;

/// Shared state of the handlers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ControlState {
    /// The instance's name.
    pub name: Arc<str>,
    pub switch: Arc<PlanSwitch>,
    pub live: Arc<Live>,
}
