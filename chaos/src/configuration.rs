//! Edits of the files that Prometheus reads, while it runs.
//!
//! The file as it was stays beside the edited one until it is restored, so that another run can restore it if this one is
//! killed.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use serde_json::{Value, json};

/// Variable with the folder of Prometheus' configuration, which `scripts/chaos.sh` sets.
const FOLDER: &str = "OBSERVER_PROMETHEUS_FOLDER";

/// The extension of the file as it was.
const BACKUP: &str = "before-chaos";

/// An edit of one of Prometheus' files.
#[derive(Clone, Copy, Debug)]
pub enum Edit {
    /// The list of targets loses a service.
    RemoveTarget(&'static str),
    /// Relabelling drops the targets of one service, and the request metrics of another.
    Relabel {
        target: &'static str,
        metrics: &'static str,
    },
}

impl Edit {
    /// All files that an edit changes.
    const FILES: [&str; 2] = [Self::TARGETS, Self::CONFIGURATION];
    const TARGETS: &str = "targets/services.yml";
    const CONFIGURATION: &str = "prometheus.yml";

    /// Returns whether Prometheus must be told to read the file again. It watches the lists of targets by itself.
    pub fn needs_reload(self) -> bool {
        self.file() == Self::CONFIGURATION
    }

    fn file(self) -> &'static str {
        match self {
            Self::RemoveTarget(_) => Self::TARGETS,
            Self::Relabel { .. } => Self::CONFIGURATION,
        }
    }

    /// Edits the file.
    pub fn apply(self) -> anyhow::Result<()> {
        self.apply_in(&folder()?)
    }

    /// Restores the file, if it is edited.
    pub fn restore(self) -> anyhow::Result<()> {
        restore(&folder()?.join(self.file()))
    }

    fn apply_in(self, folder: &Path) -> anyhow::Result<()> {
        let file = folder.join(self.file());
        restore(&file)?;
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let edited = self
            .edited(&text)
            .with_context(|| format!("cannot edit {}", file.display()))?;
        let in_file = || format!("cannot write beside {}", file.display());
        // Renamed into place, so that Prometheus never reads half a file. A copy keeps the permissions.
        let new = with_extension(&file, "new");
        fs::copy(&file, &new).with_context(in_file)?;
        fs::write(&new, edited).with_context(in_file)?;
        // A second name for the file itself: restoring brings back its owner and its date, too.
        fs::hard_link(&file, with_extension(&file, BACKUP)).with_context(in_file)?;
        fs::rename(&new, &file).with_context(in_file)
    }

    /// Returns the edited text. JSON is YAML, too.
    fn edited(self, text: &str) -> anyhow::Result<String> {
        let mut root: Value = serde_saphyr::from_str(text)?;
        match self {
            Self::RemoveTarget(service) => {
                let targets = root.as_array_mut().context("it is not a list of targets")?;
                let before = targets.len();
                targets.retain(|group| group["labels"]["task"] != service);
                if targets.len() == before {
                    bail!("it has no target of {service}");
                }
            }
            Self::Relabel { target, metrics } => {
                let jobs = root.get_mut("scrape_configs").and_then(Value::as_array_mut);
                let services = jobs
                    .and_then(|jobs| jobs.iter_mut().find(|job| job["job_name"] == "services"))
                    .context("it has no scrape job \"services\"")?;
                append(
                    &mut services["relabel_configs"],
                    json!({"source_labels": ["job"], "regex": target, "action": "drop"}),
                )?;
                append(
                    &mut services["metric_relabel_configs"],
                    json!({
                        "source_labels": ["job", "__name__"],
                        "regex": format!("{metrics};http_request.*"),
                        "action": "drop",
                    }),
                )?;
            }
        }
        Ok(root.to_string())
    }
}

/// Appends to a list, which may be missing.
fn append(list: &mut Value, item: Value) -> anyhow::Result<()> {
    if list.is_null() {
        *list = json!([]);
    }
    list.as_array_mut().context("relabelling is not a list")?.push(item);
    Ok(())
}

/// Restores every file that a killed run has left edited. Returns whether there was one.
pub fn restore_all() -> anyhow::Result<bool> {
    let folder = folder()?;
    let mut found = false;
    for file in Edit::FILES.map(|file| folder.join(file)) {
        found |= with_extension(&file, BACKUP).exists();
        restore(&file)?;
    }
    Ok(found)
}

fn restore(file: &Path) -> anyhow::Result<()> {
    match fs::rename(with_extension(file, BACKUP), file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot restore {}", file.display()))
        }
        _ => Ok(()),
    }
}

fn with_extension(file: &Path, extension: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".");
    path.push(extension);
    path.into()
}

fn folder() -> anyhow::Result<PathBuf> {
    let folder = env::var_os(FOLDER).with_context(|| format!("{FOLDER} is not set; `make chaos` sets it"))?;
    Ok(folder.into())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;
    use test_support::{repository, tools::run_promtools};

    /// The scenarios' edits.
    const EDITS: [Edit; 2] = [
        Edit::RemoveTarget("app"),
        Edit::Relabel {
            target: "app",
            metrics: "beta",
        },
    ];

    /// A copy of the files.
    fn copy() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("targets")).expect("a folder");
        for file in Edit::FILES {
            let text = repository::read(&Path::new("prometheus").join(file));
            fs::write(folder.path().join(file), text).expect("a file");
        }
        folder
    }

    #[test]
    fn restoring_brings_back_the_very_file() {
        for edit in EDITS {
            let folder = copy();
            let file = folder.path().join(edit.file());
            fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("permissions");
            let before = fs::read(&file).expect("a file");
            let inode = |file: &Path| fs::metadata(file).expect("a file").ino();
            let original = inode(&file);
            // The second as after a run that was killed.
            edit.apply_in(folder.path()).expect("an edit");
            edit.apply_in(folder.path()).expect("an edit");
            assert_ne!(fs::read(&file).expect("a file"), before, "{edit:?}");
            let mode = |file: &Path| fs::metadata(file).expect("a file").permissions().mode() & 0o777;
            assert_eq!(mode(&file), 0o640);
            for _ in 0..2 {
                restore(&file).expect("a restore");
                assert_eq!(fs::read(&file).expect("a file"), before, "{edit:?}");
                assert_eq!((mode(&file), inode(&file)), (0o640, original));
            }
            let files = fs::read_dir(file.parent().expect("a folder"))
                .expect("a folder")
                .count();
            assert!(files <= 2, "{edit:?} leaves a file behind");
        }
    }

    #[test]
    fn the_target_is_gone_and_the_other_stays() {
        let targets = "- targets: [a:1]\n  labels: {task: app}\n- targets: [b:2]\n  labels: {task: beta}\n";
        let edited = Edit::RemoveTarget("app").edited(targets).expect("an edit");
        assert_eq!(edited, r#"[{"labels":{"task":"beta"},"targets":["b:2"]}]"#);
    }

    #[test]
    fn a_file_without_what_is_edited_is_refused() {
        for edit in EDITS {
            assert!(edit.edited("[]").is_err(), "{edit:?}");
        }
    }

    #[test]
    fn prometheus_accepts_the_edited_files() {
        for edit in EDITS {
            let folder = copy();
            edit.apply_in(folder.path()).expect("an edit");
            let file = folder.path().join(Edit::CONFIGURATION);
            // Without the rules, which are not in the copy.
            run_promtools(&["check", "config", "--syntax-only", file.to_str().expect("UTF-8")]);
        }
    }
}
