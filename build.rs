//! What cargo has to be told at each build.

use std::{env, process::Command};

fn main() {
    // `sqlx::migrate!` reads the folder at compile time.
    println!("cargo::rerun-if-changed=migrations");
    if packed_relocations_are_understood() {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The addresses that are set at the program's start take 180 kB one by one, 5 kB packed. glibc reads that from 2.36 on; a
/// linker that does not know it says so, and links without.
fn packed_relocations_are_understood() -> bool {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let for_this_machine = env::var("TARGET").is_ok_and(|target| is("HOST", &target));
    let for_glibc = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    for_this_machine && for_glibc && glibc().is_some_and(|version| version >= (2, 36))
}

/// The version of this machine's glibc.
fn glibc() -> Option<(u32, u32)> {
    let output = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (major, minor) = text.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
