//! The style sheets and scripts, embedded in the binary.
//!
//! Their URLs contain the version of all of them, so that a browser keeps them until they change, and modules that import
//! each other by relative paths are always of the same version.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io::Read,
    sync::LazyLock,
};

use axum::{
    body::Bytes,
    extract::Path,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, read::GzDecoder, read::GzEncoder};
use include_dir::{Dir, include_dir};

use crate::problem::Problem;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets");

/// plotly.js, compressed by build.rs.
static PLOTLY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/plotly.js.gz"));

/// The version of all files: a hash of their contents.
pub static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = DefaultHasher::new();
    hash_files(&FILES, &mut hasher);
    PLOTLY.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
});

/// A year, the longest that browsers keep to.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

fn hash_files(folder: &Dir<'_>, hasher: &mut DefaultHasher) {
    for file in folder.files() {
        file.path().hash(hasher);
        file.contents().hash(hasher);
    }
    for folder in folder.dirs() {
        hash_files(folder, hasher);
    }
}

/// Serves a file, compressed.
pub async fn serve(Path((version, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if version != *VERSION {
        return Problem::new(
            StatusCode::NOT_FOUND,
            "This version of the console is gone: reload the page.",
        )
        .into_response();
    }
    let etag = format!("\"{version}\"");
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| *known == etag) {
        return (StatusCode::NOT_MODIFIED, [(header::CACHE_CONTROL, KEPT)]).into_response();
    }
    let compressed = if path == "plotly.js" {
        Bytes::from_static(PLOTLY)
    } else if let Some(file) = FILES.get_file(&path) {
        compress(file.contents()).into()
    } else {
        return Problem::not_found().into_response();
    };
    let body = if accepts_gzip(&headers) {
        ([(header::CONTENT_ENCODING, "gzip")], compressed).into_response()
    } else {
        decompress(&compressed).into_response()
    };
    let head: [(HeaderName, HeaderValue); 5] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type(&path))),
        (header::CACHE_CONTROL, KEPT),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::ETAG, HeaderValue::try_from(etag).expect("hexadecimal digits")),
    ];
    (head, body).into_response()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.') {
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|accepted| accepted.to_str().ok())
        .is_some_and(|accepted| accepted.split(',').any(|coding| coding.trim() == "gzip"))
}

fn compress(content: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    GzEncoder::new(content, Compression::default())
        .read_to_end(&mut compressed)
        .expect("memory");
    compressed
}

fn decompress(compressed: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    GzDecoder::new(compressed)
        .read_to_end(&mut content)
        .expect("what this program has compressed");
    content
}
