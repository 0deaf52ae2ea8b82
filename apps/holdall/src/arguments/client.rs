//! The half that works on a server anywhere: sessions, browsing, bringing documents there and home.

mod gathered;

pub(crate) use gathered::{Link, LinkCommand, MakeLink, Queue, QueueCommand};

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The commands that speak to a server.
#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Sign in to a server and remember it.
    Login(Login),
    /// End the session and forget the server.
    Logout(Logout),
    /// Download any number of documents and folders as one zip file, verified and resumable.
    Zip(Zip),
    /// List libraries, or what is in a folder.
    Ls(Ls),
    /// List all folders below a folder.
    Tree(Tree),
    /// Download one document, verified and resumable.
    Get(Get),
    /// Upload files and directories; what is unchanged stays here, and what was cut goes on.
    Put(Put),
    /// Gather items on the server for a download later.
    Queue(Queue),
    /// Make an archive available to somebody without an account.
    Link(Link),
    /// List what of mine was delivered.
    Receipts(ServerFlags),
    /// Print what a shell needs to complete these commands.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write all of them into a directory.
    Man(Man),
}

/// Which server, and how to answer.
#[derive(Args, Clone, Debug)]
pub(crate) struct ServerFlags {
    /// A server by the name that `holdall login` gave it, or its address; without it the default one. The session of
    /// `HOLDALL_TOKEN` is used when that is set.
    #[arg(long, env = "HOLDALL_SERVER", value_name = "NAME|URL")]
    pub(crate) server: Option<String>,
    /// Answer with JSON on standard output: one document, or a line for each item where there may be many.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `holdall login`
#[derive(Args, Debug)]
pub(crate) struct Login {
    /// The server's address, for example `https://documents.example`.
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// The name to remember it by [default: its host].
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The login name; asked for when it is not given.
    #[arg(long, value_name = "USER")]
    pub(crate) user: Option<String>,
    /// Read the password from the first line of standard input instead of asking for it.
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// Speak infoRouter's protocol, for a server that has no other; such a session is good for `zip --protocol srv`.
    #[arg(long, value_name = "PROTOCOL", default_value = "native")]
    pub(crate) protocol: Protocol,
    /// Answer with JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `holdall logout`
#[derive(Args, Debug)]
pub(crate) struct Logout {
    /// The server to leave; without it the default one.
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Answer with JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `holdall zip`
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(after_help = "\
The archive comes in parallel ranges into OUT.part; a journal beside it says what is there. After a kill, a power cut or a dropped \
network the same command goes on where it was. Every document is proved by its CRC-32 and SHA-256, every header and the \
directory by the server's manifest, and OUT gets its name only when all of it is right.

Exit code 5 says that documents were left out: without --strict the archive holds all others, with it nothing was fetched.")]
pub(crate) struct Zip {
    /// Documents and folders: paths such as /Projects/Bridge, or ids such as ~D7 and ~F7.
    #[arg(value_name = "ITEM", required_unless_present = "queue")]
    pub(crate) items: Vec<String>,
    /// Put in what is in my download queue, too.
    #[arg(long)]
    pub(crate) queue: bool,
    /// The file to make [default: the archive's name, in this directory].
    #[arg(short, long, value_name = "OUT.zip", conflicts_with = "extract")]
    pub(crate) output: Option<PathBuf>,
    /// The archive's own file name on the server.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Fetch nothing when something cannot be included.
    #[arg(long)]
    pub(crate) strict: bool,
    /// An older archive of much the same: what is unchanged is taken from it and only the rest is fetched.
    #[arg(long, value_name = "OLD.zip")]
    pub(crate) update: Option<PathBuf>,
    /// Unpack into a directory while downloading, and keep no archive.
    #[arg(long, value_name = "DIR")]
    pub(crate) extract: Option<PathBuf>,
    /// Parallel connections.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=32))]
    pub(crate) connections: u64,
    /// Speak Holdall's own protocol, or infoRouter's, which any compatible server understands.
    #[arg(long, value_name = "PROTOCOL", default_value = "native")]
    pub(crate) protocol: Protocol,
    /// Seconds to go on trying while nothing comes.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub(crate) patience: u64,
    /// Throw away what an earlier run left and begin anew.
    #[arg(long)]
    pub(crate) restart: bool,
    /// Do not ask: replace a file that is there, go on without what cannot be included.
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// The server to ask.
    #[command(flatten)]
    pub(crate) server: ServerFlags,
}

/// How to speak with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Protocol {
    /// The native API.
    Native,
    /// infoRouter's web service.
    Srv,
}

/// `holdall ls`
#[derive(Args, Debug)]
pub(crate) struct Ls {
    /// A folder or document; without it all libraries.
    #[arg(value_name = "ITEM")]
    pub(crate) path: Option<String>,
    /// Lengths, times and ids, too.
    #[arg(short, long)]
    pub(crate) long: bool,
    /// The server to ask.
    #[command(flatten)]
    pub(crate) server: ServerFlags,
}

/// `holdall tree`
#[derive(Args, Debug)]
pub(crate) struct Tree {
    /// The folder.
    #[arg(value_name = "FOLDER")]
    pub(crate) path: String,
    /// The server to ask.
    #[command(flatten)]
    pub(crate) server: ServerFlags,
}

/// `holdall get`
#[derive(Args, Debug)]
pub(crate) struct Get {
    /// The document.
    #[arg(value_name = "ITEM")]
    pub(crate) item: String,
    /// The file to make, or the directory to make it in [default: the document's name, in this directory].
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Do not ask: replace a file that is there.
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// The server to ask.
    #[command(flatten)]
    pub(crate) server: ServerFlags,
}

/// `holdall put`
#[derive(Args, Debug)]
pub(crate) struct Put {
    /// Files and directories, then the folder they go to, such as /Projects/Bridge; it is made as needed.
    #[arg(value_name = "FILE|DIR… /LIBRARY/FOLDER", required = true, num_args = 2..)]
    pub(crate) paths: Vec<PathBuf>,
    /// Compare contents by their SHA-256, not lengths and times, to find what is unchanged.
    #[arg(long)]
    pub(crate) checksum: bool,
    /// Files sent at once.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=32))]
    pub(crate) connections: u64,
    /// The server to send to.
    #[command(flatten)]
    pub(crate) server: ServerFlags,
}

/// `holdall man`
#[derive(Args, Debug)]
pub(crate) struct Man {
    /// Write a page for each command into this directory instead of printing one.
    #[arg(value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
}
