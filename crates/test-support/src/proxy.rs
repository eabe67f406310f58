//! A TCP proxy that a test can break: for a network, or a database, that goes away and comes back.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// Bytes pass.
    Pass,
    /// Connections stay open, but nothing passes.
    Hang,
    /// Connections are cut, new ones too.
    Cut,
}

/// Stands between a client and a server.
pub struct Proxy {
    address: SocketAddr,
    mode: watch::Sender<Mode>,
    accepted: Arc<AtomicUsize>,
}

impl Proxy {
    /// A proxy in front of a database.
    pub async fn before(database: &PgConnectOptions) -> Self {
        let server = format!("{}:{}", database.get_host(), database.get_port());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (mode, watched) = watch::channel(Mode::Pass);
        let accepted = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&accepted);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(pass(client, server.clone(), watched.clone()));
            }
        });
        Self {
            address,
            mode,
            accepted,
        }
    }

    /// The same database, reached through the proxy.
    pub fn route(&self, database: &PgConnectOptions) -> PgConnectOptions {
        database.clone().host("127.0.0.1").port(self.address.port())
    }

    /// How many connections were made.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Cuts all connections and refuses new ones.
    pub fn cut(&self) {
        self.mode.send_replace(Mode::Cut);
    }

    /// Lets nothing through any more, without closing a connection.
    pub fn hang(&self) {
        self.mode.send_replace(Mode::Hang);
    }

    /// Lets everything through again. Connections that were cut stay cut.
    pub fn mend(&self) {
        self.mode.send_replace(Mode::Pass);
    }
}

async fn pass(mut client: TcpStream, server: String, mut mode: watch::Receiver<Mode>) {
    loop {
        let now = *mode.borrow_and_update();
        match now {
            Mode::Cut => return,
            Mode::Hang => {}
            Mode::Pass => break,
        }
        if mode.changed().await.is_err() {
            return;
        }
    }
    let Ok(mut upstream) = TcpStream::connect(server).await else {
        return;
    };
    loop {
        let now = *mode.borrow_and_update();
        let broken = async {
            if now == Mode::Pass {
                let _ = copy_bidirectional(&mut client, &mut upstream).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = broken => return,
            changed = mode.changed() => {
                if changed.is_err() || *mode.borrow() == Mode::Cut {
                    return;
                }
            }
        }
    }
}
