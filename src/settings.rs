//! Parsers that several subcommands share. Their errors say what is expected.

use reqwest::Url;

/// Parses an `http://` URL. Other schemes are refused: no TLS is built in, as all calls stay within one stack.
pub fn http_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("{error}; expected a URL such as http://127.0.0.1:8081"))?;
    if url.scheme() != "http" || !url.has_host() {
        return Err("expected a URL that begins with http://, such as http://127.0.0.1:8081".to_owned());
    }
    Ok(url)
}

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
    fn a_url_must_be_http_and_have_a_host() {
        assert!(http_url("http://beta:8081").is_ok());
        for wrong in ["beta:8081", "https://beta", "http://", "ftp://beta", ""] {
            let message = http_url(wrong).expect_err(wrong);
            assert!(message.contains("expected a URL"), "{wrong}: {message}");
        }
    }

    #[test]
    fn a_name_is_a_label() {
        assert_eq!(name("app-2").as_deref(), Ok("app-2"));
        for wrong in ["", "2app", "App", "a b", "a\"b", &"a".repeat(64)] {
            assert!(name(wrong).is_err(), "{wrong}");
        }
    }
}
