//! What the settings of several subcommands have in common: parsers whose errors say what was expected.

use reqwest::Url;

/// An `http://` URL. Anything else is refused: the calls stay between the parts of one stack.
pub fn http_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("{error}; expected a URL such as http://127.0.0.1:8081"))?;
    if url.scheme() != "http" || !url.has_host() {
        return Err("expected a URL that begins with http://, such as http://127.0.0.1:8081".to_owned());
    }
    Ok(url)
}

/// A name fit for a label, a log line and a page: lower-case letters, digits and hyphens, a letter first.
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
