//! The folder of dashboards.

use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use serde::Serialize;
use tokio::task::spawn_blocking;
use tracing::{info, warn};

use super::model::Dashboard;

/// The largest dashboard, in bytes.
const MAX_SIZE: u64 = 4 << 20;

/// A folder of dashboards, which reads a file again when it has changed. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Folder {
    path: Arc<Path>,
    cache: Arc<Mutex<BTreeMap<PathBuf, Cached>>>,
}

#[derive(Debug)]
struct Cached {
    changed: Option<SystemTime>,
    size: u64,
    outcome: Result<Arc<Dashboard>, FileProblem>,
}

/// What the folder contains.
#[derive(Debug, Default)]
pub struct Contents {
    pub dashboards: Vec<Arc<Dashboard>>,
    pub problems: Vec<FileProblem>,
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FileProblem {
    pub file: String,
    /// `null` if the problem is not at one place.
    pub line: Option<usize>,
    pub reason: String,
}

impl fmt::Display for FileProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "{}, line {line}: {}", self.file, self.reason),
            None => write!(formatter, "{}: {}", self.file, self.reason),
        }
    }
}

impl Folder {
    pub fn new(path: PathBuf) -> Self {
        Self {
            path: path.into(),
            cache: Arc::default(),
        }
    }

    /// Returns the dashboards, by title, and what is wrong with the other files.
    pub async fn read(&self) -> Contents {
        let folder = self.clone();
        spawn_blocking(move || folder.read_blocking()).await.unwrap_or_default()
    }

    fn read_blocking(&self) -> Contents {
        let files = match self.files() {
            Ok(files) => files,
            Err(error) => {
                let problem = FileProblem {
                    file: self.path.display().to_string(),
                    line: None,
                    reason: format!("the folder cannot be read: {error}"),
                };
                return Contents {
                    problems: vec![problem],
                    ..Contents::default()
                };
            }
        };
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.retain(|file, _| files.contains(file));
        for file in files {
            let metadata = fs::metadata(&file).ok();
            let changed = metadata.as_ref().and_then(|metadata| metadata.modified().ok());
            let size = metadata.map_or(0, |metadata| metadata.len());
            let known = cache.get(&file);
            if known.is_some_and(|known| known.changed == changed && known.size == size) {
                continue;
            }
            let outcome = read(&file, size);
            match &outcome {
                Ok(dashboard) => info!(file = %file.display(), uid = dashboard.uid, "dashboard read"),
                Err(problem) => warn!(%problem, "dashboard unreadable"),
            }
            cache.insert(file, Cached { changed, size, outcome });
        }
        collect(&cache)
    }

    fn files(&self) -> std::io::Result<Vec<PathBuf>> {
        let entries: Vec<_> = fs::read_dir(&self.path)?.collect::<Result<_, _>>()?;
        let files = entries.into_iter().map(|entry| entry.path());
        Ok(files
            .filter(|path| path.extension().is_some_and(|there| there == "json"))
            .collect())
    }
}

fn read(file: &Path, size: u64) -> Result<Arc<Dashboard>, FileProblem> {
    let problem = |line, reason| FileProblem {
        file: name_of(file),
        line,
        reason,
    };
    if size > MAX_SIZE {
        return Err(problem(None, format!("{size} bytes, expected at most {MAX_SIZE}")));
    }
    let text = fs::read_to_string(file).map_err(|error| problem(None, error.to_string()))?;
    let dashboard = Dashboard::parse(&text, &stem_of(file)).map_err(|(line, reason)| problem(Some(line), reason))?;
    Ok(Arc::new(dashboard))
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn stem_of(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn collect(cache: &BTreeMap<PathBuf, Cached>) -> Contents {
    let mut contents = Contents::default();
    for (file, cached) in cache {
        match &cached.outcome {
            Ok(dashboard) => {
                let twin = contents.dashboards.iter().find(|other| other.uid == dashboard.uid);
                if let Some(twin) = twin {
                    let reason = format!("its uid '{}' is that of the dashboard {}", dashboard.uid, twin.title);
                    contents.problems.push(FileProblem {
                        file: name_of(file),
                        line: None,
                        reason,
                    });
                } else {
                    contents.dashboards.push(Arc::clone(dashboard));
                }
            }
            Err(problem) => contents.problems.push(problem.clone()),
        }
    }
    contents.dashboards.sort_by(|one, other| one.title.cmp(&other.title));
    contents
}
