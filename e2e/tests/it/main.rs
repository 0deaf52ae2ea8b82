//! The whole program against clients and readers that nobody here wrote.

mod access;
mod client;
mod large;
mod links;
mod managers;
mod migration;
mod names;
mod network;
mod proxy;
mod schema;
mod soap;
mod transfer;
mod uploads;
mod writes;

use holdall_e2e::{Client, Download, House, Server, mixed};

/// A served library of one account, with one staged archive.
struct Stage {
    house: House,
    server: Server,
    client: Client,
    handler: String,
    download: Download,
}

impl Stage {
    /// Imports about `raw_len` bytes of documents to `/Lib/Handover` and stages the folder.
    fn of(raw_len: usize) -> anyhow::Result<Self> {
        let house = House::with_users(&["anna"])?;
        mixed(&house.scratch("Handover"), raw_len, 7)?;
        house.import(&house.scratch("Handover"), "/Lib/Handover", "anna")?;
        let server = house.serve()?;
        let client = house.sign_in(&server, "anna")?;
        let handler = client.stage("/Lib/Handover")?;
        let download = client.download(&handler)?;
        Ok(Self {
            house,
            server,
            client,
            handler,
            download,
        })
    }
}
