//! Takes plotly.js out of the crate that carries it, and compresses it: the binary holds nothing else of that crate.

use std::{env, fs, io::Write, path::Path};

use flate2::{Compression, write::GzEncoder};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=assets");
    let scripts = plotly::Plot::offline_js_sources();
    let script = first_script(&scripts).expect("plotly.js in a script element");
    assert!(
        script.contains("plotly.js v"),
        "the first script is not plotly.js: {}",
        &script[..200]
    );

    let mut compressed = GzEncoder::new(Vec::new(), Compression::best());
    compressed.write_all(script.as_bytes()).expect("memory");
    let file = Path::new(&env::var_os("OUT_DIR").expect("set by cargo")).join("plotly.js.gz");
    fs::write(file, compressed.finish().expect("memory")).expect("a file in OUT_DIR");
}

/// Returns the text of the first script element. The next one is of no use here.
fn first_script(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once("<script type=\"text/javascript\">")?;
    // plotly.js itself contains no "</script>": it is meant to be embedded like this.
    rest.split_once("</script>").map(|(script, _)| script)
}
