//! Parsers that several subcommands share. Their errors say what is expected.

/// Parses a name for labels, logs and pages: lower-case letters, digits and hyphens, starting with a letter, at most 63.
pub fn name(text: &str) -> Result<String, String> {
    let fits = text.len() <= 63
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if fits {
        Ok(text.to_owned())
    } else {
        Err("expected lower-case letters, digits and hyphens, a letter first, at most 63".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_label() {
        assert_eq!(name("app-2").as_deref(), Ok("app-2"));
        for wrong in ["", "2app", "App", "a b", "a\"b", &"a".repeat(64)] {
            assert!(name(wrong).is_err(), "{wrong}");
        }
    }
}
