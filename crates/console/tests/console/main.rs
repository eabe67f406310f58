//! The real binary, with a stand-in for Prometheus, Alertmanager and the pager.

mod access;
mod dashboards;
mod documentation;
mod exports;
mod pages;
mod process;
mod proxy;
mod settings;
mod upstream;
