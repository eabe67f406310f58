//! TCP proxy that simulates a network failure, or a database that goes away and comes back.

use std::{
    net::SocketAddr,
    pin::pin,
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
    /// How many of the accepted connections, from the first, are forgotten.
    forgotten: watch::Sender<usize>,
    accepted: Arc<AtomicUsize>,
}

impl Proxy {
    /// Starts a proxy in front of a database.
    pub async fn in_front_of(database: &PgConnectOptions) -> Self {
        let server = format!("{}:{}", database.get_host(), database.get_port());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (mode, watched) = watch::channel(Mode::Pass);
        let (forgotten, watch_forgotten) = watch::channel(0);
        let accepted = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&accepted);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let earlier = counter.fetch_add(1, Ordering::Relaxed);
                let (server, mode, mut forgotten) = (server.clone(), watched.clone(), watch_forgotten.clone());
                let mut end = watched.clone();
                tokio::spawn(async move {
                    // Forwarding stops, but its sockets stay open.
                    let mut forwarding = pin!(forward(client, server, mode));
                    let is_forgotten = async { drop(forgotten.wait_for(|&number| number > earlier).await) };
                    tokio::select! {
                        () = forwarding.as_mut() => {}
                        () = is_forgotten => drop(end.wait_for(|&mode| mode == Mode::Cut).await),
                    }
                });
            }
        });
        Self {
            address,
            mode,
            forgotten,
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

    /// Forwards nothing any more on the present connections, without a sign, as a firewall that has forgotten them. New ones
    /// are not affected.
    pub fn forget(&self) {
        self.forgotten.send_replace(self.accepted());
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
