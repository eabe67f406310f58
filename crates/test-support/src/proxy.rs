//! TCP proxy that simulates a network failure, or a database that goes away and comes back.

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

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    /// Forwards bytes.
    Pass,
    /// Keeps connections open and forwards nothing.
    Hang,
    /// Closes all connections, new ones included.
    Cut,
}

/// Proxy between a client and a database.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    mode: watch::Sender<Mode>,
    accepted: Arc<AtomicUsize>,
}

impl Proxy {
    /// Starts a proxy in front of a database.
    pub async fn in_front_of(database: &PgConnectOptions) -> Self {
        let server = format!("{}:{}", database.get_host(), database.get_port());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (mode, watched) = watch::channel(Mode::Pass);
        let accepted = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&accepted);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(forward(client, server.clone(), watched.clone()));
            }
        });
        Self {
            address,
            mode,
            accepted,
        }
    }

    /// Returns the options to reach the database through the proxy.
    pub fn route(&self, database: &PgConnectOptions) -> PgConnectOptions {
        database.clone().host("127.0.0.1").port(self.address.port())
    }

    /// Returns the number of connections accepted so far.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Closes all connections, and each new one at once.
    pub fn cut(&self) {
        self.mode.send_replace(Mode::Cut);
    }

    /// Stops forwarding, with all connections left open.
    pub fn hang(&self) {
        self.mode.send_replace(Mode::Hang);
    }

    /// Forwards again. Connections that were cut stay closed.
    pub fn restore(&self) {
        self.mode.send_replace(Mode::Pass);
    }
}

async fn forward(mut client: TcpStream, server: String, mut mode: watch::Receiver<Mode>) {
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
        let forwarding = async {
            if now == Mode::Pass {
                let _ = copy_bidirectional(&mut client, &mut upstream).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = forwarding => return,
            changed = mode.changed() => {
                if changed.is_err() || *mode.borrow() == Mode::Cut {
                    return;
                }
            }
        }
    }
}
