//! Trusted certificates for a webhook over HTTPS.

use std::{fmt::Write, path::Path, sync::Arc};

use anyhow::{Context, bail, ensure};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, pem::PemObject},
};

/// Returns a configuration that trusts the system's certificate authorities, and those of a PEM file besides.
///
/// # Errors
///
/// Fails if the file holds no certificates, or if there is nothing to trust.
pub fn config(ca_file: Option<&Path>) -> anyhow::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = ca_file {
        add_file(&mut roots, path).with_context(|| format!("cannot use --forward-ca-file {}", path.display()))?;
    }
    let system = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(system.certs);
    if roots.is_empty() {
        let mut problem = "this system has no trusted certificates, and --forward-url is https: install the package \
                           ca-certificates, or set --forward-ca-file"
            .to_owned();
        for error in system.errors {
            write!(problem, "; {error}")?;
        }
        bail!(problem);
    }
    Ok(ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn add_file(roots: &mut RootCertStore, path: &Path) -> anyhow::Result<()> {
    let before = roots.len();
    for certificate in CertificateDer::pem_file_iter(path)? {
        roots.add(certificate?)?;
    }
    ensure!(
        roots.len() > before,
        "found no certificate, expected one or more in PEM format"
    );
    Ok(())
}
