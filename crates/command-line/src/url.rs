//! Parser of URLs. Its errors say what is expected.

use url::Url;

/// Parses an `http://` URL. Other schemes are refused: no TLS is built in, as all calls stay within one stack.
pub fn http_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("{error}; expected a URL such as http://127.0.0.1:8081"))?;
    if url.scheme() != "http" || !url.has_host() {
        return Err("expected a URL that begins with http://, such as http://127.0.0.1:8081".to_owned());
    }
    Ok(url)
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
}
